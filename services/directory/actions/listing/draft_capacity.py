"""What a service that is not open yet can take: said while its listing is written."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from services.directory.actions.listing.writers import may_write, record_change
from services.directory.domain.capacity import Capacity, check
from services.directory.domain.listings import ServiceStatus
from services.directory.store.database import database
from services.directory.store.outbox import outbox
from services.directory.store.services import Service
from shared.auth import Caller
from shared.clock import uk_date
from shared.errors import Conflict, NotFound


def say_draft_capacity(service_id: UUID, capacity: Capacity, *, by: Caller, at: datetime) -> None:
    """Say it. Raises NotFound, Conflict where the service is open (see `change_capacity`), Invalid."""
    check(capacity, uk_date(at))
    with database.transaction() as session:
        service = session.scalars(
            select(Service).where(Service.id == service_id).with_for_update()
        ).one_or_none()
        if service is None or not may_write(by, service.organization_id):
            raise NotFound
        if service.status == ServiceStatus.ACTIVE:
            raise Conflict("This service is open: change what it can take on its own page.")
        before = service.capacity
        if capacity == before:
            return
        service.say_capacity(capacity)
        service.last_modified = at
        record_change(session, "service", service_id, before, capacity, by=by, at=at)
        outbox.add(session, "service.updated.v1", subject=service_id, at=at, service_id=str(service_id))
