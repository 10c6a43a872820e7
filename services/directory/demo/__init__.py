"""The directory's part of the demo place: invented people, real place names."""
