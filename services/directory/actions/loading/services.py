"""Services: schemes, groups, activities, advice, places to go; with their patch, teams, venue and checks."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.directory.actions.keep_services import keep_service, read_for_change
from services.directory.actions.loading.finding import (
    email_of,
    organization_of,
    place_of,
    teams_of,
)
from services.directory.actions.loading.outcomes import Outcome, bring
from services.directory.domain.capacity import Capacity
from services.directory.domain.documents import FoundAt, PatchArea, ServiceDoc, Term
from services.directory.domain.listings import (
    AreaBasis,
    AreaKind,
    Ending,
    FieldGroup,
    RouteIn,
    ServiceKind,
    ServiceStatus,
    SupportType,
)
from services.directory.domain.sheets import Columns, Row
from services.directory.domain.taxonomies import NEEDS
from services.directory.store.locations import Location
from services.directory.store.postcodes import Postcode
from services.directory.store.services import Verification
from services.directory.store.taxonomy import ConnectorRole, Sector
from shared.listing_ids import listing_id

# What was made sure of holds for a year.
_HOLDS = timedelta(days=365)
_TEXTS = (
    "description", "who_for", "not_for", "differs", "area_words",
    "contact_name", "phone", "url", "invitation", "cost",
)  # fmt: skip
_NEVER_NULL = frozenset({"description", "who_for", "not_for", "differs", "area_words"})
_NAMED = {"cost": "fees_description"}
# The worker's and the group's own word from then on: read for a new service alone.
_CAPACITY = {
    "limit": ("limit", 10_000),
    "open_places": ("open_places", 10_000),
    "declared_wait_days": ("declared_wait_days", 1000),
}
_AREAS = {
    "authorities": (AreaKind.AUTHORITY, re.compile(r"[EWSN][0-9]{8}")),
    "wards": (AreaKind.WARD, re.compile(r"[EWSN][0-9]{8}")),
    "lsoas": (AreaKind.LSOA, re.compile(r"[EWSN][0-9]{8}")),
    "practices": (AreaKind.PRACTICE, re.compile(r"[A-Z0-9]{3,9}")),
}
_VENUE = ("venue", "address", "town", "postcode", "private")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SERVICES = Columns(
    ("key", "name", "organization", "kind", "needs", "routes_in", "area_basis", "teams"),
    (
        "place", "status", "connector_role", "support_type", "ending", "email", "languages", "working_days",
        "circumstances", "sender_sectors", "ask_first", "checked_on", "checked_by",
        "discreet", "open_to_others", "minimum_age", "maximum_age",
        *_TEXTS, *_CAPACITY, *_AREAS, *_VENUE,
    ),
)  # fmt: skip


def put_service(session: Session, row: Row, at: datetime) -> Outcome:
    """One service with all that hangs on it, published unless `status` says otherwise.

    What it can take is read for a new service alone: later it is the service's own to say.
    """
    service_id = listing_id("service", row.key())
    teams = teams_of(session, row)
    there = read_for_change(session, service_id)
    values = _values(session, row)
    if values["kind"] == ServiceKind.SCHEME and values["status"] == ServiceStatus.ACTIVE and not teams:
        raise row.refuse("teams", "A scheme has a team that works its queue: name it.")
    doc = replace(there, **values) if there else ServiceDoc(**values)
    moved = _put_venue(session, row, doc.organization_id)
    venue = FoundAt(listing_id("location", row.key()), main=True)
    if row.text("venue") and venue.location_id not in {one.location_id for one in doc.locations}:
        others = tuple(replace(one, main=False) for one in doc.locations)
        doc = replace(doc, locations=(venue, *others))
    doc = replace(
        doc,
        terms=frozenset(term for term in doc.terms if term.taxonomy != NEEDS)
        | {Term(NEEDS, code) for code in row.words("needs")},
        areas=frozenset(PatchArea(*area) for area in _areas(row)),
        team_ids=frozenset(teams),
    )
    capacity = _capacity(row) if there is None else Capacity()
    kept = keep_service(session, service_id, doc, at=at, capacity=capacity)
    checked = _put_checks(session, row, service_id, at)
    if kept.new:
        return Outcome.NEW
    return Outcome.CHANGED if moved or checked or kept.changed else Outcome.SAME


def _values(session: Session, row: Row) -> dict[str, Any]:
    """Every column of the row by the name of the table's: those that always hold, and those the file has."""
    values: dict[str, Any] = {
        "name": row.said("name"),
        "organization_id": organization_of(session, row),
        "kind": row.one_of("kind", ServiceKind) or row.said("kind"),
        "status": row.one_of("status", ServiceStatus) or ServiceStatus.ACTIVE,
        "routes_in": tuple(row.all_of("routes_in", RouteIn)),
        "area_basis": tuple(row.all_of("area_basis", AreaBasis)),
    }
    readers: dict[str, tuple[str, Callable[[], Any]]] = {
        "place": ("place_id", lambda: place_of(session, row)),
        "support_type": ("support_type", lambda: row.one_of("support_type", SupportType)),
        "ending": ("ending", lambda: row.one_of("ending", Ending)),
        "connector_role": (
            "connector_role",
            lambda: row.one_of("connector_role", session.scalars(select(ConnectorRole.code))),
        ),
        "sender_sectors": (
            "sender_sectors",
            lambda: tuple(row.all_of("sender_sectors", session.scalars(select(Sector.code)))),
        ),
        "email": ("email", lambda: email_of(row)),
        "languages": ("languages", lambda: tuple(row.words("languages"))),
        "circumstances": ("circumstances", lambda: tuple(row.words("circumstances"))),
        "working_days": ("working_days", lambda: _weekdays(row)),
        "discreet": ("discreet", lambda: row.yes("discreet")),
        "open_to_others": ("open_to_others", lambda: row.yes("open_to_others")),
        "minimum_age": ("minimum_age", lambda: _number(row, "minimum_age", 120)),
        "maximum_age": ("maximum_age", lambda: _number(row, "maximum_age", 120)),
    }
    values |= {column: read() for name, (column, read) in readers.items() if row.has(name)}
    for name in _TEXTS:
        if row.has(name):
            empty = "" if name in _NEVER_NULL else None
            values[_NAMED.get(name, name)] = row.text(name) or empty
    return values


def _weekdays(row: Row) -> tuple[int, ...]:
    days = {day.lower()[:3] for day in row.words("working_days")}
    if not days <= set(_WEEKDAYS):
        raise row.refuse("working_days", "Write days as mon tue wed thu fri sat sun.")
    return tuple(sorted(_WEEKDAYS.index(day) for day in days))


def _capacity(row: Row) -> Capacity:
    values = {field: _number(row, name, most) for name, (field, most) in _CAPACITY.items()}
    limit, places = values["limit"], values["open_places"]
    if limit is not None and places is not None and places > limit:
        raise row.refuse("open_places", "Open places cannot be more than the limit.")
    return Capacity(
        limit=limit,
        open_places=places,
        declared_wait_days=values["declared_wait_days"],
        ask_first=row.yes("ask_first"),
    )


def _number(row: Row, name: str, most: int) -> int | None:
    number = row.whole(name)
    if number is not None and number > most:
        raise row.refuse(name, f"This is {most} at most.")
    return number


def _areas(row: Row) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for column, (kind, form) in _AREAS.items():
        for code in row.words(column):
            if not form.fullmatch(code):
                raise row.refuse(column, f"{code!r} is not such a code.")
            found.append((kind, code))
    return found


def _put_venue(session: Session, row: Row, organization_id: UUID) -> bool:
    """Where it is found. A private place (a refuge) never leaves the directory."""
    if not row.text("venue"):
        return False
    pcds = row.postcode("postcode")
    point = session.get(Postcode, pcds) if pcds else None
    location_id = listing_id("location", row.key())
    values = {
        "organization_id": organization_id,
        "name": row.text("venue"),
        "address_1": row.text("address") or None,
        "city": row.text("town") or None,
        "postal_code": pcds,
        "latitude": point.lat if point else None,
        "longitude": point.lon if point else None,
        "private": row.yes("private"),
    }
    there = session.get(Location, location_id)
    outcome = bring(session, there or Location(id=location_id), values)
    session.flush()
    return outcome is not Outcome.SAME


def _put_checks(session: Session, row: Row, service_id: UUID, at: datetime) -> bool:
    """Who made sure of it last, and when; an older check than the one there is left alone."""
    day = row.day("checked_on")
    if day is None:
        return False
    checked = datetime.combine(day, time(12), tzinfo=UTC)
    if checked > at + timedelta(days=1):
        raise row.refuse("checked_on", "This is still to come.")
    changed = False
    for group in FieldGroup:
        there = session.get(Verification, (service_id, group))
        if there is not None and there.verified_at >= checked:
            continue
        values = {
            "verified_at": checked,
            "verified_by": row.said("checked_by"),
            "source": "the operator's files",
            "valid_until": day + _HOLDS,
        }
        bring(session, there or Verification(service_id=service_id, field_group=group), values)
        changed = True
    return changed
