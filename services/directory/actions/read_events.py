"""The directory's events in order, for our own services."""

from __future__ import annotations

from typing import Any

from services.directory.store.database import database
from services.directory.store.outbox import outbox
from shared.feed import feed_page


def read_events(*, after: str | None = None, limit: int = 100) -> tuple[list[dict[str, Any]], str | None]:
    """CloudEvents after the cursor, and the cursor to go on from. Raises Malformed for another's cursor."""
    with database.transaction() as session:
        return feed_page(outbox, session, after, limit)
