"""Ten invented people in the demo place: what each is offered fits them, and what would not is left out."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from services.directory.demo.listings import SERVICES
from services.directory.demo.offers import DemoService
from services.referrals.domain.routing.person import PersonFacts, Sender
from services.referrals.domain.routing.route import Routes, route
from services.referrals.domain.routing.snapshot import Snapshot
from shared.demo_ids import demo_id
from tests.builders.listings import NOON

BY_ID = {str(demo_id("service", one.slug)): one for one in SERVICES}
YORK = ("YO24 3BZ", "front-street-surgery", "york")
WAKEFIELD = ("WF10 1AD", "castleford-weir-practice", "wakefield")


class Someone(NamedTuple):
    """`first` is offered before all; `among` is offered or passed on; `never` would be a blunder."""

    age: int
    need: str
    where: tuple[str, str, str]
    first: str
    among: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    more: dict[str, Any] = {}  # noqa: RUF012 - read only


PEOPLE = {
    "a widow of 74 who is lonely": Someone(
        74, "loneliness", YORK, "york-gp-link-workers", ("city-centre-chess",),
        ("heworth-toddlers", "strensall-veterans", "youth-connectors", "normanton-dads"),
    ),
    "a father of 30": Someone(
        30, "parenting_family", YORK, "york-local-area-coordinators", ("heworth-toddlers",),
        ("youth-harbour-studio", "memory-lane"),
    ),
    "somebody of 16 who feels low": Someone(
        16, "mental_wellbeing", YORK, "york-gp-link-workers", ("youth-connectors",),
        ("common-ground-peer-support", "york-housing-connector", "micklegate-singers"),
    ),
    "a child of 9 who likes to draw": Someone(
        9, "arts_culture", YORK, "york-local-area-coordinators", (),
        ("city-centre-chess", "huntington-book-group", "york-gp-link-workers", "youth-connectors"),
    ),
    "a daughter of 52 who looks after her mother": Someone(
        52, "caring", YORK, "york-gp-link-workers", ("york-carers-connector",), ("memory-lane",),
        {"circumstances": {"carer": True}},
    ),
    "a man of 80 whose memory fails": Someone(
        80, "dementia", YORK, "york-local-area-coordinators", ("memory-lane",), ("heworth-toddlers",)
    ),
    "a soldier of 60, years after": Someone(
        60, "loneliness", YORK, "york-gp-link-workers", ("strensall-veterans",), ("heworth-toddlers",),
        {"circumstances": {"veteran": True}},
    ),
    "a mother of 28 in Castleford": Someone(
        28, "parenting_family", WAKEFIELD, "wakefield-local-area-coordinators", ("featherstone-uniform",),
        ("normanton-dads", "heworth-toddlers"),
    ),
    "a man of 61 in Castleford who wants to move more": Someone(
        61, "physical_activity", WAKEFIELD, "castleford-link-workers", ("wakefield-health-trainers",),
        ("wakefield-community-builders",), {"practice_ods": "Z99007"},
    ),
    "a girl of 11 in Castleford who takes pictures": Someone(
        11, "nature_outdoors", WAKEFIELD, "wakefield-local-area-coordinators", ("ackworth-nature",),
        ("castleford-photography", "castleford-link-workers"), {"practice_ods": "Z99007"},
    ),
}  # fmt: skip


def routes_for(one: Someone, snapshot: Snapshot) -> Routes:
    postcode, surgery, place = one.where
    facts = PersonFacts(
        needs=frozenset({one.need}),
        residence=snapshot.postcodes[postcode],
        sender=Sender(str(demo_id("organization", surgery)), "health", str(demo_id("place", place))),
        date_of_birth=NOON.date().replace(year=NOON.year - one.age, day=1),
        **one.more,
    )
    return route(facts, snapshot, NOON)


def fits(service: DemoService, one: Someone) -> bool:
    youngest, oldest = service.ages
    right_age = (youngest or 0) <= one.age <= (oldest or 200)
    known = one.more.get("circumstances", {})
    return right_age and one.need in service.needs and all(known.get(code) for code in service.circumstances)


@pytest.mark.parametrize("name", PEOPLE)
def test_what_somebody_is_offered_fits_them(snapshot: Snapshot, name: str) -> None:
    one = PEOPLE[name]
    routes = routes_for(one, snapshot)
    eligible = [BY_ID[entry.service.id] for entry in routes.eligible]
    passed_on = [BY_ID[entry.service.id] for entry in routes.not_eligible if entry.invitation]
    offered = [*eligible, *passed_on]
    assert eligible[0].slug == one.first
    assert [service.slug for service in offered if not fits(service, one)] == []
    assert set(one.among) <= {service.slug for service in offered}
    asked_about = {BY_ID[entry.service.id].slug for entry in routes.unknown}
    assert not set(one.never) & ({service.slug for service in offered} | asked_about)


def test_every_group_says_whom_it_is_for_and_few_take_every_age() -> None:
    groups = [one for one in SERVICES if one.kind != "scheme"]
    assert all(one.who_for not in ("", "Anyone here") for one in groups)
    any_age = [one for one in groups if one.ages == (None, None)]
    assert all("child" in one.who_for or "famil" in one.who_for for one in any_age)
    assert len(any_age) <= 6
