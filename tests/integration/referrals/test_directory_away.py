"""The copy of the directory: how it is pulled, what happens while it is old, and routing late."""

from __future__ import annotations

from datetime import timedelta

import pytest
from celery.signals import worker_ready
from sqlalchemy import text

from services.referrals import worker
from services.referrals.actions import refresh_directory
from services.referrals.actions.route_waiting import route_waiting
from services.referrals.store.database import database
from services.referrals.store.directory import forget, read_directory
from services.referrals.store.lists import waiting_for_route
from shared.celery_app import make_celery
from shared.clock import now, uk_date
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


def pause_everything(until):
    """Every service is paused until the end of this day; nothing else changes afterwards."""
    with database.transaction() as session:
        session.execute(text("update directory_state set as_of = now() + interval '9 days'"))
        session.execute(
            text("""
                update directory_item set doc = jsonb_set(
                    doc, '{capacity}',
                    coalesce(doc -> 'capacity', '{}')
                        || jsonb_build_object('paused_until', cast(:until as text))
                ) where kind = 'service'
            """),
            {"until": until.isoformat()},
        )
    forget()


def test_what_waited_for_the_end_of_a_pause_is_routed_on_the_day_after(system):
    day = timedelta(days=1)
    pause_everything(uk_date(now()) + day)
    made = sent(system)
    assert made["routing"]["state"] == "unrouted"
    version = one("select tried_version from referral")
    assert route_waiting(at=now()) == 0
    assert route_waiting(at=now() + day) == 0
    assert one("select tried_on from referral") == uk_date(now()) + day
    assert route_waiting(at=now() + 2 * day) == 1
    assert one("select version from directory_state") == version
    seen = system("practice").get(f"/referrals/{made['id']}").json
    assert seen["owner"]["team_id"] == str(ident("westfield-link-team"))


def test_on_one_day_and_with_one_version_it_is_tried_once(system):
    pause_everything(uk_date(now()) + timedelta(days=5))
    sent(system)
    tomorrow = now() + timedelta(days=1)
    for at, waiting in ((now(), 0), (tomorrow, 1), (tomorrow, 0)):
        with database.transaction() as session:
            version = read_directory(session).version
            assert len(waiting_for_route(session, version, uk_date(at), 50)) == waiting
        route_waiting(at=at)


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


def test_an_old_copy_is_named_and_the_service_stays_ready(app):
    assert app.test_client().get("/readyz").json["hindered"] == []
    grow_old()
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json["ready"] is True
    (hindered,) = answer.json["hindered"]
    assert hindered["what"] == "directory"
    assert hindered["why"].startswith("The copy of the directory is of 20")


class Consumer:
    """What Celery says is ready: the part of a worker that takes tasks."""

    def __init__(self, app):
        self.app = app


def test_a_worker_asks_for_a_fresh_copy_as_soon_as_it_runs(monkeypatch):
    asked = []
    monkeypatch.setattr(worker.celery, "send_task", lambda name, **how: asked.append((name, how["queue"])))
    worker_ready.send(sender=Consumer(make_celery("another")))
    assert asked == []
    worker_ready.send(sender=Consumer(worker.celery))
    assert asked == [("referrals.refresh_snapshot", "referrals")]


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
