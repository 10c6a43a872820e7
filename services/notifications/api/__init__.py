"""JSON in, JSON out: what partners' systems may ask of notifications."""
