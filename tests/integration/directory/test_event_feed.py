"""The directory's events, in order, for the services that must not miss one."""

from uuid import uuid4

import pytest

from services.directory.store.database import database
from services.directory.store.outbox import outbox
from shared.clock import now
from tests.builders.settled import settle


@pytest.fixture
def three():
    with database.transaction() as session:
        ids = [
            str(outbox.add(session, "session.ended.v1", subject=uuid4(), at=now(), sid=str(number)))
            for number in range(3)
        ]
    settle(database)
    return ids


def test_a_service_reads_the_events_in_order_and_goes_on_where_it_stopped(app, as_service, three):
    asked = {"headers": as_service["notifications"]}
    every = app.test_client().get("/api/v1/events", **asked).json
    assert [event["id"] for event in every["items"]][-3:] == three
    assert every["items"][-1]["specversion"] == "1.0"
    after = f"/api/v1/events?after={every['next_cursor']}"
    assert app.test_client().get(after, **asked).json == {"items": [], "next_cursor": every["next_cursor"]}


def test_a_cursor_that_is_not_ours_is_refused(app, as_service):
    asked = app.test_client().get("/api/v1/events?after=x", headers=as_service["referrals"])
    assert asked.status_code == 400


def test_nobody_else_reads_them(app):
    assert app.test_client().get("/api/v1/events").status_code == 401
