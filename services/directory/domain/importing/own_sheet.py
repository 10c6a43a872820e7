"""The sheet that this product writes itself (`domain/csv_out.py`), read back: every cell as it was.

A blank cell says nothing: what is there stays. What the sheet has no column for (hours by day, prices,
texts, further venues) stays as well. What a service can take counts for one that comes new; one that is
there says that itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any
from uuid import UUID

from services.directory.domain.capacity import Capacity
from services.directory.domain.csv_out import COLUMNS, apart, as_said
from services.directory.domain.document_checks import check_location, check_service
from services.directory.domain.documents import LocationDoc, PatchArea, ServiceDoc, Term
from services.directory.domain.importing.codec import fits
from services.directory.domain.importing.own_copy import CAPACITY
from services.directory.domain.importing.records import Problem
from services.directory.domain.listings import AreaKind
from services.directory.domain.postcodes import parse_postcode
from services.directory.domain.taxonomies import NEEDS
from shared.errors import Invalid

Fields = dict[str, Any]
# Not of the document: the main venue, which counts for a service that comes new.
MAIN_VENUE = "_main_venue"
# Not of the document: that the needs are all it has, and not added to those it has.
ALL_NEEDS = "_all_needs"
# Not of the document: that a sheet of ours says it.
FROM_SHEET = "_from_sheet"
# Not of the document of an organisation: its name, where it comes new.
NAME_OF_NEW = "_name"
_IDS = frozenset({"id", "organization_id", "name"})
# Columns that nobody else's sheet has; whoever takes ours may leave columns out, and some of these stay.
_OURS = frozenset(
    {"support_type", "who_for", "not_for", "differs", "routes_in", "ending", "discreet", "open_to_others",
     "area_basis", "circumstances", "sender_sectors", "venue_organization_id"}
)  # fmt: skip
_OURS_AT_LEAST = 3
_ID = UUID(int=0)
_VENUE = {
    "venue": "name", "address": "address_1", "town": "city", "postcode": "postal_code",
    "latitude": "latitude", "longitude": "longitude", "private": "private",
}  # fmt: skip
_FLAGS = frozenset({"discreet", "open_to_others", "free", "ask_first", "paused", "private"})
_COUNTS = frozenset({"minimum_age", "maximum_age", "limit", "open_places", "declared_wait_days"})
_CODES = frozenset({"routes_in", "languages", "area_basis", "circumstances", "sender_sectors"})
_DEGREES = frozenset({"latitude", "longitude"})
_DAYS = frozenset({"funded_until", "paused_until"})


class OwnRow(dict[str, Any]):
    """A row of such a sheet in the shape of a feed's item; `cells` are what it says, by column."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        self.cells = {name: as_said(cells[name]) for name in COLUMNS if cells.get(name, "").strip()}
        venue = {
            "id": self.cells.get("venue_id", ""),
            "organization_id": self.cells.get("venue_organization_id"),
        }
        said = any(name in self.cells for name in ("venue_id", *_VENUE))
        super().__init__(
            id=self.cells.get("id", ""),
            name=self.cells.get("name", ""),
            organization={
                "id": self.cells.get("organization_id", ""),
                "name": self.cells.get("organization", ""),
            },
            service_at_locations=[{"location": venue}] if said else [],
        )


def is_own(headings: Iterable[str]) -> bool:
    """Whether a sheet with these headings is one of ours, though columns may be left out or added."""
    there = set(headings)
    return there >= _IDS and len(there & _OURS) >= _OURS_AT_LEAST


def service_fields(row: OwnRow) -> tuple[Fields, list[Problem]]:
    """What a row says of the service, with `CAPACITY` and `MAIN_VENUE`; what of it cannot be read."""
    known = {one.name for one in fields(ServiceDoc)} - {"organization_id"}
    said, problems = _read(row.cells, known)
    if "needs" in row.cells:
        said["terms"] = frozenset(Term(NEEDS, code.strip()) for code in apart(row.cells["needs"]))
        said[ALL_NEEDS] = True
    if "areas" in row.cells:
        areas = [one.partition(" ") for one in apart(row.cells["areas"])]
        if wrong := [f"{kind} {code}" for kind, _, code in areas if kind not in set(AreaKind)]:
            problems.append(Problem("areas", f"“{wrong[0][:60]}” is no area. Write it as “ward E05000001”."))
        said["areas"] = frozenset(PatchArea(kind, code.strip()) for kind, _, code in areas)
    capacity, wrong_capacity = _read(row.cells, {one.name for one in fields(Capacity)})
    said[FROM_SHEET] = True
    said[CAPACITY] = {name: _plain(value) for name, value in capacity.items()}
    problems += wrong_capacity
    if not problems:
        problems = _checked(
            ServiceDoc, check_service, {"organization_id": _ID, "name": "?", "kind": "group"} | said
        )
    return said, problems


def organization_fields(row: OwnRow) -> tuple[Fields, list[Problem]]:
    """What a row says of whose service it is."""
    name = row.cells.get("organization")
    if "id" in row.cells and "organization_id" not in row.cells:
        return {}, [
            Problem("organization_id", "Fill it in: it says whose service this is, the name does not.")
        ]
    if not name:
        return {}, []
    # Of one that is there the name is only told, and changed on its page.
    return {(NAME_OF_NEW if "organization_id" in row.cells else "name"): name}, []


def location_fields(row: OwnRow) -> tuple[Fields, list[Problem]]:
    """What a row says of the main venue; what of it cannot be read."""
    cells = {field: row.cells[column] for column, field in _VENUE.items() if column in row.cells}
    said, problems = _read(cells, set(_VENUE.values()))
    if "postal_code" in said:
        said["postal_code"] = parse_postcode(said["postal_code"]) or said["postal_code"]
    if not problems:
        problems = _checked(LocationDoc, check_location, {"organization_id": _ID, "name": "?"} | said)
    return said, problems


def _read(cells: Mapping[str, str], names: Iterable[str]) -> tuple[Fields, list[Problem]]:
    said: Fields = {}
    problems = []
    for name in sorted(set(names) & cells.keys()):
        read, mend = _reader(name)
        try:
            said[name] = read(cells[name])
        except ValueError:
            problems.append(Problem(name, f"“{cells[name][:60]}” cannot be read. {mend}"))
    return said, problems


def _reader(name: str) -> tuple[Callable[[str], Any], str]:  # noqa: PLR0911
    """How the cells of a column are read, and how to mend one that cannot be."""
    if name in _FLAGS:
        return _yes, "Write yes or no."
    if name in _COUNTS:
        return int, "Write a whole number."
    if name in _DEGREES:
        return float, "Write degrees as a decimal number."
    if name in _DAYS:
        return date.fromisoformat, "Write a day as 2026-11-30."
    if name in _CODES:
        return lambda cell: tuple(one.strip() for one in apart(cell)), ""
    if name == "funders":
        return apart, ""
    if name == "working_days":
        return lambda cell: tuple(int(one) for one in apart(cell)), "Write days as numbers, Monday is 0."
    return str, ""


def _yes(cell: str) -> bool:
    said = cell.strip().lower()
    if said not in ("yes", "no"):
        raise ValueError
    return said == "yes"


def _checked(kind: type[Any], check: Callable[[Any], None], said: Fields) -> list[Problem]:
    names = {one.name for one in fields(kind)}
    doc = kind(**{name: value for name, value in said.items() if name in names})
    if not fits(kind, doc):
        return [Problem("", "Something in this row is not of the kind its column takes.")]
    try:
        check(doc)
    except Invalid as wrong:
        return [Problem(one.pointer.strip("/"), one.detail) for one in wrong.errors]
    return []


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
