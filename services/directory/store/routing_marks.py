"""What a row says about itself when it changes: which items of the routing snapshot it touches.

A mapped class that takes part in routing mixes in `Routed`. The marks of every flush are collected here and
turned into versions when the transaction commits (`services.directory.store.routing`), so that no writer
can forget one; the same marks say what the search has to read anew. Writes that go round
the mapper say so with `mark`. A mark whose change was undone by a savepoint stays: an item sent once too
often harms nobody, a lost one would.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import event
from sqlalchemy.orm import Session, UOWTransaction

# Kinds of items in the snapshot, in the order in which a consumer best reads them.
KINDS = (
    "circumstance", "need", "place", "organization", "agreement", "team", "service", "member", "postcode",
)  # fmt: skip
# Not items themselves: they stand for every membership of one account, or of one link worker's account.
ACCOUNT = "account"
LINK_WORKER = "link_worker"
# Of the search alone: a word of a taxonomy, and all there is (names of areas, roles, practices of networks).
TERM = "term"
EVERYTHING = "everything"
_MARKS = "routing_marks"


@dataclass(frozen=True)
class Mark:
    """One item of the snapshot that has to be sent again."""

    kind: str
    id: str


class Routed:
    """Mixin of rows whose change reaches the routing snapshot."""

    def routing_marks(self) -> tuple[Mark, ...]:
        """The items this row is part of."""
        raise NotImplementedError


def mark(session: Session, marks: Iterable[Mark]) -> None:
    """Say that these items change with this transaction."""
    session.info.setdefault(_MARKS, set()).update(marks)


@event.listens_for(Session, "after_flush")
def _collect(session: Session, _: UOWTransaction) -> None:
    changed = [row for row in session.dirty if isinstance(row, Routed) and session.is_modified(row)]
    come_or_gone = [row for row in (*session.new, *session.deleted) if isinstance(row, Routed)]
    for row in (*changed, *come_or_gone):
        mark(session, row.routing_marks())


@event.listens_for(Session, "before_commit")
def _write(session: Session) -> None:
    if session.in_nested_transaction():
        return
    if any(isinstance(row, Routed) for row in (*session.new, *session.dirty, *session.deleted)):
        session.flush()
    marks: set[Mark] = session.info.pop(_MARKS, set())
    if marks:
        from services.directory.store.routing import write_versions
        from services.directory.store.search_refresh import refresh_marked

        refresh_marked(session, marks)
        write_versions(session, marks)
