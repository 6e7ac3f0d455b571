"""Complete writing of files: locks, hidden work folders, and results that are moved as one set."""
