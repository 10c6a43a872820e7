"""What may be seen of imports: the list, one batch, its rows, its report as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.directory.actions.importing import batches
from services.directory.domain.csv_out import safe
from services.directory.domain.importing.records import AT_WORK, BatchState, RecordKind, Verdict
from services.directory.store.database import database
from services.directory.store.identity import Account
from services.directory.store.imports import ImportBatch, ImportRow
from services.directory.store.organizations import Organization
from shared.auth import Caller, Role
from shared.errors import NotFound

PAGE = 50
_BYTE_ORDER_MARK = "\ufeff"
_COLUMNS = ("Row", "What", "Name", "Id there", "Verdict", "Field", "Why")


@dataclass(frozen=True)
class Batch:
    """One import as it stands. `counts` are by kind of record and verdict."""

    id: UUID
    source: str
    origin: str
    format: str | None
    state: BatchState
    done: int
    total: int | None
    counts: Mapping[str, Mapping[str, int]]
    notes: Sequence[str]
    why: Sequence[str]
    headings: Sequence[str]
    mapping: Mapping[str, str]
    organization: str | None
    made_by: str
    made_at: datetime
    applied_at: datetime | None
    rolled_back_at: datetime | None

    @property
    def is_at_work(self) -> bool:
        """Whether the worker is to go on with it."""
        return self.state in AT_WORK

    def count(self, verdict: str, kind: str | None = None) -> int:
        """How many records have this verdict."""
        return sum(of.get(verdict, 0) for name, of in self.counts.items() if kind in (None, name))

    @property
    def left_columns(self) -> list[str]:
        """Columns of a sheet that say nothing here; what they hold is kept beside the record."""
        return [heading for heading in self.headings if heading not in self.mapping]


@dataclass(frozen=True)
class SeenRow:
    """One record of a batch."""

    number: int
    kind: str
    where: str
    name: str
    external_id: str
    record_id: UUID
    verdict: str
    why: Sequence[Mapping[str, str]]
    notes: Sequence[Mapping[str, str]]
    changes: Mapping[str, Sequence[Any]]
    said: Mapping[str, Any]
    raw: Any


def see_batch(batch_id: UUID, by: Caller | None) -> Batch:
    """Raises NotFound."""
    with database.transaction() as session:
        return _seen(session, [batches.find(session, batch_id, by)])[0]


def sample_of(batch_id: UUID, by: Caller | None) -> list[dict[str, str]]:
    """The first rows of a sheet, heading to text. Raises NotFound."""
    with database.transaction() as session:
        batch = batches.find(session, batch_id, by)
        session.expunge(batch)
    return batches.sample_of(batch)


def see_batches(by: Caller, before: datetime | None = None) -> tuple[list[Batch], datetime | None]:
    """The newest first, those the caller may see; and where the next page begins."""
    wanted = select(ImportBatch).order_by(ImportBatch.made_at.desc(), ImportBatch.id).limit(PAGE + 1)
    if not by.has(Role.FORUM_ADMIN):
        wanted = wanted.where(ImportBatch.organization_id.in_(batches.own_organizations(by)))
    if before is not None:
        wanted = wanted.where(ImportBatch.made_at < before)
    with database.transaction() as session:
        found = list(session.scalars(wanted))
        seen = _seen(session, found[:PAGE])
    return seen, (found[PAGE - 1].made_at if len(found) > PAGE else None)


def see_rows(
    batch_id: UUID, by: Caller | None, *, verdict: str = "", kind: str = "", after: int = 0
) -> tuple[list[SeenRow], int | None]:
    """A page of a batch's rows, and where the next begins. Raises NotFound.

    `verdict` may be `noted`: those of which there is something to be known.
    """
    with database.transaction() as session:
        batches.find(session, batch_id, by)
        wanted = select(ImportRow).where(ImportRow.batch_id == batch_id, ImportRow.number > after)
        if verdict in list(Verdict):
            wanted = wanted.where(ImportRow.verdict == verdict)
        elif verdict == "noted":
            wanted = wanted.where(or_(ImportRow.notes != [], ImportRow.why != []))
        if kind in list(RecordKind):
            wanted = wanted.where(ImportRow.kind == kind)
        found = list(session.scalars(wanted.order_by(ImportRow.number).limit(PAGE + 1)))
    return [_row(row) for row in found[:PAGE]], (found[PAGE - 1].number if len(found) > PAGE else None)


def see_row(batch_id: UUID, number: int, by: Caller | None) -> SeenRow:
    """One record. Raises NotFound."""
    with database.transaction() as session:
        batches.find(session, batch_id, by)
        row = session.get(ImportRow, (batch_id, number)) if number < 2**31 else None
        if row is None:
            raise NotFound
        return _row(row)


def report_lines(batch_id: UUID, by: Caller | None) -> Iterator[str]:
    """The report as CSV, line by line; no cell of it begins a formula. Raises NotFound before the first."""
    with database.transaction() as session:
        batches.find(session, batch_id, by)
    return _lines(batch_id, by)


def organizations_to_choose(by: Caller) -> list[tuple[str, str]]:
    """The organisations the caller may import for by themselves: (id, name)."""
    with database.transaction() as session:
        rows = session.execute(
            select(Organization.id, Organization.name)
            .where(Organization.id.in_(batches.own_organizations(by)))
            .order_by(Organization.name)
        )
        return [(str(own), name) for own, name in rows]


def _lines(batch_id: UUID, by: Caller | None) -> Iterator[str]:
    yield _BYTE_ORDER_MARK + _line(_COLUMNS)
    after: int | None = 0
    while after is not None:
        rows, after = see_rows(batch_id, by, after=after)
        for row in rows:
            told = [*row.why, *row.notes]
            told += [{"field": name, "detail": "changes"} for name in row.changes]
            for one in told or [{"field": "", "detail": ""}]:
                yield _line(
                    (row.where, row.kind, row.name, row.external_id, row.verdict, one["field"], one["detail"])
                )


def _line(cells: Sequence[str]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow([safe(cell) for cell in cells])
    return written.getvalue()


def _seen(session: Session, found: Sequence[ImportBatch]) -> list[Batch]:
    bodies = {one.organization_id for one in found if one.organization_id is not None}
    names = dict(
        session.execute(select(Organization.id, Organization.name).where(Organization.id.in_(bodies))).all()
    )
    makers = [UUID(one.made_by) for one in found if one.made_by != batches.CONSOLE]
    people = {
        str(own): name
        for own, name in session.execute(select(Account.id, Account.name).where(Account.id.in_(makers)))
    }
    return [
        Batch(
            id=one.id,
            source=one.source,
            origin=one.origin,
            format=one.format,
            state=BatchState(one.state),
            done=one.done,
            total=one.total,
            counts=one.counts,
            notes=one.notes,
            why=one.why,
            headings=one.headings,
            mapping=one.mapping,
            organization=names.get(one.organization_id) if one.organization_id else None,
            made_by=people.get(one.made_by, "somebody at a terminal"),
            made_at=one.made_at,
            applied_at=one.applied_at,
            rolled_back_at=one.rolled_back_at,
        )
        for one in found
    ]


def _row(row: ImportRow) -> SeenRow:
    return SeenRow(
        number=row.number,
        kind=row.kind,
        where=row.place,
        name=row.name,
        external_id=row.external_id,
        record_id=row.record_id,
        verdict=row.verdict or "",
        why=row.why,
        notes=row.notes,
        changes=row.changes,
        said={name: value for name, value in row.said.items() if not name.startswith("_")},
        raw=row.raw,
    )
