"""The two demos together: somebody sees each open one, and who had to hear of a late one has heard."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

import pytest
from sqlalchemy import text

from services.directory.demo.everything import load_demo
from services.directory.store.database import database as directory_database_of
from services.directory.store.queries.snapshot import read_snapshot
from services.referrals.actions.chase_late import chase_late
from services.referrals.actions.rescue_lost import trouble_of
from services.referrals.demo.load import load
from services.referrals.domain.ladder import Rung
from services.referrals.store import referrals as store
from services.referrals.store import sweeps
from services.referrals.store.database import database
from services.referrals.store.directory import forget, read_directory
from services.referrals.store.tables import DirectoryItem, DirectoryState
from shared.clock import now, uk_date
from tests.builders.referrals import one, rows


@pytest.fixture(scope="module")
def loaded(directory_database, referrals_database) -> datetime:
    """Both demos as a first start loads them; when."""
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
    return at


def test_nobody_in_the_demo_is_lost(loaded):
    at = loaded
    with database.transaction() as session:
        directory = read_directory(session)
        rows = sweeps.open_after(session, None, 500)
        agreements = store.agreements_of(session, [row.id for row in rows])
        found = [(row.reference, trouble_of(row, agreements[row.id], directory, uk_date(at))) for row in rows]
    assert len(found) > 100
    assert [each for each in found if each[1] is not None] == []


def test_a_first_start_tells_nobody_what_was_late_before_it(loaded):
    late = "select count(*) from referral where closed_at is null and next_action_at < :at"
    assert one(late, at=loaded) >= 10
    assert chase_late(at=loaded) == 0
    assert one("select count(*) from outbox where type = 'referral.chased.v1'") == 0


def test_what_was_late_in_the_demo_has_its_rungs_in_its_history(loaded):
    told = rows("""
        select r.rung, r.escalated, r.next_action_at, array_agg(m.content order by m.id) as words,
               min(m.at) as first, max(m.at) as last, bool_and(m.event_id is null) as silent
        from referral r join move m on m.referral_id = r.id and m.act = 'chase' group by r.id
    """)
    assert {row["rung"] for row in told} >= {Rung.LEAD, Rung.DUTY_DESK}
    names = [rung.name.lower() for rung in Rung if rung]
    for row in told:
        assert row["words"] == names[: row["rung"]]
        assert row["escalated"] is (row["rung"] == Rung.DUTY_DESK)
        assert row["next_action_at"] <= row["first"] <= row["last"] <= loaded
        assert row["silent"]
