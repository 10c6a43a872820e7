"""What notifications does: one function, one piece of work; time is an argument."""
