"""Listings as documents, drawn at random for property tests; all that the database takes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from decimal import Decimal
from uuid import UUID

from hypothesis import strategies as st

from services.directory.domain.documents import (
    ContactPerson,
    Cost,
    FoundAt,
    LocationDoc,
    Opening,
    OrganizationDoc,
    PatchArea,
    Polygon,
    ServiceDoc,
    Telephone,
    Term,
    WayIn,
)
from services.directory.domain.listings import AreaBasis, RouteIn, ServiceKind, ServiceStatus
from services.directory.domain.taxonomies import NEEDS

words = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1, max_size=30
).filter(str.strip)
maybe_words = st.none() | words
days = st.dates(date(2020, 1, 1), date(2030, 1, 1))
times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
some_languages = st.lists(st.sampled_from(["en", "pl", "ur", "bsl"]), unique=True, max_size=3).map(tuple)
telephones = st.builds(
    Telephone,
    number=st.sampled_from(["01632 960100", "07700 900123", "freephone"]),
    extension=st.none() | st.just("12"),
    kind=st.none() | st.just("voice"),
    description=maybe_words,
    languages=some_languages,
)


@st.composite
def openings(draw: st.DrawFn, locations: Sequence[UUID] = ()) -> Opening:
    """A schedule, most of them with hours, some only words."""
    first = draw(st.none() | days)
    return Opening(
        freq=draw(st.none() | st.sampled_from(["WEEKLY", "MONTHLY"])),
        interval=draw(st.integers(1, 4)) if first else 1,
        byday=draw(st.none() | st.sampled_from(["MO", "TU,TH", "2WE", "-1FR"])),
        bymonthday=draw(st.none() | st.sampled_from(["1", "15,-1"])),
        dtstart=first,
        valid_to=first,
        opens_at=draw(st.none() | times),
        closes_at=draw(st.none() | times),
        description=draw(maybe_words),
        notes=draw(maybe_words),
        location_id=draw(st.none() | st.sampled_from(locations)) if locations else None,
    )


costs = st.builds(
    Cost,
    option=maybe_words,
    amount=st.decimals(Decimal(0), Decimal("9999.99"), places=2),
    amount_description=maybe_words,
    valid_from=st.none() | days,
)
contacts = st.builds(
    ContactPerson, name=words, title=maybe_words, phones=st.lists(telephones, max_size=2).map(tuple)
)
squares = st.builds(
    lambda name, west, south: Polygon(
        name,
        {
            "type": "Polygon",
            "coordinates": [
                [
                    [west, south],
                    [west + 0.1, south],
                    [west + 0.1, south + 0.1],
                    [west, south + 0.1],
                    [west, south],
                ]
            ],
        },
    ),
    words,
    st.sampled_from([-1.2, -1.1]),
    st.sampled_from([53.9, 54.0]),
)


@st.composite
def services(draw: st.DrawFn, organization_id: UUID, locations: Sequence[UUID] = ()) -> ServiceDoc:
    """A service that is not published, so that it may lack anything."""
    youngest = draw(st.none() | st.integers(0, 60))
    found_at = draw(st.lists(st.sampled_from(locations), unique=True, max_size=3)) if locations else []
    main, rest = found_at[:1], sorted(found_at[1:])
    return ServiceDoc(
        organization_id=organization_id,
        name=draw(words),
        kind=draw(st.sampled_from(ServiceKind)).value,
        status=draw(st.sampled_from([ServiceStatus.INACTIVE, ServiceStatus.DEFUNCT])).value,
        alternate_name=draw(maybe_words),
        description=draw(st.just("") | words),
        alert=draw(maybe_words),
        free=draw(st.none() | st.booleans()),
        hours=draw(maybe_words),
        languages=draw(some_languages),
        working_days=draw(st.lists(st.integers(0, 6), unique=True).map(tuple)),
        funders=draw(st.lists(words, max_size=2).map(tuple)),
        minimum_age=youngest,
        maximum_age=None if youngest is None else draw(st.none() | st.integers(youngest, 120)),
        routes_in=draw(st.lists(st.sampled_from([str(r) for r in RouteIn]), unique=True).map(tuple)),
        area_basis=draw(st.lists(st.sampled_from([str(b) for b in AreaBasis]), unique=True).map(tuple)),
        invitation="Come along.",
        terms=frozenset(
            Term(NEEDS, code) for code in draw(st.sets(st.sampled_from(["food", "loneliness", "housing"])))
        ),
        areas=draw(
            st.frozensets(
                st.sampled_from(
                    [PatchArea("ward", "E05099999"), PatchArea("pcn", "U99999"), PatchArea("practice", "Z99")]
                )
            )
        ),
        polygons=draw(st.lists(squares, max_size=2).map(tuple)),
        schedules=draw(st.lists(openings(locations), max_size=3).map(tuple)),
        costs=draw(st.lists(costs, max_size=2).map(tuple)),
        contacts=draw(st.lists(contacts, max_size=2).map(tuple)),
        phones=draw(st.lists(telephones, max_size=2).map(tuple)),
        locations=tuple(
            [FoundAt(one, main=True) for one in main] + [FoundAt(one, main=False) for one in rest]
        ),
    )


organizations = st.builds(
    OrganizationDoc,
    name=words,
    sector=st.sampled_from(["vcse", "health"]),
    alternate_name=maybe_words,
    description=st.just("") | words,
    email=st.none() | st.just("desk@charity.example"),
    website=st.none() | st.just("https://charity.example/"),
    terms=st.frozensets(st.builds(Term, st.just(NEEDS), st.sampled_from(["food", "housing"]))),
)


@st.composite
def venues(draw: st.DrawFn, organization_id: UUID) -> LocationDoc:
    """A venue, with or without a point."""
    where = draw(st.none() | st.just((53.95, -1.08)))
    return LocationDoc(
        organization_id=organization_id,
        name=draw(words),
        location_type=draw(st.sampled_from(["physical", "virtual", "postal"])),
        description=draw(st.just("") | words),
        address_1=draw(maybe_words),
        postal_code=draw(st.none() | st.just("YO24 3BZ")),
        latitude=where[0] if where else None,
        longitude=where[1] if where else None,
        private=draw(st.booleans()),
        accessibility=draw(
            st.lists(st.builds(WayIn, description=words, details=maybe_words), max_size=2).map(tuple)
        ),
    )
