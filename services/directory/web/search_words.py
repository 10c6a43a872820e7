"""Words of the search for pages: what can be chosen, what a result says, what another search would find."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from services.directory.domain.languages import LANGUAGES
from services.directory.domain.listings import KIND_WORDS, ROUTE_WORDS
from services.directory.domain.search import DAY_NAMES, DAYS, Facets, Miss, Part, distance_words
from services.directory.store.queries.search import Hit
from services.directory.store.queries.words import Code
from services.directory.web.listing_words import in_words

Items = list[tuple[str, str]]
NOTHING = (
    "Try fewer words, or another need. You can also ask a link worker, who knows what is not listed yet."
)
_MILES = ("1", "2", "5", "10", "20")
# The filters of the search and the fields of the form they come from.
_FIELDS = {
    "q": ("q",),
    "area": ("postcode", "within", "sort"),
    "within": ("within",),
    "open_day": ("open", "part", "time"),
    "open_now": ("open",),
    "has_capacity": ("room",),
}
_WITHOUT = {
    "q": "without the words",
    "area": "without the postcode",
    "within": "farther away",
    "need": "for any need",
    "kind": "of any kind",
    "place": "in any place",
    "sector": "of any sector",
    "route": "with any way in",
    "language": "in any language",
    "access": "without asking about getting in",
    "free": "if it may cost something",
    "open_day": "at any time",
    "open_now": "at any time",
    "has_capacity": "with those that are full or paused",
}


def choices(
    needs: Iterable[Code],
    places: Iterable[Code],
    sectors: Iterable[Code],
    access: Iterable[Code],
    facets: Facets | None,
) -> dict[str, Items]:
    """What can be chosen for each field, with how many of what is found say it."""
    counts = facets or Facets()
    days = [*enumerate(DAY_NAMES)]
    return {
        "within": [("", "Any distance"), *((m, f"{m} mile{'s' if m != '1' else ''}") for m in _MILES)],
        "need": [("", "Any need"), *_counted([(one.code, one.name) for one in needs], counts, "need")],
        "kind": [
            ("", "Any kind"),
            *_counted([(str(kind), said) for kind, said in KIND_WORDS.items()], counts, "kind"),
        ],
        "place": [("", "Any place"), *_counted([(p.code, p.name) for p in places], counts, "place")],
        "open": [
            ("", "Any time"),
            ("now", "Open now"),
            *((DAYS[n], f"{name}{_count(counts, 'open', DAYS[n])}") for n, name in days),
        ],
        "part": [("", "Any part of the day"), *((str(part), str(part).capitalize()) for part in Part)],
        "language": [("", "Any language"), *_languages(counts)],
        "access": [
            ("", "Not asked"),
            *_counted([(one.code, one.name) for one in access], counts, "access"),
        ],
        "sector": [("", "Any sector"), *_counted([(s.code, s.name) for s in sectors], counts, "sector")],
        "route": [
            ("", "Any way"),
            *_counted([(str(route), said) for route, said in ROUTE_WORDS.items()], counts, "route"),
        ],
        "sort": [("", "Best answer first"), ("nearest", "Nearest first")],
    }


def hit_words(hit: Hit, labels: dict[str, str], on: date) -> dict[str, Any]:
    """What a result says beside the facts of its service."""
    return {
        "view": hit.view,
        "words": in_words(hit.view, labels, on),
        "distance": "" if hit.metres is None else distance_words(hit.metres),
        "reasons": [reason.text for reason in hit.reasons],
    }


def misses_words(misses: Sequence[Miss], given: Mapping[str, str]) -> list[dict[str, Any]]:
    """What to leave out, what that gives, and what the form then holds."""
    return [
        {
            "text": _miss_text(miss),
            "fields": {
                name: value
                for name, value in given.items()
                if value and name not in _FIELDS.get(miss.without, (miss.without,))
            },
        }
        for miss in misses
    ]


def _miss_text(miss: Miss) -> str:
    said = f"Show {miss.count} {_WITHOUT.get(miss.without, miss.without)}"
    if miss.nearest is not None and miss.without in ("within", "open_now", "open_day"):
        nearest = distance_words(miss.nearest)
        said += f" (the nearest: {nearest[:1].lower()}{nearest[1:]})"
    return said


def _counted(items: Iterable[tuple[str, str]], facets: Facets, name: str) -> Items:
    return [(code, f"{said}{_count(facets, name, code)}") for code, said in items]


def _languages(facets: Facets) -> Items:
    there = facets.of("lang")
    named = sorted((LANGUAGES[code], code) for code in LANGUAGES if code in there)
    return [(code, f"{name} ({there[code]})") for name, code in named]


def _count(facets: Facets, name: str, code: str) -> str:
    count = facets.counts.get(name, {}).get(code, 0)
    return f" ({count})" if count else ""
