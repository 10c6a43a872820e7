"""Other services, one module each."""
