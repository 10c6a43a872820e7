"""Words of listings for pages: languages, freshness, days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from services.directory.domain.capacity import capacity_words
from services.directory.domain.freshness import Freshness
from services.directory.domain.languages import LANGUAGES
from services.directory.domain.listings import (
    ENDING_WORDS,
    KIND_WORDS,
    ROUTE_WORDS,
    SUPPORT_WORDS,
    RouteIn,
)
from services.directory.domain.working_pattern import days_words
from services.directory.store.queries.services import ServiceView

FRESHNESS: dict[Freshness, dict[str, str]] = {
    Freshness.CURRENT: {"text": "Checked", "colour": "green"},
    Freshness.OVERDUE: {"text": "Not checked lately: ring first", "colour": "yellow"},
    Freshness.NEVER_CHECKED: {"text": "Not checked yet: ring first", "colour": "yellow"},
}
# What the schemes of identifiers (org-id.guide) are called.
SCHEME_NAMES = {
    "GB-NHS": "ODS code (NHS)",
    "GB-CHC": "Charity number (England and Wales)",
    "GB-COH": "Company number",
}
KINDS = [(str(kind), words) for kind, words in KIND_WORDS.items()]
MANY_NEEDS = 12


def languages_words(codes: Iterable[str]) -> str:
    """Languages by name, English last of all."""
    names = [LANGUAGES.get(code, code) for code in codes if code != "en"]
    return ", ".join([*names, "English"] if "en" in codes else names)


def needs_words(codes: Iterable[str], labels: dict[str, str]) -> str:
    """Needs by name; a service for nearly all of them says so."""
    wanted = list(codes)
    if len(wanted) >= len(labels) > MANY_NEEDS:
        return "Anything"
    return ", ".join(labels.get(code, code) for code in wanted)


def ages_words(youngest: int | None, oldest: int | None) -> str:
    """Ages both included, in words."""
    if youngest is None and oldest is None:
        return "Any age"
    if oldest is None:
        return f"{youngest} and over"
    return f"Up to {oldest}" if youngest is None else f"{youngest} to {oldest}"


def in_words(view: ServiceView, labels: dict[str, str], on: date) -> dict[str, Any]:
    """What a page says of a service."""
    one, fresh = view.service, view.freshness(on)
    return {
        "kind": view.role or dict(KINDS).get(one.kind, one.kind),
        "offer": dict(KINDS).get(one.kind, one.kind),
        "capacity": capacity_words(one.capacity, on),
        "paused": one.capacity.is_paused(on),
        "full": one.capacity.is_full(),
        "wait": view.wait(on),
        "load": view.load(on),
        "needs": needs_words(view.parts.needs, labels),
        "ages": ages_words(one.minimum_age, one.maximum_age),
        "routes": [ROUTE_WORDS[RouteIn(route)] for route in one.routes_in],
        "ending": _words_of(ENDING_WORDS, one.ending),
        "support": _words_of(SUPPORT_WORDS, one.support_type),
        "days": days_words(one.working_days),
        "languages": languages_words(one.languages),
        "freshness": str(fresh),
        "freshness_words": {str(key): words for key, words in FRESHNESS.items()},
        "checked": view.parts.checked,
    }


def _words_of(words: dict[Any, str], code: str | None) -> str:
    return next((said for known, said in words.items() if known == code), "")
