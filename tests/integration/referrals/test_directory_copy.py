"""How the copy of the directory is pulled: page by page, and anew beside the one in use."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from uuid import uuid4

import pytest
from sqlalchemy import text

from services.referrals import tasks
from services.referrals.actions import refresh_directory
from services.referrals.store.database import database
from services.referrals.store.directory import find_residence, forget, read_directory
from shared.clock import now
from shared.errors import Unavailable
from tests.builders.referrals import one, sent
from tests.builders.referrals_world import fill, ident


@pytest.fixture(autouse=True)
def fresh_again(app):
    """Whatever a test does to the copy, the next one finds the world."""
    yield
    fill(now())


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
        reached = min(after + len(page), len(self.items))
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


def authority(postcode):
    with database.transaction() as session:
        found = find_residence(session, postcode)
    return found.authority if found else None


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


def test_a_new_epoch_is_in_use_only_when_it_is_whole(directory, monkeypatch):
    directory.put("team", "old", name="Old")
    directory.put("postcode", "YO24 3BZ", authority="E06000014")
    refresh_directory.refresh_directory(at=now())
    directory.epoch, directory.items = uuid4(), []
    for number in range(3):
        directory.put("team", f"new-{number}", name=f"New {number}")
    directory.put("postcode", "YO24 3BZ", authority="E06000016")
    directory.put("postcode", "YO19 6LE", authority="E06000065")
    monkeypatch.setattr(refresh_directory, "MOST_PAGES", 1)
    for _page in range(3):
        refresh_directory.refresh_directory(at=now())
        assert set(held().docs["team"]) == {"old"}
        assert held().is_fresh(now())
        assert authority("YO24 3BZ") == "E06000014"
        assert authority("YO19 6LE") is None
    refresh_directory.refresh_directory(at=now())
    assert set(held().docs["team"]) == {"new-0", "new-1", "new-2"}
    assert held().is_fresh(now())
    assert authority("YO24 3BZ") == "E06000016"
    assert one("select count(distinct copy) from directory_item") == 1
    assert one("select count(distinct copy) from directory_postcode") == 1


def test_a_directory_put_back_to_an_older_version_is_read_from_the_beginning(directory):
    for number in range(4):
        directory.put("team", f"team-{number}")
    refresh_directory.refresh_directory(at=now())
    directory.items = directory.items[:3]
    refresh_directory.refresh_directory(at=now())
    assert set(held().docs["team"]) == {"team-0", "team-1", "team-2"}
    directory.put("team", "team-9")
    refresh_directory.refresh_directory(at=now())
    assert "team-9" in held().docs["team"]


def test_an_epoch_that_ends_while_it_is_read_leaves_nothing_behind(directory, monkeypatch):
    directory.put("team", "old")
    refresh_directory.refresh_directory(at=now())
    monkeypatch.setattr(refresh_directory, "MOST_PAGES", 2)
    directory.epoch, directory.items = uuid4(), []
    for number in range(5):
        directory.put("team", f"lost-{number}")
    refresh_directory.refresh_directory(at=now())
    directory.epoch, directory.items = uuid4(), []
    directory.put("team", "new")
    refresh_directory.refresh_directory(at=now())
    assert set(held().docs["team"]) == {"new"}
    assert one("select count(*) from directory_item") == 1


def test_what_nobody_could_take_is_tried_again_with_a_new_copy(system, monkeypatch):
    sent(system, target_service_id=str(ident("york-riverside")))
    assert one("select tried_version from referral") == one("select version from directory_state") == 1
    directory = FakeDirectory(monkeypatch)
    directory.put("team", "the only item")
    refresh_directory.refresh_directory(at=now())
    assert one("select version from directory_state") == 1
    assert one("select tried_version from referral") is None


def test_whoever_reads_while_copies_change_reads_one_of_them_whole(directory):
    def publish(generation):
        directory.epoch, directory.items = uuid4(), []
        for number in range(4):
            directory.put("team", f"{generation}-{number}")
        refresh_directory.refresh_directory(at=now())

    def read_until_over():
        seen = []
        while not over.is_set():
            seen.append(frozenset(held().docs["team"]))
        return seen

    publish(0)
    over = Event()
    with ThreadPoolExecutor(3) as pool:
        reading = [pool.submit(read_until_over) for _ in range(3)]
        for generation in range(1, 12):
            publish(generation)
        over.set()
        readings = {each for one_thread in reading for each in one_thread.result()}
    whole = {frozenset(f"{g}-{number}" for number in range(4)) for g in range(12)}
    assert readings <= whole
    assert len(readings) > 1


def test_only_what_changed_is_read_again(directory, monkeypatch):
    for number in range(5):
        directory.put("team", f"team-{number}", name=f"Team {number}")
    directory.put("member", "m", account_id=str(uuid4()), organization_id="o", team_id="team-1", role="lead")
    refresh_directory.refresh_directory(at=now())
    first = held()
    directory.put("team", "team-3", name="Team three")
    refresh_directory.refresh_directory(at=now())
    second = held()
    assert second.members is first.members
    assert second.snapshot.team_members is first.snapshot.team_members
    before, after = first.snapshot.teams, second.snapshot.teams
    assert [after[ident_] is before[ident_] for ident_ in sorted(before)] == [True, True, True, False, True]


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
