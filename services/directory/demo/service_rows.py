"""One service of the demo as rows of the directory."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from services.directory.actions.publish_service import publish_service
from services.directory.demo.offers import DemoService
from services.directory.demo.putting import put
from services.directory.demo.tables import areas
from services.directory.domain.listings import FieldGroup, ServiceKind
from services.directory.store.locations import Location, ServiceAtLocation
from services.directory.store.services import Service, Verification
from shared.clock import uk_date
from shared.demo_ids import demo_id

_VERIFIED_FOR = timedelta(days=365)
_POINTS = {row[0]: (row[4], row[5]) for row in areas()["postcodes"]}
_TOWNS = {"YO": "York", "WF": "Wakefield"}


def load_service(session: Session, one: DemoService, at: datetime) -> None:
    """Publish the service with its needs, patch, team, venue and checks."""
    publish_service(
        session,
        _service(one, at),
        needs=one.needs,
        areas=one.areas,
        team_ids=[demo_id("team", one.team)] if one.team else [],
        at=at,
    )
    session.flush()
    _load_venue(session, one)
    _load_checks(session, one, at)


def _service(one: DemoService, at: datetime) -> Service:
    youngest, oldest = one.ages
    pause = uk_date(at) + timedelta(days=one.pause_ends_in) if one.pause_ends_in is not None else None
    return Service(
        id=demo_id("service", one.slug),
        organization_id=demo_id("organization", one.organization),
        place_id=demo_id("place", one.place) if one.place else None,
        name=one.name,
        description=one.description,
        email=one.email,
        phone=one.phone,
        contact_name=one.contact,
        kind=one.kind,
        connector_role=one.role,
        support_type=one.support,
        who_for=one.who_for,
        not_for=one.not_for,
        differs=one.differs,
        routes_in=list(one.routes),
        ending=one.ending,
        discreet=one.discreet,
        open_to_others=one.kind != ServiceKind.SCHEME,
        invitation=one.invitation,
        fees_description=one.cost,
        languages=list(one.languages),
        working_days=list(one.days),
        minimum_age=youngest,
        maximum_age=oldest,
        area_basis=list(one.basis),
        area_words=one.area_words,
        circumstances=list(one.circumstances),
        sender_sectors=list(one.sectors),
        capacity_limit=one.limit,
        open_places=one.open_places,
        declared_wait_days=one.wait,
        paused_until=pause,
        ask_first=one.ask_first,
    )


def _load_venue(session: Session, one: DemoService) -> None:
    if not one.venue or not one.postcode:
        return
    latitude, longitude = _POINTS[one.postcode]
    location_id = demo_id("location", one.slug)
    put(
        session,
        Location(
            id=location_id,
            organization_id=demo_id("organization", one.organization),
            name=one.venue,
            city=_TOWNS[one.postcode[:2]],
            postal_code=one.postcode,
            latitude=latitude,
            longitude=longitude,
            private=one.private,
        ),
    )
    session.flush()
    put(
        session,
        ServiceAtLocation(service_id=demo_id("service", one.slug), location_id=location_id, main=True),
    )


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
