"""Events on their way out of a service, seen in its outbox."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shared.observing.facts import Measure, Report, age, waits, works
from shared.outbox import OutboxEntry

# The relay is nudged at once and looks again each 5 seconds.
SLOW = timedelta(minutes=1)


def report_outbox(session: Session, table: type[OutboxEntry], at: datetime) -> Report:
    """What waits to be told to the other services; one query, on the index of what waits."""
    counted = select(func.count(), func.min(table.time)).where(table.relayed_at.is_(None))
    waiting, oldest = session.execute(counted).one()
    measures = (
        Measure("outbox_events", "Events waiting to be told to the other services.", float(waiting)),
        Measure("outbox_oldest_seconds", "Age of the event that waits longest.", age(oldest, at)),
    )
    fact = works("Events", "What happens here is told to the other services at once.")
    if oldest is not None and at - oldest > SLOW:
        fact = waits(
            "Events",
            "The other services do not hear at once what happens here. Nothing is lost; it is told in order.",
            "See whether the broker answers and this service’s worker runs: other lines here say so.",
            oldest,
        )
    return Report(measures, (fact,))
