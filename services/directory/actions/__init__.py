"""What people and systems can do in the directory: one function, one transaction."""
