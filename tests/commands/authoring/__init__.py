"""Commands that make what is kept in the repository: documents, pictures, models, translations."""
