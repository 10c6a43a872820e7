"""Which practice is in which primary care network: the NHS ODS table `epcncorepartnerdetails`, as CSV.

Columns used, counted from 0: 0 code of the practice, 4 code of the network, 5 its name, 8 the day from which
the practice belongs to it, 9 the day until which it did (YYYYMMDD, blank while it does). A heading line may
come first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.directory.domain.ods import readable
from shared.errors import Invalid

COLUMNS = 10
_CODE = re.compile(r"[A-Z0-9]{3,9}")
_DAY = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})")


@dataclass(frozen=True)
class Partner:
    """A practice's membership of a network, from and until these days."""

    practice_ods: str
    pcn_code: str
    pcn_name: str
    first_on: date | None
    last_on: date | None

    def holds(self, on: date) -> bool:
        """Whether it is a member on this day."""
        return (self.first_on is None or self.first_on <= on) and (self.last_on is None or on <= self.last_on)


def is_heading(row: Sequence[str]) -> bool:
    """Whether a first line names columns."""
    return bool(row) and not _CODE.fullmatch(row[0].strip())


def read_partner(row: Sequence[str], number: int) -> Partner:
    """The membership in line `number`. Raises `Invalid` naming row and field."""
    if len(row) < COLUMNS:
        told = f"Row {number}: epcncorepartnerdetails has {COLUMNS} columns or more, this has {len(row)}."
        raise Invalid.field(f"/rows/{number}", told)
    cells = [cell.strip() for cell in row]
    for place, what in ((0, "practice"), (4, "network")):
        if not _CODE.fullmatch(cells[place]):
            raise Invalid.field(
                f"/rows/{number}/{what}", f"Row {number}: column {place + 1} is no ODS code of a {what}."
            )
    if not cells[5] or "\0" in cells[5]:
        raise Invalid.field(
            f"/rows/{number}/name", f"Row {number}: the network has no name that can be kept."
        )
    return Partner(cells[0], cells[4], readable(cells[5]), _day(cells[8], number), _day(cells[9], number))


def _day(text: str, number: int) -> date | None:
    if not text:
        return None
    found = _DAY.fullmatch(text)
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        pass
    raise Invalid.field(f"/rows/{number}/day", f"Row {number}: a day is written like 20260401.")
