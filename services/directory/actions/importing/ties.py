"""Hosts and umbrellas of organisations that come with an import: tied when all of them are there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from services.directory.actions.importing.known import organizations
from services.directory.actions.importing.limits import AT_ONCE
from services.directory.actions.keep_bodies import keep_organizations
from services.directory.domain.documents import OrganizationDoc
from services.directory.domain.importing.codec import said_from_json, to_json
from services.directory.domain.importing.records import RecordKind
from services.directory.store.imports import ImportRow
from services.directory.store.queries.documents import organization_documents

_TIES = ("host_id", "parent_id")


def untied(session: Session, docs: Mapping[UUID, OrganizationDoc]) -> dict[UUID, OrganizationDoc]:
    """The documents without ties to organisations that are neither here nor among them."""
    named = {own for doc in docs.values() for name in _TIES if (own := getattr(doc, name))}
    there = organizations(session, named) | docs.keys()
    return {own: replace(doc, **_loose(doc, there)) for own, doc in docs.items()}


def _loose(doc: OrganizationDoc, there: set[UUID]) -> dict[str, Any]:
    return {name: None for name in _TIES if getattr(doc, name) not in there}


def tie_organizations(session: Session, batch_id: UUID, at: datetime) -> None:
    """Tie those organisations of a batch that were kept without a tie, for what they name came after them."""
    last = 0
    while rows := _lot(session, batch_id, last):
        last = rows[-1][0]
        docs = organization_documents(session, [own for _, own, _ in rows])
        wanted = {
            own: replace(docs[own], **{name: ties[name] for name in _TIES if ties.get(name)})
            for _, own, said in rows
            if (ties := said_from_json(OrganizationDoc, said))
        }
        wanted = {own: doc for own, doc in untied(session, wanted).items() if doc != docs[own]}
        if wanted:
            keep_organizations(session, wanted, at=at)
            session.execute(
                update(ImportRow),
                [
                    {"batch_id": batch_id, "number": number, "after": to_json(wanted[own])}
                    for number, own, _ in rows
                    if own in wanted
                ],
            )
        session.expunge_all()


def _lot(session: Session, batch_id: UUID, last: int) -> list[tuple[int, UUID, dict[str, Any]]]:
    found = session.execute(
        select(ImportRow.number, ImportRow.record_id, ImportRow.said)
        .where(
            ImportRow.batch_id == batch_id,
            ImportRow.kind == RecordKind.ORGANIZATION,
            ImportRow.number > last,
            ImportRow.after.is_not(None),
            or_(*(ImportRow.said[name].as_string().is_not(None) for name in _TIES)),
        )
        .order_by(ImportRow.number)
        .limit(AT_ONCE)
    )
    return [(number, own, said) for number, own, said in found]
