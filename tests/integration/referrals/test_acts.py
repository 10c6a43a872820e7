"""What is done to a referral through the API: by whom, from where, and what is written down."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from services.referrals.actions.ending import undo_last
from services.referrals.domain.moves import UNDO_WITHIN
from services.referrals.domain.states import MOVES, Act, State
from services.referrals.store.database import database
from shared.clock import now, uk_date
from shared.errors import Conflict
from tests.builders.referrals import as_system, one, rows, sent
from tests.builders.referrals_world import ident

SOON = (uk_date(now()) + timedelta(days=14)).isoformat()
MET = [{"need": "loneliness", "outcome": "met"}]
WORKER = str(ident("worker"))
BODIES = {
    "accept": {"assignee_id": WORKER},
    "decline": {"reason": "no_capacity"},
    "ask": {"question": "Which surgery session suits her?"},
    "answer": {"answer": "Wednesday."},
    "reassign": {"assignee_id": str(ident("colleague"))},
    "redirect": {"service_id": str(ident("york-adult")), "reason": "better_fit"},
    "route": {"service_id": str(ident("york-adult"))},
    "release": {"reason": "absence"},
    "start": {"contact": {"mode": "phone", "note": "Spoke for a while", "length": 20}},
    "hold": {"reason": "not_now", "review_on": SOON},
    "resume": {},
    "complete": {"outcomes": MET, "ended_by": "together"},
    "fail": {"attempts": 3},
    "withdraw": {"reason": "no_longer_needed"},
    "void": {"reason": "wrong_person"},
    "reopen": {"reason": "person_came_back"},
    "undo": {},
}
LEADS_TO = {
    "received": [],
    "accepted": ["accept"],
    "in-progress": ["accept", "start"],
    "on-hold": ["accept", "hold"],
    "completed": ["accept", "complete"],
    "rejected": ["decline"],
    "cancelled": ["withdraw"],
    "failed": ["accept", "fail"],
    "entered-in-error": ["void"],
}
CALLS = ("practice", "worker", "lead", "desk", "police", "charity", "other-worker", "other-practice")


def brought_to(system, state):
    """A referral in this state, by real acts; what was done last is too old to undo."""
    made = sent(system)
    for act in LEADS_TO[state]:
        who = "practice" if act in ("withdraw", "void") else "worker"
        answer = system(who).act(made["id"], act, **BODIES[act])
        assert answer.status_code == 200, (act, answer.json)
        assert answer.json["status"] == (state if act == LEADS_TO[state][-1] else answer.json["status"])
    return made


def may(act, state, who):
    """What the table says of this act here, for this caller's standing."""
    move = next(m for m in MOVES if m.act.value == act)
    standing = {"practice": {"sender"}, "worker": {"worker"}, "lead": {"lead", "worker"}}[who]
    return State(state) in move.sources and bool(standing & {w.value for w in move.who})


SAMPLED = {"received", "completed"}
STATES = [
    pytest.param(state, marks=() if state in SAMPLED else pytest.mark.deep) for state in sorted(LEADS_TO)
]


@pytest.mark.parametrize("act", sorted(set(BODIES) - {"undo", "answer", "route"}))
@pytest.mark.parametrize("state", STATES)
def test_an_act_is_possible_exactly_where_the_table_says(system, act, state):
    """Every state × act × role, and every caller without a part is told that there is nothing."""
    made = brought_to(system, state)
    for outsider in ("police", "charity", "other-worker", "other-practice", "desk"):
        assert system(outsider).act(made["id"], act, **BODIES[act]).status_code == 404
    for who in ("practice", "lead", "worker"):
        before = one("select count(*) from move where referral_id = :id", id=made["id"])
        listed = {a["act"] for a in system(who).get(f"/referrals/{made['id']}").json["available_actions"]}
        answer = system(who).act(made["id"], act, **BODIES[act])
        written = one("select count(*) from move where referral_id = :id", id=made["id"]) - before
        if act in listed and answer.status_code == 200:
            assert may(act, state, who)
            assert written == 1
            return
        if act in listed:
            assert answer.status_code in (409, 422), answer.json
        elif answer.status_code == 200:
            # Done already, by this very caller.
            assert written == 0
        else:
            assert answer.status_code in (404, 409), answer.json
            if answer.status_code == 409:
                assert {a["act"] for a in answer.json["available_actions"]} == listed
        assert written == 0


def test_accepting_puts_it_on_the_workers_caseload(system):
    made = sent(system)
    answer = system("worker").act(made["id"], "accept", assignee_id=WORKER)
    assert answer.status_code == 200, answer.json
    assert answer.json["status"] == "accepted"
    assert answer.json["owner"]["assignee"] == {"id": WORKER, "name": "Jo Worker"}
    (event,) = rows("select type, data from outbox where type = 'referral.accepted.v1'")
    assert event["data"]["hold_seconds"] == 60


def test_a_system_that_names_nobody_is_told_to_outside_the_demo(system):
    made = sent(system)
    answer = system("worker").act(made["id"], "accept")
    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"] == "/assignee_id"


def test_in_the_demo_a_system_may_leave_the_worker_to_us(system, monkeypatch):
    monkeypatch.setenv("LINKWORK_MODE", "embedded")
    made = sent(system)
    answer = system("worker").act(made["id"], "accept")
    assert answer.status_code == 200, answer.json
    assert answer.json["owner"]["assignee"]["name"] in ("Jo Worker", "Lee Lead", "Sam Colleague")


def test_nobody_from_another_team_can_be_given_it(system):
    made = sent(system)
    answer = system("worker").act(made["id"], "accept", assignee_id=str(ident("other-worker")))
    assert answer.status_code == 422


def test_the_same_act_by_the_same_caller_twice_changes_nothing(system):
    made = sent(system)
    for _ in range(2):
        assert system("worker").act(made["id"], "accept", **BODIES["accept"]).status_code == 200
    assert one("select count(*) from move where act = 'accept'") == 1
    assert one("select count(*) from outbox where type = 'referral.accepted.v1'") == 1


def test_the_same_act_by_another_is_a_conflict_that_names_who_did_it(system):
    made = sent(system)
    system("worker").act(made["id"], "accept", **BODIES["accept"])
    answer = system("colleague").act(made["id"], "accept", assignee_id=str(ident("colleague")))
    assert answer.status_code == 409
    assert "worker's system" in answer.json["detail"]
    assert "start" in {a["act"] for a in answer.json["available_actions"]}


def test_a_pass_back_says_neutral_words_outside_and_the_reason_inside(system):
    said = {}
    for reason in ("already_supported", "person_declined", "unable_to_contact", "other"):
        made = sent(system)
        answer = system("worker").act(made["id"], "decline", reason=reason, text="for the team")
        assert answer.json["status"] == "rejected"
        seen = system("practice").get(f"/referrals/{made['id']}").json
        history = system("practice").get(f"/referrals/{made['id']}/history").json["items"]
        assert history[-1]["outside"] == seen["outside"]
        assert history[-1]["reason"] is None
        assert history[-1]["by"] is None
        assert reason == "other" or reason not in str(seen)
        assert "for the team" not in str(seen)
        said[reason] = seen["outside"]
        inside = system("worker").get(f"/referrals/{made['id']}/history").json["items"]
        assert inside[-1]["reason"] == reason
    assert len(set(said.values())) == 1


def test_a_question_moves_the_next_action_to_the_sender_and_the_answer_back(system):
    made = sent(system)
    asked = system("worker").act(made["id"], "ask", question="Which session?").json
    assert asked["next_action_by"] == "sender"
    assert asked["status"] == "received"
    assert asked["owner"]["team_id"] == str(ident("westfield-link-team"))
    waiting = system("practice").get("/referrals", view="asked").json["items"]
    assert [item["id"] for item in waiting] == [made["id"]]
    seen = system("practice").get(f"/referrals/{made['id']}").json
    assert seen["questions"][0]["question"] == "Which session?"
    answered = system("practice").act(made["id"], "answer", answer="Wednesday.").json
    assert answered["next_action_by"] == "team"
    assert system("worker").get(f"/referrals/{made['id']}").json["questions"][0]["answer"] == "Wednesday."
    assert system("practice").act(made["id"], "answer", answer="Thursday.").status_code == 409


def test_holding_and_resuming_come_back_to_the_state_before(system):
    made = brought_to(system, "in-progress")
    held = system("worker").act(made["id"], "hold", **BODIES["hold"]).json
    assert held["status"] == "on-hold"
    assert held["next_action_at"].startswith(SOON)
    assert system("worker").act(made["id"], "resume").json["status"] == "in-progress"


def test_completing_needs_an_outcome_for_each_need(system):
    made = sent(system, needs=["loneliness", "housing"])
    system("worker").act(made["id"], "accept", **BODIES["accept"])
    missing = system("worker").act(made["id"], "complete", outcomes=MET, ended_by="together")
    assert missing.status_code == 422
    assert "housing" in missing.json["errors"][0]["detail"]
    both = [*MET, {"need": "housing", "outcome": "not_met", "text": "waiting list"}]
    done = system("worker").act(made["id"], "complete", outcomes=both, ended_by="together")
    assert done.json["status"] == "completed"
    seen = system("practice").get(f"/referrals/{made['id']}").json["outcomes"]
    assert {o["need"]: (o["outcome"], o["text"]) for o in seen} == {
        "loneliness": ("met", None),
        "housing": ("not_met", None),
    }


def test_they_are_called_unreachable_only_after_the_attempts(system):
    made = sent(system)
    system("worker").act(made["id"], "accept", **BODIES["accept"])
    assert system("worker").act(made["id"], "fail", attempts=1).status_code == 409
    tried = [{"mode": "phone", "attended": False}] * 3
    assert system("worker").act(made["id"], "fail", attempts=tried).json["status"] == "failed"
    assert one("select count(*) from contact") == 3


def test_an_attempt_recorded_counts_towards_being_unreachable(system):
    made = brought_to(system, "accepted")
    for _ in range(2):
        answer = system("worker").act(made["id"], "contact", mode="phone", attended=False)
        assert answer.json["status"] == "accepted"
    assert system("worker").act(made["id"], "fail", attempts=1).json["status"] == "failed"


@pytest.mark.parametrize("act", ["accept", "decline", "complete"])
def test_an_act_can_be_undone_for_a_minute_and_its_event_is_named(system, act):
    made = sent(system)
    if act == "complete":
        system("worker").act(made["id"], "accept", **BODIES["accept"])
    before = system("worker").get(f"/referrals/{made['id']}").json
    done = system("worker").act(made["id"], act, **BODIES[act]).json
    assert done["undo_until"]
    undone = system("worker").act(made["id"], "undo")
    assert undone.status_code == 200, undone.json
    assert undone.json["status"] == before["status"]
    assert undone.json["owner"] == before["owner"]
    assert undone.json["next_action_at"] == before["next_action_at"]
    past = {"accept": "accepted", "decline": "declined", "complete": "completed"}[act]
    event = one("select id from outbox where type = :type", type=f"referral.{past}.v1")
    assert one("select data->>'undoes' from outbox where type = 'referral.undone.v1'") == str(event)
    assert one("select count(*) from outcome") == 0


def test_after_a_minute_nothing_is_undone(system):
    made = sent(system)
    system("worker").act(made["id"], "decline", reason="no_capacity")
    with database.transaction() as session:
        session.execute(text("alter table move disable trigger user"))
        session.execute(text("update move set at = at - interval '61 seconds' where act = 'decline'"))
        session.execute(text("alter table move enable trigger user"))
    assert system("worker").act(made["id"], "undo").status_code == 409


def test_waiting_for_somebody_else_does_not_lengthen_the_minute(system):
    made = sent(system)
    system("worker").act(made["id"], "accept", **BODIES["accept"])
    done_at = one("select at from move where act = 'accept'")
    asked_at = done_at + UNDO_WITHIN - timedelta(seconds=0.2)
    worker = as_system("worker")
    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as other:
            other.execute(text("select 1 from referral for update"))
            undoing = pool.submit(undo_last, UUID(made["id"]), by=worker, at=asked_at)
            wait_for_lock()
            time.sleep(0.3)
        with pytest.raises(Conflict, match="60 seconds"):
            undoing.result()
    assert one("select status from referral") == "accepted"
    undo_last(UUID(made["id"]), by=worker, at=done_at + UNDO_WITHIN - timedelta(seconds=30))
    assert one("select status from referral") == "received"


def wait_for_lock():
    """Until somebody waits for a row that is locked."""
    while not one("select count(*) from pg_stat_activity where wait_event_type = 'Lock'"):
        time.sleep(0.01)


OTHERWISE = {
    "accept": ({"assignee_id": str(ident("colleague"))}, {"assignee_id": WORKER, "status": "accepted"}),
    "decline": ({"reason": "out_of_area"}, {"status": "rejected"}),
    "start": ({"contact": {"mode": "visit"}}, {"status": "in-progress"}),
    "hold": ({"reason": "waiting_list", "review_on": SOON}, {"review_on": SOON, "status": "on-hold"}),
    "complete": ({"outcomes": MET, "ended_by": "person"}, {"status": "completed"}),
    "fail": ({"attempts": 4}, {"status": "failed"}),
}


@pytest.mark.parametrize("act", OTHERWISE)
def test_the_same_act_again_changes_nothing_and_with_other_content_says_what_is_there(system, act):
    made = sent(system)
    if act not in ("accept", "decline"):
        system("worker").act(made["id"], "accept", **BODIES["accept"])
    worker = system("worker")
    assert worker.act(made["id"], act, **BODIES[act]).status_code == 200
    moves = one("select count(*) from move")
    assert worker.act(made["id"], act, **BODIES[act]).status_code == 200
    other, there = OTHERWISE[act]
    refused = worker.act(made["id"], act, **other)
    assert refused.status_code == 409, refused.json
    assert "You have already done this with other content" in refused.json["detail"]
    assert there.items() <= refused.json["existing"].items()
    assert "available_actions" in refused.json
    assert one("select count(*) from move") == moves


def test_another_review_day_is_other_content(system):
    made = sent(system)
    worker = system("worker")
    worker.act(made["id"], "accept", **BODIES["accept"])
    worker.act(made["id"], "hold", **BODIES["hold"])
    later = (uk_date(now()) + timedelta(days=21)).isoformat()
    refused = worker.act(made["id"], "hold", reason="not_now", review_on=later)
    assert refused.status_code == 409
    assert refused.json["existing"]["review_on"] == SOON


def test_nobody_undoes_what_another_did(system):
    made = sent(system)
    system("worker").act(made["id"], "decline", reason="no_capacity")
    assert system("colleague").act(made["id"], "undo").status_code == 409


def test_passing_on_needs_a_sharing_agreement(system):
    made = sent(system)
    answer = system("worker").act(
        made["id"], "redirect", service_id=str(ident("york-riverside")), reason="better_fit"
    )
    assert answer.status_code == 409
    assert "sharing agreement" in answer.json["detail"]
    assert answer.json["available_actions"]


def test_passing_on_respects_a_no_of_the_person(system):
    no = {"recipient": str(ident("york-council")), "purpose": "share_referral", "agreed": False}
    made = sent(system, agreement=[no])
    answer = system("worker").act(
        made["id"], "redirect", service_id=str(ident("york-adult")), reason="better_fit"
    )
    assert answer.status_code == 409


def test_what_was_passed_on_is_the_other_teams_alone(system):
    made = sent(system)
    answer = system("worker").act(made["id"], "redirect", **BODIES["redirect"])
    assert answer.status_code == 200, answer.json
    assert answer.json["owner"]["team_id"] == str(ident("york-adult-team"))
    assert answer.json["sent"] is None
    assert system("worker").get(f"/referrals/{made['id']}").status_code == 404


def test_opening_again_is_refused_where_the_sender_has_sent_it_anew(system):
    person = {"given_name": "Ada", "family_name": "Again", "nhs_number": None}
    first = sent(system, person=person)
    system("worker").act(first["id"], "decline", reason="no_capacity")
    sent(system, person=person)
    answer = system("worker").act(first["id"], "reopen", reason="person_came_back")
    assert answer.status_code == 409
    assert answer.json["type"].endswith("/already-open")


def test_every_act_is_in_the_access_log(system):
    made = brought_to(system, "completed")
    acts = [row["act"] for row in rows("select act from access_log order by id")]
    assert acts == ["submit", "accept", "complete"]
    system("practice").get(f"/referrals/{made['id']}")
    assert one("select act from access_log order by id desc limit 1") == "read"


def test_the_desk_chooses_a_team_for_what_nobody_has(system):
    made = sent(system, target_service_id=str(ident("york-riverside")))
    (waiting,) = system("desk").get("/referrals", view="unrouted").json["items"]
    assert waiting["id"] == made["id"]
    answer = system("desk").act(made["id"], "route", service_id=str(ident("westfield-link")))
    assert answer.status_code == 200, answer.json
    assert answer.json["owner"]["team_id"] == str(ident("westfield-link-team"))
    assert system("desk").get("/referrals", view="unrouted").json["items"] == []
    assert system("worker").act(made["id"], "accept", **BODIES["accept"]).status_code == 200


def test_history_refuses_to_be_changed(system):
    sent(system)
    for statement in (
        "update move set act = 'x'",
        "delete from move",
        "truncate move",
        "delete from access_log",
    ):
        with pytest.raises(Exception, match="append-only"), database.transaction() as session:
            session.execute(text(statement))


def test_the_database_refuses_an_open_referral_nobody_owns(system):
    sent(system)
    for column in ("owner_team_id", "next_action_at"):
        with pytest.raises(Exception, match="ck_referral_open_is_owned"), database.transaction() as session:
            session.execute(text(f"update referral set {column} = null"))  # noqa: S608 fixed names


def test_every_act_of_the_table_has_an_address(app):
    paths = {str(rule) for rule in app.url_map.iter_rules()}
    reachable = {act for act in Act if f"/api/v1/referrals/<uuid:referral_id>/{act}" in paths}
    assert set(Act) - reachable == {Act.SUBMIT, Act.RECEIVE, Act.ESCALATE, Act.CHASE, Act.ADD}
