"""More than anybody means, and what no database can hold, is refused by name and stored nowhere."""

from __future__ import annotations

import json

import pytest

from services.referrals.actions.check_request import MOST_LISTED
from services.referrals.actions.helping import MOST_ATTEMPTS
from tests.builders.referrals import one, sent, to_westfield
from tests.builders.referrals_world import ident

MANY = MOST_LISTED + 1
CONTACT = {"channel": "pigeon", "value": ""}
AGREEMENT = {"recipient": "helpers", "purpose": "share_referral", "agreed": True}


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"needs": ["loneliness"] * MANY}, "/needs"),
        ({"agreement": [AGREEMENT] * MANY}, "/agreement"),
        ({"restricted_to": [str(ident("worker"))] * MANY}, "/restricted_to"),
        ({"person": {"contacts": [CONTACT] * MANY}}, "/person/contacts"),
        ({"person": {"address_lines": ["1 Example Street"] * MANY}}, "/person/address_lines"),
        ({"person": {"access_needs": ["large print"] * MANY}}, "/person/access_needs"),
        ({"person": {"circumstances": {f"c{n}": True for n in range(MANY)}}}, "/person/circumstances"),
    ],
)
@pytest.mark.parametrize("path", ["/referrals", "/routes"])
def test_a_list_longer_than_anybody_means_is_refused_by_its_name(system, path, changes, pointer):
    refused = system("practice").post(path, to_westfield(**changes))
    assert refused.status_code == 422
    assert refused.json["errors"] == [{"pointer": pointer, "detail": f"Give at most {MOST_LISTED}."}]
    assert one("select count(*) from referral") == 0


@pytest.mark.parametrize(
    ("act", "body", "pointer", "most"),
    [
        ("fail", {"attempts": [{"mode": "phone"}] * (MOST_ATTEMPTS + 1)}, "/attempts", MOST_ATTEMPTS),
        ("fail", {"attempts": MOST_ATTEMPTS + 1}, "/attempts", MOST_ATTEMPTS),
        (
            "complete",
            {"outcomes": [{"need": "loneliness", "outcome": "met"}] * MANY, "ended_by": "person"},
            "/outcomes",
            MOST_LISTED,
        ),
    ],
)
def test_a_list_of_an_act_is_bounded_too(system, act, body, pointer, most):
    made = sent(system)
    worker = system("worker")
    worker.act(made["id"], "accept", assignee_id=str(ident("worker")))
    refused = worker.act(made["id"], act, **body)
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json["errors"]] == [pointer]
    assert f"at most {most}" in refused.json["errors"][0]["detail"]


def test_no_problem_names_more_than_fifty_fields_and_says_how_many_more_there_are(system):
    wrong = to_westfield(**{f"field_{n}": n for n in range(70)})
    refused = system("practice").post("/referrals", wrong)
    assert refused.status_code == 422
    assert len(refused.json["errors"]) == 50
    assert refused.json["left_off"] == 20
    assert refused.json["detail"].endswith("; and 20 more")


def test_circumstances_are_those_of_the_published_list(system):
    known = system(None).get("/meta/circumstances").json["items"]
    assert {"code": "carer", "label": "People who care for somebody"}.items() <= known[2].items()
    answers = {item["code"]: True for item in known}
    assert sent(system, person={"circumstances": answers})["status"] == "received"
    wrong = to_westfield(person={"circumstances": {"carer": True, "left/handed": True}})
    refused = system("practice").post("/referrals", wrong)
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json["errors"]] == ["/person/circumstances/left~1handed"]


@pytest.mark.parametrize("said", ["yes", 1, None, [True]])
def test_a_circumstance_is_yes_or_no(system, said):
    refused = system("practice").post("/referrals", to_westfield(person={"circumstances": {"carer": said}}))
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json["errors"]] == ["/person/circumstances/carer"]


@pytest.mark.parametrize("bad", ["\x00", "\ud800"])
@pytest.mark.parametrize("path", ["/referrals", "/routes"])
def test_what_no_jsonb_can_hold_is_refused_where_it_stands(system, path, bad):
    wrong = to_westfield(person={"circumstances": {f"car{bad}er": True}, "present_in": f"E06{bad}"})
    refused = system("practice").post(path, wrong)
    assert refused.status_code == 422
    assert json.loads(refused.data)["errors"][0]["pointer"] == f"/person/circumstances/car{bad}er"
    assert refused.json["errors"][1]["pointer"] == "/person/present_in"
