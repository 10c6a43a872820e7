"""Waiting until a feed shows what was just written."""

from __future__ import annotations

import time

from sqlalchemy import text

from shared.db import Database

WITHIN = 30.0


def settle(database: Database) -> None:
    """Wait until every transaction begun up to now is over, in whichever database of the server.

    A feed gives nothing that an older open transaction may still overtake, and tests of other services
    have theirs at the same time on the same server.
    """
    with database.transaction() as session:
        begun = session.scalar(text("select pg_snapshot_xmax(pg_current_snapshot())::text::bigint"))
    end = time.monotonic() + WITHIN
    over = text("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint >= :begun")
    while True:
        with database.transaction() as session:
            if session.scalar(over, {"begun": begun}):
                return
        assert time.monotonic() < end, "A transaction stays open."
        time.sleep(0.01)
