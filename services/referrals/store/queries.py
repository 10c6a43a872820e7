"""Public facts for pages and the API: what the directory publishes. Nothing about any person is read here."""

from __future__ import annotations

from .database import database
from .directory import Directory, read_directory


def directory_copy() -> Directory:
    """The copy of the directory, as new as the database has it; one query when nothing changed."""
    with database.transaction() as session:
        return read_directory(session)
