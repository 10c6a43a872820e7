"""What referrals sees of itself: totals and times of the system, nothing about anybody."""

from __future__ import annotations

from datetime import datetime

from services.referrals.domain.routing.snapshot import FRESH_FOR
from services.referrals.store.database import database
from services.referrals.store.open_work import OpenWork, count_open_work
from services.referrals.store.relay import Outbox
from services.referrals.store.tables import DirectoryState
from shared.observing.events import report_outbox
from shared.observing.facts import Fact, Measure, Report, age, waits, works


def observe(at: datetime) -> Report:
    """How referrals stands at the moment `at`. Three queries."""
    with database.transaction() as session:
        outbox = report_outbox(session, Outbox, at)
        state = session.get(DirectoryState, 1)
        work = count_open_work(session, at)
    copied_at = state.as_of if state is not None else None
    measures = _of_work(work, at)
    if copied_at is not None:
        words = "Age of the copy of the directory from which referrals are routed."
        measures = (*measures, Measure("snapshot_age_seconds", words, age(copied_at, at)))
    return outbox + Report(measures, (_copy(copied_at, at),))


def _of_work(work: OpenWork, at: datetime) -> tuple[Measure, ...]:
    queued, desk = (
        "Referrals in teams' queues that nobody took on yet",
        "Referrals at duty desks without a team",
    )
    return (
        Measure("referrals_queued", f"{queued}.", work.queued),
        Measure("referrals_queues", f"How many teams' queues hold any. {queued} are in them.", work.queues),
        Measure(
            "referrals_queued_oldest_seconds", f"{queued}: the longest wait.", age(work.queued_since, at)
        ),
        Measure("referrals_queued_late", f"{queued}, past the day somebody was to act.", work.late),
        Measure("referrals_unrouted", f"{desk}.", work.unrouted),
        Measure(
            "referrals_unrouted_oldest_seconds", f"{desk}: the longest wait.", age(work.unrouted_since, at)
        ),
    )


def _copy(as_of: datetime | None, at: datetime) -> Fact:
    if as_of is not None and at - as_of <= FRESH_FOR:
        return works("Directory", "What the directory says of teams and services is known here as it is now.")
    if as_of is None:
        words = "The directory was not heard of yet, so nobody can refer."
    else:
        words = (
            "The directory does not answer, and the copy of it here is old. New referrals wait at the duty"
            " desks until it is fresh; teams go on with what they have."
        )
    return waits(
        "Directory",
        words,
        "See whether the directory runs, and whether this service’s worker does.",
        as_of,
    )
