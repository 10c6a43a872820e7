"""The copy of the directory: how it is pulled, what happens while it is old, and routing late."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from services.referrals import tasks
from services.referrals.actions import refresh_directory
from services.referrals.actions.route_waiting import route_waiting
from services.referrals.store.database import database
from services.referrals.store.directory import forget, read_directory
from shared.clock import now
from shared.errors import Unavailable
from tests.builders.referrals import one, rows, sent, to_westfield
from tests.builders.referrals_world import fill, ident


@pytest.fixture(autouse=True)
def fresh_again(app):
    """Whatever a test does to the copy, the next one finds the world."""
    yield
    fill(now())


def grow_old():
    """The directory was last heard of more than a minute ago."""
    with database.transaction() as session:
        session.execute(text("update directory_state set as_of = now() - interval '61 seconds'"))


def grow_fresh():
    """It is heard of again."""
    with database.transaction() as session:
        session.execute(text("update directory_state set as_of = now() + interval '1 day'"))


def test_with_the_directory_away_the_desk_has_it_until_it_is_routed(system):
    grow_old()
    made = sent(system)
    assert made["status"] == "received"
    assert made["owner"]["team_id"] == str(ident("york-desk"))
    assert made["routing"]["state"] == "unrouted"
    assert route_waiting(at=now()) == 0
    grow_fresh()
    assert route_waiting(at=now()) == 1
    seen = system("practice").get(f"/referrals/{made['id']}").json
    assert seen["owner"]["team_id"] == str(ident("westfield-link-team"))
    assert seen["routing"]["state"] == "routed"
    assert [row["act"] for row in rows("select act from move order by id")] == ["submit", "receive", "route"]
    assert one("select count(*) from outbox where type = 'referral.routed.v1'") == 1
    assert route_waiting(at=now()) == 0


def test_a_new_installation_is_not_ready_before_it_has_read_the_directory(app, monkeypatch):
    with database.transaction() as session:
        session.execute(text("delete from directory_state"))

    def away(_after):
        raise Unavailable

    monkeypatch.setattr(refresh_directory, "fetch_snapshot", away)
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert "directory" in {each["what"] for each in answer.json["missing"]}


def test_once_read_an_old_copy_is_enough_to_be_ready(app, monkeypatch):
    grow_old()
    monkeypatch.setattr(refresh_directory, "fetch_snapshot", None)
    assert refresh_directory.directory_is_known() is None


def test_a_chosen_service_is_kept_and_gets_it_later(system):
    grow_old()
    made = sent(system, target_service_id=str(ident("york-lac")), route_in="introduction")
    assert made["routing"]["state"] == "unrouted"
    grow_fresh()
    route_waiting(at=now())
    seen = system("practice").get(f"/referrals/{made['id']}").json
    assert seen["routing"]["state"] == "chosen"
    assert seen["owner"]["team_id"] == str(ident("york-lac-team"))


def test_what_was_stored_for_a_self_only_service_comes_back_with_the_invitation(system):
    grow_old()
    made = sent(system, target_service_id=str(ident("york-open-circle")))
    assert made["status"] == "received"
    grow_fresh()
    route_waiting(at=now())
    seen = system("practice").get(f"/referrals/{made['id']}").json
    assert seen["status"] == "rejected"
    assert seen["outside"]
    assert one("select count(*) from outbox where type = 'referral.routed.v1'") == 0
    assert seen["routing"]["eligible"]


def test_danger_is_never_declined_by_the_system(system):
    grow_old()
    made = sent(system, target_service_id=str(ident("york-open-circle")), what_matters="I want to die")
    grow_fresh()
    route_waiting(at=now())
    seen = system("practice").get(f"/referrals/{made['id']}").json
    assert seen["status"] == "received"
    assert seen["owner"]["team_id"] == str(ident("york-desk"))
    assert "decline" not in {row["act"] for row in rows("select act from move")}


def test_what_nobody_can_take_is_tried_again_only_when_the_directory_changes(system):
    sent(system, target_service_id=str(ident("york-riverside")))
    assert route_waiting(at=now()) == 0
    tried = one("select tried_version from referral")
    assert tried == 1
    with database.transaction() as session:
        session.execute(text("update directory_state set version = version + 1"))
    assert route_waiting(at=now()) == 0
    assert one("select tried_version from referral") == 2


def test_before_the_directory_was_ever_heard_of_nothing_is_taken(system):
    with database.transaction() as session:
        for table in ("directory_item", "directory_postcode", "directory_state"):
            session.execute(text(f"delete from {table}"))  # noqa: S608 fixed names
    forget()
    answer = system("practice").post("/referrals", to_westfield())
    assert answer.status_code == 503
    assert one("select count(*) from referral") == 0


class FakeDirectory:
    """The directory's snapshot endpoint: a list of items, told page by page."""

    def __init__(self, monkeypatch):
        self.epoch, self.items, self.asked, self.away = uuid4(), [], [], False
        monkeypatch.setattr(refresh_directory, "fetch_snapshot", self.fetch)

    def put(self, kind, ident_, deleted=False, **doc):
        doc = {"id": ident_, **doc}
        self.items.append({"kind": kind, "id": ident_, "deleted": deleted, "doc": doc})

    def fetch(self, after, limit=2):
        if self.away:
            raise Unavailable
        self.asked.append(after)
        page = self.items[after : after + limit]
        reached = after + len(page)
        return {
            "epoch": str(self.epoch),
            "version": reached,
            "as_of": now().isoformat(),
            "more": reached < len(self.items),
            "items": page,
            "unknown_extra": True,
        }


@pytest.fixture
def directory(app, monkeypatch):
    """An empty copy, and a directory to pull from."""
    with database.transaction() as session:
        for table in ("directory_item", "directory_postcode", "directory_state"):
            session.execute(text(f"delete from {table}"))  # noqa: S608 fixed names
    forget()
    return FakeDirectory(monkeypatch)


def held():
    with database.transaction() as session:
        return read_directory(session)


def test_the_copy_is_pulled_page_by_page_and_then_only_what_changed(directory):
    for number in range(5):
        directory.put("team", f"team-{number}", name=f"Team {number}")
    directory.put("postcode", "YO24 3BZ", authority="E06000014")
    assert refresh_directory.refresh_directory(at=now()) == 6
    assert len(held().docs["team"]) == 5
    assert one("select authority from directory_postcode") == "E06000014"
    directory.asked.clear()
    assert refresh_directory.refresh_directory(at=now()) == 0
    assert directory.asked == [6]
    directory.put("team", "team-1", name="Team one")
    directory.put("team", "team-2", deleted=True)
    assert refresh_directory.refresh_directory(at=now()) == 2
    assert held().name("team", "team-1") == "Team one"
    assert held().doc("team", "team-2") is None


def test_a_new_epoch_empties_the_copy_and_starts_again(directory):
    directory.put("team", "old", name="Old")
    refresh_directory.refresh_directory(at=now())
    directory.epoch, directory.items = uuid4(), []
    directory.put("team", "new", name="New")
    directory.put("team", "newer", name="Newer")
    refresh_directory.refresh_directory(at=now())
    assert set(held().docs["team"]) == {"new", "newer"}


def test_a_copy_that_is_not_whole_is_not_routed_from(directory, monkeypatch):
    for number in range(4):
        directory.put("team", f"team-{number}")
    monkeypatch.setattr(refresh_directory, "MOST_PAGES", 1)
    refresh_directory.refresh_directory(at=now())
    assert not held().is_fresh(now())
    refresh_directory.refresh_directory(at=now())
    assert held().is_fresh(now())


def test_with_the_directory_away_the_copy_stays_and_grows_old(directory):
    directory.put("team", "team-1")
    refresh_directory.refresh_directory(at=now())
    directory.away = True
    tasks.refresh_snapshot()
    assert held().is_fresh(now())
    assert not held().is_fresh(now() + timedelta(seconds=61))
    assert "team-1" in held().docs["team"]


def test_only_one_process_pulls_at_a_time(directory):
    directory.put("team", "team-1")
    with database.transaction() as other:
        other.execute(text("select pg_advisory_xact_lock(hashtext('refresh_directory'))"))
        assert refresh_directory.refresh_directory(at=now()) == 0
    assert refresh_directory.refresh_directory(at=now()) == 1
