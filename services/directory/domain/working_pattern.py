"""Working days and absences of a link worker. Weekdays count from Monday = 0."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from shared.errors import Conflict, FieldProblem, Invalid

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LONGEST_ABSENCE = timedelta(days=730)


@dataclass(frozen=True)
class Away:
    """Days away, first and last included, and who covers."""

    from_on: date
    to_on: date
    cover_id: UUID | None = None

    def holds(self, on: date) -> bool:
        """True on a day of the absence."""
        return self.from_on <= on <= self.to_on

    def overlaps(self, other: Away) -> bool:
        """True when they share a day."""
        return self.from_on <= other.to_on and other.from_on <= self.to_on


def check_absence(wanted: Away, others: Iterable[Away], *, worker_id: UUID, on: date) -> None:
    """Raise `Invalid` naming the field, or `Conflict` when the days are already written down."""
    found = []
    if wanted.to_on < wanted.from_on:
        found.append(FieldProblem("/to", "The last day is the first day or later."))
    elif wanted.to_on - wanted.from_on > LONGEST_ABSENCE:
        found.append(FieldProblem("/to", "An absence of more than two years is written down in parts."))
    elif wanted.to_on < on:
        found.append(FieldProblem("/to", "This absence is already over."))
    if wanted.cover_id == worker_id:
        found.append(FieldProblem("/cover_id", "Somebody else has to cover."))
    if found:
        raise Invalid(found)
    if any(wanted.overlaps(other) for other in others):
        raise Conflict("Some of these days are already written down as away. End that absence first.")


def days_words(days: Iterable[int]) -> str:
    """Days in words: "Monday to Thursday", "Monday, Wednesday and Friday", "Any day"."""
    wanted = sorted(set(days))
    if not wanted:
        return "Not said"
    if len(wanted) == len(DAY_NAMES):
        return "Every day"
    if len(wanted) > 2 and wanted == list(range(wanted[0], wanted[-1] + 1)):
        return f"{DAY_NAMES[wanted[0]]} to {DAY_NAMES[wanted[-1]]}"
    names = [DAY_NAMES[day] for day in wanted]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
