"""What a wiped broker lost of the directory's events is found in the directory's own list."""

import json
import uuid

import pytest
import responses

from services.referrals.actions.receive_events import catch_up
from services.referrals.store.database import database
from services.referrals.store.signin import SessionSeen
from shared.clock import now
from shared.settings import internal_url

pytestmark = pytest.mark.usefixtures("referrals_database")


def ended(sid):
    return {
        "specversion": "1.0",
        "id": str(uuid.uuid4()),
        "source": "/directory",
        "type": "session.ended.v1",
        "subject": sid,
        "time": "2026-11-22T10:00:00Z",
        "data": {"sid": sid},
    }


def has_ended(sid):
    with database.transaction() as session:
        row = session.get(SessionSeen, sid)
        return row is not None and row.ended_at is not None


@responses.activate
def test_an_event_that_never_came_by_task_is_acted_on_and_asked_for_once():
    url = internal_url("directory") + "/api/v1/events"
    asked = []

    def answer(request):
        asked.append(request.params.get("after"))
        items = [ended("lost-session")] if len(asked) == 1 else []
        return 200, {}, json.dumps({"items": items, "next_cursor": "7"})

    responses.add_callback(responses.GET, url, callback=answer)
    catch_up(at=now())
    assert has_ended("lost-session")
    catch_up(at=now())
    assert asked == [None, "7"]


@responses.activate
def test_with_the_directory_away_it_is_tried_again_next_time():
    responses.get(internal_url("directory") + "/api/v1/events", status=503)
    assert catch_up(at=now()) is False
