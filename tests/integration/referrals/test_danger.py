"""Danger said in any text of a referral, at any time, puts it at the top; nothing is refused for it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.referrals.domain.working_days import end_of_working_day_after
from shared.clock import now
from tests.builders.referrals import one, rows, sent, to_westfield
from tests.builders.referrals_world import ident

WORKER = str(ident("worker"))
SAID = "She says she wants to die."


def _top(system):
    return [item["alert"] for item in system("worker").get("/referrals", view="queue").json["items"]]


@pytest.mark.parametrize(
    "told",
    [
        {"what_matters": SAID},
        {"priority": "sooner", "priority_reason": SAID},
        {"person": {"access_needs": ["Large print", SAID]}},
        {"person": {"address_lines": [SAID]}},
        {"person": {"contacts": [{"channel": "via", "value": "her GP", "safe": True, "hours": SAID}]}},
        {"under_18": {"not_to_contact": SAID}},
        {"speaker": {"who": "someone_for_them", "relation": SAID}},
        {"referrer": {"name": "Dr Jo Example", "role": SAID}},
        {"agreement": [{"recipient": "helpers", "purpose": "share_referral", "agreed": True, "how": SAID}]},
    ],
    ids="-".join,
)
def test_any_text_of_a_referral_counts(system, told):
    made = sent(system, **told)
    assert one("select crisis_words from referral") is True
    assert _top(system) == [True]
    assert made["status"] == "received"


@pytest.mark.parametrize(
    ("act", "body"),
    [
        ("answer", {"answer": SAID}),
        ("contact", {"mode": "phone", "attended": True, "note": SAID, "next_action_on": "2027-05-04"}),
    ],
)
def test_what_is_said_later_raises_it_and_brings_the_next_step_forward(system, service, act, body):
    made = sent(system)
    worker = system("worker")
    worker.act(made["id"], "accept", assignee_id=WORKER)
    assert worker.act(made["id"], "ask", question="How is she?").status_code == 200
    assert one("select urgency from referral") == 2
    who = "practice" if act == "answer" else "worker"
    answer = system(who).act(made["id"], act, **body)
    assert answer.status_code == 200, answer.json
    (row,) = rows("select urgency, crisis_words, next_action_at from referral")
    assert (row["urgency"], row["crisis_words"]) == (0, True)
    assert row["next_action_at"] <= end_of_working_day_after(now() + timedelta(minutes=1), 1)
    assert worker.get(f"/referrals/{made['id']}").json["alert"] is True
    if act == "answer":
        heard = service("notifications").get(
            f"/referrals/{made['id']}/audience",
            event="referral.answered.v1",
            event_id=str(one("select event_id from move where act = 'answer'")),
        )
        urgent = [r for r in heard.json["recipients"] if r["template"] == "urgent_arrived"]
        assert {r["id"] for r in urgent} >= {WORKER, str(ident("lead"))}


def test_an_ordinary_answer_raises_nothing(system, service):
    made = sent(system)
    system("worker").act(made["id"], "ask", question="How is she?")
    system("practice").act(made["id"], "answer", answer="Her knees are killing her.")
    assert one("select urgency from referral") == 2
    heard = service("notifications").get(
        f"/referrals/{made['id']}/audience",
        event="referral.answered.v1",
        event_id=str(one("select event_id from move where act = 'answer'")),
    )
    assert {r["template"] for r in heard.json["recipients"]} <= {"referral_news"}


ENDINGS = [
    ("worker", "decline", {"reason": "other", "text": SAID}),
    (
        "worker",
        "complete",
        {"outcomes": [{"need": "loneliness", "outcome": "not_met", "text": SAID}], "ended_by": "together"},
    ),
    ("worker", "fail", {"attempts": [{"mode": "phone", "note": SAID}, {"mode": "phone"}, {"mode": "phone"}]}),
    ("practice", "withdraw", {"reason": SAID}),
    ("practice", "void", {"reason": SAID}),
]
ALARM = "referral.alarmed.v1"


def _alarms():
    return rows("select id, data from outbox where type = :type", type=ALARM)


def _ended(system, who, act, body):
    made = sent(system)
    if act in ("complete", "fail"):
        system("worker").act(made["id"], "accept", assignee_id=WORKER)
    answer = system(who).act(made["id"], act, **body)
    assert answer.status_code == 200, answer.json
    return made, answer.json


@pytest.mark.parametrize(("who", "act", "body"), ENDINGS, ids=[act for _, act, _ in ENDINGS])
def test_danger_said_at_the_end_is_told_at_once_to_those_who_had_it(system, service, who, act, body):
    made, answer = _ended(system, who, act, body)
    assert one("select closed_at is not null from referral") is True
    (alarm,) = _alarms()
    assert alarm["data"] | {"referral_id": made["id"], "act": act} == alarm["data"]
    assert "hold_seconds" not in alarm["data"]
    assert SAID not in str(alarm["data"])
    heard = (
        service("notifications")
        .get(f"/referrals/{made['id']}/audience", event=ALARM, event_id=str(alarm["id"]))
        .json
    )
    assert heard["held_until"] is None
    assert {r["template"] for r in heard["recipients"]} == {"urgent_arrived"}
    assert {r["id"] for r in heard["recipients"]} == {WORKER, str(ident("colleague")), str(ident("lead"))}
    assert all(r["channels"] == ["email", "inbox"] for r in heard["recipients"])
    assert "999" in {each["number"] for each in answer["emergency"]}


def test_an_end_without_danger_alarms_nobody_and_its_answer_names_no_numbers(system):
    _, answer = _ended(system, "practice", "withdraw", {"reason": "no_longer_needed"})
    assert _alarms() == []
    assert answer["emergency"] == []


def test_undoing_the_end_takes_nothing_from_the_alarm(system, service):
    made, _ = _ended(system, "worker", "decline", {"reason": "other", "text": SAID})
    assert system("worker").act(made["id"], "undo").status_code == 200
    (alarm,) = _alarms()
    path = f"/referrals/{made['id']}/audience"
    heard = service("notifications").get(path, event=ALARM, event_id=str(alarm["id"])).json
    assert heard["cancelled"] is False
    assert heard["recipients"]
    assert one("select urgency from referral") == 0


def test_saying_it_twice_alarms_once(system):
    made, _ = _ended(system, "practice", "withdraw", {"reason": SAID})
    assert system("practice").act(made["id"], "withdraw", reason=SAID).status_code == 200
    assert len(_alarms()) == 1


def test_the_senders_system_does_not_read_what_the_team_wrote_of_danger(system):
    _ended(system, "worker", "decline", {"reason": "other", "text": SAID})
    types = {}
    for who in ("practice", "lead"):
        types[who] = {event["type"] for event in system(who).get("/events").json["items"]}
    assert ALARM in types["lead"]
    assert ALARM not in types["practice"]
    assert "referral.declined.v1" in types["practice"]


def test_the_desk_hears_of_danger_in_what_it_held_itself(system, service):
    made = sent(system, target_service_id=str(ident("york-riverside")))
    system("practice").act(made["id"], "withdraw", reason=SAID)
    (alarm,) = _alarms()
    path = f"/referrals/{made['id']}/audience"
    heard = service("notifications").get(path, event=ALARM, event_id=str(alarm["id"])).json
    assert {r["id"] for r in heard["recipients"]} == {str(ident("desk"))}


def test_danger_is_taken_from_whoever_gave_no_way_to_be_reached(system):
    made = sent(system, route_in="self", what_matters="I cannot go on tonight.", person={"contacts": []})
    assert one("select urgency from referral where id = :id", id=made["id"]) == 0
    assert {number["number"] for number in made["emergency"]} >= {"999", "111"}


@pytest.mark.parametrize(
    "mistake",
    [
        {"needs": "loneliness"},
        {"priority": "soon"},
        {"person": {"nhs_number": "999 000 0000"}},
        {"colour": "red"},
    ],
    ids=lambda each: next(iter(each)),
)
def test_whoever_must_mend_a_body_that_speaks_of_danger_is_told_whom_to_ring(system, mistake):
    spoken = to_westfield(what_matters="I cannot go on tonight.", **mistake)
    refused = system("practice").post("/referrals", spoken)
    assert refused.status_code == 422
    assert refused.json["errors"]
    assert {number["number"] for number in refused.json["emergency"]} >= {"999", "111"}
    calm = system("practice").post("/referrals", to_westfield(**mistake))
    assert calm.status_code == 422
    assert "emergency" not in calm.json


def test_a_repeat_that_speaks_of_danger_is_told_whom_to_ring(system):
    body = to_westfield(what_matters=SAID)
    assert system("practice").post("/referrals", body).status_code == 201
    repeat = system("practice").post("/referrals", body)
    assert repeat.status_code == 409
    assert repeat.json["emergency"]


def test_an_act_that_is_refused_says_whom_to_ring_where_it_speaks_of_danger(system):
    made = sent(system)
    refused = system("worker").act(made["id"], "contact", mode="pigeon", note=SAID)
    assert refused.status_code == 422
    assert refused.json["emergency"]
    nothing = system("other-practice").act(made["id"], "contact", mode="phone", note=SAID)
    assert nothing.status_code == 404
