"""What a service says of itself: measures for Prometheus, and facts in plain words for its admins."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True)
class Measure:
    """One number of now. `name` is Prometheus's, without the prefix `linkwork_`; times are seconds.

    `labels` come from fixed lists in the code and never from data.
    """

    name: str
    help: str
    value: float
    labels: dict[str, str] = field(default_factory=dict)


class Stand(StrEnum):
    """How a part of the system stands."""

    WORKS = "works"
    WAITS = "waits"


@dataclass(frozen=True)
class Fact:
    """How one part stands, in words an admin can act on. `since`: when it last was as it should be."""

    part: str
    stand: Stand
    words: str
    since: datetime | None = None
    todo: str = ""


@dataclass(frozen=True)
class Report:
    """What a service saw of itself at one moment."""

    measures: tuple[Measure, ...] = ()
    facts: tuple[Fact, ...] = ()

    def __add__(self, other: Report) -> Report:
        return Report(self.measures + other.measures, self.facts + other.facts)


def works(part: str, words: str) -> Fact:
    """All is as it should be."""
    return Fact(part, Stand.WORKS, words)


def waits(part: str, words: str, todo: str, since: datetime | None = None) -> Fact:
    """Something waits; `todo` says what somebody can do about it, or that nothing is to be done."""
    return Fact(part, Stand.WAITS, words, since, todo)


def age(since: datetime | None, at: datetime) -> float:
    """Seconds from `since` to `at`; 0 where nothing waits."""
    return max((at - since).total_seconds(), 0.0) if since is not None else 0.0
