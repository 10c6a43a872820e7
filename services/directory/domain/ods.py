"""GP practices from the NHS ODS file `epraccur` (27 columns, no header).

Columns used, counted from 0: 0 code, 1 name, 4-8 address, 9 postcode, 10 open date, 11 close date,
12 status (A active, C closed, D dormant, P proposed), 25 prescribing setting (4 = GP practice).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.directory.domain.postcodes import parse_postcode
from shared.errors import Invalid

# How organisations are named by ODS codes (org-id.guide).
ODS_SCHEME = "GB-NHS"
COLUMNS = 26
GP_PRACTICE = "4"
STATUSES = frozenset("ACDP")
_CODE = re.compile(r"[A-Z0-9]{3,9}")
# Words that stay as they are written when a name in capitals is made readable.
_KEPT = {"GP", "NHS", "PCN", "MC", "HC", "DR", "YO", "WF"}
_SMALL = {"And", "Of", "The", "On", "In", "At", "For", "Le"}


@dataclass(frozen=True)
class Practice:
    """One GP practice of the file. `open` is False for a closed, dormant or proposed one."""

    ods_code: str
    name: str
    address: str
    postal_code: str | None
    open: bool
    closed_on: date | None


def is_practice_line(row: Sequence[str]) -> bool:
    """Whether a first line is one of `epraccur`, which names no columns."""
    return (
        len(row) in (COLUMNS, COLUMNS + 1)
        and _CODE.fullmatch(row[0].strip()) is not None
        and row[12].strip() in STATUSES
        and row[25].strip().isdigit()
    )


def read_practice(row: Sequence[str]) -> Practice | None:
    """The practice of a line, None for another prescriber. Raises `Invalid` naming the field."""
    if len(row) < COLUMNS:
        raise Invalid.field("/", f"epraccur has 27 columns, this has {len(row)}.")
    cells = [cell.strip() for cell in row]
    if cells[25] != GP_PRACTICE:
        return None
    if not _CODE.fullmatch(cells[0]):
        raise Invalid.field("/code", f"{_shown(cells[0])} is no ODS code.")
    if any("\0" in cell for cell in cells):
        raise Invalid.field("/", "It has characters that cannot be kept.")
    if not cells[1]:
        raise Invalid.field("/name", "The practice has no name.")
    if cells[12] not in STATUSES:
        raise Invalid.field("/status", "The status must be A, C, D or P.")
    postcode = parse_postcode(cells[9]) if cells[9] else None
    if cells[9] and postcode is None:
        raise Invalid.field("/postcode", "The postcode is not one.")
    closed = _day(cells[11])
    return Practice(
        ods_code=cells[0],
        name=readable(cells[1]),
        address=", ".join(readable(cell) for cell in cells[4:9] if cell),
        postal_code=postcode,
        open=cells[12] == "A" and closed is None,
        closed_on=closed,
    )


def readable(text: str) -> str:
    """A name in capitals as people write it; one that has small letters is left alone."""
    if text != text.upper():
        return text
    words = []
    for place, word in enumerate(text.split()):
        plain = word if word in _KEPT else re.sub(r"[A-Z]+('S\b)?", lambda m: m[0].capitalize(), word)
        words.append(plain.lower() if place and plain in _SMALL else plain)
    return " ".join(words)


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007
    except ValueError:
        raise Invalid.field("/close", "The closing date must be written YYYYMMDD.") from None


def _shown(text: str) -> str:
    return repr(text[:12])
