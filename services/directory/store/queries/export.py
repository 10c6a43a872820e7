"""Every service of an export, a few at a time in memory, as they were at one moment."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select

from services.directory.domain.feed import Facts, ServiceEntry
from services.directory.store.database import database
from services.directory.store.organizations import Organization
from services.directory.store.queries.feed_pages import AT_ONCE
from services.directory.store.queries.feed_reading import read_services
from services.directory.store.queries.services import SHOWN
from services.directory.store.services import Service

_SNAPSHOT = {"isolation_level": "REPEATABLE READ"}
Ids = Select[UUID]


def names_of(organizations: Collection[UUID]) -> list[tuple[UUID, str]]:
    """These organisations by name. One query."""
    with database.transaction() as session:
        rows = session.execute(
            select(Organization.id, Organization.name)
            .where(Organization.id.in_(list(organizations)))
            .order_by(func.lower(Organization.name), Organization.id)
        )
        return [(own_id, name) for own_id, name in rows]


class Export:
    """The services of `own` organisations with all that is said of them; with `others`, the published ones of
    everybody else as everybody sees them. `own` None is all organisations."""

    def __init__(self, own: Collection[UUID] | None, *, others: bool, at: datetime) -> None:
        self._own = own
        self._others = others
        self._at = at

    def each(self) -> Iterator[tuple[ServiceEntry, Facts, bool]]:
        """Each service, the facts that it names, and whether all may be told of it."""
        with database.transaction() as session:
            session.connection(execution_options=_SNAPSHOT)
            for query, whole in self._parts():
                found = session.scalars(query, execution_options={"yield_per": AT_ONCE})
                for ids in found.partitions():
                    entries, facts = read_services(session, ids, self._at, whole=True, own=whole)
                    session.expunge_all()
                    for entry in entries:
                        if isinstance(entry, ServiceEntry):
                            yield entry, facts, whole

    def _parts(self) -> Iterator[tuple[Ids, bool]]:
        every = select(Service.id).order_by(Service.id)
        if self._own is None:
            yield every, True
            return
        mine = Service.organization_id.in_(list(self._own))
        yield every.where(mine), True
        if self._others:
            yield every.where(~mine, Service.status.in_(SHOWN)), False
