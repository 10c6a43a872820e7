"""Words of the search for pages: what can be chosen, what a result says, what another search would find."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.directory.domain.languages import LANGUAGES
from services.directory.domain.listings import KIND_WORDS, ROUTE_WORDS
from services.directory.domain.search import DAY_NAMES, DAYS, Facets, Miss, Part, Wanted, distance_words
from services.directory.store.queries.map_points import MapPoint
from services.directory.store.queries.search import Hit
from services.directory.store.queries.search_reasons import open_words
from services.directory.store.queries.words import Code
from services.directory.web.listing_words import in_words

Items = list[tuple[str, str]]
_COUNTED = re.compile(r" \([0-9]+\)$")
NOTHING = (
    "Leave out some of what you chose, or try fewer words. You can also ask a link worker, who knows what is "
    "not listed yet."
)
_MILES = ("1", "2", "5", "10", "20")
_FEW = Wanted().limit
_MANY = (50, 100)
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
    given: Mapping[str, str],
) -> dict[str, Items]:
    """What can be chosen for each field, with how many would be found with it.

    A word that is retired is offered only where it is chosen, or said by what is found.
    """
    counts = facets or Facets()
    # Of a time of day nothing is counted: no label is as fine.
    part = "-none" if given["time"] else f"-{given['part']}" if given["part"] in list(Part) else ""
    return {
        "within": [("", "Any distance"), *((m, f"{m} mile{'s' if m != '1' else ''}") for m in _MILES)],
        "need": [("", "Any need"), *_codes(needs, counts, "need", given)],
        "kind": [
            ("", "Any kind"),
            *_counted([(str(kind), said) for kind, said in KIND_WORDS.items()], counts, "kind"),
        ],
        "place": [
            ("", "Any place"),
            *((p.code, p.name + _count(counts, "place", p.code, "*")) for p in places),
        ],
        "open": [
            ("", "Any time"),
            ("now", "Open now"),
            *(
                (day, name + _count(counts, "open", f"{day}{part}"))
                for day, name in zip(DAYS, DAY_NAMES, strict=True)
            ),
        ],
        "part": [
            ("", "Any part of the day"),
            *(
                (str(one), str(one).capitalize() + _count(counts, "open", f"{given['open']}-{one}"))
                for one in Part
            ),
        ],
        "language": [("", "Any language"), *_languages(counts, given["language"])],
        "access": [("", "Not asked"), *_codes(access, counts, "access", given)],
        "sector": [("", "Any sector"), *_codes(sectors, counts, "sector", given)],
        "route": [
            ("", "Any way"),
            *_counted([(str(route), said) for route, said in ROUTE_WORDS.items()], counts, "route"),
        ],
        "free": [("yes", "Free only" + _count(counts, "cost", "free"))],
        "sort": [("", "Best answer first"), ("nearest", "Nearest first")],
        "size": [("", f"{_FEW} on a page"), *((str(many), f"{many} on a page") for many in _MANY)],
    }


def results_words(
    hits: Sequence[Hit], labels: dict[str, str], venues: Mapping[UUID, Sequence[MapPoint]], on: date
) -> list[dict[str, Any]]:
    """What each result says; those with `venues` are numbered from 1, as they are on the map."""
    numbers = itertools.count(1)
    said = []
    for hit in hits:
        where = venues.get(hit.view.service.id, ())
        said.append(
            hit_words(hit, labels, on)
            | {
                "venues": [[one.name, one.latitude, one.longitude] for one in where],
                "number": next(numbers) if where else None,
            }
        )
    return said


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
    return [{"text": _miss_text(miss), "fields": _without(miss.without, given)} for miss in misses]


def chosen_words(
    wanted: Wanted, choices: Mapping[str, Items], given: Mapping[str, str]
) -> list[dict[str, Any]]:
    """What was chosen beside the words, as it is said, and what the form holds without it."""
    said: dict[str, str] = {}
    if wanted.postcode:
        said["area"] = f"Serves {wanted.postcode}"
    if wanted.within is not None:
        said["within"] = f"Within {given['within']} mile{'s' if given['within'] != '1' else ''}"
    for name in ("need", "place", "kind", "language", "access", "route", "sector"):
        if getattr(wanted, name):
            said[name] = _plain_name(choices[name], given[name])
    if wanted.open_now:
        said["open_now"] = "Open now"
    if wanted.open_day is not None:
        said["open_day"] = open_words(wanted.open_day, wanted.open_part, wanted.open_minute)
    if wanted.age is not None:
        said["age"] = f"Takes people aged {wanted.age}"
    said |= {"free": "Free only"} if wanted.free else {}
    said |= {"has_capacity": "Takes people now"} if wanted.has_capacity else {}
    return [{"text": text, "fields": _without(name, given)} for name, text in said.items()]


def _plain_name(items: Items, code: str) -> str:
    name = next((said for one, said in items if one == code), code)
    return _COUNTED.sub("", name)


def _without(filter_name: str, given: Mapping[str, str]) -> dict[str, str]:
    gone = {*_FIELDS.get(filter_name, (filter_name,)), "cursor"}
    return {name: value for name, value in given.items() if value and name not in gone}


def _miss_text(miss: Miss) -> str:
    said = f"Show {miss.count} {_WITHOUT.get(miss.without, miss.without)}"
    if miss.nearest is not None and miss.without in ("within", "open_now", "open_day"):
        nearest = distance_words(miss.nearest)
        said += f" (the nearest: {nearest[:1].lower()}{nearest[1:]})"
    return said


def _counted(items: Iterable[tuple[str, str]], facets: Facets, name: str) -> Items:
    return [(code, f"{said}{_count(facets, name, code)}") for code, said in items]


def _codes(words: Iterable[Code], facets: Facets, name: str, given: Mapping[str, str]) -> Items:
    said = facets.counts.get(name, {})
    offered = [one for one in words if not one.retired or one.code == given[name] or said.get(one.code)]
    return _counted([(one.code, one.name) for one in offered], facets, name)


def _languages(facets: Facets, chosen: str) -> Items:
    there = facets.of("lang")
    named = sorted((LANGUAGES[code], code) for code in LANGUAGES if code in there or code == chosen)
    return [(code, f"{name}{_count(facets, 'lang', code)}") for name, code in named]


def _count(facets: Facets, name: str, *codes: str) -> str:
    count = sum(facets.counts.get(name, {}).get(code, 0) for code in codes)
    return f" ({count})" if count else ""
