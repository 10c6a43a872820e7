"""Of what an organisation's mailbox may be told: what any colleague of the sender would, and no more."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import text

from services.referrals.actions.submit_referral import submit_referral
from services.referrals.api.schemas_in import ReferralInSchema
from services.referrals.store.database import database
from services.referrals.store.directory import forget
from shared.clock import now
from tests.builders.referrals import one, sent, to_westfield
from tests.builders.referrals_world import CALLERS, ident

AUTHOR = CALLERS["practice"]
SURGERY, POLICE = ident("westfield-surgery"), ident("york-police")
SAYS = text(
    "update directory_item set doc = doc || cast(:more as jsonb) where kind = 'organization' and id = :id"
)


@pytest.fixture
def has_mailbox(app):
    """`has_mailbox(org)`: the directory says that this organisation has one, until it says otherwise."""

    def say(org, has=True):
        with database.transaction() as session:
            more = {"has_referral_mailbox": has, "email_domains": ["westfield.example"] if has else []}
            session.execute(SAYS, {"more": json.dumps(more), "id": str(org)})
        forget()

    yield say
    for org in (SURGERY, POLICE):
        say(org, has=False)


def by_a_person(**changes):
    new = ReferralInSchema().load(to_westfield(**changes))
    return submit_referral(new, by=AUTHOR, at=now()).referral.id


def audience(service, referral_id, event):
    event_id = one("select id from outbox where type = :t order by seq desc limit 1", t=event)
    answer = service("notifications").get(
        f"/referrals/{referral_id}/audience", event=event, event_id=str(event_id)
    )
    assert answer.status_code == 200, answer.json
    return answer.json


def told(service, referral_id, event="referral.received.v1"):
    return [r for r in audience(service, referral_id, event)["recipients"] if r["kind"] == "mailbox"]


def test_the_mailbox_of_the_sending_organisation_hears_by_letter_without_a_word_of_what(service, has_mailbox):
    made = by_a_person()
    assert told(service, made) == []
    has_mailbox(SURGERY)
    assert told(service, made) == [
        {
            "kind": "mailbox", "organization_id": str(SURGERY), "channels": ["email"],
            "template": "referral_news", "words": "", "path": f"/referrals/{made}",
            "event_type": "referral.received.v1",
        }
    ]  # fmt: skip


REFERRER = {"name": "Dr Jo", "role": "GP", "email": "jo@westfield.example"}


@pytest.mark.parametrize(
    ("given", "kinds"), [({}, ["mailbox"]), ({"referrer": REFERRER}, ["address", "mailbox"])]
)
def test_what_a_system_sent_is_told_to_the_mailbox_beside_whoever_asked(
    system, service, has_mailbox, given, kinds
):
    has_mailbox(SURGERY)
    made = sent(system, **given)["id"]
    found = audience(service, made, "referral.received.v1")["recipients"]
    assert sorted(r["kind"] for r in found if r["organization_id"] == str(SURGERY)) == kinds


def test_the_mailbox_hears_what_the_sender_hears_by_letter_and_nothing_else(system, service, has_mailbox):
    has_mailbox(SURGERY)
    made = by_a_person()
    lead = system("lead")
    lead.act(made, "ask", question="Which ward?")
    assert [r["template"] for r in told(service, made, "referral.asked.v1")] == ["question_waiting"]
    lead.act(made, "accept", assignee_id=str(ident("worker")))
    assert len(told(service, made, "referral.accepted.v1")) == 1
    lead.act(made, "fail", attempts=3)
    (closing,) = told(service, made, "referral.failed.v1")
    assert closing["event_type"] == "referral.declined.v1"
    lead.act(made, "reopen", reason="Came back.")
    for inside in ("referral.reopened.v1", "referral.routed.v1"):
        assert told(service, made, inside) == []


def test_the_mailbox_of_a_receiving_organisation_hears_nothing_of_what_others_sent(service, has_mailbox):
    has_mailbox(ident("york-pcn"))
    try:
        made = by_a_person()
        assert told(service, made) == []
        assert told(service, made, "referral.routed.v1") == []
    finally:
        has_mailbox(ident("york-pcn"), has=False)


@pytest.mark.parametrize("named", [[], [str(ident("colleague"))]])
def test_of_a_restricted_referral_the_mailbox_never_hears(system, service, has_mailbox, named):
    has_mailbox(SURGERY)
    made = by_a_person(restricted=True, restricted_to=named)
    assert told(service, made) == []
    system("lead").act(made, "decline", reason="no_capacity")
    assert told(service, made, "referral.declined.v1") == []


def test_what_becomes_restricted_is_not_told_to_the_mailbox_from_then_on(service, has_mailbox):
    has_mailbox(SURGERY)
    made = by_a_person()
    assert len(told(service, made)) == 1
    with database.transaction() as session:
        session.execute(text("update referral set restricted = true where id = :id"), {"id": made})
    assert told(service, made) == []


@pytest.mark.parametrize(
    ("act", "body", "event", "expected"),
    [
        ("accept", {"assignee_id": str(ident("worker"))}, "referral.accepted.v1", []),
        ("decline", {"reason": "not_eligible"}, "referral.declined.v1", ["referral.closed.v1"]),
    ],
)
def test_the_mailbox_of_a_coarse_sender_hears_received_and_closed(
    system, service, has_mailbox, act, body, event, expected
):
    has_mailbox(POLICE)
    made = system("police").post("/referrals", to_westfield()).json["id"]
    assert [r["event_type"] for r in told(service, made)] == ["referral.received.v1"]
    assert system("lead").act(made, act, **body).status_code == 200
    assert [r["event_type"] for r in told(service, made, event)] == expected


def test_what_was_undone_is_told_to_no_mailbox(system, service, has_mailbox):
    has_mailbox(SURGERY)
    made = by_a_person()
    system("lead").act(made, "decline", reason="no_capacity")
    assert len(told(service, made, "referral.declined.v1")) == 1
    assert system("lead").act(made, "undo").status_code == 200
    answer = audience(service, made, "referral.declined.v1")
    assert (answer["cancelled"], answer["recipients"]) == (True, [])
