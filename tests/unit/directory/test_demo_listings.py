"""The demo place is whole, and nothing in it can be taken for somebody real."""

from __future__ import annotations

import re

from services.directory.demo.groups import GROUPS
from services.directory.demo.link_workers import LINK_WORKERS, WORKERS
from services.directory.demo.listings import ALL_ORGANIZATIONS, DUTY_DESKS, SCHEMES, SERVICES, TEAMS
from services.directory.demo.organizations import PRACTICES
from services.directory.demo.places import PLACES, emergency_numbers
from services.directory.demo.tables import areas
from services.directory.domain.postcodes import parse_postcode
from services.directory.domain.words import CONNECTOR_ROLES, NEED_CODES, SECTORS

DRAMA_RANGE = re.compile(r"01632 960\d{3}|07700 900\d{3}")
NATIONAL = {"999", "111", "101", "116 123", "0808 2000 247"}
POSTCODES = {row[0] for row in areas()["postcodes"]}


def test_the_demo_is_as_large_as_it_says() -> None:
    assert len(SCHEMES) >= 12
    assert len(WORKERS) >= 40
    assert len(GROUPS) >= 60
    assert len(PRACTICES) == 10
    assert len({one.team for one in WORKERS}) >= 14
    assert len(POSTCODES) >= 40
    assert len(NEED_CODES) == 25


def test_every_sector_and_connector_role_is_at_work() -> None:
    assert {one.sector for one in ALL_ORGANIZATIONS} == {code for code, _ in SECTORS}
    used = {one.role for one in WORKERS}
    assert len(used) >= 9
    assert used <= {code for code, _ in CONNECTOR_ROLES}


def test_every_telephone_number_is_from_the_drama_range_or_truly_national() -> None:
    numbers = [one.phone for one in ALL_ORGANIZATIONS] + [one.phone for one in SERVICES if one.phone]
    numbers += [place.out_of_hours for place in PLACES]
    assert all(DRAMA_RANGE.fullmatch(number) for number in numbers)
    for place in PLACES:
        assert {number.number for number in emergency_numbers(place)} - NATIONAL == {place.safeguarding}
        assert DRAMA_RANGE.fullmatch(place.safeguarding)
        assert all(DRAMA_RANGE.search(neighbour.contact) for neighbour in place.neighbours)


def test_every_address_is_an_example_and_every_practice_code_invented() -> None:
    assert all(one.email.endswith(".example") for one in SERVICES if one.email)
    assert all(re.fullmatch(r"Z99\d{3}", one.ods or "") for one in PRACTICES)


def test_every_name_that_is_used_is_there() -> None:
    organizations = {one.slug for one in ALL_ORGANIZATIONS}
    assert len(organizations) == len(ALL_ORGANIZATIONS)
    assert {one.organization for one in SERVICES} <= organizations
    assert {one.team for one in WORKERS} <= set(TEAMS)
    assert {one.host for one in ALL_ORGANIZATIONS if one.host} <= organizations
    assert {one.cover for one in WORKERS if one.cover} <= {one.slug for one in WORKERS}
    assert {one.postcode for one in SERVICES if one.postcode} <= POSTCODES
    assert len({one.slug for one in SERVICES}) == len(SERVICES)
    assert {need for one in SERVICES for need in one.needs} <= set(NEED_CODES)
    assert set(TEAMS) - {one.team for one in SCHEMES} == DUTY_DESKS


def test_every_scheme_has_a_team_with_somebody_who_can_accept() -> None:
    staffed = {one.team for one in LINK_WORKERS}
    assert {one.team for one in SCHEMES} <= staffed


def test_the_postcodes_are_postcodes() -> None:
    assert all(parse_postcode(pcds) == pcds for pcds in POSTCODES)
    assert {"YO24 3BZ", "YO19 6LE", "WF10 2AA", "WF9 2AA"} <= POSTCODES
