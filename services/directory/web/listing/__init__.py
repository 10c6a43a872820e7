"""The pages in which listings are written."""
