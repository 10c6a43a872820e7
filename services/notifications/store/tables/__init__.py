"""The tables of notifications by subject."""
