"""A discreet service never appears to others: whoever sent somebody reads of each passing on the same."""

from __future__ import annotations

import json

import pytest

from services.referrals.actions.questions import ask_question
from shared.auth import Caller, Kind, Membership, Role
from shared.clock import now
from tests.builders.referrals import one, sent
from tests.builders.referrals_world import ident

HIDDEN = {"team_id": None, "team_name": "A team that helps", "assignee": None}


@pytest.fixture
def moved(system):
    """`moved(to)`: sent for loneliness, taken on by the link workers, passed on, and taken on there."""

    def moves(to):
        made = sent(system)
        worker = system("worker")
        assert worker.act(made["id"], "accept", assignee_id=str(ident("worker"))).status_code == 200
        passed = worker.act(made["id"], "redirect", service_id=str(ident(to)), reason="better_fit")
        assert passed.status_code == 200, passed.json
        return made

    return moves


def reads(system, made, who="practice"):
    """All that the sender reads of it, and each part by itself."""
    caller = system(who)
    seen = caller.get(f"/referrals/{made['id']}").json
    (row,) = [row for row in caller.get("/referrals", view="sent").json["items"] if row["id"] == made["id"]]
    told = {
        "seen": seen,
        "row": row,
        "found": caller.post("/find", {"q": made["reference"]}).json,
        "history": caller.get(f"/referrals/{made['id']}/history").json,
        "events": caller.get("/events").json,
    }
    offered = ("eligible", "not_eligible", "unknown")
    seen["routing"] = {name: value for name, value in seen["routing"].items() if name not in offered}
    return told


def test_the_sender_reads_nothing_of_the_discreet_service_it_was_passed_on_to(system, moved):
    made = moved("york-haven")
    told = reads(system, made)
    assert told["seen"]["owner"] == told["row"]["owner"] == HIDDEN
    assert told["seen"]["routing"]["chosen"] is None
    assert told["row"]["service_name"] is None
    everything = json.dumps(told)
    for word in ("Haven", str(ident("york-haven")), str(ident("york-haven-team")), str(ident("haven"))):
        assert word not in everything


def test_what_is_passed_on_to_any_other_service_reads_the_same(system, moved):
    def outline(made):
        told = reads(system, made)
        del told["events"]
        text = json.dumps(told)
        for own in (made["id"], made["reference"]):
            text = text.replace(own, "")
        seen = json.loads(text)
        return (
            seen["seen"]["owner"],
            seen["seen"]["routing"],
            seen["row"]["service_name"],
            [item["act"] for item in seen["history"]["items"]],
        )

    assert outline(moved("york-haven")) == outline(moved("york-adult"))


def test_events_name_no_team_to_the_sender_that_it_was_passed_on_to(system, moved):
    moved("york-haven")
    redirected = [e for e in system("practice").get("/events").json["items"] if "redirected" in e["type"]]
    assert [event["data"]["team_id"] for event in redirected] == [None]
    theirs = [e for e in system("worker").get("/events").json["items"] if "received" in e["type"]]
    assert [event["data"]["team_id"] for event in theirs] == []


def test_a_question_of_the_discreet_service_names_no_team(system, moved):
    made = moved("york-haven")
    assert one("select owner_team_id from referral") == ident("york-haven-team")
    lead = Caller(
        sub=str(ident("york-haven-team-lead")), kind=Kind.PERSON, org=ident("haven"), sector="vcse",
        place=ident("york"), memberships=(Membership(ident("haven"), Role.LEAD, ident("york-haven-team")),),
        name="Lee", session="lead",
    )  # fmt: skip
    ask_question(made["id"], by=lead, at=now(), question="Is Wednesday a good day?")
    seen = system("practice").get(f"/referrals/{made['id']}").json
    assert [question["asked_by"] for question in seen["questions"]] == ["A team that helps"]


def test_whoever_chose_the_discreet_service_by_name_reads_its_name(system):
    made = sent(system, target_service_id=str(ident("york-haven")), needs=["domestic_abuse"])
    seen = system("practice").get(f"/referrals/{made['id']}").json
    assert seen["owner"]["team_id"] == str(ident("york-haven-team"))
    assert seen["routing"]["chosen"]["service_id"] == str(ident("york-haven"))


def test_what_comes_back_to_the_team_that_took_it_in_is_named_again(system, moved):
    made = moved("york-lac")
    back = system("other-worker").act(
        made["id"], "redirect", service_id=str(ident("westfield-link")), reason="better_fit"
    )
    assert back.status_code == 200, back.json
    seen = system("practice").get(f"/referrals/{made['id']}").json
    assert seen["owner"]["team_id"] == str(ident("westfield-link-team"))


def test_the_team_that_has_it_reads_its_own_name(system, moved):
    made = moved("york-lac")
    seen = system("other-worker").get(f"/referrals/{made['id']}").json
    assert seen["owner"]["team_id"] == str(ident("york-lac-team"))


def test_what_the_desk_chose_reads_the_same_whatever_it_chose(system):
    owners = []
    for service in ("york-haven", "york-adult"):
        made = sent(system)
        desk = str(ident("york-desk"))
        assert (
            system("worker").act(made["id"], "redirect", team_id=desk, reason="better_fit").status_code == 200
        )
        at_desk = system("practice").get(f"/referrals/{made['id']}").json
        assert at_desk["owner"]["team_id"] == desk
        routed = system("desk").act(made["id"], "route", service_id=str(ident(service)))
        assert routed.status_code == 200, routed.json
        seen = system("practice").get(f"/referrals/{made['id']}").json
        owners.append((seen["owner"], seen["routing"]["chosen"], seen["routing"]["state"]))
        assert system("practice").act(made["id"], "withdraw", reason="person_changed_mind").status_code == 200
    assert owners[0] == owners[1] == (HIDDEN, None, "routed")
