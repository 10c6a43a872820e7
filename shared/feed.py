"""A producer's events over HTTP: `GET /api/v1/events` gives what its outbox sent, in order.

Tasks bring events at once, but a broker may be wiped with some in it. Whoever must not miss one reads the
producer's feed as well, from where it stopped; its inbox drops what already came.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.db import Database
from shared.errors import LinkworkError, Malformed, Unavailable
from shared.http_client import ServiceClient
from shared.logs import get_logger
from shared.outbox import Outbox, cloud_event

AT_ONCE = 200
MOST_PAGES = 10
PATH = "/api/v1/events"
Event = Mapping[str, Any]
log = get_logger("feed")


class FeedCursor:
    """Mixin for a service's `feed` table: how far the feed of a producer has been read."""

    __tablename__ = "feed"

    producer: Mapped[str] = mapped_column(String(20), primary_key=True)
    after: Mapped[str] = mapped_column(String(200))
    read_at: Mapped[datetime]


def feed_page(
    outbox: Outbox, session: Session, after: str | None, limit: int
) -> tuple[list[dict[str, Any]], str | None]:
    """The producer's side: events after the cursor, and the cursor to go on from. Raises Malformed."""
    rows = outbox.since(session, read_cursor(after), max(1, min(limit, AT_ONCE)))
    return [cloud_event(row, outbox.source) for row in rows], str(rows[-1].seq) if rows else after


def read_cursor(after: str | None) -> int:
    """The place a cursor stands for, 0 for the beginning. Raises Malformed where it is not ours."""
    if not after:
        return 0
    if not after.isascii() or not after.isdigit() or len(after) > 18:
        raise Malformed("This cursor is not one we gave. Leave it out to start from the beginning.")
    return int(after)


def catch_up(
    producer: ServiceClient,
    database: Database,
    table: type[FeedCursor],
    receive: Callable[[Sequence[Event]], int],
    at: datetime,
) -> int:
    """Take what `producer` has and we do not; returns how many were new. With it away: 0, and next time.

    The cursor moves after `receive` has committed: killed between the two, we read the same page again.
    """
    with database.transaction() as session:
        kept = session.get(table, producer.target)
    after, new = kept.after if kept else "", 0
    for _ in range(MOST_PAGES):
        try:
            events, reached = read_page(producer, after)
        except LinkworkError as wrong:
            log.warning("feed_not_read", producer=producer.target, why=wrong.slug)
            break
        new += receive(events)
        if reached == after:
            break
        after = reached
        with database.transaction() as session:
            session.merge(table(producer=producer.target, after=after, read_at=at))  # type: ignore[call-arg]
        if len(events) < AT_ONCE:
            break
    return new


def read_page(producer: ServiceClient, after: str) -> tuple[list[Event], str]:
    """The consumer's side: some events after the cursor (blank: from the first), and where to go on.

    Raises Unavailable with the producer away, or what it answered.
    """
    asked = {"limit": str(AT_ONCE)} | ({"after": after} if after else {})
    answer = producer.get(PATH, asked)
    try:
        events = [event for event in answer["items"] if isinstance(event, Mapping)]
        reached = answer.get("next_cursor")
    except (KeyError, TypeError, AttributeError) as wrong:
        raise Unavailable(f"The {producer.target} service gave an answer we cannot read.") from wrong
    return events, str(reached) if reached is not None else after
