"""The two demos together: everything open in the demo has a team in which somebody sees it."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import text

from services.directory.demo.everything import load_demo
from services.directory.store.database import database as directory_database_of
from services.directory.store.queries.snapshot import read_snapshot
from services.referrals.actions.rescue_lost import trouble_of
from services.referrals.demo.load import load
from services.referrals.store import referrals as store
from services.referrals.store import sweeps
from services.referrals.store.database import database
from services.referrals.store.directory import forget, read_directory
from services.referrals.store.tables import DirectoryItem, DirectoryState
from shared.clock import now, uk_date


def test_nobody_in_the_demo_is_lost(directory_database, referrals_database):
    at = now()
    directory_database_of.nudge = None
    load_demo(at)
    page = read_snapshot(0, 5000)
    with database.transaction() as session:
        for table in ("directory_item", "directory_state"):
            session.execute(text(f"delete from {table}"))  # noqa: S608 fixed names
        session.add(DirectoryState(id=1, copy=1, epoch=uuid4(), version=1, as_of=at, complete=True))
        session.add_all(
            DirectoryItem(copy=1, kind=item["kind"], id=item["id"], version=1, deleted=False, doc=item["doc"])
            for item in page.items
            if item["kind"] != "postcode"
        )
    forget()
    load(at)
    with database.transaction() as session:
        directory = read_directory(session)
        rows = sweeps.open_after(session, None, 500)
        agreements = store.agreements_of(session, [row.id for row in rows])
        found = [(row.reference, trouble_of(row, agreements[row.id], directory, uk_date(at))) for row in rows]
    assert len(found) > 100
    assert [each for each in found if each[1] is not None] == []
