"""What somebody may search the services by, what a search counts, and how what it finds is ranked.

Minutes are of the UK local day, distances metres, weekdays from Monday = 0.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum

from services.directory.domain.postcodes import parse_postcode

MOST_WORDS = 14
MOST_LETTERS = 200
FARTHEST = 100_000
METRES_PER_MILE = 1609.344
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_POSTCODE = re.compile(r"\b[A-Za-z]{1,2}[0-9][A-Za-z0-9]? ?[0-9][A-Za-z]{2}\b")


class Part(StrEnum):
    """A part of a day: before noon, to five, after it."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class Sort(StrEnum):
    """In which order what is found comes."""

    BEST = "best"
    NEAREST = "nearest"


@dataclass(frozen=True)
class Moment:
    """When somebody searches: the local day and minute."""

    day: date
    minute: int


@dataclass(frozen=True)
class Wanted:
    """A search. Codes are those of the directory; `area` a GSS or ODS code, `postcode` written `YO24 3BZ`.

    `open_day` with `open_part`, or with `open_minute` of it; `open_now` is at the moment of the search.
    `within` are metres from the postcode. `as_typed` mends no word. `cursor` goes on after an earlier page.
    """

    q: str = ""
    as_typed: bool = False
    need: str | None = None
    kind: str | None = None
    place: str | None = None
    sector: str | None = None
    route: str | None = None
    language: str | None = None
    access: str | None = None
    free: bool = False
    age: int | None = None
    area: str | None = None
    postcode: str | None = None
    within: int | None = None
    open_day: int | None = None
    open_part: str | None = None
    open_minute: int | None = None
    open_now: bool = False
    has_capacity: bool = False
    sort: str = Sort.BEST
    limit: int = 25
    cursor: str | None = None

    @property
    def label_filters(self) -> dict[str, str]:
        """The filters that a label answers, by the filter's name."""
        found = {
            name: f"{label}:{value}"
            for name, label in (
                ("need", "need"), ("kind", "kind"), ("sector", "sector"), ("route", "route"),
                ("language", "lang"), ("access", "access"),
            )
            if (value := getattr(self, name))
        }  # fmt: skip
        if self.free:
            found["free"] = "cost:free"
        if self.open_day is not None and self.open_minute is None:
            tail = f"-{self.open_part}" if self.open_part else ""
            found["open_day"] = f"open:{DAYS[self.open_day]}{tail}"
        return found

    @property
    def asks(self) -> bool:
        """Whether anything was asked for at all."""
        plain = Wanted()
        beside = {"limit", "cursor", "sort", "as_typed"}
        return any(
            getattr(self, one.name) != getattr(plain, one.name)
            for one in fields(self)
            if one.name not in beside
        )


@dataclass(frozen=True)
class Ranking:
    """How what is found is ordered. Every part of it was measured (`tests/benchmarks/search_quality.py`).

    `weights` are of organisation and area, text, needs, name. `wider` is what words of the thesaurus that
    mean the same count beside those typed, 0 looks for none; `also` what those looked for as well count. The
    others are what is left of a score: of one that was not checked lately, is full or paused, is for ten
    other needs too, or turns on the practice. Of distance half is left far away, and three quarters at `near`
    metres. How large a body is counts nothing, and nowhere is it looked at.
    """

    weights: tuple[float, float, float, float] = (0.2, 0.7, 0.4, 1.0)
    wider: float = 0.8
    also: float = 0.3
    mend: bool = True
    fewer: bool = True
    rarity: bool = True
    stale: float = 0.9
    unchecked: float = 0.85
    full: float = 0.95
    broad: float = 0.5
    ask: float = 0.9
    near: float | None = 4000.0


RANKING = Ranking()


@dataclass(frozen=True)
class Reason:
    """Why something was found: `kind` is words, need, area, open, language, cost …; `text` is for a page."""

    kind: str
    text: str


@dataclass(frozen=True)
class Miss:
    """What would be found without one filter: how many services, and how far the nearest is in metres."""

    without: str
    count: int
    nearest: int | None = None


@dataclass(frozen=True)
class Facets:
    """How many of what is found say each value, by the name of the facet and the value; of a facet that was
    chosen, how many would be found with that value instead. The place `*` is that of what is of no one place.
    """

    counts: dict[str, dict[str, int]] = field(default_factory=dict)

    def of(self, name: str) -> dict[str, int]:
        """The values of one facet, the most frequent first."""
        return dict(sorted(self.counts.get(name, {}).items(), key=lambda pair: (-pair[1], pair[0])))


def words_of(q: str) -> list[str]:
    """The words of a search in lower case, the first fourteen; signs are none."""
    return [word.lower().replace("’", "'") for word in _WORD.findall(q.replace("\0", " "))][:MOST_WORDS]


def postcode_in(q: str) -> tuple[str, str | None]:
    """What was typed without the postcode in it, and the postcode."""
    for found in _POSTCODE.finditer(q):
        known = parse_postcode(found[0])
        if known is not None:
            return " ".join((q[: found.start()] + " " + q[found.end() :]).split()), known
    return q, None


def distance_words(metres: int) -> str:
    """A distance as a page says it, in miles."""
    miles = metres / METRES_PER_MILE
    if miles < 0.25:
        return "Less than a quarter of a mile"
    return (
        ("1 mile" if f"{miles:.1f}" == "1.0" else f"{miles:.1f} miles")
        if miles < 10
        else f"{round(miles)} miles"
    )
