"""What the person agreed to is written down after the referral was sent, and counts at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from services.referrals.actions.rescue_lost import rescue_lost
from services.referrals.actions.route_waiting import route_waiting
from services.referrals.store.database import database
from services.referrals.store.directory import forget
from shared.clock import now
from tests.builders.referrals import one, rows, sent
from tests.builders.referrals_world import fill, ident

TEAM, DESK = str(ident("westfield-link-team")), str(ident("york-desk"))
PRACTICE, POLICE, PCN = (str(ident(word)) for word in ("westfield-surgery", "york-police", "york-pcn"))
ASKED = {"how": "by phone", "asked_by": "Pat"}
CONTACT = {"mode": "phone", "attended": True, "note": "We spoke."}


@pytest.fixture(autouse=True)
def the_world_again(app):
    yield
    fill(now())


def said(recipient="helpers", purpose="share_referral", agreed=True, **more):
    return {"recipient": recipient, "purpose": purpose, "agreed": agreed, **more}


def record(system, who, made, *answers):
    return system(who).act(made["id"], "agreements", agreement=list(answers))


def unasked(system, who="practice"):
    """Sent on explicit consent by somebody who could not ask: it waits at the desk."""
    made = sent(
        system, who, lawful_basis="explicit_consent", agreement=[], what_matters="I can't go on tonight"
    )
    assert made["owner"]["team_id"] == DESK
    return made


def from_police(system, **more):
    return sent(system, "police", agreement=[said()], **more)


def taken_up(system, made):
    for act, body in (("accept", {"assignee_id": str(ident("worker"))}), ("start", {"contact": CONTACT})):
        answer = system("worker").act(made["id"], act, **body)
        assert answer.status_code == 200, answer.json


def status_of(system, who, made):
    return system(who).get(f"/referrals/{made['id']}").json["status"]


def count():
    return one("select count(*) from agreement where recorded_at is not null")


@pytest.mark.parametrize("recipient", ["helpers", PCN])
def test_a_yes_written_down_by_the_sender_finds_a_team_at_once(system, recipient):
    made = unasked(system)
    route_waiting(at=now())
    assert system("worker").get(f"/referrals/{made['id']}").status_code == 404
    answer = record(system, "practice", made, said(recipient, **ASKED))
    assert answer.status_code == 200, answer.json
    assert answer.json["owner"]["team_id"] == TEAM
    assert answer.json["routing"]["state"] == "routed"
    assert system("worker").get(f"/referrals/{made['id']}").status_code == 200
    assert one("select count(*) from outbox where type = 'referral.routed.v1'") == 1


def test_with_the_directory_away_the_next_look_finds_the_team(system):
    made = unasked(system)
    with database.transaction() as session:
        session.execute(text("update directory_state set as_of = now() - interval '1 hour'"))
    forget()
    answer = record(system, "practice", made, said(**ASKED))
    assert answer.json["owner"]["team_id"] == DESK
    with database.transaction() as session:
        session.execute(text("update directory_state set as_of = now() + interval '1 day'"))
    forget()
    assert route_waiting(at=now()) == 1
    assert one("select owner_team_id from referral") == ident("westfield-link-team")


def test_the_desk_writes_down_a_yes_and_the_referral_leaves_it(system):
    made = unasked(system)
    answer = record(system, "desk", made, said(**ASKED))
    assert answer.status_code == 200, answer.json
    assert one("select owner_team_id from referral") == ident("westfield-link-team")


@pytest.mark.parametrize(
    ("recipient", "purpose"), [(PRACTICE, "feedback_to_sender"), (PRACTICE, "feedback_to_gp")]
)
def test_the_desk_writes_down_no_yes_to_feedback_but_any_no(system, recipient, purpose):
    made = unasked(system)
    about = said(recipient, purpose, **ASKED)
    refused = record(system, "desk", made, about)
    assert refused.status_code == 422
    assert [each["pointer"] for each in refused.json["errors"]] == ["/agreement/0/purpose"]
    assert count() == 0
    assert record(system, "desk", made, about | {"agreed": False}).status_code == 200
    assert count() == 1


def test_an_answer_that_opens_ones_own_eyes_says_who_asked_and_how(system):
    made = unasked(system)
    own = said(str(ident("york-council")))
    refused = record(system, "desk", made, own)
    assert refused.status_code == 422
    assert {each["pointer"] for each in refused.json["errors"]} == {
        "/agreement/0/how",
        "/agreement/0/asked_by",
    }
    assert count() == 0


def test_a_coarse_sender_is_told_more_once_the_person_agreed_and_no_longer_when_they_took_it_back(
    system, service
):
    made = from_police(system)
    taken_up(system, made)
    assert status_of(system, "police", made) == "received"
    told = record(system, "police", made, said(POLICE, "feedback_to_sender", **ASKED))
    assert (told.status_code, told.json["view"], told.json["status"]) == (200, "full", "in-progress")
    assert rows("select asked_by, how from agreement where purpose = 'feedback_to_sender'") == [ASKED]
    assert "referral.started.v1" in heard(system, "police")
    assert status_of(system, "police", made) == "in-progress"
    back = record(system, "worker", made, said(POLICE, "feedback_to_sender", agreed=False))
    assert back.status_code == 200
    seen = system("police").get(f"/referrals/{made['id']}").json
    assert (seen["view"], seen["status"]) == ("coarse", "received")
    (row,) = system("police").get("/referrals", view="sent").json["items"]
    assert row["status"] == "received"
    history = system("police").get(f"/referrals/{made['id']}/history").json["items"]
    assert [item["act"] for item in history] == ["submit", "receive", "agreement"]
    assert heard(system, "police") == {"referral.received.v1"}
    event = one("select id from outbox where type = 'referral.started.v1'")
    audience = service("notifications").get(
        f"/referrals/{made['id']}/audience", event="referral.started.v1", event_id=str(event)
    )
    assert POLICE not in audience.text


def heard(system, who):
    return {event["type"] for event in system(who).get("/events").json["items"]}


def test_a_coarse_sender_cannot_outweigh_the_no_the_person_gave_to_their_helper(system):
    made = from_police(system)
    taken_up(system, made)
    no = said(POLICE, "feedback_to_sender", agreed=False)
    assert record(system, "worker", made, no).status_code == 200
    refused = record(system, "police", made, said(POLICE, "feedback_to_sender", **ASKED))
    assert refused.status_code == 409
    assert status_of(system, "police", made) == "received"
    assert record(system, "worker", made, no | {"agreed": True}).status_code == 200
    assert status_of(system, "police", made) == "in-progress"


def test_a_coarse_sender_learns_nothing_from_what_it_or_the_team_writes_down(system):
    made = from_police(system)
    before = system("police").get(f"/referrals/{made['id']}").json
    taken_up(system, made)
    assert record(system, "worker", made, said("helpers", "know_of_each_other")).status_code == 200
    assert system("police").get(f"/referrals/{made['id']}").json == before
    history = system("police").get(f"/referrals/{made['id']}/history").json["items"]
    assert [item["act"] for item in history] == ["submit", "receive"]
    again = record(system, "police", made, said(PCN, agreed=True))
    assert again.json == before | {"emergency": []}


def test_inside_the_history_says_what_was_agreed_and_who_wrote_it_down(system):
    made = sent(system)
    assert record(system, "worker", made, said(PCN)).status_code == 200
    path = f"/referrals/{made['id']}/history"
    inside = system("worker").get(path).json["items"][-1]
    assert (inside["act"], inside["label"]) == ("agreement", "What the person agreed to was written down")
    assert inside["content"].endswith("may see this referral: yes")
    assert inside["by"]
    assert "agreement" not in {item["act"] for item in system("practice").get(path).json["items"]}
    assert record(system, "practice", made, said(agreed=True)).status_code == 200
    outside = system("practice").get(path).json["items"][-1]
    assert (outside["act"], outside["by"], outside["content"]) == ("agreement", None, None)
    assert one("select count(*) from access_log where act = 'agreement'") == 2
    assert one("select count(*) from outbox where subject = :id", id=made["id"]) == 2


def test_taken_back_before_it_was_taken_up_it_goes_back_to_the_desk(system):
    made = sent(system)
    assert system("worker").get(f"/referrals/{made['id']}").status_code == 200
    assert record(system, "practice", made, said(agreed=False)).status_code == 200
    for path in (f"/referrals/{made['id']}", f"/referrals/{made['id']}/history"):
        assert system("worker").get(path).status_code == 404
    assert system("worker").get("/referrals", view="queue").json["items"] == []
    assert rescue_lost(at=now()).rescued == 1
    (row,) = rows("select owner_team_id, routing_state from referral")
    assert (str(row["owner_team_id"]), row["routing_state"]) == (DESK, "unrouted")


def test_taken_back_after_it_was_taken_up_the_team_keeps_its_own_record(system):
    made = sent(system)
    taken_up(system, made)
    assert record(system, "worker", made, said(agreed=False)).status_code == 200
    assert system("worker").get(f"/referrals/{made['id']}").status_code == 200
    assert rescue_lost(at=now()).rescued == 0


def test_a_worker_who_writes_down_the_no_to_their_own_team_has_a_last_look(system):
    made = sent(system)
    answer = record(system, "worker", made, said(agreed=False))
    assert answer.status_code == 200
    assert answer.json["sent"] is None
    assert system("worker").get(f"/referrals/{made['id']}").status_code == 404


def test_the_same_answer_again_by_the_same_account_changes_nothing(system):
    made = sent(system)
    version = "select version from referral"
    assert record(system, "practice", made, said("helpers", "know_of_each_other", **ASKED)).status_code == 200
    before = one(version)
    again = record(system, "practice", made, said("helpers", "know_of_each_other", **ASKED))
    assert (again.status_code, one(version), count()) == (200, before, 1)
    record(system, "worker", made, said("helpers", "know_of_each_other", **ASKED))
    record(system, "practice", made, said("helpers", "know_of_each_other", agreed=False, **ASKED))
    record(system, "practice", made, said("helpers", "know_of_each_other", **ASKED))
    assert count() == 4


def test_a_worker_writes_down_that_the_sender_is_to_hear_no_more(system):
    made = sent(system)
    taken_up(system, made)
    no = said(PRACTICE, "feedback_to_sender", agreed=False)
    assert record(system, "worker", made, no).status_code == 200
    seen = system("practice").get(f"/referrals/{made['id']}").json
    assert (seen["view"], seen["status"]) == ("coarse", "received")


def test_two_at_once_are_one_after_the_other(system):
    made = sent(system)
    answer = said("helpers", "know_of_each_other", **ASKED)
    with ThreadPoolExecutor(4) as pool:
        codes = list(pool.map(lambda _: record(system, "practice", made, answer).status_code, range(4)))
    assert (codes, count()) == ([200] * 4, 1)


def test_a_clock_ahead_of_ours_does_not_outlast_a_no(system):
    made = sent(system)
    soon = (now() + timedelta(minutes=4)).isoformat()
    assert record(system, "practice", made, said(PCN, at=soon)).status_code == 200
    assert record(system, "practice", made, said(PCN, at=soon)).status_code == 200
    assert count() == 1
    assert record(system, "practice", made, said(PCN, agreed=False)).status_code == 200
    assert system("worker").get(f"/referrals/{made['id']}").status_code == 404


def test_an_older_answer_does_not_go_above_a_later_one(system):
    made = sent(system)
    assert record(system, "practice", made, said(agreed=False)).status_code == 200
    earlier = (now() - timedelta(days=2)).isoformat()
    assert record(system, "practice", made, said(at=earlier)).status_code == 200
    assert system("worker").get(f"/referrals/{made['id']}").status_code == 404


def test_words_of_danger_said_with_an_answer_are_heeded(system):
    made = sent(system)
    told = record(system, "practice", made, said(how="She said she wants to end her life tonight"))
    assert told.status_code == 200
    assert told.json["emergency"]
    assert one("select urgency from referral") == 0


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"at": "2999-01-01T00:00:00Z"}, "/agreement/0/at"),
        ({"at": "1899-01-01T00:00:00Z"}, "/agreement/0/at"),
        ({"recipient": "the council"}, "/agreement/0/recipient"),
        ({"purpose": "marketing"}, "/agreement/0/purpose"),
        ({"how": "\x00"}, "/agreement/0/how"),
        ({"asked_by": "x" * 501}, "/agreement/0/asked_by"),
        ({"agreed": None}, "/agreement/0/agreed"),
        ({"surprise": 1}, "/agreement/0/surprise"),
        ({"recipient": POLICE, "purpose": "feedback_to_sender"}, "/agreement/0/recipient"),
        ({"recipient": PCN, "purpose": "know_of_each_other"}, "/agreement/0/recipient"),
    ],
)
def test_what_cannot_be_taken_is_refused_by_name(system, wrong, pointer):
    made = sent(system)
    answer = record(system, "practice", made, said() | wrong)
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json["errors"]] == [pointer]
    assert count() == 0


@pytest.mark.parametrize("many", [0, 31])
def test_at_least_one_answer_and_at_most_thirty(system, many):
    made = sent(system)
    answer = record(system, "practice", made, *[said()] * many)
    assert (answer.status_code, count()) == (422, 0)
    assert [each["pointer"] for each in answer.json["errors"]] == ["/agreement"]


def test_one_answer_that_cannot_be_taken_keeps_back_those_beside_it(system):
    made = sent(system)
    tomorrow = (now() + timedelta(days=1)).isoformat()
    answer = record(system, "practice", made, said(PCN), said(at=tomorrow))
    assert [each["pointer"] for each in answer.json["errors"]] == ["/agreement/1/at"]
    assert count() == 0


def test_to_those_without_a_part_there_is_no_such_referral(system):
    made = sent(system)
    for who in ("other-practice", "other-worker", "police", "charity"):
        theirs = record(system, who, made, said())
        nobodys = record(system, who, {"id": uuid4()}, said())
        assert theirs.status_code == nobodys.status_code == 404
        assert theirs.json["detail"] == nobodys.json["detail"]
    assert count() == 0


def test_on_a_closed_one_an_answer_is_still_written_down(system):
    made = sent(system, agreement=[said(), said(PRACTICE, "feedback_to_sender")])
    assert system("worker").act(made["id"], "decline", reason="no_capacity").status_code == 200
    assert status_of(system, "practice", made) == "rejected"
    no = said(PRACTICE, "feedback_to_sender", agreed=False)
    assert record(system, "worker", made, no).status_code == 200
    assert status_of(system, "practice", made) == "closed"
    assert record(system, "worker", made, no | {"agreed": True}).status_code == 200
    assert status_of(system, "practice", made) == "rejected"


def test_about_what_was_sent_in_error_nothing_is_written_down(system):
    made = sent(system)
    assert system("practice").act(made["id"], "void", reason="Twice.").status_code == 200
    assert record(system, "practice", made, said()).status_code == 409
    assert count() == 0


def test_an_answer_does_not_stand_in_the_way_of_an_undo(system):
    made = sent(system)
    assert system("worker").act(made["id"], "accept", assignee_id=str(ident("worker"))).status_code == 200
    assert record(system, "worker", made, said(PCN)).status_code == 200
    assert system("worker").act(made["id"], "undo").status_code == 200
