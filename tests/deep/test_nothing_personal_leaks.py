"""Words planted in every field of a referral, a whole life, every refusal: none is where it must not be."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from secrets import token_hex
from typing import Any

import pytest
import redis
import requests

from shared.embedded.plan import VALKEY_OFFSET
from shared.settings import SERVICES
from tests.builders.markers import Marked
from tests.builders.running_lives import CONTACT, PRACTICE, WORKER, act, in_days
from tests.builders.sent_by_each import free_phone
from tests.builders.visitors import Visitor
from tests.stack import Stack, eventually

pytestmark = pytest.mark.deep

# What holds a person in referrals; everything else of the three databases must not.
OF_A_PERSON = {
    "agreement",
    "contact",
    "contact_point",
    "draft",
    "move",
    "outcome",
    "person_record",
    "question",
    "referral",
}


@pytest.fixture(scope="module")
def lived(stack: Stack) -> tuple[Marked, str, list[str]]:
    """A marked referral at the end of its life, its id, and what the broker held on the way."""
    marked = Marked(free_phone(stack))
    word, held = marked.word, []
    # While it hangs, what was meant for it stays in the broker to be looked at.
    stack.freeze("notifications", "worker")
    try:
        sent = stack.call(
            PRACTICE, "POST", "/referrals", marked.body, headers={"Idempotency-Key": token_hex(8)}
        )
        assert sent.status_code == 201, sent.text
        id = sent.json()["id"]
        act(stack, id, "ask", question=f"Is {word('question')} right?")
        eventually(lambda: id in "".join(held.extend(broker_holds(stack)) or held))
    finally:
        stack.thaw("notifications", "worker")
    eventually(lambda: letters_about(stack, sent.json()["reference"]), within=60)
    held += asked_by_oneself(stack, word)
    for name, client, body in rest_of_a_life(word):
        act(stack, id, name, client, **body)
        held += broker_holds(stack)
    refusals(stack, marked, id)
    delivered = (
        "select 1 from message where referral_id = %s and event_type = 'referral.withdrawn.v1'"
        " and status = 'delivered'"
    )
    eventually(lambda: stack.rows("notifications", delivered, id), within=60)
    return marked, id, held


def asked_by_oneself(stack: Stack, word: Callable[[str], str]) -> list[str]:
    """Somebody asks on the public pages, with a word of its own in every field, and says more by their link;
    another begins and leaves. What the broker held."""
    at = "/for-you/york"
    for begun in ("asked", "left"):
        somebody = Visitor(stack)
        somebody.send("referrals", at, who="other")
        for name, typed in answers_of(lambda field, begun=begun: word(f"{begun}_{field}")):
            assert somebody.send("referrals", f"{at}/{name}", **typed).status_code == 302, name
        if begun == "left":
            break
        assert somebody.send("referrals", f"{at}/check").status_code == 302
        link = re.search(r"/your-request/[\w-]+", somebody.send("referrals", f"{at}/sent").text)
        assert link
        more = somebody.send("referrals", f"{link[0]}/more", link[0], words=word("asked_more"))
        assert more.status_code == 302
    return broker_holds(stack)


def answers_of(word: Callable[[str], str]) -> list[tuple[str, dict[str, str]]]:
    """Every page of a family member who asks for somebody of 15."""
    via = {"via_value": word("via"), "via_hours": word("hours"), "via_code_word": word("code_word")}
    young = {"not_to_contact": word("not_to_contact"), "parental_responsibility": word("parent")}
    return [
        ("them", {"knows": "yes", "name": word("asker"), "relation": word("relation")}),
        ("what", {"what_matters": word("what_matters")}),
        ("about", {"name": word("name"), "age": "15", "access_other": word("access")}),
        ("reach", {"ways": "via", **via}),
        ("last", young),
    ]


def rest_of_a_life(word: Callable[[str], str]) -> list[tuple[str, str, dict[str, Any]]]:
    """Every act that takes words, with a word of its own: act, who does it, body."""
    outcomes = [{"need": "loneliness", "outcome": "met", "text": word("outcome")}]
    return [
        ("answer", PRACTICE, {"answer": f"No, {word('answer')}"}),
        ("accept", WORKER, {}),
        ("start", WORKER, {"contact": CONTACT | {"note": word("first_note")}}),
        ("contact", WORKER, CONTACT | {"note": word("note")}),
        ("hold", WORKER, {"reason": word("hold_reason"), "review_on": in_days(7)}),
        ("resume", WORKER, {}),
        ("release", WORKER, {"reason": word("release_reason")}),
        ("decline", WORKER, {"reason": "other", "text": word("decline_text")}),
        ("reopen", WORKER, {"reason": word("reopen_reason")}),
        ("accept", WORKER, {}),
        ("start", WORKER, {"contact": CONTACT}),
        ("complete", WORKER, {"outcomes": outcomes, "ended_by": "worker"}),
        ("reopen", WORKER, {"reason": word("reopened_again")}),
        ("withdraw", PRACTICE, {"reason": word("withdraw_reason")}),
    ]


def refusals(stack: Stack, marked: Marked, id: str) -> None:
    """Everything wrong that can be asked with those words in it."""
    words = " ".join(marked.marks.values())
    number, family = marked.marks["nhs_number"], marked.marks["family_name"]
    for body in (
        marked.body,
        marked.body | {"needs": [words]},
        marked.body | {words: words},
        marked.body | {"person": marked.body["person"] | {"nhs_number": number[::-1], "postcode": words}},
        marked.body | {"person": marked.body["person"] | {"given_name": f"{family}\0"}},
        marked.body | {"person": marked.body["person"] | {"family_name": f"{family}\ud800"}},
        {"person": words},
        [words],
    ):
        answer = stack.call(
            PRACTICE,
            "POST",
            "/referrals",
            None,
            data=json.dumps(body),
            headers={"Content-Type": "application/json", "Idempotency-Key": family},
        )
        assert answer.status_code in (400, 409, 422), answer.text
    headers = {"Authorization": f"Bearer {stack.token(PRACTICE)}", "Content-Type": "application/json"}
    at = stack.url("referrals", "/api/v1/referrals")
    for data in (f'{{"person": {words}', f'{{"a": "{words}'.encode() + b"\xff\xfe"):
        assert requests.post(at, data=data, headers=headers, timeout=20).status_code == 400
    for path in (
        f"/referrals/{family}",
        f"/referrals/{id}/{family}",
        f"/{number}",
        f"/referrals/{id}/accept",
    ):
        stack.call(PRACTICE, "POST", path, {"assignee_id": words})
        stack.call(PRACTICE, "GET", path, params={"q": words, family: number, "cursor": words})
    for service in SERVICES:
        requests.get(stack.url(service, f"/{family}?q={number}"), params={"next": words}, timeout=20)
        stack.call(WORKER, "GET", "/services", service=service, params={"q": words, "cursor": words})
    stack.call(PRACTICE, "GET", "/referrals", params={"view": "sent", "q": family})
    stack.call(WORKER, "POST", "/find", {"q": family})
    for name, body in (
        ("complete", {"outcomes": words}),
        ("decline", {"reason": words}),
        ("hold", {"reason": words}),
    ):
        stack.call(WORKER, "POST", f"/referrals/{id}/{name}", body)
    wrong = Visitor(stack)
    wrong.send("directory", "/sign-in", email=f"{family}@post.example", password=family)
    wrong.send("directory", "/forgotten", email=f"{family}@post.example")
    practice = Visitor(stack, "practice")
    for service, path, fields in (
        ("referrals", "/find", ("q",)),
        ("referrals", "/refer", ("postcode", "where", "needs")),
        ("directory", "/link-workers", ("q",)),
    ):
        practice.post_anyhow(service, path, **dict.fromkeys(fields, words))


def letters_about(stack: Stack, reference: str) -> list[tuple[Any, ...]]:
    return stack.rows("notifications", "select id from caught_letter where body like %s", f"%{reference}%")


def broker_holds(stack: Stack) -> list[str]:
    """Every value in Valkey as text, with the bodies of tasks decoded."""
    password = json.loads((stack.home / "engines.json").read_text())["valkey"]
    with redis.Redis(port=stack.base + VALKEY_OFFSET, password=password) as client:
        return [text for key in client.scan_iter() for text in _texts(client, key)]


def _texts(client: redis.Redis, key: bytes) -> Iterator[str]:
    read = {
        b"string": lambda: [client.get(key)],
        b"list": lambda: client.lrange(key, 0, -1),
        b"set": lambda: client.smembers(key),
        b"zset": lambda: client.zrange(key, 0, -1),
        b"hash": lambda: [each for pair in client.hgetall(key).items() for each in pair],
    }
    yield key.decode(errors="replace")
    for value in read.get(client.type(key), list)():
        text = (value or b"").decode(errors="replace")
        yield text
        with suppress(ValueError, TypeError, KeyError, IndexError):
            told = json.loads(text)
            envelope = told[0] if isinstance(told, list) else told
            yield base64.b64decode(envelope["body"]).decode(errors="replace")


def test_the_broker_carries_events_and_none_of_the_words(lived):
    marked, id, held = lived
    everything = "\n".join(held)
    assert id in everything, "the events were seen on their way"
    assert marked.found_in(everything) == []


def test_no_log_holds_a_word_of_it(lived, stack):
    marked, _, _ = lived
    logs = {path.name: path.read_text(errors="replace") for path in (stack.home / "logs").iterdir()}
    assert sum('"status": 4' in line for text in logs.values() for line in text.splitlines()) > 10
    logs["terminal"] = stack.said()
    assert {name: marked.found_in(text) for name, text in logs.items() if marked.found_in(text)} == {}


def test_no_letter_holds_a_word_of_it(lived, stack):
    marked, id, _ = lived
    letters = "\n".join(
        str(row) for row in stack.rows("notifications", "select t::text from caught_letter t")
    )
    assert stack.rows("notifications", "select 1 from message where referral_id = %s", id)
    assert marked.found_in(letters) == []


@pytest.mark.parametrize("service", SERVICES)
def test_no_table_but_those_of_the_person_holds_a_word_of_it(service, lived, stack):
    marked, _, _ = lived
    tables = {
        name
        for (name,) in stack.rows(
            service, "select tablename from pg_tables where schemaname = 'public' order by 1"
        )
    }
    assert {"inbox", "access_log"} <= tables
    found = {}
    for table in tables - (OF_A_PERSON if service == "referrals" else set()):
        # The names of tables come from the database itself.
        rows = stack.rows(service, f'select t::text from "{table}" t')  # noqa: S608
        leaked = marked.found_in("\n".join(row[0] for row in rows))
        if leaked:
            found[table] = leaked
    assert found == {}


def test_the_tables_of_the_person_do_hold_them(lived, stack):
    """Else nothing above would say anything."""
    marked, id, _ = lived
    held = "".join(str(row) for row in stack.rows("referrals", "select t::text from person_record t"))
    held += "".join(str(row) for row in stack.rows("referrals", "select t::text from move t"))
    assert {"family_name", "question", "withdraw_reason", "asked_name", "asked_more"} <= set(
        marked.found_in(held)
    )
    assert stack.rows("referrals", "select 1 from outbox where subject = %s", id)
