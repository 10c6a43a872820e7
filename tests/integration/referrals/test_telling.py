"""Events, who may be told of them, waits measured, events received, the log sealed, tidying."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from sqlalchemy import text

from services.referrals import tasks
from services.referrals.actions.check_access_log import check_access_log, seal_access_log
from services.referrals.actions.drafts import clear_drafts, read_draft, save_draft
from services.referrals.actions.measure_waits import measure_waits
from services.referrals.store.database import database
from services.referrals.store.outbox import outbox
from shared.clock import now
from tests.builders.referrals import KID, one, rows, sent, to_westfield, trust_our_key
from tests.builders.referrals_world import CALLERS, ident

WORKER = str(ident("worker"))
EXAMPLES = Path(__file__).parents[2] / "contract" / "examples" / "referrals"


def told(service, referral, event, last=True):
    """The audience of the newest event of this type."""
    event_id = one("select id from outbox where type = :t order by seq desc limit 1", t=event)
    answer = service("notifications").get(
        f"/referrals/{referral['id']}/audience", event=event, event_id=str(event_id)
    )
    assert answer.status_code == 200, answer.json
    return answer.json


def who(audience):
    return {(r["kind"], r.get("id") or r.get("email"), tuple(r["channels"])) for r in audience["recipients"]}


def test_only_notifications_may_ask_who_is_told(system, service):
    made = sent(system)
    path = f"/referrals/{made['id']}/audience"
    assert system("practice").get(path, event="referral.received.v1").status_code == 404
    assert service("directory").get(path, event="referral.received.v1").status_code == 404
    nobody = service("notifications").get(f"/referrals/{uuid4()}/audience", event="referral.received.v1")
    assert nobody.status_code == 404


def test_whoever_asked_hears_by_address_and_the_team_in_its_inbox(system, service, monkeypatch):
    with database.transaction() as session:
        session.execute(
            text(
                'update directory_item set doc = doc || \'{"email_domains": ["westfield.example"]}\' '
                "where kind = 'organization' and id = :id"
            ),
            {"id": str(ident("westfield-surgery"))},
        )
        session.execute(text("update directory_item set version = 2 where kind = 'organization'"))
        session.execute(text("update directory_state set version = 2"))
    made = sent(system, referrer={"name": "Dr Jo", "role": "GP", "email": "jo@Westfield.example"})
    received = told(service, made, "referral.received.v1")
    assert who(received) == {("address", "jo@westfield.example", ("email",))}
    assert received["reference"] == made["reference"]
    arrived = told(service, made, "referral.routed.v1")
    assert who(arrived) == {
        ("account", WORKER, ("inbox",)),
        ("account", str(ident("colleague")), ("inbox",)),
        ("account", str(ident("lead")), ("email", "inbox")),
    }
    assert {r["template"] for r in arrived["recipients"]} == {"work_arrived"}
    accepted = system("worker").act(made["id"], "accept", assignee_id=WORKER)
    assert accepted.status_code == 200
    assert told(service, made, "referral.routed.v1")["recipients"] == []
    news = told(service, made, "referral.accepted.v1")
    assert news["held_until"]
    assert {r["words"] for r in news["recipients"] if r["kind"] == "account"} == {"assigned to you"}
    system("worker").act(made["id"], "undo")
    assert told(service, made, "referral.accepted.v1")["cancelled"] is True


def test_an_alert_goes_to_the_whole_team_by_mail(system, service):
    made = sent(system, safeguarding="yes")
    arrived = told(service, made, "referral.routed.v1")
    assert {r["template"] for r in arrived["recipients"]} == {"urgent_arrived"}
    assert all(r["channels"] == ["email", "inbox"] for r in arrived["recipients"])


def test_what_nobody_can_take_is_told_to_the_desk(system, service):
    made = sent(system, target_service_id=str(ident("york-riverside")))
    arrived = told(service, made, "referral.received.v1")
    assert ("account", str(ident("desk")), ("email", "inbox")) in who(arrived)


def test_a_restricted_referral_is_told_to_those_who_may_read_it(system, service):
    made = sent(system, restricted=True)
    arrived = told(service, made, "referral.routed.v1")
    assert arrived["restricted"] is True
    assert who(arrived) == {("account", str(ident("lead")), ("email", "inbox"))}


def test_events_carry_nothing_personal(system):
    marker = "Marker-Quagmire"
    made = sent(system, what_matters=marker, person={"given_name": marker, "family_name": marker})
    system("worker").act(made["id"], "ask", question=marker)
    system("worker").act(made["id"], "decline", reason="other", text=marker)
    assert marker not in str(rows("select data, type, subject from outbox"))


def test_a_partner_hears_its_own_events_in_order(system, service):
    mine, other = sent(system), sent(system, "other-practice")
    system("worker").act(mine["id"], "accept", assignee_id=WORKER)
    page = system("practice").get("/events").json
    assert [event["type"] for event in page["items"]] == [
        "referral.received.v1",
        "referral.routed.v1",
        "referral.accepted.v1",
    ]
    assert {event["subject"] for event in page["items"]} == {mine["id"]}
    assert system("practice").get("/events", after=page["next_cursor"]).json["items"] == []
    everything = service("notifications").get("/events").json["items"]
    assert {event["subject"] for event in everything} == {mine["id"], other["id"]}
    assert everything[0]["specversion"] == "1.0"
    assert everything[0]["source"] == "/referrals"
    assert system("practice").get("/events", after="last week").status_code == 400


def test_police_hear_of_received_alone(system):
    made = (
        system("police")
        .post("/referrals", to_westfield(target_service_id=str(ident("york-lac")), route_in="introduction"))
        .json
    )
    system("other-worker").act(made["id"], "accept", assignee_id=str(ident("other-worker")))
    events = system("police").get("/events").json["items"]
    assert [event["type"] for event in events] == ["referral.received.v1"]


def test_the_relay_sends_what_waits_once(system, monkeypatch):
    sent(system)
    gone = []
    monkeypatch.setattr(tasks.celery, "send_task", lambda name, args, queue: gone.append((name, queue, args)))
    tasks.relay_outbox()
    tasks.relay_outbox()
    ((name, queue, (events,)),) = gone
    assert (name, queue) == ("notifications.receive_events", "notifications")
    assert [event["type"] for event in events] == ["referral.received.v1", "referral.routed.v1"]


def event(kind, **data):
    return {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": "/directory",
        "type": kind,
        "time": now().isoformat(),
        "data": data,
    }


def test_whoever_left_a_team_keeps_none_of_its_work(system):
    made = sent(system)
    system("worker").act(made["id"], "accept", assignee_id=WORKER)
    left = event("membership.ended.v1", account_id=WORKER, team_id=str(ident("westfield-link-team")))
    for _ in range(2):
        tasks.receive([left])
    seen = system("lead").get(f"/referrals/{made['id']}").json
    assert (seen["status"], seen["owner"]["assignee"]) == ("received", None)
    assert one("select count(*) from move where act = 'release'") == 1
    assert one("select by_kind from move where act = 'release'") == "system"


def test_an_ended_session_is_remembered(system):
    tasks.receive([event("session.ended.v1", sid="some-session")])
    assert one("select ended_at from session_seen where sid = 'some-session'") is not None


def test_a_token_of_a_key_the_directory_withdrew_is_refused(app, system):
    assert system("worker").get("/referrals", view="queue").status_code == 200
    withdrawn = event("key.withdrawn.v1", kid=KID)
    try:
        for _ in range(2):
            tasks.receive([withdrawn])
        assert system("worker").get("/referrals", view="queue").status_code == 401
    finally:
        trust_our_key(now())
    assert system("worker").get("/referrals", view="queue").status_code == 200


def test_waits_are_measured_where_ten_or_more_were_started(system):
    for _ in range(10):
        made = sent(system)
        system("worker").act(made["id"], "accept", assignee_id=WORKER)
        system("worker").act(made["id"], "start", contact={"mode": "phone"})
    with database.transaction() as session:
        session.execute(text("update referral set submitted_at = first_contact_at - interval '9 days'"))
    assert measure_waits(at=now()) == 1
    (data,) = [row["data"] for row in rows("select data from outbox where type = 'capacity.measured.v1'")]
    assert data["median_days"] == 9
    assert data["started"] == data["open_now"] == 10
    promised = json.loads((EXAMPLES / "capacity_measured.json").read_text())["data"]
    assert {name: type(value) for name, value in data.items()} == {
        name: type(value) for name, value in promised.items()
    }
    wait = system("practice").post("/routes", to_westfield()).json["eligible"][0]["wait"]
    assert wait == {"days": 9, "basis": "measured"}


def test_a_restricted_referral_is_in_no_measured_wait(system):
    """The number is shown to everybody: one more tells that there is somebody."""
    for place in range(11):
        made = sent(system, restricted=place == 10)
        system("lead").act(made["id"], "accept", assignee_id=WORKER)
        system("lead").act(made["id"], "start", contact={"mode": "phone"})
    assert measure_waits(at=now()) == 1
    (data,) = [row["data"] for row in rows("select data from outbox where type = 'capacity.measured.v1'")]
    assert data["started"] == data["open_now"] == 10


def test_the_access_log_is_sealed_and_a_break_is_found(system):
    sent(system)
    sent(system)
    assert check_access_log().unsealed == 2
    seal_access_log()
    assert (check_access_log().sealed, check_access_log().broken_at) == (2, None)
    with database.transaction() as session:
        session.execute(text("alter table access_log disable trigger user"))
        session.execute(text("update access_log set actor = 'x' where act = 'submit'"))
        session.execute(text("alter table access_log enable trigger user"))
    assert check_access_log().broken_at is not None


def test_a_draft_is_its_own_accounts_and_goes_after_a_week(system):
    kept = save_draft({"given_name": "Ada"}, by=CALLERS["practice"], at=now())
    assert read_draft(kept.id, by=CALLERS["practice"]).data == {"given_name": "Ada"}
    assert clear_drafts(at=now() + timedelta(days=6)) == 0
    assert clear_drafts(at=now() + timedelta(days=8)) == 1


def test_what_was_sent_long_ago_is_forgotten(system):
    sent(system)
    with database.transaction() as session:
        session.execute(text("update outbox set relayed_at = now() - interval '31 days'"))
    assert outbox.clear_old(now()) == 2
