"""What the person agrees to, or takes back, after the referral was sent."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from services.referrals.actions.rescue_lost import rescue_lost
from services.referrals.actions.route_waiting import route_waiting
from shared.clock import now
from tests.builders.referrals import one, rows, sent
from tests.builders.referrals_world import ident

WORKER = str(ident("worker"))
PCN = str(ident("york-pcn"))


def answer(agreed=True, purpose="share_referral", recipient="helpers", **more):
    return {"recipient": recipient, "purpose": purpose, "agreed": agreed, "how": "by phone"} | more


def record(system, who, referral, *answers):
    return system(who).act(referral["id"], "agreements", agreement=list(answers))


def no_yet(**changes):
    """Agreement is the one basis, and the team was not asked about: it waits at the desk."""
    other = answer(recipient=str(ident("moving-more")))
    return {"lawful_basis": "explicit_consent", "agreement": [other], **changes}


def test_a_yes_given_later_lets_what_waits_at_the_desk_find_its_team(system):
    made = sent(system, **no_yet())
    assert made["routing"]["state"] == "unrouted"
    route_waiting(at=now())
    assert one("select routing_state from referral") == "unrouted"
    told = record(system, "practice", made, answer(recipient=PCN))
    assert told.status_code == 200, told.json
    now_it = system("worker").get(f"/referrals/{made['id']}").json
    assert now_it["owner"]["team_id"] == str(ident("westfield-link-team"))


def test_the_duty_desk_writes_down_a_yes_it_heard_and_nothing_else(system):
    made = sent(system, **no_yet())
    refused = record(system, "desk", made, answer(purpose="feedback_to_gp", recipient=PCN))
    assert refused.status_code == 422
    assert refused.json["errors"][0]["pointer"] == "/agreement/0/purpose"
    assert record(system, "desk", made, answer(recipient=PCN)).status_code == 200


def test_taken_back_before_it_was_taken_up_the_team_loses_it_to_the_desk(system):
    made = sent(system, agreement=[answer()])
    assert system("worker").get(f"/referrals/{made['id']}").status_code == 200
    assert record(system, "practice", made, answer(False)).status_code == 200
    assert system("worker").get(f"/referrals/{made['id']}").status_code == 404
    assert system("worker").get("/referrals", view="queue").json["items"] == []
    assert system("worker").get(f"/referrals/{made['id']}/history").status_code == 404
    assert rescue_lost(at=now()).rescued == 1
    assert one("select owner_team_id from referral") == ident("york-desk")


def test_what_a_team_has_taken_up_stays_its_own_record(system):
    made = sent(system, agreement=[answer()])
    system("worker").act(made["id"], "accept", assignee_id=WORKER)
    assert record(system, "worker", made, answer(False)).status_code == 200
    assert system("worker").get(f"/referrals/{made['id']}").status_code == 200


def test_a_worker_writes_down_that_the_sender_is_to_hear_no_more(system):
    made = sent(system)
    system("worker").act(made["id"], "accept", assignee_id=WORKER)
    to_sender = answer(False, "feedback_to_sender", str(ident("westfield-surgery")))
    assert record(system, "worker", made, to_sender).status_code == 200
    coarse = system("practice").get(f"/referrals/{made['id']}").json
    assert (coarse["view"], coarse["status"]) == ("coarse", "received")


def test_police_who_asked_may_be_told_more_and_it_is_written_down_who_asked(system):
    made = sent(system, "police")
    assert made["view"] == "coarse"
    yes = answer(purpose="feedback_to_sender", recipient=str(ident("york-police")), asked_by="PC Example")
    told = record(system, "police", made, yes)
    assert told.status_code == 200, told.json
    assert told.json["view"] == "full"
    kept = rows("select asked_by, how from agreement where purpose = 'feedback_to_sender'")
    assert kept == [{"asked_by": "PC Example", "how": "by phone"}]


def test_a_coarse_sender_learns_nothing_by_writing_down_another_answer(system):
    untouched, worked = sent(system, "police"), sent(system, "police", person={"given_name": "Bea"})
    system("worker").act(worked["id"], "accept", assignee_id=WORKER)
    told = [record(system, "police", each, answer()).json for each in (untouched, worked)]
    hidden = ("id", "reference", "submitted_at", "sent", "version", "agreements")
    first, second = ({k: v for k, v in each.items() if k not in hidden} for each in told)
    assert first == second


@pytest.mark.parametrize("who", ["charity", "other-practice", "other-worker"])
def test_whoever_has_no_part_is_told_that_there_is_nothing(system, who):
    made = sent(system)
    assert record(system, who, made, answer()).status_code == 404


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ([], "/agreement"),
        ([answer(purpose="anything")], "/agreement/0/purpose"),
        ([answer(recipient="somebody")], "/agreement/0/recipient"),
        ([answer(), answer(at=(now() + timedelta(days=1)).isoformat())], "/agreement/1/at"),
        ([answer(purpose="feedback_to_gp", recipient="helpers", how="\u0000")], "/agreement/0/how"),
        ([answer()] * 31, "/agreement"),
    ],
)
def test_an_answer_that_cannot_be_kept_is_named_and_none_is_kept(system, given, pointer):
    made = sent(system)
    before = one("select count(*) from agreement")
    refused = system("practice").act(made["id"], "agreements", agreement=given)
    assert refused.status_code == 422, refused.json
    assert pointer in {problem["pointer"] for problem in refused.json["errors"]}
    assert one("select count(*) from agreement") == before


def test_an_older_answer_does_not_go_above_a_later_one(system):
    made = sent(system)
    assert record(system, "practice", made, answer(False)).status_code == 200
    earlier = (now() - timedelta(days=2)).isoformat()
    assert record(system, "practice", made, answer(at=earlier)).status_code == 200
    assert system("worker").get(f"/referrals/{made['id']}").status_code == 404


def test_the_same_answer_twice_and_at_once_is_kept_once(system):
    made = sent(system)
    before = one("select count(*) from agreement")
    given = answer(purpose="know_of_each_other")
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: record(system, "practice", made, given).status_code, range(6)))
    assert answers == [200] * 6
    assert one("select count(*) from agreement") == before + 1


def test_it_can_be_taken_back_after_the_end_but_not_of_one_entered_in_error(system):
    made = sent(system)
    system("practice").act(made["id"], "withdraw", reason="no_longer_needed")
    assert record(system, "practice", made, answer(False)).status_code == 200
    wrong = sent(system, person={"given_name": "Cai"})
    system("practice").act(wrong["id"], "void", reason="wrong_person")
    assert record(system, "practice", wrong, answer(False)).status_code in (404, 409)


def test_who_wrote_it_down_is_in_the_access_log(system):
    made = sent(system)
    record(system, "practice", made, answer())
    assert one("select count(*) from access_log where act = 'agreement'") == 1


def test_words_of_danger_said_with_an_answer_are_heeded(system):
    made = sent(system)
    told = record(system, "practice", made, answer(how="She said she wants to end her life tonight"))
    assert told.status_code == 200
    assert told.json["emergency"]
    assert one("select urgency from referral") == 0
