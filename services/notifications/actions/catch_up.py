"""Read the producers' own lists of events, so that none is missed whatever becomes of the broker."""

from __future__ import annotations

from datetime import datetime

from services.notifications.actions.receive_events import receive_events
from services.notifications.clients.feeds import PRODUCERS
from services.notifications.store.database import database
from services.notifications.store.tables.planning import Feed
from shared import feed


def catch_up(at: datetime) -> int:
    """Take what the producers have and we do not; returns how many were new. Each by itself."""
    return sum(
        feed.catch_up(producer, database, Feed, lambda events: receive_events(events, at).new, at)
        for producer in PRODUCERS
    )
