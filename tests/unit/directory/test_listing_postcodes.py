"""Postcodes and rows of ONSPD."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.directory.domain.postcodes import check_columns, parse_postcode, read_row
from shared.errors import Invalid

ROW = {
    "pcds": "YO24 3BZ",
    "oslaua": "E06000014",
    "osward": "E05010330",
    "lsoa11": "E01013445",
    "lat": "53.95418",
    "long": "-1.12726",
}


@pytest.mark.parametrize(
    ("typed", "postcode"),
    [
        ("yo243bz", "YO24 3BZ"),
        (" YO24  3BZ ", "YO24 3BZ"),
        ("W1A 1HQ", "W1A 1HQ"),
        ("EC1A 1BB", "EC1A 1BB"),
        ("gir0aa", "GIR 0AA"),
        ("ZZ99 3VZ", None),
        ("YO24 3BC", None),
        ("YO24", None),
        ("", None),
        ("YO24 3BZ extra", None),
    ],
)
def test_a_postcode_is_told_from_what_is_none(typed: str, postcode: str | None) -> None:
    assert parse_postcode(typed) == postcode


@given(st.text(max_size=12))
def test_what_is_read_as_a_postcode_reads_the_same_again(text: str) -> None:
    found = parse_postcode(text)
    assert found is None or parse_postcode(found) == found


def test_a_row_is_read() -> None:
    row = read_row(ROW, 2)
    assert (row.pcds, row.authority, row.ward, row.lsoa) == (
        "YO24 3BZ",
        "E06000014",
        "E05010330",
        "E01013445",
    )
    assert (row.lat, row.lon, row.ended) == (53.95418, -1.12726, False)


def test_the_newer_lsoas_are_taken_where_both_are_there() -> None:
    assert read_row(ROW | {"lsoa21": "E01035000"}, 2).lsoa == "E01035000"


def test_a_terminated_postcode_is_ended() -> None:
    assert read_row(ROW | {"doterm": "202401"}, 2).ended
    assert not read_row(ROW | {"doterm": " "}, 2).ended


def test_a_postcode_without_a_grid_reference_has_no_point() -> None:
    row = read_row(ROW | {"lat": "99.999999", "long": "0.000000"}, 2)
    assert (row.lat, row.lon) == (None, None)


def test_pseudo_areas_are_no_areas() -> None:
    assert read_row(ROW | {"osward": "E99999999"}, 2).ward is None


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"pcds": "NOWHERE"}, "/rows/7/pcds"),
        ({"oslaua": ""}, "/rows/7/oslaua"),
        ({"oslaua": "York"}, "/rows/7/oslaua"),
        ({"osward": "05010330"}, "/rows/7/osward"),
        ({"lat": "north"}, "/rows/7/lat"),
        ({"lat": "nan"}, "/rows/7/lat"),
        ({"long": "-181"}, "/rows/7/long"),
        ({"lat": "-91"}, "/rows/7/lat"),
    ],
)
def test_a_row_that_cannot_be_taken_is_named_with_its_field(change: dict[str, str], pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_row(ROW | change, 7)
    assert refused.value.errors[0].pointer == pointer
    assert "Row 7" in refused.value.errors[0].detail


def test_a_file_without_the_columns_is_told_which_it_lacks() -> None:
    check_columns([" PCDS ", "OSLAUA", "OSWARD", "LSOA21", "LAT", "LONG"])
    with pytest.raises(Invalid, match="oslaua, lsoa21 or lsoa11"):
        check_columns(["pcds", "osward", "lat", "long"])
