"""JSON in, JSON out."""
