"""Reads of public facts, for pages and API alike; each costs a fixed number of queries."""
