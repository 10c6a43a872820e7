"""Keep services as documents say, many at once; what is published says all it must, or nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.directory.domain.capacity import Capacity
from services.directory.domain.documents import ServiceDoc
from services.directory.domain.listings import ServiceStatus
from services.directory.domain.publishing import check_publishable
from services.directory.store.polygon_postcodes import write_postcodes_inside
from services.directory.store.queries.documents import service_documents
from services.directory.store.service_writing import write_services
from services.directory.store.services import Service, capacity_columns
from shared.errors import Invalid

_UNSAID = Capacity()


@dataclass(frozen=True)
class Kept:
    """What keeping did: services that came new, that changed, that said the same already."""

    new: frozenset[UUID]
    changed: frozenset[UUID]
    same: frozenset[UUID]

    @classmethod
    def of(cls, before: Mapping[UUID, object], wanted: Mapping[UUID, object]) -> Kept:
        """What has to be done so that what was before says what is wanted."""
        new = wanted.keys() - before.keys()
        changed = {one for one in wanted.keys() & before.keys() if before[one] != wanted[one]}
        return cls(frozenset(new), frozenset(changed), frozenset(wanted.keys() - new - changed))

    @property
    def written(self) -> list[UUID]:
        """Those that are written, new or changed, in the order of their ids."""
        return sorted(self.new | self.changed)


def keep_services(
    session: Session,
    docs: Mapping[UUID, ServiceDoc],
    *,
    at: datetime,
    capacities: Mapping[UUID, Capacity] | None = None,
) -> Kept:
    """Store services in the caller's transaction as their documents say; what was there is replaced.

    `capacities` is what new ones can take; those that are there say that themselves. A service that says the
    same already is left alone, its `last_modified` too. Costs a fixed number of statements. Raises Invalid,
    naming the fields, where one is to be published and lacks something, or uses a word nobody knows.
    """
    ids = sorted(docs)
    said = _said_capacities(session, ids)
    before = service_documents(session, ids)
    kept = Kept.of(before, docs)
    new = {one: (capacities or {}).get(one, _UNSAID) for one in kept.new}
    for one in ids:
        _check_one_main(docs[one])
        if docs[one].status == ServiceStatus.ACTIVE:
            check_publishable(docs[one], said.get(one) or new[one])
    if kept.written:
        changed = {one: docs[one] for one in kept.written}
        write_services(session, changed, at, {one: capacity_columns(said) for one, said in new.items()})
        drawn = [
            one
            for one, doc in changed.items()
            if doc.polygons != (before[one].polygons if one in before else ())
        ]
        write_postcodes_inside(session, {one: docs[one].polygons for one in drawn})
        session.expire_all()
    return kept


def keep_service(
    session: Session, service_id: UUID, doc: ServiceDoc, *, at: datetime, capacity: Capacity = _UNSAID
) -> Kept:
    """One service; as `keep_services`."""
    return keep_services(session, {service_id: doc}, at=at, capacities={service_id: capacity})


def read_for_change(session: Session, service_id: UUID) -> ServiceDoc | None:
    """The document of a service somebody is about to change, locked; None where there is none."""
    session.execute(select(Service.id).where(Service.id == service_id).with_for_update())
    return service_documents(session, [service_id]).get(service_id)


def _check_one_main(doc: ServiceDoc) -> None:
    if doc.locations and sum(venue.main for venue in doc.locations) != 1:
        raise Invalid.field("/locations", "Say which one of the venues is the main one.")


def _said_capacities(session: Session, ids: list[UUID]) -> dict[UUID, Capacity]:
    # Locked in the order of their ids: two that keep the same services wait for each other.
    rows = session.scalars(select(Service).where(Service.id.in_(ids)).order_by(Service.id).with_for_update())
    return {row.id: row.capacity for row in rows}
