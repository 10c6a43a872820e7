"""Listings from CSV files somebody wrote: places, organisations, agreements, teams and services."""
