"""What may be asked of a feed: each parameter, how it is read, and how its description has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from services.directory.domain.opening import DAYS
from services.directory.domain.postcodes import parse_postcode
from services.directory.store.queries.feed_pages import ORGANIZATIONS_WITH_SERVICES_AT_ONCE
from services.directory.store.queries.feed_reading import MOST_SERVICES_OF_ONE

DEFAULT_PER_PAGE = 50
MOST_PER_PAGE = 200
MOST_WITH_SERVICES = ORGANIZATIONS_WITH_SERVICES_AT_ONCE
# All of them in one answer is what the standard means `minimal` for.
MOST_MINIMAL = 100_000
LAST_PAGE = 1_000_000
LONGEST_SEARCH = 200
FARTHEST_METRES = 1_000_000
OLDEST = 120
DAY_NAMES = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
FORMATS = ("json", "ndjson")
_LONGEST_VALUE = 1000
_DATE_TIME = "%Y-%m-%dT%H:%M:%S"


@dataclass(frozen=True)
class Parameter:
    """One parameter of a query. `read` raises ValueError for what it does not take; `mend` says what is."""

    read: Callable[[str], Any]
    mend: str
    schema: Mapping[str, Any]
    words: str


def _text(value: str) -> str:
    if len(value) > LONGEST_SEARCH:
        raise ValueError
    return value


def _whole(most: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not (value.isascii() and value.isdigit()) or not 1 <= int(value) <= most:
            raise ValueError
        return int(value)

    return read


def _number(least: float, most: float) -> Callable[[str], float]:
    def read(value: str) -> float:
        number = float(value)
        if "_" in value or value != value.strip() or not least <= number <= most:
            raise ValueError
        return number

    return read


def _yes_no(value: str) -> bool:
    return {"true": True, "false": False}[value]


def _id(value: str) -> UUID:
    found = UUID(value)
    if str(found) != value.lower():
        raise ValueError
    return found


def _format(value: str) -> str:
    return FORMATS[FORMATS.index(value)]


def _instant(value: str) -> datetime:
    # A plus that was not quoted arrives as a blank.
    found = datetime.fromisoformat(value.replace(" ", "+"))
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _postcode(value: str) -> str:
    found = parse_postcode(value)
    if found is None:
        raise ValueError
    return found


def _day(value: str) -> int:
    plain = value.upper()
    return DAYS.index(plain) if plain in DAYS else DAY_NAMES.index(plain)


def _time(value: str) -> time:
    parts = value.split(":")
    if len(parts) not in (2, 3) or not all(len(part) == 2 and part.isdigit() for part in parts):
        raise ValueError
    hour, minute, second = (*map(int, parts), 0)[:3]
    return time(hour, minute, second)


_AGE = "Give an age in years, from 0 to 120."
_UUID = "Give an id as it stands in this feed (a UUID)."
_UUID_SCHEMA = {"type": "string", "format": "uuid"}
_TIME = "Give a time of day such as 09:30."
_TIME_SCHEMA = {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"}
_TRUE = "Give true or false."
_BOOLEAN = {"type": "boolean"}

PARAMETERS: dict[str, Parameter] = {
    "search": Parameter(
        _text,
        f"Give at most {LONGEST_SEARCH} letters.",
        {"type": "string", "maxLength": LONGEST_SEARCH},
        "Words to be found.",
    ),
    "page": Parameter(
        _whole(LAST_PAGE),
        "Give the number of a page, from 1.",
        {"type": "integer", "minimum": 1, "maximum": LAST_PAGE},
        "The page, from 1.",
    ),
    "per_page": Parameter(
        _whole(MOST_PER_PAGE),
        f"Give a whole number from 1 to {MOST_PER_PAGE}.",
        {"type": "integer", "minimum": 1, "maximum": MOST_PER_PAGE, "default": DEFAULT_PER_PAGE},
        "How many on a page.",
    ),
    "format": Parameter(
        _format,
        "Give json or ndjson.",
        {"type": "string", "enum": list(FORMATS), "default": "json"},
        "`ndjson` streams everything, one to a line, without pages.",
    ),
    "taxonomy_term_id": Parameter(_id, _UUID, _UUID_SCHEMA, "Of which this term is said."),
    "taxonomy_id": Parameter(_id, _UUID, _UUID_SCHEMA, "Of which any term of this taxonomy is said."),
    "organization_id": Parameter(_id, _UUID, _UUID_SCHEMA, "Offered by this organisation."),
    "parent_id": Parameter(_id, _UUID, _UUID_SCHEMA, "Terms right below this one."),
    "modified_after": Parameter(
        _instant,
        "Give a date and time such as 2026-11-22T09:00:00Z.",
        {"type": "string", "format": "date-time"},
        "Changed at or after this instant; those no longer published are among them.",
    ),
    "minimal": Parameter(_yes_no, _TRUE, _BOOLEAN, "Only id, name, status and when it changed."),
    "full": Parameter(_yes_no, _TRUE, _BOOLEAN, "Each with all that hangs on it."),
    "full_service": Parameter(
        _yes_no, _TRUE, _BOOLEAN,
        f"With its services, each whole: the first {MOST_SERVICES_OF_ONE} of an organisation, and at most "
        f"{MOST_WITH_SERVICES} organisations on a page. `services` with `organization_id` has all.",
    ),
    "top_only": Parameter(_yes_no, _TRUE, _BOOLEAN, "Only terms with none above them."),
    "minimum_age": Parameter(
        _number(0, OLDEST), _AGE, {"type": "number", "minimum": 0, "maximum": OLDEST},
        "Whose minimum age is at least this.",
    ),
    "maximum_age": Parameter(
        _number(0, OLDEST), _AGE, {"type": "number", "minimum": 0, "maximum": OLDEST},
        "Whose maximum age is at most this.",
    ),
    "day": Parameter(
        _day,
        "Give a day of the week, such as MO or Monday.",
        {"type": "string", "enum": [*DAYS, *DAY_NAMES]},
        "Open on this day of the week.",
    ),
    "start_time": Parameter(_time, _TIME, _TIME_SCHEMA, "Whose hours begin no earlier, in UK local time."),
    "end_time": Parameter(_time, _TIME, _TIME_SCHEMA, "Whose hours end no later, in UK local time."),
    "postcode": Parameter(
        _postcode,
        "Give a whole UK postcode.",
        {"type": "string"},
        "Whose area has this postcode in it; with `proximity`, the middle of the circle.",
    ),
    "proximity": Parameter(
        _number(1, FARTHEST_METRES),
        f"Give a distance in metres, from 1 to {FARTHEST_METRES}, with a postcode.",
        {"type": "number", "minimum": 1, "maximum": FARTHEST_METRES},
        "At most so many metres from the middle of `postcode`.",
    ),
}  # fmt: skip
PAGING = ("search", "page", "per_page", "format")
_TERMS = ("taxonomy_term_id", "taxonomy_id")
_FOUND = (
    *_TERMS, "organization_id", "modified_after", "full", "minimum_age", "maximum_age", "day", "start_time",
    "end_time", "postcode", "proximity",
)  # fmt: skip
# What each list takes.
TAKEN: dict[str, tuple[str, ...]] = {
    "services": (*PAGING, *_FOUND, "minimal"),
    "service_at_locations": (*PAGING, *_FOUND),
    "organizations": (*PAGING, *_TERMS, "full", "full_service"),
    "taxonomies": PAGING,
    "taxonomy_terms": (*PAGING, "taxonomy_id", "top_only", "parent_id"),
}


def too_long(value: str) -> bool:
    """Longer than anything that is taken."""
    return len(value) > _LONGEST_VALUE
