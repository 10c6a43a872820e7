"""The directory's database."""

from shared.db import Database

database = Database("directory")
