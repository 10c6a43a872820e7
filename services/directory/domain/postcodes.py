"""Postcodes: the grammar, and rows of the ONS Postcode Directory (ONSPD).

The grammar is the strict one of BS 7666 as ONS uses it; NHS pseudo-postcodes (ZZ99 …) are not postcodes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shared.errors import Invalid

_GRAMMAR = re.compile(
    r"(GIR 0AA|(?:[A-PR-UWYZ][0-9]{1,2}|[A-PR-UWYZ][A-HK-Y][0-9]{1,2}|[A-PR-UWYZ][0-9][A-HJKPS-UW]"
    r"|[A-PR-UWYZ][A-HK-Y][0-9][ABEHMNPRV-Y]) [0-9][ABD-HJLNP-UW-Z]{2})"
)
_GSS = re.compile(r"[EWSNLMJK][0-9]{8}")
# Codes for Channel Islands and Isle of Man, and ONSPD's way of saying "no such area".
_PSEUDO = re.compile(r"[EWSNLMJK]99999999")
# ONSPD writes this latitude where it has no grid reference.
_NO_LATITUDE = 99.0
REQUIRED_COLUMNS = ("pcds", "oslaua", "lat", "long")
WARD_COLUMNS = ("osward",)
LSOA_COLUMNS = ("lsoa21", "lsoa11")
ENDED_COLUMN = "doterm"


@dataclass(frozen=True)
class PostcodeRow:
    """One row of ONSPD. `ended` when the postcode is terminated; degrees are WGS 84."""

    pcds: str
    authority: str
    ward: str | None
    lsoa: str | None
    lat: float | None
    lon: float | None
    ended: bool


def parse_postcode(text: str) -> str | None:
    """`yo243bz` as `YO24 3BZ`; None where it is not a postcode."""
    plain = re.sub(r"\s+", "", text).upper()
    if len(plain) < 5:
        return None
    spaced = f"{plain[:-3]} {plain[-3:]}"
    return spaced if _GRAMMAR.fullmatch(spaced) else None


def check_columns(names: Iterable[str]) -> None:
    """Raise `Invalid` naming the columns a file lacks. Names are compared in lower case."""
    there = {name.strip().lower() for name in names}
    lacking = [name for name in REQUIRED_COLUMNS if name not in there]
    lacking += [" or ".join(group) for group in (WARD_COLUMNS, LSOA_COLUMNS) if there.isdisjoint(group)]
    if lacking:
        raise Invalid.field("/columns", f"This file has no column {', '.join(lacking)} (ONSPD names).")


def read_row(row: Mapping[str, str | None], number: int) -> PostcodeRow:
    """One row with lower-case ONSPD names; `number` is its line. Raises `Invalid` naming row and field."""
    pcds = parse_postcode(row.get("pcds") or "")
    if pcds is None:
        raise Invalid.field(f"/rows/{number}/pcds", f"Row {number}: pcds is not a postcode.")
    authority = _area(row, ("oslaua",), number)
    if authority is None:
        raise Invalid.field(f"/rows/{number}/oslaua", f"Row {number}: oslaua is missing.")
    lat, lon = _degrees(row, "lat", 90, number), _degrees(row, "long", 180, number)
    if lat is None or lon is None or lat > _NO_LATITUDE:
        lat = lon = None
    return PostcodeRow(
        pcds=pcds,
        authority=authority,
        ward=_area(row, WARD_COLUMNS, number),
        lsoa=_area(row, LSOA_COLUMNS, number),
        lat=lat,
        lon=lon,
        ended=bool((row.get(ENDED_COLUMN) or "").strip()),
    )


def _area(row: Mapping[str, str | None], names: Iterable[str], number: int) -> str | None:
    for name in names:
        code = (row.get(name) or "").strip().upper()
        if not code or _PSEUDO.fullmatch(code):
            continue
        if not _GSS.fullmatch(code):
            raise Invalid.field(f"/rows/{number}/{name}", f"Row {number}: {name} is not an ONS area code.")
        return code
    return None


def _degrees(row: Mapping[str, str | None], name: str, most: int, number: int) -> float | None:
    text = (row.get(name) or "").strip()
    if not text:
        return None
    wrong = Invalid.field(f"/rows/{number}/{name}", f"Row {number}: {name} is not a number of degrees.")
    try:
        value = float(text)
    except ValueError:
        raise wrong from None
    if not math.isfinite(value) or (abs(value) > most and not (name == "lat" and value > _NO_LATITUDE)):
        raise wrong
    return value
