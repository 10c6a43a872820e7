"""How long people wait: as measured where enough started lately, else as the service itself says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.directory.domain.capacity import wait_words
from shared.errors import FieldProblem, Invalid

# So many have to have started, and so many to be open, before a number says nothing about anybody.
MEASURED_FROM = 10
# Told every hour while a service has anybody; what was not told anew for so long is not shown any more.
HOLDS_DAYS = 7


@dataclass(frozen=True)
class Measured:
    """What was counted of one service at `measured_at`: median days to first contact, None for too few;
    people started within the last `days`, and people it has now."""

    median_days: int | None
    started: int
    open_now: int
    days: int
    measured_at: datetime


@dataclass(frozen=True)
class Wait:
    """The wait that is shown. `basis`: measured, declared or unknown; `measured_at` of a measured one."""

    days: int | None
    basis: str
    measured_at: datetime | None = None

    @property
    def words(self) -> str:
        """In a sentence's words, saying whose they are."""
        said = wait_words(self.days)
        return f"{said}, as the service says" if self.basis == "declared" else said


def shown_wait(declared_days: int | None, measured: Measured | None, on: date) -> Wait:
    """Measured where ten or more started and it was counted lately, else declared, else unknown."""
    if measured is not None and measured.started >= MEASURED_FROM and _is_fresh(measured, on):
        return Wait(measured.median_days, "measured", measured.measured_at)
    return Wait(declared_days, "declared") if declared_days is not None else Wait(None, "unknown")


def shown_load(measured: Measured | None, on: date, *, discreet: bool) -> int | None:
    """How many people it has now; None where that could say something about one of them."""
    if measured is None or discreet or measured.open_now < MEASURED_FROM or not _is_fresh(measured, on):
        return None
    return measured.open_now


def read_measured(data: Mapping[str, Any], at: datetime) -> tuple[UUID, Measured]:
    """The service and what was counted, of the data of `capacity.measured.v1`. Raises Invalid."""
    try:
        service_id = UUID(str(data["service_id"]))
        counts = {name: int(data[name]) for name in ("started", "open_now", "days")}
        median = None if data["median_days"] is None else int(data["median_days"])
    except (KeyError, TypeError, ValueError) as wrong:
        raise Invalid([FieldProblem("/data", "This is not what was measured of a service.")]) from wrong
    if counts["started"] >= MEASURED_FROM and median is None:
        raise Invalid([FieldProblem("/data/median_days", "Ten or more started, so there is a wait.")])
    if min(*counts.values(), median or 0) < 0:
        raise Invalid([FieldProblem("/data", "A count is below nothing.")])
    return service_id, Measured(median, measured_at=at, **counts)


def _is_fresh(measured: Measured, on: date) -> bool:
    return (on - measured.measured_at.date()).days <= HOLDS_DAYS
