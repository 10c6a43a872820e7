"""A published service with all its facts (many are found by `store/queries/search.py`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Session

from services.directory.domain.freshness import Freshness, freshness
from services.directory.domain.listings import BASIS_WORDS, AreaBasis, ServiceStatus
from services.directory.domain.waits import Measured, Wait, shown_load, shown_wait
from services.directory.store.database import database
from services.directory.store.organizations import Organization
from services.directory.store.places import Place
from services.directory.store.queries.service_parts import Rows, ServiceParts, parts_of_services
from services.directory.store.services import Service
from services.directory.store.taxonomy import ConnectorRole
from services.directory.store.waits import MeasuredWait

# Still to be found by those who have its address, with its status said.
SHOWN = (ServiceStatus.ACTIVE, ServiceStatus.TEMPORARILY_CLOSED)
# What a view is made of, beside its parts.
WHOLE = (Service, Organization, Place, ConnectorRole.name, MeasuredWait)


@dataclass(frozen=True)
class ServiceView:
    """A published service with what hangs on it. No private location is ever in it."""

    service: Service
    organization: Organization
    place: Place | None
    role: str | None
    measured: Measured | None
    parts: ServiceParts

    @property
    def area_words(self) -> str:
        """The patch in words: its own, else whom it takes."""
        if self.service.area_words:
            return self.service.area_words
        return "; ".join(BASIS_WORDS[AreaBasis(basis)] for basis in self.service.area_basis)

    def wait(self, on: date) -> Wait:
        """How long until somebody can start: measured where that can be, else as the service says."""
        return shown_wait(self.service.declared_wait_days, self.measured, on)

    def load(self, on: date) -> int | None:
        """How many people it has now, None where that is not counted or not shown."""
        return shown_load(self.measured, on, discreet=self.service.discreet)

    def freshness(self, on: date) -> Freshness:
        """How far it may be relied on, on this day."""
        return freshness(self.parts.checked, on)


def get_service(service_id: UUID) -> ServiceView | None:
    """One published service, None where there is none. Two queries."""
    query = with_owners(select(*WHOLE)).where(Service.id == service_id, Service.status.in_(SHOWN))
    with database.transaction() as session:
        row = session.execute(query).one_or_none()
        return views_of(session, [row])[0] if row is not None else None


def with_owners(query: Rows) -> Rows:
    """`query` of services joined to what WHOLE has beside them."""
    return (
        query.join(Organization, Organization.id == Service.organization_id)
        .outerjoin(Place, Place.id == Service.place_id)
        .outerjoin(ConnectorRole, ConnectorRole.code == Service.connector_role)
        .outerjoin(MeasuredWait, MeasuredWait.service_id == Service.id)
    )


_BY_ID = with_owners(select(*WHOLE)).where(
    Service.id == any_(bindparam("ids", type_=ARRAY(PG_UUID(as_uuid=True))))
)


def views_by_id(session: Session, ids: Sequence[UUID]) -> dict[UUID, ServiceView]:
    """The views of these services by their ids. Two queries."""
    return {view.service.id: view for view in views_of(session, session.execute(_BY_ID, {"ids": ids}).all())}


def views_of(session: Session, rows: Sequence[Row[*tuple[Any, ...]]]) -> list[ServiceView]:
    """The views of rows that begin with WHOLE, in their order. One query."""
    parts = parts_of_services(session, [row[0].id for row in rows])
    return [
        ServiceView(
            service=row[0],
            organization=row[1],
            place=row[2],
            role=row[3],
            measured=row[4].measured if row[4] is not None else None,
            parts=parts[row[0].id],
        )
        for row in rows
    ]
