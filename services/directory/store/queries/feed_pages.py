"""A page of a feed, one thing of it, or all of it in a stream."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from services.directory.domain.feed import Facts
from services.directory.store.database import database
from services.directory.store.queries.feed_names import taxonomies_by_id, terms_by_id
from services.directory.store.queries.feed_reading import (
    read_organizations,
    read_services,
    read_venues,
)
from services.directory.store.queries.feed_selection import (
    Asked,
    Point,
    organizations_asked,
    point_of,
    services_asked,
    services_ever,
    taxonomies_asked,
    terms_asked,
    venues_asked,
)
from shared.clock import uk_date

# So many things of a stream are in memory at once.
AT_ONCE = 100
ORGANIZATIONS_WITH_SERVICES_AT_ONCE = 20
_SNAPSHOT = {"isolation_level": "REPEATABLE READ"}
Read = Callable[[Session, Sequence[UUID], "Told"], tuple[Sequence[Any], Facts]]


@dataclass(frozen=True)
class Told:
    """How much of each thing is told: what a list shows, or the `whole`; an organisation's `services`."""

    at: datetime
    whole: bool = False
    services: bool = False


@dataclass(frozen=True)
class Collection:
    """One of the standard's lists."""

    asked: Callable[[Session, Asked], Select[UUID]]
    read: Read


@dataclass(frozen=True)
class FeedPage:
    """Things of one page with the facts that they name, and how many there are on all pages."""

    things: Sequence[Any]
    facts: Facts
    total: int


def _services(session: Session, ids: Sequence[UUID], told: Told) -> tuple[Sequence[Any], Facts]:
    return read_services(session, ids, told.at, whole=told.whole)


def _organizations(session: Session, ids: Sequence[UUID], told: Told) -> tuple[Sequence[Any], Facts]:
    return read_organizations(session, ids, told.at, whole=told.whole, services=told.services)


def _venues(session: Session, ids: Sequence[UUID], told: Told) -> tuple[Sequence[Any], Facts]:
    return read_venues(session, ids, told.at, whole=told.whole)


def _taxonomies(session: Session, ids: Sequence[UUID], told: Told) -> tuple[Sequence[Any], Facts]:
    return taxonomies_by_id(session, ids, whole=told.whole), Facts(on=uk_date(told.at))


def _terms(session: Session, ids: Sequence[UUID], told: Told) -> tuple[Sequence[Any], Facts]:
    return terms_by_id(session, ids), Facts(on=uk_date(told.at))


SERVICES = Collection(services_asked, _services)
ORGANIZATIONS = Collection(organizations_asked, _organizations)
VENUES = Collection(venues_asked, _venues)
TAXONOMIES = Collection(taxonomies_asked, _taxonomies)
TERMS = Collection(terms_asked, _terms)


def find_point(pcds: str) -> Point | None:
    """Where a postcode is, None for one not known here. One query."""
    with database.transaction() as session:
        return point_of(session, pcds)


def page_of(collection: Collection, asked: Asked, told: Told, *, number: int, size: int) -> FeedPage:
    """The page of this number, from 1. Things stand in the order of their ids, the same for every reader."""
    with database.transaction() as session:
        session.connection(execution_options=_SNAPSHOT)
        chosen = collection.asked(session, asked).subquery()
        own_id = next(iter(chosen.c))
        total = session.scalar(select(func.count()).select_from(chosen)) or 0
        query = select(own_id).order_by(own_id).limit(size).offset((number - 1) * size)
        ids = session.scalars(query).all()
        things, facts = collection.read(session, ids, told)
    return FeedPage(things, facts, total)


def one_of(collection: Collection, own_id: UUID, told: Told) -> tuple[Any, Facts] | None:
    """The thing with this id, None where there is none to be told of. A service that is gone is told of."""
    with database.transaction() as session:
        ever = services_ever(own_id) if collection is SERVICES else collection.asked(session, Asked())
        chosen = ever.subquery()
        column = next(iter(chosen.c))
        ids = session.scalars(select(column).where(column == own_id)).all()
        things, facts = collection.read(session, ids, told)
    return (things[0], facts) if things else None


def each_of(collection: Collection, asked: Asked, told: Told) -> Iterator[tuple[Any, Facts]]:
    """Everything, in the order of the ids, as it was at one moment; a few at a time in memory."""
    with database.transaction() as session:
        session.connection(execution_options=_SNAPSHOT)
        chosen = collection.asked(session, asked).subquery()
        own_id = next(iter(chosen.c))
        found = session.scalars(select(own_id).order_by(own_id), execution_options={"yield_per": AT_ONCE})
        for ids in found.partitions(ORGANIZATIONS_WITH_SERVICES_AT_ONCE if told.services else None):
            things, facts = collection.read(session, ids, told)
            session.expunge_all()
            for thing in things:
                yield thing, facts
