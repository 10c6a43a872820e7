"""A scheme's lead or its organisation's admin says what it can take now."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from services.directory.domain.capacity import Capacity, check
from services.directory.domain.listings import FieldGroup, ServiceKind, ServiceStatus
from services.directory.store.database import database
from services.directory.store.outbox import outbox
from services.directory.store.relay import AccessLog
from services.directory.store.services import Service, Verification
from services.directory.store.teams import TeamService
from shared import audit
from shared.auth import Caller, Role
from shared.clock import uk_date
from shared.errors import Conflict, Invalid, NotFound

# What a service says of its capacity is taken for right for so long.
_HOLDS = timedelta(days=90)


def change_capacity(service_id: UUID, capacity: Capacity, *, by: Caller, at: datetime) -> Capacity:
    """Set limit, open places, wait, pause and ask-first; routing hears of it with this transaction.

    Raises NotFound for somebody who may not, Conflict for a service that is not open, Invalid naming the
    fields. What was set is returned.
    """
    check(capacity, uk_date(at))
    with database.transaction() as session:
        service = session.scalars(
            select(Service).where(Service.id == service_id).with_for_update()
        ).one_or_none()
        teams = session.scalars(select(TeamService.team_id).where(TeamService.service_id == service_id)).all()
        if service is None or not may_change(by, service.organization_id, teams):
            raise NotFound
        if service.status != ServiceStatus.ACTIVE:
            raise Conflict("This service is not open, so it has no capacity to set.", available_actions=[])
        _check_scheme(service, capacity)
        service.say_capacity(capacity)
        if session.is_modified(service):
            service.last_modified = at
            outbox.add(session, "service.updated.v1", subject=service.id, at=at, service_id=str(service.id))
        session.merge(
            Verification(
                service_id=service.id,
                field_group=FieldGroup.CAPACITY,
                verified_at=at,
                verified_by="The service itself",
                source="own word",
                valid_until=uk_date(at) + _HOLDS,
            )
        )
        audit.record(
            session,
            AccessLog,
            by,
            act="change_capacity",
            purpose="What the service can take",
            subjects=[service.id],
            at=at,
        )
    return capacity


def may_change(by: Caller | None, organization_id: UUID, teams: Collection[UUID]) -> bool:
    """A lead of one of the service's teams, or an admin of its organisation."""
    if by is None:
        return False
    return by.has(Role.ORG_ADMIN, org=organization_id) or any(by.has(Role.LEAD, team=team) for team in teams)


def _check_scheme(service: Service, capacity: Capacity) -> None:
    """A published scheme always says something of its capacity."""
    said = capacity.limit is not None or capacity.open_places is not None or capacity.ask_first
    if service.kind == ServiceKind.SCHEME and not said:
        raise Invalid.field("/limit", "Give a limit or the open places, or ask to be asked first.")
