"""No list, search, page or answer holds a word of what another organisation sent."""

from __future__ import annotations

import re
from time import sleep
from typing import Any

import pytest

from shared.demo_ids import demo_id
from tests.builders.bodies import referral_body
from tests.builders.crawling import crawl
from tests.builders.markers import Marked
from tests.builders.running_lives import CONTACT, act, in_days, send
from tests.builders.sent_by_each import CLIENTS, free_phone
from tests.builders.visitors import PEOPLE, Visitor
from tests.stack import Stack, eventually

pytestmark = pytest.mark.deep

COARSE = ("demo-police", "demo-housing")


@pytest.mark.parametrize("client", CLIENTS)
def test_no_answer_to_a_system_holds_a_word_of_what_others_sent(client, everything, stack):
    answers = [*lists_of(stack, client)]
    for sent in everything.values():
        for looked_for in (sent.reference, *sent.marked.marks.values()):
            found = stack.call(client, "POST", "/find", {"q": looked_for})
            answers.append(found.text.replace(looked_for, ""))
            for view in ("sent", "queue"):
                found = stack.call(client, "GET", "/referrals", params={"view": view, "q": looked_for})
                answers.append(found.text.replace(looked_for, ""))
    told = "\n".join(answers)
    for whose, sent in everything.items():
        if client not in sent.clients:
            assert sent.marked.found_in(told) == [], f"{client} reads {whose}'s"
            assert sent.id not in told
            assert sent.reference not in told


def lists_of(stack: Stack, client: str) -> list[str]:
    """All lists to their ends."""
    told = []
    for view in ("queue", "caseload", "team", "sent", "unrouted", "asked"):
        told += read_on(stack, client, "/referrals", "referrals", view=view, limit="100")
    told += read_on(stack, client, "/messages", "notifications")
    after: str | None = None
    for _ in range(200):
        answer = stack.call(client, "GET", "/events", params={"after": after} if after else None)
        told.append(answer.text)
        if answer.status_code != 200 or answer.json()["next_cursor"] in (None, after):
            break
        after = answer.json()["next_cursor"]
    return told


def read_on(stack: Stack, client: str, path: str, service: str, **query: str) -> list[str]:
    told, cursor = [], None
    while True:
        more = query | ({"cursor": cursor} if cursor else {})
        answer = stack.call(client, "GET", path, service=service, params=more)
        told.append(answer.text)
        cursor = answer.json()["next_cursor"] if answer.status_code == 200 else None
        if cursor is None:
            return told


@pytest.mark.parametrize("who", PEOPLE)
def test_no_page_somebody_can_come_to_holds_a_word_of_what_others_sent(who, everything, stack):
    visitor = Visitor(stack, who)
    read = list(crawl(visitor, times=6).texts.values())
    for sent in everything.values():
        for looked_for in (sent.reference, sent.marked.marks["family_name"]):
            answer = visitor.post_anyhow("referrals", "/find", q=looked_for)
            read.append(answer.text.replace(looked_for, ""))
    told = "\n".join(read)
    for whose, sent in everything.items():
        if who not in sent.people:
            assert sent.marked.found_in(told) == [], f"{who} reads {whose}'s"
        if who not in sent.told:
            assert sent.id not in told, f"{who} is shown the id of {whose}'s"
            assert sent.reference not in told, f"{who} is shown the reference of {whose}'s"


def test_those_with_a_part_do_read_it(everything, stack):
    """Else everything above would pass on an empty product."""
    practice = everything["practice"]
    read = stack.call("demo-linkworker", "GET", f"/referrals/{practice.id}").text
    assert {"family_name", "what_matters", "code_word"} <= set(practice.marked.found_in(read))
    page = Visitor(stack, "practice").get("referrals", f"/referrals/{practice.id}").text
    assert "family_name" in practice.marked.found_in(page)
    found = stack.call("demo-practice", "POST", "/find", {"q": practice.marked.marks["family_name"]}).json()
    assert [item["id"] for item in found["items"]] == [practice.id]


def test_the_forums_admin_reads_nobodys_case(everything, stack):
    for method, path, body in (
        ("GET", "/referrals?view=sent", None),
        ("POST", "/find", {"q": everything["practice"].reference}),
        ("POST", "/referrals", referral_body()),
        ("GET", "/events", None),
    ):
        assert stack.call("demo-admin", method, path, body).status_code == 404, path
    assert stack.call("demo-admin", "GET", "/messages", service="notifications").status_code == 404
    admin = Visitor(stack, "admin")
    for path in ("/queue", "/sent", "/find", "/unrouted", "/my-people", "/team", "/refer"):
        assert admin.get("referrals", path).status_code == 404, path


@pytest.mark.parametrize("client", COARSE)
def test_police_and_housing_find_nobody_by_name_and_read_received_or_closed(client, everything, stack):
    own = everything[client.removeprefix("demo-")]
    for looked_for in ("family_name", "given_name", "phone", "nhs_number"):
        word = own.marked.marks[looked_for]
        assert stack.call(client, "POST", "/find", {"q": word}).json()["items"] == []
        listed = stack.call(client, "GET", "/referrals", params={"view": "sent", "q": word})
        assert listed.json()["items"] == []
    by_reference = stack.call(client, "POST", "/find", {"q": own.reference}).json()["items"]
    assert [item["id"] for item in by_reference] == [own.id]
    read = stack.call(client, "GET", f"/referrals/{own.id}").json()
    assert (read["view"], read["status"]) == ("coarse", "received")
    assert read["owner"]["assignee"] is None
    history = stack.call(client, "GET", f"/referrals/{own.id}/history").json()["items"]
    assert all(item.get("by") is None and item.get("reason") is None for item in history)


@pytest.mark.parametrize("client", COARSE)
def test_police_and_housing_read_the_same_before_and_after_the_work_began(client, stack):
    link_workers = str(demo_id("service", "york-gp-link-workers"))
    referral = send(stack, client, target_service_id=link_workers)["id"]

    def read():
        paths = (f"/referrals/{referral}", f"/referrals/{referral}/history")
        told = [stack.call(client, "GET", path).json() for path in paths]
        listed = stack.call(client, "GET", "/referrals", params={"view": "sent"}).json()["items"]
        messages = stack.call(
            client, "GET", "/messages", service="notifications", params={"referral_id": referral}
        )
        return *told, [item for item in listed if item["id"] == referral], messages.json()["items"]

    eventually(lambda: read()[-1] and all(message["sent_at"] for message in read()[-1]))
    before = read()
    act(stack, referral, "accept")
    act(stack, referral, "start", contact=CONTACT)
    act(stack, referral, "hold", reason="waiting_list", review_on=in_days(7))
    act(stack, referral, "resume")
    sleep(3)
    assert read() == before


@pytest.mark.parametrize("client", ["demo-police", "demo-housing", "demo-vcse"])
def test_somebody_known_elsewhere_is_answered_as_a_stranger(client, everything, stack):
    known, stranger = referral_body(), referral_body()
    known["person"] = everything["practice"].marked.body["person"]
    stranger["person"] = Marked(free_phone(stack)).body["person"]
    for path in ("/routes", "/referrals"):
        answers = [stack.call(client, "POST", path, body) for body in (known, stranger)]
        assert [answer.status_code for answer in answers] == [200 if path == "/routes" else 201] * 2
        told = [
            {name: value for name, value in answer.json().items() if name not in OWN} for answer in answers
        ]
        written = [person_words(body) for body in (known, stranger)]
        assert without(told[0], written[0]) == without(told[1], written[1])
        assert answers[0].headers.keys() == answers[1].headers.keys()


OWN = {"id", "reference", "next_action_at", "submitted_at"}


def person_words(body: dict[str, Any]) -> list[str]:
    """What a sender wrote of the person, which it reads again."""
    person = body["person"]
    number = person["nhs_number"]
    flat = [
        *(person[name] for name in ("given_name", "family_name")),
        *person["address_lines"],
        *person["access_needs"],
        *(contact[name] for contact in person["contacts"] for name in contact if name != "channel"),
        f"{number[:3]} {number[3:6]} {number[6:]}",
        number,
    ]
    return [word for word in flat if isinstance(word, str)]


def without(told: dict[str, Any], words: list[str]) -> str:
    text = str(told)
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "…")
    # Telephone numbers come back in their international form.
    return re.sub(r"\+?44 ?7700 ?900 ?\d{3}|07700 ?900 ?\d{3}", "…", text)
