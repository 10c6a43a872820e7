"""The dry run: what keeping each record of a batch would do, and why. Nothing of the directory is changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from services.directory.actions.importing.check_bodies import (
    check_locations,
    check_organizations,
    check_terms,
)
from services.directory.actions.importing.check_services import check_services
from services.directory.actions.importing.judging import Judge, Row
from services.directory.actions.importing.limits import AT_ONCE
from services.directory.domain.importing.records import RecordKind, Verdict
from services.directory.store.database import database
from services.directory.store.imports import ImportBatch, ImportRow

_CHECKS: dict[RecordKind, Callable[[Judge, Sequence[Row]], None]] = {
    RecordKind.TERM: check_terms,
    RecordKind.ORGANIZATION: check_organizations,
    RecordKind.LOCATION: check_locations,
    RecordKind.SERVICE: check_services,
}


def check_batch(batch_id: UUID, say: Callable[[int, int | None], None]) -> None:
    """Give every row its verdict."""
    with database.transaction() as session:
        batch = session.get_one(ImportBatch, batch_id)
        total = session.scalar(
            select(func.count()).select_from(ImportRow).where(ImportRow.batch_id == batch_id)
        )
    done = 0
    say(done, total)
    for kind, check in _CHECKS.items():
        judge = Judge(batch, kind)
        for numbers in _lots(batch_id, kind):
            with database.transaction() as session:
                judge.begin(session)
                rows = _rows(session, batch_id, numbers)
                check(judge, rows)
                session.execute(update(ImportRow), [_written(row) for row in rows])
            done += len(numbers)
            say(done, total)


def _lots(batch_id: UUID, kind: RecordKind) -> Iterator[list[int]]:
    last = 0
    while True:
        with database.transaction() as session:
            numbers = list(
                session.scalars(
                    select(ImportRow.number)
                    .where(ImportRow.batch_id == batch_id, ImportRow.kind == kind, ImportRow.number > last)
                    .order_by(ImportRow.number)
                    .limit(AT_ONCE)
                )
            )
        if not numbers:
            return
        yield numbers
        last = numbers[-1]


def _rows(session: Session, batch_id: UUID, numbers: Sequence[int]) -> list[Row]:
    columns = (
        "number",
        "name",
        "plain_name",
        "external_record_id",
        "record_id",
        "why",
        "notes",
        "keys",
        "said",
    )
    found = session.execute(
        select(*(getattr(ImportRow, name) for name in columns))
        .where(ImportRow.batch_id == batch_id, ImportRow.number.in_(numbers))
        .order_by(ImportRow.number)
    )
    return [
        Row(batch_id, **dict(zip(columns, row, strict=True)), verdict=Verdict.REFUSED if row.why else None)
        for row in found
    ]


def _written(row: Row) -> dict[str, Any]:
    return {
        "batch_id": row.batch_id,
        "number": row.number,
        "record_id": row.record_id,
        "verdict": row.verdict,
        "why": row.why,
        "notes": row.notes,
        "changes": row.changes,
        "keys": row.keys,
        "said": row.said,
    }
