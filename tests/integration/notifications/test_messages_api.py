"""`/api/v1/messages`: an organisation reads what it was told, and nothing else."""

from uuid import UUID, uuid4

import pytest

from services.notifications.actions.plan_messages import plan_messages
from services.notifications.actions.reading import read_messages
from services.notifications.actions.receive_events import receive_events
from services.notifications.actions.send_messages import send_due
from services.notifications.store.database import database
from shared.auth import Role
from shared.auth.tokens import service_token
from shared.clock import now
from tests.builders.notifications import AT, CHARITY, LATER, PRACTICE, event, partner, person
from tests.builders.notifications_browser import Api, trust_the_directory
from tests.queries import count_queries


@pytest.fixture(autouse=True)
def keys(clean):
    trust_the_directory()


def told(neighbours, *recipients, type="referral.accepted.v1", referral=None, **answer):
    happened = event(type, referral)
    neighbours.tells(happened, *(recipients or [neighbours.account()]), **answer)
    receive_events([happened], AT)
    plan_messages(AT)
    return happened


def items(answer):
    assert answer.status_code == 200, answer.text
    return answer.json["items"]


def test_a_message_that_still_waits_is_listed(app, neighbours):
    happened = told(neighbours)
    (message,) = items(Api(app, partner()).get(f"/messages?referral_id={happened['subject']}"))
    assert {name: message[name] for name in ("event_type", "referral_id", "channel", "status", "to")} == {
        "event_type": "referral.accepted.v1",
        "referral_id": happened["subject"],
        "channel": "email",
        "status": "queued",
        "to": None,
    }
    assert message["due_at"].startswith("2026-11-22T10:01:00")
    assert message["attempts"] == []


def test_it_is_listed_as_what_its_reader_may_know_and_waits_as_long(app, neighbours):
    coarse = neighbours.account(event_type="referral.closed.v1", words="closed")
    told(neighbours, coarse, type="referral.completed.v1")
    full = neighbours.account(event_type="referral.declined.v1", words="passed back")
    told(neighbours, full, type="referral.failed.v1")
    told(neighbours, neighbours.account(), type="referral.declined.v1")
    listed = items(Api(app, partner()).get("/messages"))
    types = sorted(message["event_type"] for message in listed)
    assert types == ["referral.closed.v1", "referral.declined.v1", "referral.declined.v1"]
    assert {message["due_at"] for message in listed} == {listed[0]["due_at"]}


def test_a_message_that_went_says_to_whom_and_what_the_provider_answered(app, neighbours, post_office):
    recipient = neighbours.account()
    told(neighbours, recipient)
    send_due(LATER, "worker")
    (message,) = items(Api(app, partner()).get("/messages"))
    assert message["status"] == "sent"
    assert message["to"] == neighbours.accounts[recipient["id"]]["email"]
    assert message["name"] == "Robin Receptionist"
    assert [a["result"] for a in message["attempts"]] == ["The mail server took it."]


def test_another_organisation_sees_nothing_and_learns_nothing(app, neighbours):
    happened = told(neighbours)
    other = Api(app, partner(CHARITY))
    of_known = other.get(f"/messages?referral_id={happened['subject']}")
    of_unknown = other.get(f"/messages?referral_id={uuid4()}")
    assert of_known.json == of_unknown.json == {"items": [], "next_cursor": None}
    (mine,) = items(Api(app, partner()).get("/messages"))
    for message_id in (mine["id"], uuid4()):
        answer = Api(app, partner(CHARITY, Role.ORG_ADMIN)).post(f"/messages/{message_id}/retry")
        assert answer.status_code == 404


def test_each_organisation_reads_its_own_share_of_one_event(app, neighbours):
    told(neighbours, neighbours.account(), neighbours.account(org=CHARITY))
    assert len(items(Api(app, partner()).get("/messages"))) == 1
    assert len(items(Api(app, partner(CHARITY)).get("/messages"))) == 1


@pytest.mark.parametrize(
    "role", [Role.FORUM_ADMIN, Role.COMMISSIONER, Role.FORUM_CHAIR, Role.RECORDS_STEWARD]
)
def test_roles_without_a_part_in_cases_see_no_messages(app, role):
    assert Api(app, partner(PRACTICE, role)).get("/messages").status_code == 404


def test_what_was_told_of_a_restricted_referral_is_for_its_recipients(app, neighbours):
    recipient = neighbours.account()
    told(neighbours, recipient, restricted=True)
    assert items(Api(app, partner()).get("/messages")) == []
    assert read_messages(person(), LATER).items == []
    assert len(read_messages(person(account=UUID(recipient["id"])), LATER).items) == 1


@pytest.mark.parametrize(
    ("event_type", "template"),
    [
        ("referral.routed.v1", "work_arrived"),
        ("referral.received.v1", "urgent_arrived"),
        ("referral.accepted.v1", "assigned"),
        ("referral.answered.v1", "referral_news"),
        ("referral.chased.v1", "referral_news"),
        ("referral.withdrawn.v1", "referral_news"),
    ],
)
def test_where_the_senders_organisation_helps_too_its_senders_do_not_read_what_its_teams_are_told(
    app, neighbours, event_type, template
):
    inside = neighbours.account(template=template)
    sending = neighbours.account(event_type="referral.closed.v1", words="closed")
    referral = uuid4()
    told(neighbours, inside, type=event_type, referral=referral)
    told(neighbours, sending, type="referral.completed.v1", referral=referral)
    (one,) = items(Api(app, partner()).get(f"/messages?referral_id={referral}"))
    assert one["event_type"] == "referral.closed.v1"
    assert len(items(Api(app, partner()).get("/messages"))) == 1
    for role in (Role.WORKER, Role.LEAD, Role.DUTY_DESK, Role.ORG_ADMIN, Role.SAFEGUARDING_LEAD):
        assert len(items(Api(app, partner(PRACTICE, Role.SENDER, role)).get("/messages"))) == 2
    them = read_messages(person(account=UUID(inside["id"])), LATER).items
    assert len(them) == 2, "whoever was told reads it"


def test_letters_about_accounts_are_in_no_organisations_list(app, neighbours):
    from tests.builders.notifications import account_notice

    receive_events([account_notice()], AT)
    plan_messages(AT)
    assert items(Api(app, partner(PRACTICE, Role.ORG_ADMIN)).get("/messages")) == []


def test_a_long_list_comes_in_pages_newest_first(app, neighbours):
    referral = uuid4()
    told(neighbours, *(neighbours.account() for _ in range(70)), referral=referral)
    api = Api(app, partner())
    first = api.get(f"/messages?referral_id={referral}")
    second = api.get(f"/messages?referral_id={referral}&cursor={first.json['next_cursor']}")
    assert (len(items(first)), len(items(second))) == (50, 20)
    assert second.json["next_cursor"] is None
    assert len({m["id"] for m in [*items(first), *items(second)]}) == 70


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("referral_id=nonsense", 422),
        ("status=gone", 422),
        ("surprise=1", 422),
        ("cursor=nonsense", 400),
        ("cursor=WyJhIiwgImIiXQ", 400),
    ],
)
def test_a_question_that_cannot_be_read_is_named(app, query, status):
    answer = Api(app, partner()).get(f"/messages?{query}")
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    if status == 422:
        assert answer.json["errors"][0]["pointer"] == "/" + query.split("=")[0]


def test_a_failed_message_can_be_sent_again_by_its_organisation(app, neighbours, post_office):
    told(neighbours)
    post_office.say.append("550 no such box")
    send_due(LATER, "worker")
    (failed,) = items(Api(app, partner()).get("/messages?status=failed"))
    assert failed["reason"] == "The mail server answered 550: no such box"
    assert Api(app, partner()).post(f"/messages/{failed['id']}/retry").status_code == 404
    admin = Api(app, partner(PRACTICE, Role.ORG_ADMIN))
    assert admin.post(f"/messages/{failed['id']}/retry").json["status"] == "queued"
    again = admin.post(f"/messages/{failed['id']}/retry")
    assert (again.status_code, again.json["type"].rsplit("/", 1)[1]) == (409, "conflict")


def test_nobody_reads_without_a_token_and_no_service_reads_as_a_person(app):
    client = app.test_client()
    assert client.get("/api/v1/messages").status_code == 401
    headers = {"Authorization": f"Bearer {service_token('referrals', 'notifications', now())}"}
    assert client.get("/api/v1/messages", headers=headers).status_code == 404


def test_a_list_costs_the_same_number_of_queries_whatever_its_length(app, neighbours):
    api, counted = Api(app, partner()), []
    api.get("/messages")
    for number in (1, 40):
        told(neighbours, *(neighbours.account("email", "inbox") for _ in range(number)))
        with count_queries(database.engine) as queries:
            api.get("/messages")
        counted.append(len(queries))
    assert counted == [3, 3]


def test_the_description_names_each_field_and_who_may_call(app):
    described = app.test_client().get("/openapi.json").json
    assert described["openapi"] == "3.1.0"
    operation = described["paths"]["/api/v1/messages"]["get"]
    assert "sender" in operation["x-needs"]
    assert {p["name"] for p in operation["parameters"]} == {"referral_id", "status", "cursor"}
