"""The parent of every table of this service."""

from __future__ import annotations

from sqlalchemy.orm import DeclarativeBase

from shared.db import COLUMN_TYPES, new_metadata


class Table(DeclarativeBase):
    """Declarative parent: one MetaData for this service alone."""

    metadata = new_metadata()
    type_annotation_map = COLUMN_TYPES
