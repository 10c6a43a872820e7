"""The demo place's listings: York and Wakefield, whom they employ, what they offer.

`load_listings` brings everything but the link workers, who need their accounts first
(`demo.link_workers`). Loading twice leaves the place as it was.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import combinations

from sqlalchemy.orm import Session

from services.directory.actions.seed import put_words
from services.directory.actions.seed_thesaurus import put_thesaurus
from services.directory.demo.groups import GROUPS, INFORMAL
from services.directory.demo.offers import DemoService
from services.directory.demo.organizations import (
    ACROSS_PLACES,
    NARROW_PURPOSES,
    NARROW_SECTORS,
    ORGANIZATIONS,
    SENDERS,
    UNSIGNED,
    WIDE_PURPOSES,
    DemoOrganization,
)
from services.directory.demo.places import PLACES, DemoPlace, emergency_numbers
from services.directory.demo.putting import put
from services.directory.demo.schemes_wakefield import WAKEFIELD_SCHEMES
from services.directory.demo.schemes_york import YORK_SCHEMES
from services.directory.demo.service_rows import load_service
from services.directory.demo.tables import areas
from services.directory.domain.listings import NEXT_ACTION_DAYS
from services.directory.store.organizations import (
    CHARITY,
    ODS,
    Organization,
    OrganizationIdentifier,
    SharingAgreement,
)
from services.directory.store.places import Area, EmergencyNumber, Neighbour, Place
from services.directory.store.postcodes import Postcode
from services.directory.store.teams import Team
from shared.clock import uk_date
from shared.demo_ids import demo_id

SCHEMES: tuple[DemoService, ...] = YORK_SCHEMES + WAKEFIELD_SCHEMES
SERVICES: tuple[DemoService, ...] = SCHEMES + GROUPS
ALL_ORGANIZATIONS: tuple[DemoOrganization, ...] = ORGANIZATIONS + INFORMAL
# Team slug → (name, organisation slug, place code or None). A scheme's team bears the scheme's name.
TEAMS: dict[str, tuple[str, str, str | None]] = {
    **{one.team: (one.name, one.organization, one.place) for one in reversed(SCHEMES) if one.team},
    "york-duty-desk": ("York duty desk", "york-council", "york"),
    "wakefield-duty-desk": ("Wakefield duty desk", "wakefield-council", "wakefield"),
}
DUTY_DESKS = frozenset({"york-duty-desk", "wakefield-duty-desk"})
_SIGNED_DAYS_AGO = 400


def load_listings(session: Session, at: datetime) -> None:
    """Words, areas, places, organisations, agreements, teams and services, in the caller's transaction."""
    put_words(session)
    put_thesaurus(session, at)
    _load_areas(session)
    for place in PLACES:
        _load_place(session, place)
    for organization in ALL_ORGANIZATIONS:
        _load_organization(session, organization, at)
    session.flush()
    _load_agreements(session, uk_date(at))
    for slug, (name, organization_slug, place_code) in TEAMS.items():
        _load_team(session, slug, name, organization_slug, place_code)
    session.flush()
    for service in SERVICES:
        load_service(session, service, at)


def _load_areas(session: Session) -> None:
    for code, kind, name in areas()["areas"]:
        put(session, Area(code=code, kind=kind, name=name))
    for pcds, authority, ward, lsoa, lat, lon in areas()["postcodes"]:
        put(session, Postcode(pcds=pcds, authority=authority, ward=ward, lsoa=lsoa, lat=lat, lon=lon))


def _load_place(session: Session, place: DemoPlace) -> None:
    place_id = demo_id("place", place.code)
    put(
        session,
        Place(
            id=place_id,
            code=place.code,
            name=place.name,
            authorities=[place.authority],
            next_action_days=dict(NEXT_ACTION_DAYS),
        ),
    )
    session.flush()
    for position, number in enumerate(emergency_numbers(place)):
        put(
            session,
            EmergencyNumber(
                id=demo_id("emergency_number", f"{place.code} {position}"),
                place_id=place_id,
                position=position,
                name=number.name,
                number=number.number,
                when=number.when,
                what=number.what,
            ),
        )
    for neighbour in place.neighbours:
        put(
            session,
            Neighbour(
                id=demo_id("neighbour", f"{place.code} {neighbour.authority}"),
                place_id=place_id,
                authority=neighbour.authority,
                name=neighbour.name,
                contact=neighbour.contact,
            ),
        )


def _load_organization(session: Session, one: DemoOrganization, at: datetime) -> None:
    domain = f"{one.slug}.example"
    put(
        session,
        Organization(
            id=demo_id("organization", one.slug),
            name=one.name,
            description=one.description,
            sector=one.sector,
            place_id=demo_id("place", one.place) if one.place else None,
            income_band=one.income,
            email=f"hello@{domain}",
            phone=one.phone,
            postal_code=one.postcode,
            email_domains=[domain],
            host_id=demo_id("organization", one.host) if one.host else None,
            last_modified=at,
        ),
    )
    session.flush()
    for scheme, identifier in ((ODS, one.ods), (CHARITY, one.charity)):
        if identifier:
            put(
                session,
                OrganizationIdentifier(
                    id=demo_id("identifier", f"{scheme} {identifier}"),
                    organization_id=demo_id("organization", one.slug),
                    scheme=scheme,
                    identifier=identifier,
                ),
            )


def _load_agreements(session: Session, today: date) -> None:
    """Everybody of a place who sends or helps has signed with everybody else there, some in both places."""
    by_slug = {one.slug: one for one in ORGANIZATIONS}
    helping = {one.organization for one in SCHEMES}
    signed_on = today - timedelta(days=_SIGNED_DAYS_AGO)
    for a, b in combinations((by_slug[slug] for slug in SENDERS), 2):
        if not ({a.slug, b.slug} & helping) or not _have_met(a, b):
            continue
        narrow = {a.sector, b.sector} & NARROW_SECTORS
        put(
            session,
            SharingAgreement(
                id=demo_id("agreement", f"{a.slug} {b.slug}"),
                organization_a=demo_id("organization", a.slug),
                organization_b=demo_id("organization", b.slug),
                purposes=list(NARROW_PURPOSES if narrow else WIDE_PURPOSES),
                valid_from=signed_on,
                valid_until=today + timedelta(days=2 * 365),
                signed_by_a=f"{a.name}, information governance lead",
                signed_by_b=f"{b.name}, information governance lead",
            ),
        )


def _have_met(a: DemoOrganization, b: DemoOrganization) -> bool:
    if {a.slug, b.slug} in UNSIGNED:
        return False
    return not a.place or not b.place or a.place == b.place or not ACROSS_PLACES.isdisjoint({a.slug, b.slug})


def _load_team(session: Session, slug: str, name: str, organization: str, place: str | None) -> None:
    put(
        session,
        Team(
            id=demo_id("team", slug),
            organization_id=demo_id("organization", organization),
            place_id=demo_id("place", place) if place else None,
            name=name,
            kind="duty_desk" if slug in DUTY_DESKS else "scheme",
            hours="Monday to Friday, 8:30am to 5pm",
        ),
    )
