"""The scenario bank: invented people, and the routes people agreed for them.

The same cases are the router's acceptance test and a page for the forum. `load` reads them, `run` plays one
and says in words where the outcome differs from what was agreed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from services.referrals.domain.routing.answer import Entry, Routes
from services.referrals.domain.routing.snapshot import Snapshot
from services.referrals.domain.scenarios.checks import differences
from services.referrals.domain.scenarios.play import Played, play

_KINDS = ("place", "organization", "service", "team", "member", "need", "postcode", "agreement")


@dataclass(frozen=True)
class Case:
    """One case: who it is about in plain words, the facts given, and what is expected."""

    id: str
    number: int
    title: str
    story: str
    given: Mapping[str, Any]
    expect: Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What came of a case; it holds when there are no `differences`."""

    case: Case
    routes: Routes
    chosen: Entry | None
    differences: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """The router did what people agreed."""
        return not self.differences


def load() -> tuple[Case, ...]:
    """All cases, in their order: the ten of the product's description first."""
    found = [*_read("ten_cases.json"), *_read("more_cases.json")]
    return tuple(Case(number=number, **case) for number, case in enumerate(found, start=1))


@cache
def places() -> Snapshot:
    """The invented schemes of the bank, parsed as the router's snapshot."""
    told = _read("places.json")
    told["agreement"] = _circles(told["agreement_circles"])
    items = [{"kind": kind, "id": doc["id"], "doc": doc} for kind in _KINDS for doc in told[kind]]
    return Snapshot.of(items)


def run(case: Case) -> Outcome:
    """Play one case; the differences are sentences for the page and for the test's failure."""
    played: Played = play(case.given, places())
    return Outcome(case, played.routes, played.chosen, differences(case.expect, played))


def _read(name: str) -> Any:
    return json.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))


def _circles(circles: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Everybody in a circle has an agreement with everybody else in it."""
    pairs = [
        (circle, one, other)
        for circle in circles
        for place, one in enumerate(circle["organizations"])
        for other in circle["organizations"][place + 1 :]
    ]
    return [
        {
            "id": f"agreement-{number}",
            "organization_a": one,
            "organization_b": other,
            "valid_from": circle.get("valid_from"),
            "valid_until": circle.get("valid_until"),
        }
        for number, (circle, one, other) in enumerate(pairs)
    ]
