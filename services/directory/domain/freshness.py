"""Stale is visible: facts carry who verified them and when; old ones are flagged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

OLD_AFTER_DAYS = 365


class Freshness(StrEnum):
    """How far a listing may be relied on."""

    CURRENT = "current"
    OVERDUE = "overdue"
    NEVER_CHECKED = "never_checked"


@dataclass(frozen=True)
class Checked:
    """One part of a listing was made sure of at `verified_at` and holds until the day `valid_until`."""

    verified_at: datetime
    valid_until: date


def oldest(parts: Iterable[Checked]) -> Checked | None:
    """What can be said of a listing as a whole: its oldest check and its earliest end."""
    found = list(parts)
    if not found:
        return None
    return Checked(min(p.verified_at for p in found), min(p.valid_until for p in found))


def freshness(checked: Checked | None, on: date) -> Freshness:
    """How far to rely on it on the day `on`."""
    if checked is None:
        return Freshness.NEVER_CHECKED
    too_old = (on - checked.verified_at.date()).days > OLD_AFTER_DAYS
    return Freshness.OVERDUE if too_old or checked.valid_until < on else Freshness.CURRENT
