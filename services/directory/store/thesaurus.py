"""The thesaurus of the search: words that mean the same, and words to look for as well."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Index, String, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.directory.store.table import Table

_NONE = text("'{}'")


class ThesaurusEntry(Table):
    """Whoever types one of `same` finds what says any of them, and what says one of `also`; `need` is the
    code of the need they speak of. `keys` are the stems of `same`, `queries` what PostgreSQL looks for:
    those of `same`, then those of `also`.
    """

    __tablename__ = "thesaurus_entry"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    same: Mapped[list[str]] = mapped_column(ARRAY(Text))
    also: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=_NONE, default=list)
    need: Mapped[str | None] = mapped_column(String(60))
    keys: Mapped[list[str]] = mapped_column(ARRAY(Text))
    queries: Mapped[list[str]] = mapped_column(ARRAY(Text))
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        CheckConstraint("cardinality(same) > 0", name="says_something"),
        CheckConstraint("cardinality(keys) = cardinality(same)", name="keys_of_same"),
        Index("ix_thesaurus_entry_keys", "keys", postgresql_using="gin"),
    )
