"""What the directory sees of itself: totals and times of the system, nothing about anybody."""

from __future__ import annotations

from datetime import datetime

from services.directory.store.database import database
from services.directory.store.relay import Outbox
from shared.observing.events import report_outbox
from shared.observing.facts import Report


def observe(at: datetime) -> Report:
    """How the directory stands at the moment `at`. One query."""
    with database.transaction() as session:
        return report_outbox(session, Outbox, at)
