"""Capacity belongs to the worker and the group: a limit, open places, ask first, pause until."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from shared.errors import FieldProblem, Invalid

LONGEST_PAUSE = timedelta(days=366)
MOST_PLACES = 10_000
LONGEST_WAIT_DAYS = 1000


@dataclass(frozen=True)
class Capacity:
    """What a service says it can take. A pause ends after the day `paused_until`, or stands while `paused`.

    `limit` and `open_places` are people; `declared_wait_days` days until somebody can start.
    """

    limit: int | None = None
    open_places: int | None = None
    declared_wait_days: int | None = None
    paused: bool = False
    paused_until: date | None = None
    ask_first: bool = False

    def is_paused(self, on: date) -> bool:
        """True on a day of the pause, its last day included."""
        return self.paused or (self.paused_until is not None and on <= self.paused_until)

    def is_full(self) -> bool:
        """True when it says there is no open place."""
        return self.open_places == 0


def problems(capacity: Capacity, on: date) -> list[FieldProblem]:
    """What is wrong with a capacity somebody wants to set on the day `on`; pointers name the fields."""
    found = []
    limit, places = capacity.limit, capacity.open_places
    if limit is not None and not 0 <= limit <= MOST_PLACES:
        found.append(FieldProblem("/limit", f"The limit is a number from 0 to {MOST_PLACES}."))
    if places is not None and not 0 <= places <= MOST_PLACES:
        found.append(FieldProblem("/open_places", f"Open places are a number from 0 to {MOST_PLACES}."))
    elif places is not None and limit is not None and places > limit:
        found.append(FieldProblem("/open_places", f"Open places cannot be more than the limit of {limit}."))
    wait = capacity.declared_wait_days
    if wait is not None and not 0 <= wait <= LONGEST_WAIT_DAYS:
        found.append(
            FieldProblem("/declared_wait_days", f"The wait is a number of days up to {LONGEST_WAIT_DAYS}.")
        )
    until = capacity.paused_until
    if until is not None and capacity.paused:
        found.append(FieldProblem("/paused_until", "Pause with an end or without one, not both."))
    elif until is not None and until < on:
        found.append(FieldProblem("/paused_until", "The last day of a pause is today or later."))
    elif until is not None and until > on + LONGEST_PAUSE:
        found.append(FieldProblem("/paused_until", "A pause with an end lasts a year at most."))
    return found


def check(capacity: Capacity, on: date) -> None:
    """Raise `Invalid`, naming each field, unless `capacity` may be set on the day `on`."""
    found = problems(capacity, on)
    if found:
        raise Invalid(found)


def capacity_words(capacity: Capacity, on: date) -> str:
    """One line for a page: "Paused until 3 December 2026", "4 open places", "Ask first"."""
    if capacity.is_paused(on):
        until = capacity.paused_until
        said = f"Paused until {_written(until)}" if until is not None else "Paused for now"
    elif capacity.is_full():
        said = "Full just now"
    elif capacity.open_places is not None:
        said = f"{capacity.open_places} open place{'' if capacity.open_places == 1 else 's'}"
    else:
        said = "Takes people"
    return f"{said}; ask first" if capacity.ask_first and not capacity.is_paused(on) else said


def wait_words(days: int | None) -> str:
    """How long until somebody can start, as the service itself says it."""
    if days is None:
        return "Not said"
    if days == 0:
        return "No wait"
    if days <= 14:
        return f"About {days} day{'' if days == 1 else 's'}"
    return f"About {round(days / 7)} weeks"


def _written(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
