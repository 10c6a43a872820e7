"""Read the producers' own lists of events, so that none is missed whatever becomes of the broker."""

from __future__ import annotations

from datetime import datetime

from services.notifications.actions.receive_events import receive_events
from services.notifications.clients.feeds import AT_ONCE, PRODUCERS, read_feed
from services.notifications.store.database import database
from services.notifications.store.tables.planning import Feed
from shared.errors import LinkworkError, NotFound
from shared.logs import get_logger

MOST_PAGES = 10
log = get_logger("catch_up")


def catch_up(at: datetime) -> int:
    """Take what the producers have and we do not; returns how many were new. Each by itself."""
    return sum(_catch_up_with(producer, at) for producer in PRODUCERS)


def _catch_up_with(producer: str, at: datetime) -> int:
    with database.transaction() as session:
        feed = session.get(Feed, producer)
    after, new = feed.after if feed else "", 0
    for _ in range(MOST_PAGES):
        try:
            page = read_feed(producer, after)
        except NotFound:
            # This producer keeps no feed: its events come by task alone.
            break
        except LinkworkError as wrong:
            log.warning("feed_not_read", producer=producer, why=wrong.slug)
            break
        new += receive_events(page.events, at).new
        if page.after == after:
            break
        after = page.after
        with database.transaction() as session:
            session.merge(Feed(producer=producer, after=after, read_at=at))
        if len(page.events) < AT_ONCE:
            break
    return new
