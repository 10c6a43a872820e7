"""Roll a batch back whole: what it brought is taken away, what it changed is as before; or nothing is done.

Where somebody changed one of its records since, it is refused with a list, unless told to do it even so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.directory.actions.importing.apply import DOCS, KEEP, READ, is_anothers
from services.directory.actions.importing.batches import one_at_a_time
from services.directory.actions.importing.limits import AT_ONCE
from services.directory.actions.load_postcodes import roll_back_postcodes
from services.directory.domain.importing.codec import from_json
from services.directory.domain.importing.records import BatchState, Format, RecordKind
from services.directory.store.database import database
from services.directory.store.import_writing import (
    go_by_index,
    remove_locations,
    remove_organizations,
    remove_services,
    remove_terms,
)
from services.directory.store.imports import ImportBatch, ImportRow, Provenance
from shared.errors import FieldProblem, Invalid

MOST_NAMED = 100
Row = tuple[int, UUID, str, dict[str, Any] | None, dict[str, Any]]


def roll_back_batch(batch_id: UUID, at: datetime, say: Callable[[int, int | None], None]) -> None:
    """Undo it. Raises Invalid, naming each record, where that cannot be done whole; all is left then."""
    with database.transaction() as session:
        one_at_a_time(session)
        go_by_index(session)
        batch = session.get_one(ImportBatch, batch_id)
        even_changed = batch.even_changed
        session.expunge(batch)
        total = session.scalar(
            select(func.count()).where(ImportRow.batch_id == batch_id, ImportRow.after.is_not(None))
        )
        say(0, total)
        if batch.format == Format.POSTCODES:
            say(roll_back_postcodes(session, batch), None)
        undoing = _Undoing(session, at, even_changed, batch.organization_id)
        done = 0
        for kind in reversed(RecordKind):
            last: int | None = None
            while rows := _lot(session, batch_id, kind, last):
                last = rows[-1][0]
                undoing.lot(kind, rows)
                session.expunge_all()
                done += len(rows)
                say(done, None)
        if undoing.refused:
            raise undoing.refusal()
        session.execute(delete(Provenance).where(Provenance.batch_id == batch_id))
        session.execute(
            update(ImportBatch)
            .where(ImportBatch.id == batch_id)
            .values(state=BatchState.ROLLED_BACK, rolled_back_at=at, why=[])
        )


def _lot(session: Session, batch_id: UUID, kind: RecordKind, last: int | None) -> Sequence[Row]:
    wanted = select(
        ImportRow.number, ImportRow.record_id, ImportRow.name, ImportRow.before, ImportRow.after
    ).where(ImportRow.batch_id == batch_id, ImportRow.kind == kind, ImportRow.after.is_not(None))
    if last is not None:
        wanted = wanted.where(ImportRow.number < last)
    found = session.execute(wanted.order_by(ImportRow.number.desc()).limit(AT_ONCE))
    return [(number, own, name, before, after or {}) for number, own, name, before, after in found]


class _Undoing:
    """What is undone, and what refuses it."""

    def __init__(self, session: Session, at: datetime, even_changed: bool, limited_to: UUID | None) -> None:
        self.session = session
        self.at = at
        self.even_changed = even_changed
        self.limited_to = limited_to
        self.refused: list[str] = []

    def lot(self, kind: RecordKind, rows: Sequence[Row]) -> None:
        """Undo these records."""
        if kind is not RecordKind.TERM:
            self._find_changed(kind, rows)
        if self.refused and len(self.refused) > MOST_NAMED:
            return
        self._remove(kind, [(own, name) for _, own, name, before, _ in rows if before is None])
        restored = {own: from_json(DOCS[kind], before) for _, own, _, before, _ in rows if before is not None}
        if restored:
            there = READ[kind](self.session, list(restored))
            KEEP[kind](self.session, {own: doc for own, doc in restored.items() if own in there}, at=self.at)

    def refusal(self) -> Invalid:
        """All reasons, the first so many by name."""
        return Invalid([FieldProblem("/batch", words) for words in self.refused[:MOST_NAMED]])

    def _find_changed(self, kind: RecordKind, rows: Sequence[Row]) -> None:
        now_there = READ[kind](self.session, [own for _, own, _, _, _ in rows])
        for _, own, name, before, after in rows:
            doc = now_there.get(own)
            if doc is None and before is None:
                continue
            if doc is not None and is_anothers(doc, self.limited_to):
                self.refused.append(f"{name} ({kind}) is of another organisation now.")
            elif doc != from_json(DOCS[kind], after) and not self.even_changed:
                self.refused.append(f"{name} ({kind}) was changed since, by somebody or by a later import.")

    def _remove(self, kind: RecordKind, gone: list[tuple[UUID, str]]) -> None:
        if not gone:
            return
        ids = [own for own, _ in gone]
        try:
            with self.session.begin_nested():
                self._remove_all(kind, ids)
            return
        except IntegrityError:
            self.session.expire_all()
        if len(gone) == 1:
            self.refused.append(
                f"{gone[0][1]} ({kind}) is used by what came later (people, teams, listings): take that away "
                "first, or roll the later import back."
            )
            return
        middle = len(gone) // 2
        self._remove(kind, gone[:middle])
        self._remove(kind, gone[middle:])

    def _remove_all(self, kind: RecordKind, ids: list[UUID]) -> None:
        if kind is RecordKind.SERVICE:
            remove_services(self.session, ids)
        elif kind is RecordKind.LOCATION:
            remove_locations(self.session, ids)
        elif kind is RecordKind.ORGANIZATION:
            remove_organizations(self.session, ids)
        else:
            remove_terms(self.session, ids)
