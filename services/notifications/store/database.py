"""The database of notifications."""

from shared.db import Database

database = Database("notifications")
