"""The parent of every table of the directory."""

from sqlalchemy.orm import DeclarativeBase

from shared.db import COLUMN_TYPES, new_metadata


class Table(DeclarativeBase):
    """Declares one table in the directory's own metadata."""

    metadata = new_metadata()
    type_annotation_map = COLUMN_TYPES
