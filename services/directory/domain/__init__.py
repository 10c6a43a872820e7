"""The directory's rules in plain Python: no framework, no database, the time always an argument."""
