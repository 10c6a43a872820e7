"""Words that are data: taxonomies and their terms, what is said with them, sectors, connector roles.

A word that is used cannot be deleted: it is retired, which leaves it where it is said and offers it no more.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.directory.domain.part_ids import taxonomy_id
from services.directory.domain.taxonomies import ROUTED
from services.directory.store.constraints import not_blank
from services.directory.store.routing_marks import EVERYTHING, TERM, Mark, Routed
from services.directory.store.table import Table

_NO = text("false")


def _id_of_code(context: Any) -> UUID:
    return taxonomy_id(context.get_current_parameters()["code"])


class Taxonomy(Table):
    """HSDS `taxonomy`; `code` is our own short name, `needs` for the needs a referral speaks of.

    Its id follows from its code, which nobody changes, so that it is the same in every directory.

    `ours` are those the product itself works by; others came with a list that was imported.
    """

    __tablename__ = "taxonomy"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=_id_of_code)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    uri: Mapped[str | None] = mapped_column(Text)
    version: Mapped[str | None] = mapped_column(Text)
    ours: Mapped[bool] = mapped_column(Boolean, server_default=_NO, default=False)


class TaxonomyTerm(Routed, Table):
    """HSDS `taxonomy_term`; `plain` is how a person would say it.

    Of a circumstance `plain` is the question that settles it, and `description` what those do whom it is
    true of, as in "people who …".
    """

    __tablename__ = "taxonomy_term"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    taxonomy: Mapped[str] = mapped_column(ForeignKey("taxonomy.code"))
    code: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, server_default=text("''"), default="")
    plain: Mapped[str] = mapped_column(Text)
    sensitive: Mapped[bool] = mapped_column(Boolean, server_default=_NO, default=False)
    retired: Mapped[bool] = mapped_column(Boolean, server_default=_NO, default=False)
    position: Mapped[int] = mapped_column(SmallInteger)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("taxonomy_term.id"))
    term_uri: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        UniqueConstraint("taxonomy", "code"),
        Index("ix_taxonomy_term_order", "taxonomy", "position"),
        Index("ix_taxonomy_term_parent", "parent_id"),
        CheckConstraint("parent_id <> id", name="not_own_parent"),
        not_blank("name"),
        not_blank("plain"),
    )

    def routing_marks(self) -> tuple[Mark, ...]:
        """Needs and circumstances are routed by; every word is searched by."""
        word = Mark(TERM, str(self.id))
        routed = ROUTED.get(self.taxonomy)
        return (Mark(routed, self.code), word) if routed else (word,)


class Sector(Table):
    """A sector an organisation works in."""

    __tablename__ = "sector"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    retired: Mapped[bool] = mapped_column(Boolean, server_default=_NO, default=False)
    position: Mapped[int] = mapped_column(SmallInteger)


class ConnectorRole(Routed, Table):
    """What somebody who connects people to support is called."""

    __tablename__ = "connector_role"

    code: Mapped[str] = mapped_column(String(60), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    retired: Mapped[bool] = mapped_column(Boolean, server_default=_NO, default=False)
    position: Mapped[int] = mapped_column(SmallInteger)

    def routing_marks(self) -> tuple[Mark, ...]:
        """Its name is searched by."""
        return (Mark(EVERYTHING, ""),)
