"""Other systems the directory asks."""
