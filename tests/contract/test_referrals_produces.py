"""What referrals answers has the shape of the examples others are held to."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from services.referrals.app import create_app
from shared.clock import now, uk_date
from tests.builders.referrals import System, as_system, forget_referrals, one, our_service, trust_our_key
from tests.builders.referrals_world import fill, ident

EXAMPLES = Path(__file__).parent / "examples" / "referrals"


def example(name: str) -> Any:
    return json.loads((EXAMPLES / name).read_text())


def check_like(promised: Any, real: Any, where: str = "") -> None:
    """Every field that is promised is there, with a value of the same kind; more fields are no matter."""
    if isinstance(promised, dict):
        assert isinstance(real, dict), where
        for name, inner in promised.items():
            assert name in real, f"{where}/{name}"
            check_like(inner, real[name], f"{where}/{name}")
    elif isinstance(promised, list):
        assert isinstance(real, list), where
        assert real, f"{where} is empty, so it shows nothing"
        for each in real:
            check_like(promised[0], each, where)
    elif promised is not None and real is not None:
        assert isinstance(real, type(promised)), where


@pytest.fixture(scope="module")
def app(referrals_database: str, valkey: str) -> Flask:
    fill(now())
    trust_our_key(now())
    return create_app()


@pytest.fixture
def sent(app: Flask) -> dict[str, Any]:
    forget_referrals()
    body = example("referral_in.json")
    body["wanted_from"] = uk_date(now()).isoformat()
    body["person"]["residence_on_date"]["from"] = (uk_date(now()) + timedelta(days=30)).isoformat()
    answer = System(app, as_system("practice")).post("/referrals", body)
    assert answer.status_code == 201, answer.json
    return dict(answer.json)


def test_every_field_a_referral_may_have_is_taken_and_answered_as_promised(sent):
    check_like(example("referral.json"), sent)


def test_routes_have_the_three_lists_of_the_referral(app, sent):
    body = example("referral_in.json")
    body.pop("wanted_from")
    answer = System(app, as_system("practice")).post("/routes", body)
    assert answer.status_code == 200, answer.json
    lists = example("referral.json")["routing"]
    check_like({name: lists[name] for name in ("eligible", "not_eligible", "unknown")}, answer.json)


def test_events_are_as_notifications_reads_them(app, sent):
    worker = System(app, as_system("worker"))
    worker.act(sent["id"], "accept", assignee_id=str(ident("worker")))
    worker.act(sent["id"], "undo")
    System(app, as_system("practice")).act(sent["id"], "withdraw", reason="She says she wants to die.")
    answer = our_service(app, "notifications").get("/events").json
    by_act = {event["data"]["act"]: event for event in answer["items"]}
    by_type = {event["type"]: event for event in answer["items"]}
    accepted, undone, alarmed = example("events.json")["items"]
    check_like(accepted, by_act["accept"])
    check_like(undone, by_act["undo"])
    check_like(alarmed, by_type["referral.alarmed.v1"])
    assert by_type["referral.alarmed.v1"]["data"].keys() == alarmed["data"].keys()
    assert by_act["undo"]["data"]["undoes"] == by_act["accept"]["id"]
    assert answer["next_cursor"]


def test_the_audience_is_as_notifications_reads_it(app, sent):
    worker = System(app, as_system("lead"))
    worker.act(sent["id"], "accept", assignee_id=str(ident("worker")))
    event = one("select id from outbox where type = 'referral.accepted.v1'")
    answer = our_service(app, "notifications").get(
        f"/referrals/{sent['id']}/audience", event="referral.accepted.v1", event_id=str(event)
    )
    promised = example("audience.json")
    promised["recipients"] = promised["recipients"][:1]
    check_like(promised, answer.json)
