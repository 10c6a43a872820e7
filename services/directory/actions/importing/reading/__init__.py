"""Files of several formats, read piece by piece as items of a feed."""
