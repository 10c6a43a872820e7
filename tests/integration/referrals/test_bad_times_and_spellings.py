"""Times nobody can mean, and one organisation's id written in several ways."""

from __future__ import annotations

import pytest

from tests.builders.referrals import one, sent, to_westfield
from tests.builders.referrals_world import ident

LONG_AGO = "0001-01-01T00:00:00+14:00"


def answer_of(recipient, agreed, **more):
    return {"recipient": recipient, "purpose": "share_referral", "agreed": agreed, "how": "phone"} | more


def test_a_moment_before_1900_is_refused_by_name_and_nothing_is_stored(system):
    body = to_westfield(agreement=[answer_of("helpers", True, at=LONG_AGO)])
    body["person"]["contacts"] = [
        {"channel": "phone", "value": "01632 960123", "safe": True, "asked_at": LONG_AGO}
    ]
    refused = system("practice").post("/referrals", body)
    assert refused.status_code == 422
    pointers = {error["pointer"] for error in refused.json["errors"]}
    assert pointers == {"/agreement/0/at", "/person/contacts/0/asked_at"}
    assert one("select count(*) from referral") == 0


def test_a_next_action_thousands_of_years_off_is_refused(system):
    made = sent(system)
    worker = system("worker")
    taken = worker.post(f"/referrals/{made['id']}/accept", {"assignee_id": str(ident("worker"))})
    assert taken.status_code == 200
    contact = {"mode": "phone", "attended": True, "next_action_on": "9998-01-01"}
    refused = worker.post(f"/referrals/{made['id']}/start", {"contact": contact})
    assert refused.status_code == 422
    assert "within a year" in refused.json["detail"]


@pytest.mark.parametrize("spelling", [lambda i: i.hex, lambda i: str(i).upper(), lambda i: i.urn])
def test_a_no_counts_however_the_organisations_id_is_written(system, spelling):
    pcn = ident("york-pcn")
    sent(system, agreement=[answer_of(spelling(pcn), False)])
    assert one("select recipient from agreement") == str(pcn)


def test_naming_who_may_read_restricts_the_referral_from_the_start(system):
    sent(system, restricted_to=[str(ident("worker"))])
    assert one("select restricted from referral") is True
