"""Apply a checked batch: one transaction, lot by lot; each record as it was and as it is now is written down.

What the tables themselves refuse (a rule no sentence of ours foresaw) is found by halving the lot: that one
record is refused and the others are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import DataError, IntegrityError, ProgrammingError
from sqlalchemy.orm import Session

from services.directory.actions.importing import batches
from services.directory.actions.importing.check_bodies import NOT_YOURS
from services.directory.actions.importing.check_services import publishable
from services.directory.actions.importing.limits import AT_ONCE
from services.directory.actions.importing.ties import tie_organizations, untied
from services.directory.actions.keep_bodies import keep_locations, keep_organizations
from services.directory.actions.keep_services import keep_services
from services.directory.domain.capacity import Capacity
from services.directory.domain.documents import LocationDoc, OrganizationDoc, ServiceDoc
from services.directory.domain.importing.codec import said_from_json, to_json
from services.directory.domain.importing.own_copy import CAPACITY, capacity_said
from services.directory.domain.importing.records import BatchState, RecordKind, Verdict
from services.directory.store.database import database
from services.directory.store.import_writing import add_terms, go_by_index
from services.directory.store.imports import ImportBatch, ImportRow, Provenance
from services.directory.store.queries.documents import (
    location_documents,
    organization_documents,
    service_documents,
)
from services.directory.store.service_writing import insert_rows
from services.directory.store.services import Service
from services.directory.store.taxonomy import TaxonomyTerm
from shared.errors import Invalid

DOCS: Mapping[RecordKind, type[Any]] = {
    RecordKind.ORGANIZATION: OrganizationDoc,
    RecordKind.LOCATION: LocationDoc,
    RecordKind.SERVICE: ServiceDoc,
}
READ: Mapping[RecordKind, Callable[[Session, Sequence[UUID]], dict[UUID, Any]]] = {
    RecordKind.ORGANIZATION: organization_documents,
    RecordKind.LOCATION: location_documents,
    RecordKind.SERVICE: service_documents,
}
KEEP: Mapping[RecordKind, Callable[..., Any]] = {
    RecordKind.ORGANIZATION: keep_organizations,
    RecordKind.LOCATION: keep_locations,
    RecordKind.SERVICE: keep_services,
}
_KEPT = (Verdict.NEW, Verdict.CHANGED, Verdict.SAME)
_COLUMNS = ("batch_id", "number", "kind", "external_id", "record_id", "verdict", "said")


def apply_batch(batch_id: UUID, at: datetime, say: Callable[[int, int | None], None]) -> None:
    """Keep what the batch says; all of it or, where the process ends before, nothing."""
    done = 0
    with database.transaction() as session:
        batches.one_at_a_time(session)
        go_by_index(session)
        batch = session.get_one(ImportBatch, batch_id)
        kept = (*_KEPT, Verdict.POSSIBLE_DUPLICATE) if batch.keep_duplicates else _KEPT
        source, limited_to = batch.source, batch.organization_id
        session.expunge(batch)
        numbers = list(
            session.scalars(
                select(ImportRow.number)
                .where(ImportRow.batch_id == batch_id, ImportRow.verdict.in_(kept))
                .order_by(ImportRow.number)
            )
        )
        say(0, len(numbers))
        for kind in RecordKind:
            last = 0
            while rows := _lot(session, batch_id, kind, kept, last):
                last = rows[-1]["number"]
                _apply_lot(session, kind, rows, at, limited_to)
                _note_provenance(session, source, rows, at)
                session.expunge_all()
                done += len(rows)
                say(done, None)
            if kind is RecordKind.ORGANIZATION:
                tie_organizations(session, batch_id, at)
        counts = batches.counts_of(session, batch_id)
        session.execute(
            update(ImportBatch)
            .where(ImportBatch.id == batch_id)
            .values(state=BatchState.APPLIED, applied_at=at, counts=counts, why=[])
        )


def _lot(
    session: Session, batch_id: UUID, kind: RecordKind, kept: Sequence[Verdict], last: int
) -> list[dict[str, Any]]:
    found = session.execute(
        select(*(getattr(ImportRow, name) for name in _COLUMNS))
        .where(
            ImportRow.batch_id == batch_id,
            ImportRow.kind == kind,
            ImportRow.number > last,
            ImportRow.verdict.in_(kept),
        )
        .order_by(ImportRow.number)
        .limit(AT_ONCE)
    )
    return [dict(zip(_COLUMNS, row, strict=True)) for row in found]


def _apply_lot(
    session: Session, kind: RecordKind, rows: list[dict[str, Any]], at: datetime, limited_to: UUID | None
) -> None:
    if kind is RecordKind.TERM:
        _apply_terms(session, rows)
        return
    changing = [row for row in rows if row["verdict"] != Verdict.SAME]
    written = _keep(session, kind, changing, at, limited_to)
    if written:
        session.execute(update(ImportRow), written)


def _keep(
    session: Session, kind: RecordKind, rows: list[dict[str, Any]], at: datetime, limited_to: UUID | None
) -> list[dict[str, Any]]:
    """Keep these records; what is to be written on their rows. One that cannot be kept is refused."""
    if not rows:
        return []
    try:
        with session.begin_nested():
            return _keep_all(session, kind, rows, at, limited_to)
    except (Invalid, IntegrityError, DataError, ProgrammingError) as wrong:
        session.expire_all()
        if len(rows) == 1:
            return [_refused(rows[0], wrong)]
    middle = len(rows) // 2
    return [
        *_keep(session, kind, rows[:middle], at, limited_to),
        *_keep(session, kind, rows[middle:], at, limited_to),
    ]


def _keep_all(
    session: Session, kind: RecordKind, rows: list[dict[str, Any]], at: datetime, limited_to: UUID | None
) -> list[dict[str, Any]]:
    before = READ[kind](session, [row["record_id"] for row in rows])
    is_service = kind is RecordKind.SERVICE
    capacities = _capacities(session, list(before)) if is_service else {}
    if is_service:
        capacities |= {
            row["record_id"]: capacity_said(row["said"].get(CAPACITY))
            for row in rows
            if row["record_id"] not in before
        }
    docs = {}
    for row in rows:
        own = row["record_id"]
        if own in before and is_anothers(before[own], limited_to):
            # It was its own, or not there at all, when it was checked.
            raise Invalid.field("/organization", NOT_YOURS)
        said = said_from_json(DOCS[kind], row["said"])
        doc = replace(before[own], **said) if own in before else DOCS[kind](**said)
        if is_service:
            doc, _ = publishable(said, doc, capacities.get(own, Capacity()))
        docs[own] = doc
    if kind is RecordKind.ORGANIZATION:
        docs = untied(session, docs)
    KEEP[kind](session, docs, at=at, **({"capacities": capacities} if is_service else {}))
    after = READ[kind](session, list(docs))
    return [
        {
            "batch_id": row["batch_id"],
            "number": row["number"],
            "before": to_json(before.get(row["record_id"])),
            "after": to_json(after[row["record_id"]]),
            "verdict": row["verdict"],
            "why": [],
        }
        for row in rows
    ]


def is_anothers(doc: Any, limited_to: UUID | None) -> bool:
    """Whether a service or a venue is of another organisation than the one an import is limited to."""
    return limited_to is not None and getattr(doc, "organization_id", limited_to) != limited_to


def _refused(
    row: dict[str, Any], wrong: Invalid | IntegrityError | DataError | ProgrammingError
) -> dict[str, Any]:
    if isinstance(wrong, Invalid):
        why = [{"field": one.pointer.strip("/"), "detail": one.detail} for one in wrong.errors]
    else:
        diagnosis = getattr(wrong.orig, "diag", None)
        rule = getattr(diagnosis, "constraint_name", None) or "form of a value"
        why = [{"field": "", "detail": f"It breaks a rule of the tables: {rule.replace('_', ' ')}."}]
    return {
        "batch_id": row["batch_id"],
        "number": row["number"],
        "before": None,
        "after": None,
        "verdict": Verdict.REFUSED,
        "why": why,
    }


def _apply_terms(session: Session, rows: list[dict[str, Any]]) -> None:
    wanted = {row["record_id"]: row["said"] for row in rows if row["verdict"] == Verdict.NEW}
    there = set(session.scalars(select(TaxonomyTerm.id).where(TaxonomyTerm.id.in_(list(wanted)))))
    add_terms(session, wanted)
    written = [
        {"batch_id": row["batch_id"], "number": row["number"], "before": None, "after": row["said"]}
        for row in rows
        if row["record_id"] in wanted and row["record_id"] not in there
    ]
    if written:
        session.execute(update(ImportRow), written)


def _capacities(session: Session, ids: list[UUID]) -> dict[UUID, Capacity]:
    return {one.id: one.capacity for one in session.scalars(select(Service).where(Service.id.in_(ids)))}


def _note_provenance(session: Session, source: str, rows: Sequence[dict[str, Any]], at: datetime) -> None:
    refused = set(
        session.scalars(
            select(ImportRow.number).where(
                ImportRow.batch_id == rows[0]["batch_id"],
                ImportRow.number.in_([row["number"] for row in rows]),
                ImportRow.verdict == Verdict.REFUSED,
            )
        )
    )
    names = ("batch_id", "number", "kind", "external_id", "record_id")
    insert_rows(
        session,
        Provenance,
        [
            {"source": source, "seen_at": at, **{name: row[name] for name in names}}
            for row in rows
            if row["number"] not in refused
        ],
    )
