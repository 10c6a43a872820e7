"""What notifications keeps, and how it is found again."""
