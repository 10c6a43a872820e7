"""The parent of every table of notifications."""

from sqlalchemy.orm import DeclarativeBase

from shared.db import COLUMN_TYPES, new_metadata


class Table(DeclarativeBase):
    """Declares one table in the metadata of this service."""

    metadata = new_metadata()
    type_annotation_map = COLUMN_TYPES
