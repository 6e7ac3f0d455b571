"""Files that are written whole: locks, hidden work folders, and results that are moved into place as one set."""
