"""Who is told and who is asked: somebody always hears, and nobody is asked who could not know of it."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import text

from services.notifications.domain.rules import SENDERS_EVENTS, SENDERS_NEWS
from services.referrals.actions.submit_referral import submit_referral
from services.referrals.api.schemas_in import ReferralInSchema
from services.referrals.store.database import database
from services.referrals.store.directory import forget
from services.referrals.store.tables import DirectoryItem
from shared.clock import now
from tests.builders.referrals import one, rows, sent, to_westfield
from tests.builders.referrals_world import CALLERS, ident

AUTHOR, COLLEAGUE = CALLERS["practice"], CALLERS["practice-colleague"]
SURGERY = ident("westfield-surgery")


@pytest.fixture
def at_the_surgery(app):
    """`at_the_surgery(callers)`: these people send for the surgery (or for `org`), and nobody else."""

    def joined(*callers, org=SURGERY):
        with database.transaction() as session:
            session.execute(text("delete from directory_item where kind = 'member' and id like 'sender-%'"))
            session.add_all(
                DirectoryItem(
                    copy=1,
                    kind="member", id=f"sender-{caller.sub}", version=1, deleted=False,
                    doc={
                        "id": f"sender-{caller.sub}", "account_id": caller.sub, "name": caller.name,
                        "organization_id": str(org), "team_id": None, "role": "sender",
                    },
                )
                for caller in callers
            )  # fmt: skip
        forget()

    yield joined
    joined()


def _sent_by_a_person(**changes):
    new = ReferralInSchema().load(to_westfield(**changes))
    return submit_referral(new, by=AUTHOR, at=now()).referral


def _told(service, referral_id, event, part="words"):
    event_id = one("select id from outbox where type = :t order by seq desc limit 1", t=event)
    answer = service("notifications").get(
        f"/referrals/{referral_id}/audience", event=event, event_id=str(event_id)
    )
    assert answer.status_code == 200, answer.json
    return {r["id"]: r[part] for r in answer.json["recipients"] if r["organization_id"] == str(SURGERY)}


def test_the_author_hears_and_once_they_have_left_the_organisations_senders_do(
    system, service, at_the_surgery
):
    at_the_surgery(AUTHOR, COLLEAGUE)
    made = _sent_by_a_person()
    assert _told(service, made.id, "referral.received.v1") == {AUTHOR.sub: "received"}
    at_the_surgery(COLLEAGUE)
    assert _told(service, made.id, "referral.received.v1") == {COLLEAGUE.sub: "received"}
    system("lead").act(made.id, "ask", question="Which ward?")
    assert _told(service, made.id, "referral.asked.v1") == {COLLEAGUE.sub: "a question for you"}


def test_of_a_restricted_one_whose_author_has_left_only_the_named_staff_hear(service, at_the_surgery):
    at_the_surgery(AUTHOR, COLLEAGUE)
    alone = _sent_by_a_person(restricted=True)
    named = _sent_by_a_person(restricted=True, restricted_to=[COLLEAGUE.sub])
    at_the_surgery(COLLEAGUE)
    assert _told(service, named.id, "referral.received.v1") == {COLLEAGUE.sub: "received"}
    assert _told(service, alone.id, "referral.received.v1") == {}


def test_that_nobody_could_be_reached_is_told_like_any_passing_back(system, service, at_the_surgery):
    at_the_surgery(AUTHOR)
    made = _sent_by_a_person()
    system("lead").act(made.id, "accept", assignee_id=str(ident("worker")))
    assert system("lead").act(made.id, "fail", attempts=3).status_code == 200
    assert _told(service, made.id, "referral.failed.v1") == {AUTHOR.sub: "passed back"}
    assert _told(service, made.id, "referral.failed.v1", "event_type") == {AUTHOR.sub: "referral.declined.v1"}


def _from_the_police(system, **changes):
    answer = system("police").post("/referrals", to_westfield(**changes))
    assert answer.status_code == 201, answer.json
    return answer.json["id"]


@pytest.mark.parametrize(
    ("act", "body", "event"),
    [
        ("decline", {"reason": "not_eligible"}, "referral.declined.v1"),
        ("fail", {"attempts": 3}, "referral.failed.v1"),
    ],
)
def test_a_coarse_sender_hears_closed_and_under_that_type(system, service, at_the_surgery, act, body, event):
    officer = CALLERS["police"]
    at_the_surgery(officer, org=officer.org)
    made = _from_the_police(system)
    if act == "fail":
        system("lead").act(made, "accept", assignee_id=str(ident("worker")))
    assert system("lead").act(made, act, **body).status_code == 200
    event_id = one("select id from outbox where type = :t order by seq desc limit 1", t=event)
    answer = (
        service("notifications").get(f"/referrals/{made}/audience", event=event, event_id=str(event_id)).json
    )
    told = {(r.get("event_type"), r["words"]) for r in answer["recipients"]}
    assert told == {("referral.closed.v1", "closed")}


def test_a_sender_who_could_not_read_a_question_is_not_asked_one(system):
    made = _from_the_police(system)
    worker = system("worker")
    assert "ask" not in {a["act"] for a in worker.get(f"/referrals/{made}").json["available_actions"]}
    refused = worker.act(made, "ask", question="Is he at home by day?")
    assert refused.status_code == 409
    assert "Ask the person" in refused.json["detail"]
    assert "lead" in refused.json["detail"]
    assert one("select count(*) from question") == 0


def test_police_whom_the_person_lets_be_told_are_asked_and_answer(system):
    yes = {
        "recipient": str(ident("york-police")), "purpose": "feedback_to_sender", "agreed": True,
        "how": "in_person",
    }  # fmt: skip
    made = _from_the_police(system, agreement=[*to_westfield()["agreement"], yes])
    assert system("worker").act(made, "ask", question="Is he at home by day?").status_code == 200
    assert system("police").act(made, "answer", answer="Yes.").status_code == 200


def _to_gp(recipient):
    return [{"recipient": recipient, "purpose": "feedback_to_gp", "agreed": True, "how": "in_person"}]


@pytest.mark.parametrize("recipient", ["helpers", str(SURGERY)])
def test_that_their_practice_is_told_is_agreed_for_that_practice_alone(system, recipient):
    sent(system, agreement=_to_gp(recipient))
    assert [UUID(row["recipient"]) for row in rows("select recipient from agreement")] == [SURGERY]


def test_without_a_practice_there_is_nobody_to_agree_about(system):
    answer = system("practice").post(
        "/referrals", to_westfield(person={"gp_practice_ods": None}, agreement=_to_gp("helpers"))
    )
    assert answer.status_code == 422
    assert [problem["pointer"] for problem in answer.json["errors"]] == ["/agreement/0/recipient"]


def test_news_to_the_sending_side_is_known_by_kind_and_event_and_nobody_else_is_told_such(
    system, service, at_the_surgery
):
    at_the_surgery(AUTHOR)
    made = _sent_by_a_person().id
    lead, practice = system("lead"), system("practice")
    worker, colleague = str(ident("worker")), str(ident("colleague"))
    acts = (
        (lead, "ask", {"question": "Which ward?"}),
        (practice, "answer", {"answer": "Nine."}),
        (lead, "accept", {"assignee_id": worker}),
        (lead, "reassign", {"assignee_id": colleague}),
        (lead, "release", {"reason": "absence"}),
        (lead, "accept", {"assignee_id": worker}),
        (lead, "fail", {"attempts": 3}),
        (lead, "reopen", {"reason": "Came back."}),
        (lead, "decline", {"reason": "no_capacity"}),
        (lead, "undo", {}),
        (practice, "withdraw", {"reason": "person_changed_mind"}),
    )
    found = set(_sides(service, made))
    for who, act, body in acts:
        answer = who.act(made, act, **body)
        assert answer.status_code == 200, answer.json
        found |= set(_sides(service, made))
    assert all(by_kind == told for _, by_kind, told in found), found
    to_sender = {event.split(".")[1] for event, _, told in found if told}
    inside = {event.split(".")[1] for event, _, told in found if not told}
    assert {"received", "asked", "accepted", "failed", "declined", "reopened"} <= to_sender
    assert {"routed", "accepted", "reassigned", "released", "reopened", "withdrawn"} <= inside


def _sides(service, referral_id):
    """Of each event so far, as told now: its type; whether it is the sending side's by kind, and by name."""
    for event in rows("select id, type from outbox where subject = :s", s=str(referral_id)):
        answer = service("notifications").get(
            f"/referrals/{referral_id}/audience", event=event["type"], event_id=str(event["id"])
        )
        for told in answer.json["recipients"]:
            by_kind = told["template"] in SENDERS_NEWS and event["type"] in SENDERS_EVENTS
            yield event["type"], by_kind, "event_type" in told
