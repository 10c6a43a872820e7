"""Danger said in any text of a referral, at any time, puts it at the top; nothing is refused for it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.referrals.domain.working_days import end_of_working_day_after
from shared.clock import now
from tests.builders.referrals import one, rows, sent
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
