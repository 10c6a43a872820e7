"""The directory for other systems, in the national standards: `/oruk/` and `/hsds/`."""
