"""What a search reads: one row for each published service, written anew with whatever it is made of.

A service that is closed for a time has one too, for the feeds: pages and API leave it out.

Private and discreet venues have no part in any of it: neither their words nor their points.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    Float,
    ForeignKey,
    Index,
    SmallInteger,
    Text,
    false,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from services.directory.store.table import Table

# The text search configuration: English stems, without accents.
CONFIG = "linkwork"
ANYWHERE = "anywhere"
ASK = "ask"
_NONE = text("'{}'")


class ServiceSearch(Table):
    """`labels` are the values a search narrows and counts by, such as `need:food` or `open:tue-evening`.

    `areas` are the codes of the patch, with the practices of its networks, `anywhere` where it takes people
    from anywhere, `ask` where it turns on the practice somebody is with. `spots` are latitudes and longitudes
    in turn. `fresh_until` is the last day on which every check holds, null where nobody ever checked.
    """

    __tablename__ = "service_search"

    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    vector: Mapped[str] = mapped_column(TSVECTOR)
    labels: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=_NONE)
    areas: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=_NONE)
    spots: Mapped[list[float]] = mapped_column(ARRAY(Float), server_default=_NONE)
    needs: Mapped[int] = mapped_column(SmallInteger)
    minimum_age: Mapped[int | None] = mapped_column(SmallInteger)
    maximum_age: Mapped[int | None] = mapped_column(SmallInteger)
    fresh_until: Mapped[date | None] = mapped_column(Date)
    full: Mapped[bool] = mapped_column(Boolean)
    paused: Mapped[bool] = mapped_column(Boolean)
    paused_until: Mapped[date | None] = mapped_column(Date)
    closed: Mapped[bool] = mapped_column(Boolean, server_default=false())

    __table_args__ = (
        Index("ix_service_search_vector", "vector", postgresql_using="gin"),
        Index("ix_service_search_labels", "labels", postgresql_using="gin"),
        Index("ix_service_search_areas", "areas", postgresql_using="gin"),
    )


class SearchPoint(Table):
    """A point where a service is found, so that what is near needs no reading of all."""

    __tablename__ = "search_point"

    service_id: Mapped[UUID] = mapped_column(
        ForeignKey("service_search.service_id", ondelete="CASCADE"), primary_key=True
    )
    lat: Mapped[float] = mapped_column(primary_key=True)
    lon: Mapped[float] = mapped_column(primary_key=True)

    # btree_gist: both degrees in one index.
    __table_args__ = (Index("ix_search_point_both", "lat", "lon", postgresql_using="gist"),)


class SearchWord(Table):
    """A word that occurs, to mend misspelt ones by; `letters` are its letters in order of the alphabet."""

    __tablename__ = "search_word"

    word: Mapped[str] = mapped_column(Text, primary_key=True)
    letters: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        Index("ix_search_word_near", "word", postgresql_using="gin", postgresql_ops={"word": "gin_trgm_ops"}),
        Index("ix_search_word_begins", "word", postgresql_ops={"word": "text_pattern_ops"}),
        Index("ix_search_word_letters", "letters"),
    )


class SearchState(Table):
    """One row: by which version of the rules the rows above were written."""

    __tablename__ = "search_state"

    single: Mapped[bool] = mapped_column(primary_key=True, server_default=true(), default=True)
    version: Mapped[int]

    __table_args__ = (CheckConstraint("single", name="one_row"),)
