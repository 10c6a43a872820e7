"""One record while it is judged, and what all judgements of a batch share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.directory.actions.importing.known import Names, identifiers_of, keys_there
from services.directory.domain.documents import Identifier, changes
from services.directory.domain.importing.codec import to_json
from services.directory.domain.importing.matching import are_told_apart, shared_words
from services.directory.domain.importing.records import RecordKind, Verdict
from services.directory.store.imports import ImportBatch, ImportRow


@dataclass
class Row:
    """One record of a batch; what is found out of it is written on it."""

    batch_id: UUID
    number: int
    name: str
    plain_name: str
    external_record_id: UUID
    record_id: UUID
    why: list[dict[str, str]]
    notes: list[dict[str, str]]
    keys: list[str]
    said: dict[str, Any]
    verdict: Verdict | None = None
    changes: dict[str, Any] = field(default_factory=dict)

    def refuse(self, name: str, detail: str) -> None:
        """It is not kept, and that is why."""
        self.verdict = Verdict.REFUSED
        self.why = [*self.why, {"field": name, "detail": detail}]

    def note(self, name: str, detail: str) -> None:
        """Something to be known of it; said once."""
        told = {"field": name, "detail": detail}
        if told not in self.notes:
            self.notes = [*self.notes, told]

    def doubt(self, detail: str) -> None:
        """It may be there already."""
        self.verdict = Verdict.POSSIBLE_DUPLICATE
        self.note("name", detail)

    def compare(self, before: object, after: object) -> None:
        """Changed, with what differs; or the same."""
        found = changes(before, after)
        self.changes = {name: [to_json(old), to_json(new)] for name, (old, new) in found.items()}
        self.verdict = Verdict.CHANGED if found else Verdict.SAME


class Judge:
    """What is known while the records of one kind are judged, lot by lot."""

    def __init__(self, batch: ImportBatch, kind: RecordKind) -> None:
        self.batch = batch
        self.kind = kind
        self.session: Session
        # Of the organisations of this batch: what others call them, and the row that spoke of each first.
        self.identifiers: dict[Identifier, UUID] = {}
        self.claimed: dict[UUID, int] = {}
        self._names: Names | None = None

    def begin(self, session: Session) -> None:
        """A lot, in a transaction of its own."""
        self.session = session
        if self._names is None and self.kind in (RecordKind.ORGANIZATION, RecordKind.SERVICE):
            self._names = Names(session, self.kind)

    def doubt_twins(self, rows: Sequence[Row]) -> None:
        """Say of new ones whether another of the same name and something else in common is there already."""
        there = {row.number: self._names.ids(row.plain_name) if self._names else [] for row in rows}
        ids = {own for found in there.values() for own in found}
        keys = keys_there(self.session, self.kind, ids, self.batch.organization_id)
        named = identifiers_of(self.session, ids) if self.kind is RecordKind.ORGANIZATION else {}
        earlier = self._earlier(rows)
        for row in rows:
            mine = _identifiers(row.said)
            for own in there[row.number]:
                name, theirs = keys.get(own, ("", []))
                if own == row.record_id or are_told_apart(mine, named.get(own, ())):
                    continue
                if words := shared_words(row.keys, theirs):
                    row.doubt(f"“{name}” is in the directory, with the same name and {words}.")
                    break
            else:
                for other in earlier.get(row.plain_name, ()):
                    if other.number >= row.number or are_told_apart(mine, _identifiers(other.said)):
                        continue
                    if words := shared_words(row.keys, other.keys):
                        told = f"“{other.name}” ({other.place} of this file)"
                        row.doubt(f"{told} has the same name and {words}.")
                        break

    def _earlier(self, rows: Iterable[Row]) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {}
        for other in self.session.execute(
            select(
                ImportRow.plain_name,
                ImportRow.number,
                ImportRow.place,
                ImportRow.name,
                ImportRow.keys,
                ImportRow.said,
            )
            .where(
                ImportRow.batch_id == self.batch.id,
                ImportRow.kind == self.kind,
                ImportRow.plain_name.in_(sorted({row.plain_name for row in rows})),
                ImportRow.verdict.is_distinct_from(Verdict.REFUSED),
            )
            .order_by(ImportRow.number)
        ):
            found.setdefault(other.plain_name, []).append(other)
        return found

    def resolved(self, kind: RecordKind, ids: Iterable[UUID]) -> dict[UUID, tuple[UUID, str | None]]:
        """Records of the batch by the id they came with: the id they have here, and their verdict."""
        rows = self.session.execute(
            select(ImportRow.external_record_id, ImportRow.record_id, ImportRow.verdict).where(
                ImportRow.batch_id == self.batch.id,
                ImportRow.kind == kind,
                ImportRow.external_record_id.in_(sorted(set(ids))),
            )
        )
        return {came: (own, verdict) for came, own, verdict in rows}


def _identifiers(said: dict[str, Any]) -> list[Identifier]:
    return [Identifier(one["scheme"], one["identifier"]) for one in said.get("identifiers", ())]
