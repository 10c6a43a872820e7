"""GP practices from epraccur."""

from __future__ import annotations

from datetime import date

import pytest

from services.directory.domain.ods import is_practice_line, read_practice, readable
from shared.errors import Invalid
from tests.builders.practice_files import practice_row as row


def test_an_active_practice_is_read() -> None:
    practice = read_practice(row())
    assert practice is not None
    assert (practice.ods_code, practice.name, practice.open) == ("Z99001", "Example Lane Surgery", True)
    assert practice.address == "The Surgery, 1 Example Lane, York"


def test_other_prescribers_are_left_out() -> None:
    assert read_practice(row(c25="9")) is None


def test_a_closed_practice_says_when() -> None:
    practice = read_practice(row(c12="C", c11="20170331"))
    assert practice is not None
    assert (practice.open, practice.closed_on) == (False, date(2017, 3, 31))


@pytest.mark.parametrize("status", ["D", "P"])
def test_a_dormant_or_proposed_practice_is_not_open(status: str) -> None:
    practice = read_practice(row(c12=status))
    assert practice is not None
    assert not practice.open


@pytest.mark.parametrize(
    ("cells", "pointer"),
    [
        ({"c0": "Z9"}, "/code"),
        ({"c1": ""}, "/name"),
        ({"c9": "YORK"}, "/postcode"),
        ({"c12": "X"}, "/status"),
        ({"c11": "31/03/2017"}, "/close"),
    ],
)
def test_a_line_that_cannot_be_taken_is_named(cells: dict[str, str], pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_practice(row(**cells))
    assert refused.value.errors[0].pointer == pointer


def test_a_short_line_is_refused() -> None:
    with pytest.raises(Invalid, match="27 columns"):
        read_practice(["Z99001"])


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("ST MARY'S SURGERY", "St Mary's Surgery"),
        ("HEALTH CENTRE AND THE GP HUB", "Health Centre and the GP Hub"),
        ("LINTON-ON-OUSE", "Linton-On-Ouse"),
        ("MyHealth", "MyHealth"),
    ],
)
def test_names_in_capitals_are_made_readable(written: str, read: str) -> None:
    assert readable(written) == read


@pytest.mark.parametrize(
    ("cells", "is_one"),
    [
        (row(), True),
        (row()[:26], True),
        (row(c12="Status"), False),
        (row(c0="Code"), False),
        (row(c25=""), False),
        (["name", "postcode"], False),
        ([], False),
    ],
)
def test_a_file_of_practices_is_known_by_its_first_line(cells: list[str], is_one: bool) -> None:
    assert is_practice_line(cells) is is_one
