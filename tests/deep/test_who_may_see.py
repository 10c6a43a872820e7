"""Every route with an id in it, tried with the ids of another organisation: they do not exist."""

from __future__ import annotations

import re
from difflib import unified_diff
from uuid import uuid4

import pytest
import requests

from shared.demo_ids import demo_id
from tests.builders.act_bodies import ANY_ID, BODIES, FIELDS
from tests.builders.bodies import referral_body
from tests.builders.routes import Route, every_route
from tests.builders.sent_by_each import CLIENTS, Sent
from tests.builders.visitors import PEOPLE, Visitor
from tests.stack import Stack

pytestmark = pytest.mark.deep


def same(answer: requests.Response) -> list[str]:
    """An answer in lines, without what is new in each: ids, tokens and times."""
    headers = sorted(
        f"{name}: {value}"
        for name, value in answer.headers.items()
        if name.lower() not in ("date", "x-request-id", "set-cookie")
    )
    text = re.sub(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID", answer.text)
    text = re.sub(r'(name="csrf_token"[^>]* value=")[^"]+', r"\1", text)
    return [str(answer.status_code), *headers, *text.splitlines()]


def alike(one: requests.Response, other: requests.Response, what: object) -> None:
    """Fail with where two answers differ."""
    lines = list(unified_diff(same(one), same(other), lineterm="", n=0))
    assert not lines, f"{what}:\n" + "\n".join(lines)


def api_routes(*arguments: str) -> list[Route]:
    return [route for route in every_route() if route.is_api and route.arguments == set(arguments)]


def page_routes(argument: str) -> list[Route]:
    return [route for route in every_route() if route.is_page and argument in route.arguments]


@pytest.mark.parametrize("client", CLIENTS)
def test_to_a_system_what_others_sent_does_not_exist(client, everything, stack):
    tried = 0
    for sent in everything.values():
        if client in sent.clients:
            continue
        for name in ("referral_id", "message_id"):
            for route in api_routes(name):
                for theirs in sent.ids[name]:
                    tried += 1
                    answers = [call(stack, client, route, **{name: id}) for id in (theirs, str(uuid4()))]
                    assert answers[0].status_code == 404, f"{route}: {answers[0].text}"
                    alike(answers[0], answers[1], route)
    assert tried > 50


def call(stack: Stack, client: str, route: Route, **ids: str) -> requests.Response:
    path = route.address(**ids).removeprefix("/api/v1")
    body = BODIES.get(path.rsplit("/", 1)[-1], {}) if route.method in ("POST", "PUT") else None
    query = {"event": "referral.accepted.v1", "event_id": ANY_ID} if path.endswith("/audience") else None
    return stack.call(client, route.method, path, body, service=route.service, params=query)


def test_every_act_of_the_api_is_tried_with_a_body_that_would_do():
    acts = {route.rule.rsplit("/", 1)[-1] for route in api_routes("referral_id") if route.method == "POST"}
    assert acts <= set(BODIES)


@pytest.mark.parametrize("who", PEOPLE)
def test_to_a_person_the_pages_of_what_others_sent_do_not_exist(who, everything, stack):
    visitor = Visitor(stack, who)
    tried = 0
    for sent in everything.values():
        if who in sent.people:
            continue
        for name in ("referral_id", "message_id", "notice_id"):
            for route in page_routes(name):
                if who in sent.told and route.service == "notifications":
                    continue
                for act_name in sorted(BODIES) if "act" in route.arguments else [None]:
                    tried += 1
                    values = {"act": act_name} if act_name else {}
                    answers = [
                        visit(visitor, route, **{name: id}, **values)
                        for id in (sent.ids[name][0], str(uuid4()))
                    ]
                    alike(answers[0], answers[1], f"{route} {values}")
                    refused_or_empty(route, answers[0], sent)
    assert tried > 20


def refused_or_empty(route: Route, answer: requests.Response, sent: Sent) -> None:
    """Pages that list what is about an id answer with an empty list; all others are not there."""
    assert sent.reference not in answer.text
    if route.rule not in ("/messages/<uuid:referral_id>", "/notices/<uuid:notice_id>/read"):
        assert answer.status_code == 404, f"{route}: {answer.status_code}"


def visit(visitor: Visitor, route: Route, **values: str) -> requests.Response:
    path = route.address(**values)
    visitor.forget_all_but_the_session()
    if route.method == "GET":
        return visitor.get(route.service, path)
    return visitor.post_anyhow(route.service, path, **FIELDS)


@pytest.mark.parametrize("who", PEOPLE)
def test_a_form_in_progress_is_nobody_elses(who, stack):
    """Not even a colleague's of the same organisation."""
    owner = Visitor(stack, "vcse" if who == "practice" else "practice")
    needs = {"needs": "loneliness", "postcode": "YO24 3BZ", "route_in": "professional"}
    begun = owner.send("referrals", "/refer", **needs)
    draft = re.search(r"/refer/([0-9a-f-]{36})/", begun.headers.get("Location", ""))
    assert draft, begun.text[:2000]
    visitor = Visitor(stack, who)
    for route in page_routes("draft_id"):
        theirs, unknown = (
            visit(visitor, route, draft_id=id) for id in (draft[1], "6f1c2a34-0000-4000-8000-000000000000")
        )
        alike(theirs, unknown, route)
        assert theirs.status_code == 404 or route.rule.endswith("/delete"), route
    assert owner.get("referrals", f"/refer/{draft[1]}/who").status_code == 200


@pytest.mark.parametrize("who", [person for person in PEOPLE if person not in ("practice-admin", "admin")])
def test_people_of_an_organisation_are_looked_after_by_its_admins_alone(who, stack):
    people_of_another_organisation(Visitor(stack, who))


def test_an_organisations_admin_looks_after_its_own_people_only(stack):
    people_of_another_organisation(Visitor(stack, "practice-admin"))


def people_of_another_organisation(visitor: Visitor) -> None:
    known = {
        "organization_id": str(demo_id("organization", "york-west-pcn")),
        "account_id": str(demo_id("account", "lead")),
        "link_id": str(uuid4()),
        "form": "csv",
    }
    for route in page_routes("organization_id"):
        if route.guard.is_public:
            continue
        theirs = visit(visitor, route, **{name: known[name] for name in route.arguments})
        unknown = visit(
            visitor, route, **{name: "csv" if name == "form" else str(uuid4()) for name in route.arguments}
        )
        assert theirs.status_code == 404, route
        alike(theirs, unknown, route)


@pytest.mark.parametrize("who", PEOPLE)
def test_what_a_service_takes_and_who_is_away_is_said_by_its_own_people_alone(who, stack):
    visitor = Visitor(stack, who)
    service, worker = demo_id("service", "memory-lane"), demo_id("link_worker", "helen-dovecote")
    for method, path in (
        ("GET", f"/services/{service}/capacity"),
        ("POST", f"/services/{service}/capacity"),
        ("POST", f"/link-workers/{worker}/away"),
        ("POST", f"/link-workers/{worker}/away/{uuid4()}/end"),
    ):
        send = visitor.get if method == "GET" else visitor.post_anyhow
        assert send("directory", path).status_code == 404, f"{method} {path}"


def test_anothers_external_id_members_and_addresses_are_answered_as_unknown_ones(everything, stack):
    external = everything["practice"].marked.body["external"]
    taken = stack.call("demo-vcse", "POST", "/referrals", referral_body(external=external))
    assert taken.status_code == 201, "another client's id says nothing about ours"
    answers = [
        stack.call("demo-vcse", "POST", "/referrals", referral_body(referrer={"name": "Jo", "email": email}))
        for email in ("practice@demo.example", "nobody-there@demo.example", "lead@demo.example")
    ]
    assert len({answer.status_code for answer in answers}) == 1
    held = stack.call("demo-practice", "POST", "/referrals", referral_body()).json()["id"]
    known, unknown = (
        stack.call("demo-linkworker", "POST", f"/referrals/{held}/accept", {"assignee_id": str(one)})
        for one in (demo_id("account", "ruth-thistlewood"), uuid4())
    )
    assert known.status_code == 422
    alike(known, unknown, "accept")


def test_nobody_reads_anything_without_a_token(everything, stack):
    sent = everything["practice"]
    public = {f"{route}" for route in every_route() if route.guard.is_public}
    for route in every_route():
        if not route.is_api or str(route) in public:
            continue
        path = route.address(**dict.fromkeys(route.arguments, sent.id))
        answer = requests.request(route.method, stack.url(route.service, path), json={}, timeout=20)
        assert answer.status_code == 401, route
        assert answer.headers["WWW-Authenticate"].startswith("Bearer"), route
