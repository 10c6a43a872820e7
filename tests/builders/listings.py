"""Listings of the directory as rows: words, places, services, teams, link workers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Flask

from services.directory.actions.clients import add_client
from services.directory.actions.keep_services import keep_service
from services.directory.actions.seed import put_words
from services.directory.domain.capacity import Capacity
from services.directory.domain.documents import PatchArea, ServiceDoc, Term
from services.directory.domain.taxonomies import NEEDS
from services.directory.store.database import database
from services.directory.store.link_workers import Absence, LinkWorker, LinkWorkerTeam
from services.directory.store.locations import Location, ServiceAtLocation
from services.directory.store.organizations import Organization
from services.directory.store.places import EmergencyNumber, Neighbour, Place
from services.directory.store.queries.snapshot import read_snapshot
from services.directory.store.services import CAPACITY_COLUMNS, Service, Verification
from services.directory.store.teams import Team
from shared.auth import Caller, Kind, Role

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SCHEME: dict[str, Any] = {
    "kind": "scheme",
    "who_for": "Anyone here",
    "not_for": "Nobody",
    "differs": "We walk there with you.",
    "support_type": "sustained_one_to_one",
    "ending": "by_worker",
    "routes_in": ["professional"],
    "area_basis": ["resident"],
    "capacity_limit": 20,
    "open_places": 5,
}
GROUP: dict[str, Any] = {
    "kind": "group",
    "who_for": "Anyone",
    "routes_in": ["self", "introduction"],
    "area_basis": ["anywhere"],
    "open_to_others": True,
    "contact_name": "Maureen",
    "invitation": "Come along.",
}


def words() -> None:
    """Sectors, connector roles and needs."""
    with database.transaction() as session:
        put_words(session)


def a_place(name: str = "Exampleton", authority: str = "E06000099", id: UUID | None = None) -> UUID:
    """A place with one number to ring and one neighbour."""
    with database.transaction() as session:
        place = Place(
            id=id or uuid4(),
            code=f"place-{uuid4().hex[:8]}" if id is None else name.lower(),
            name=name,
            authorities=[authority],
            next_action_days={"received": 2, "accepted": 5, "asked": 5},
        )
        session.add(place)
        session.flush()
        session.add(
            EmergencyNumber(
                place_id=place.id, position=0, name="Ambulance", number="999", when="Now", what="Ring."
            )
        )
        session.add(
            Neighbour(place_id=place.id, authority="E06000098", name="Next door", contact="01632 960900")
        )
    return place.id


def a_body(name: str | None = None, sector: str = "health", place_id: UUID | None = None) -> UUID:
    """An organisation; `words` have been said before."""
    with database.transaction() as session:
        row = Organization(
            id=uuid4(),
            name=name or f"Example body {uuid4().hex[:6]}",
            sector=sector,
            place_id=place_id,
            last_modified=NOON,
        )
        session.add(row)
    return row.id


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def a_service(
    organization_id: UUID | None = None,
    *,
    needs: Sequence[str] = ("loneliness",),
    areas: Sequence[tuple[str, str]] = (("authority", "E06000099"),),
    team_ids: Sequence[UUID] = (),
    checked: datetime | None = NOON,
    holds: timedelta = timedelta(days=365),
    base: dict[str, Any] | None = None,
    **fields: Any,
) -> UUID:
    """A published service, a scheme unless `base` is GROUP."""
    values = {**(SCHEME if base is None else base), "name": f"Example service {uuid4().hex[:6]}", **fields}
    service_id = values.pop("id", uuid4())
    said = {name: values.pop(column) for name, column in CAPACITY_COLUMNS.items() if column in values}
    with database.transaction() as session:
        doc = ServiceDoc(
            organization_id=organization_id or a_body(),
            terms=frozenset(Term(NEEDS, code) for code in needs),
            areas=frozenset(PatchArea(*area) for area in areas),
            team_ids=frozenset(team_ids),
            **{"status": "active"} | {name: _plain(value) for name, value in values.items()},
        )
        keep_service(session, service_id, doc, at=NOON, capacity=Capacity(**said))
        if checked is not None:
            session.add(
                Verification(
                    service_id=service_id,
                    field_group="contact",
                    verified_at=checked,
                    verified_by="A tester",
                    source="telephone",
                    valid_until=(checked + holds).date(),
                )
            )
    return service_id


def a_location(service_id: UUID, *, private: bool = False, name: str = "Example hall") -> UUID:
    """Where a service is found."""
    with database.transaction() as session:
        organization_id = session.get_one(Service, service_id).organization_id
        row = Location(
            id=uuid4(),
            organization_id=organization_id,
            name=name,
            postal_code="YO24 3BZ",
            latitude=53.95418,
            longitude=-1.12726,
            private=private,
        )
        session.add(row)
        session.flush()
        session.add(ServiceAtLocation(service_id=service_id, location_id=row.id))
    return row.id


def a_scheme_team(organization_id: UUID, kind: str = "scheme", place_id: UUID | None = None) -> UUID:
    """A team."""
    with database.transaction() as session:
        row = Team(id=uuid4(), organization_id=organization_id, name="Team", kind=kind, place_id=place_id)
        session.add(row)
    return row.id


def a_link_worker(
    team_id: UUID,
    employer_id: UUID,
    *,
    name: str | None = None,
    account_id: UUID | None = None,
    listed: bool = True,
    **fields: Any,
) -> UUID:
    """A link worker of a team."""
    with database.transaction() as session:
        row = LinkWorker(
            id=uuid4(),
            account_id=account_id,
            name=name or f"Worker {uuid4().hex[:6]}",
            role="pcn_link_worker",
            employer_id=employer_id,
            caseload_limit=30,
            listed=listed,
            **{"languages": ["en"], "working_days": [0, 1, 2], **fields},
        )
        session.add(row)
        session.flush()
        session.add(LinkWorkerTeam(link_worker_id=row.id, team_id=team_id))
    return row.id


def an_absence(worker_id: UUID, from_on: date, to_on: date, cover_id: UUID | None = None) -> UUID:
    """Days away."""
    with database.transaction() as session:
        row = Absence(id=uuid4(), link_worker_id=worker_id, from_on=from_on, to_on=to_on, cover_id=cover_id)
        session.add(row)
    return row.id


def snapshot(after: int = 0) -> dict[tuple[str, str], dict[str, Any] | None]:
    """Everything of the routing snapshot changed after a version, by kind and id."""
    found: dict[tuple[str, str], dict[str, Any] | None] = {}
    while True:
        page = read_snapshot(after, 500)
        found |= {(item["kind"], item["id"]): item["doc"] for item in page.items}
        after = page.version
        if not page.more:
            return found


def version() -> int:
    """The newest version of the routing snapshot."""
    after = 0
    while True:
        page = read_snapshot(after, 5000)
        after = page.version
        if not page.more:
            return after


def bearer(
    app: Flask, *roles: Role, organization_id: UUID | None = None, team_id: UUID | None = None
) -> dict[str, str]:
    """The header of a partner's system with these roles."""
    name = f"system-{uuid4().hex[:8]}"
    secret = add_client(
        name,
        name="Example system",
        organization_id=organization_id or a_body(),
        roles=roles,
        team_id=team_id,
        by=Caller(sub="terminal", kind=Kind.SERVICE),
        at=NOON,
    )
    form = {"grant_type": "client_credentials", "client_id": name, "client_secret": secret}
    answer = app.test_client().post("/oauth/token", data=form)
    return {"Authorization": f"Bearer {(answer.json or {})['access_token']}"}
