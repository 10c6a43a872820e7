"""One service of the demo as rows of the directory."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from services.directory.actions.keep_bodies import keep_locations
from services.directory.actions.keep_services import keep_service
from services.directory.demo.facts import further_facts, load_words, ways_in
from services.directory.demo.offers import DemoService
from services.directory.demo.putting import put
from services.directory.demo.tables import areas
from services.directory.domain.capacity import Capacity
from services.directory.domain.documents import FoundAt, LocationDoc, PatchArea, ServiceDoc, Term
from services.directory.domain.listings import FieldGroup, ServiceKind, ServiceStatus
from services.directory.domain.taxonomies import NEEDS
from services.directory.store.services import Verification
from shared.clock import uk_date
from shared.demo_ids import demo_id

_VERIFIED_FOR = timedelta(days=365)
_POINTS = {row[0]: (row[4], row[5]) for row in areas()["postcodes"]}
_TOWNS = {"YO": "York", "WF": "Wakefield"}


def load_service(session: Session, one: DemoService, at: datetime) -> None:
    """Publish the service with its needs, patch, team, venue and checks."""
    _load_venue(session, one, at)
    keep_service(session, demo_id("service", one.slug), _document(one), at=at, capacity=_capacity(one, at))
    _load_checks(session, one, at)
    load_words(session, one, at)


def _document(one: DemoService) -> ServiceDoc:
    youngest, oldest = one.ages
    return ServiceDoc(
        organization_id=demo_id("organization", one.organization),
        place_id=demo_id("place", one.place) if one.place else None,
        name=one.name,
        kind=one.kind,
        status=ServiceStatus.ACTIVE,
        description=one.description,
        email=one.email,
        phone=one.phone,
        contact_name=one.contact,
        connector_role=one.role,
        support_type=one.support,
        who_for=one.who_for,
        not_for=one.not_for,
        differs=one.differs,
        routes_in=tuple(one.routes),
        ending=one.ending,
        discreet=one.discreet,
        open_to_others=one.kind != ServiceKind.SCHEME,
        invitation=one.invitation,
        **{"fees_description": one.cost} | further_facts(one),
        languages=tuple(one.languages),
        working_days=tuple(one.days),
        minimum_age=youngest,
        maximum_age=oldest,
        area_basis=tuple(one.basis),
        area_words=one.area_words,
        circumstances=tuple(one.circumstances),
        sender_sectors=tuple(one.sectors),
        terms=frozenset(Term(NEEDS, code) for code in one.needs),
        areas=frozenset(PatchArea(*area) for area in one.areas),
        locations=(FoundAt(demo_id("location", one.slug), main=True),) if one.venue and one.postcode else (),
        team_ids=frozenset([demo_id("team", one.team)] if one.team else []),
    )


def _capacity(one: DemoService, at: datetime) -> Capacity:
    pause = uk_date(at) + timedelta(days=one.pause_ends_in) if one.pause_ends_in is not None else None
    return Capacity(
        limit=one.limit,
        open_places=one.open_places,
        declared_wait_days=one.wait,
        paused_until=pause,
        ask_first=one.ask_first,
    )


def _load_venue(session: Session, one: DemoService, at: datetime) -> None:
    if not one.venue or not one.postcode:
        return
    latitude, longitude = _POINTS[one.postcode]
    venue = LocationDoc(
        organization_id=demo_id("organization", one.organization),
        name=one.venue,
        city=_TOWNS[one.postcode[:2]],
        postal_code=one.postcode,
        latitude=latitude,
        longitude=longitude,
        private=one.private,
        accessibility=() if one.private else ways_in(one),
    )
    keep_locations(session, {demo_id("location", one.slug): venue}, at=at)


def _load_checks(session: Session, one: DemoService, at: datetime) -> None:
    if one.checked_days_ago is None:
        return
    checked = at - timedelta(days=one.checked_days_ago)
    for group in FieldGroup:
        put(
            session,
            Verification(
                service_id=demo_id("service", one.slug),
                field_group=group,
                verified_at=checked,
                verified_by="Demo forum admin",
                source="telephone",
                valid_until=(checked + _VERIFIED_FOR).date(),
            ),
        )
