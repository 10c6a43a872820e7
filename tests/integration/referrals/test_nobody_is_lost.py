"""Whatever is done to a referral, in any order: open means owned, with a next action."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.referrals.domain.states import OPEN
from shared.clock import now, uk_date
from tests.builders.referrals import one, rows, sent
from tests.builders.referrals_world import ident

SOON = (uk_date(now()) + timedelta(days=30)).isoformat()
STEPS = [
    ("worker", "accept", {"assignee_id": str(ident("worker"))}),
    ("lead", "accept", {"assignee_id": str(ident("colleague"))}),
    ("worker", "decline", {"reason": "no_capacity"}),
    ("worker", "ask", {"question": "Which day?"}),
    ("practice", "answer", {"answer": "Wednesday."}),
    ("lead", "reassign", {"assignee_id": str(ident("lead"))}),
    ("worker", "release", {"reason": "caseload"}),
    ("worker", "redirect", {"team_id": str(ident("york-adult-team")), "reason": "better_fit"}),
    ("worker", "start", {"contact": {"mode": "phone"}}),
    ("worker", "contact", {"mode": "visit", "attended": False}),
    ("worker", "hold", {"reason": "not_now", "review_on": SOON}),
    ("worker", "resume", {}),
    ("worker", "complete", {"outcomes": [{"need": "loneliness", "outcome": "met"}], "ended_by": "together"}),
    ("worker", "fail", {"attempts": 3}),
    ("practice", "withdraw", {"reason": "no_longer_needed"}),
    ("lead", "reopen", {"reason": "reached_now"}),
    ("worker", "undo", {}),
]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(STEPS), min_size=3, max_size=14))
def test_open_always_means_owned_with_a_next_action(system, steps):
    made = sent(system)
    for who, act, body in steps:
        listed = system(who).get(f"/referrals/{made['id']}")
        answer = system(who).act(made["id"], act, **body)
        assert answer.status_code in (200, 404, 409, 422), answer.json
        if answer.status_code == 409:
            can = {a["act"] for a in listed.json["available_actions"]}
            assert {a["act"] for a in answer.json["available_actions"]} == can
        query = "select status, owner_team_id, next_action_at, closed_at from referral where id = :id"
        (row,) = rows(query, id=made["id"])
        if row["status"] in set(OPEN):
            assert row["owner_team_id"] is not None
            assert row["next_action_at"] is not None
        last = "select to_status from move where referral_id = :id order by id desc limit 1"
        assert one(last, id=made["id"]) == row["status"]
        assert system("charity").get(f"/referrals/{made['id']}").status_code == 404
