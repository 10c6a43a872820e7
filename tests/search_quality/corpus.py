"""The invented listings the search is measured on, beside the demo place: read and kept like any others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from services.directory.actions.keep_bodies import keep_locations, keep_organizations
from services.directory.actions.keep_services import keep_services
from services.directory.demo.everything import load_demo
from services.directory.demo.tables import areas
from services.directory.domain.capacity import Capacity
from services.directory.domain.documents import (
    FoundAt,
    LocationDoc,
    Opening,
    OrganizationDoc,
    PatchArea,
    ServiceDoc,
    Term,
)
from services.directory.domain.taxonomies import NEEDS
from services.directory.store.database import database
from services.directory.store.services import Verification
from shared.demo_ids import demo_id

_HERE = Path(__file__).parent
_SPACE = UUID("2f0c3d63-7d0f-5a4e-9d0b-3c1c8a7d5e21")
_TOWNS = {"YO": "York", "WF": "Wakefield"}
_AUTHORITIES = {"YO": "E06000014", "WF": "E08000036"}
_PLACES = {"YO": "york", "WF": "wakefield"}


@dataclass(frozen=True)
class Row:
    """One line of listings.txt."""

    slug: str
    name: str
    body: str
    kind: str
    needs: tuple[str, ...]
    postcode: str | None
    languages: tuple[str, ...]
    cost: str
    ages: tuple[int | None, int | None]
    times: tuple[Opening, ...]
    capacity: Capacity
    checked_days_ago: int
    who_for: str
    description: str

    @property
    def id(self) -> UUID:
        """The id of its service."""
        return uuid5(_SPACE, self.slug)

    @property
    def body_id(self) -> UUID:
        """The id of the body that offers it."""
        return uuid5(_SPACE, f"body {self.body}")


@cache
def rows() -> tuple[Row, ...]:
    """The listings of the file."""
    lines = (_HERE / "listings.txt").read_text(encoding="utf-8").splitlines()
    return tuple(_row(line) for line in lines if line and not line.startswith(";"))


def service_id(slug: str) -> UUID:
    """The service of a slug, of the file or of the demo place."""
    return next((row.id for row in rows() if row.slug == slug), demo_id("service", slug))


def load_corpus(at: datetime) -> None:
    """The demo place and the listings of the file."""
    load_demo(at)
    with database.transaction() as session:
        keep_organizations(
            session,
            {row.body_id: OrganizationDoc(name=row.body, sector="vcse") for row in rows()},
            at=at,
        )
        keep_locations(session, {row.id: _venue(row) for row in rows() if row.postcode}, at=at)
        keep_services(
            session, {row.id: _doc(row) for row in rows()}, at=at,
            capacities={row.id: row.capacity for row in rows()},
        )  # fmt: skip
        _check(session, at)


def _venue(row: Row) -> LocationDoc:
    point = {one[0]: (one[4], one[5]) for one in areas()["postcodes"]}[row.postcode or ""]
    return LocationDoc(
        organization_id=row.body_id,
        name=f"Hall of {row.body}",
        city=_town(row),
        postal_code=row.postcode,
        latitude=point[0],
        longitude=point[1],
    )


def _town(row: Row) -> str:
    # The wards of the demo bear the names of its towns.
    ward = next(one[2] for one in areas()["postcodes"] if one[0] == row.postcode)
    names = {one[0]: one[2] for one in areas()["areas"]}
    return f"{names.get(ward, '')}, {_TOWNS[(row.postcode or '')[:2]]}"


def _doc(row: Row) -> ServiceDoc:
    district = (row.postcode or "")[:2]
    scheme = row.kind == "scheme"
    return ServiceDoc(
        organization_id=row.body_id,
        place_id=demo_id("place", _PLACES[district]) if district else None,
        name=row.name,
        kind=row.kind,
        status="active",
        description=row.description,
        who_for=row.who_for,
        not_for="Nobody",
        differs="Invented for measuring." if scheme else "",
        support_type="sustained_one_to_one" if scheme else None,
        ending="by_worker" if scheme else None,
        contact_name="Sam",
        phone="01632 960555",
        routes_in=("self", "introduction"),
        invitation="Come along.",
        open_to_others=True,
        free=True if row.cost == "free" else None,
        fees_description=row.cost,
        languages=row.languages,
        minimum_age=row.ages[0],
        maximum_age=row.ages[1],
        area_basis=("resident",) if scheme and district else ("anywhere",),
        terms=frozenset(Term(NEEDS, code) for code in row.needs),
        areas=frozenset([PatchArea("authority", _AUTHORITIES[district])] if scheme and district else []),
        schedules=row.times,
        locations=(FoundAt(row.id, main=True),) if row.postcode else (),
    )


def _check(session: Session, at: datetime) -> None:
    for row in rows():
        checked = at - timedelta(days=row.checked_days_ago)
        session.merge(
            Verification(
                service_id=row.id,
                field_group="contact",
                verified_at=checked,
                verified_by="A tester",
                source="telephone",
                valid_until=(checked + timedelta(days=180)).date(),
            )
        )


def _row(line: str) -> Row:
    slug, name, body, kind, needs, postcode, languages, cost, ages, times, places, checked, who, what = (
        part.strip() for part in line.split(" | ")
    )
    youngest, _, oldest = ages.partition("-")
    limit, _, free = places.partition("/")
    return Row(
        slug=slug,
        name=name,
        body=body,
        kind=kind,
        needs=tuple(needs.split()),
        postcode=None if postcode == "-" else postcode,
        languages=tuple(languages.split()),
        cost=cost,
        ages=(int(youngest) if youngest else None, int(oldest) if oldest else None),
        times=tuple(_opening(one) for one in times.split(",") if " " in one) if " " in times else (),
        capacity=Capacity(limit=int(limit), open_places=int(free)),
        checked_days_ago=int(checked),
        who_for=who,
        description=what,
    )


def _opening(text: str) -> Opening:
    days, hours = text.split(" ")
    opens, closes = hours.split("-")
    return Opening(
        freq="WEEKLY",
        byday=days,
        opens_at=time.fromisoformat(opens),
        closes_at=time.fromisoformat(closes),
    )
