"""Every nasty string in every field of the API: given back as it was written or refused by name; no 5xx."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.builders.nasty import (
    FORM_FIELDS,
    WORD_FIELDS,
    at,
    full_body,
    nasty_forms,
    nasty_words,
    put,
    sendable,
    some_nasty_words,
    spoilt,
)
from tests.builders.running_lives import CONTACT, act, in_days, send
from tests.stack import Stack

pytestmark = pytest.mark.deep

PRACTICE, WORKER = "demo-practice", "demo-linkworker"
STORED = """
    select p.given_name, p.family_name, p.address_lines[1], p.access_needs[1], p.language,
        c.value, c.hours, c.code_word, c.asked_by, r.what_matters, r.priority_reason, r.separate_reason,
        a.how, a.asked_by, r.external_source, r.external_id, r.referrer_name, r.referrer_role,
        r.parental_responsibility, r.not_to_contact, r.speaker_name, r.speaker_relation,
        r.separate_from_id is not null, r.external_id
    from referral r
        join person_record p on p.id = r.person_id
        join contact_point c on c.referral_id = r.id and c.place_in_list = 0
        join agreement a on a.referral_id = r.id
    where r.id = %s
"""
"""What is stored, in the order of `WORD_FIELDS`; whether it is linked to another; the external id again."""
LONG_TEXTS = ("/what_matters", "/priority_reason", "/separate_reason", "/person/given_name")
"""As many fields of great length as fit into one body."""
SHOWN = {
    "/person/given_name": "/sent/person/given_name",
    "/person/family_name": "/sent/person/family_name",
    "/person/address_lines/0": "/sent/person/address_lines/0",
    "/person/access_needs/0": "/sent/person/access_needs/0",
    "/person/language": "/sent/person/language",
    "/what_matters": "/sent/what_matters",
    "/priority_reason": "/sent/priority_reason",
    "/external/source_system": "/sent/external_source",
    "/external/id": "/sent/external_id",
    "/referrer/name": "/sent/referrer_name",
    "/speaker/name": "/sent/speaker/name",
    "/speaker/relation": "/sent/speaker/relation",
}


SHOWN_OF_A_WAY = {
    "/person/contacts/0/value": "value",
    "/person/contacts/0/hours": "hours",
    "/person/contacts/0/code_word": "code_word",
}


def post(stack: Stack, client: str, path: str, body: Any) -> requests.Response:
    """Half characters too, as JSON escapes."""
    return stack.call(
        client, "POST", path, None, data=json.dumps(body), headers={"Content-Type": "application/json"}
    )


def refused(answer: requests.Response, *pointers: str) -> set[str]:
    """The fields named by a clear refusal, which must be among `pointers`."""
    problem = answer.json()
    assert answer.status_code in (400, 422), answer.text[:600]
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert problem["detail"]
    assert problem["request_id"]
    named = {error["pointer"] for error in problem.get("errors", ())}
    assert named, f"no field is named: {answer.text[:600]}"
    assert all(error["detail"].strip() for error in problem["errors"])
    assert named <= set(pointers), f"named: {named}"
    return named


def test_every_field_of_a_referral_is_among_those_that_are_spoilt(stack):
    described = requests.get(stack.url("referrals", "/openapi.json"), timeout=20).json()
    known = {
        pointer.replace("/0", "").replace("/1", "").replace("/2", "")
        for pointer in (*WORD_FIELDS, *FORM_FIELDS)
    }
    assert set(_text_pointers(described, "ReferralIn")) <= known


def _text_pointers(described: dict[str, Any], name: str, before: str = "") -> list[str]:
    found = []
    for field, told in described["components"]["schemas"][name]["properties"].items():
        text = json.dumps(told)
        inner = told.get("$ref") or next(
            (
                part["$ref"]
                for part in (told.get("items", {}), *told.get("anyOf", ()), *told.get("allOf", ()))
                if "$ref" in part
            ),
            None,
        )
        if inner:
            found += _text_pointers(described, inner.rsplit("/", 1)[1], f"{before}/{field}")
        elif '"string"' in text and "boolean" not in text:
            found.append(f"{before}/{field}")
    return found


@pytest.mark.parametrize("words", nasty_words(), ids=lambda words: ascii(words)[:40])
def test_words_of_a_referral_come_back_as_written_or_are_refused_by_name(words, stack):
    fields = LONG_TEXTS if len(words) > 10_000 else WORD_FIELDS
    answer = post(stack, PRACTICE, "/referrals", spoilt(words, fields))
    left = list(fields)
    if answer.status_code != 201:
        named = refused(answer, *fields)
        left = [pointer for pointer in fields if pointer not in named]
        answer = post(stack, PRACTICE, "/referrals", spoilt(words, tuple(left)))
    assert answer.status_code == 201, answer.text[:600]
    told = stack.call(PRACTICE, "GET", f"/referrals/{answer.json()['id']}").json()
    *columns, linked, external = stack.rows("referrals", STORED, told["id"])[0]
    stored = dict(zip(WORD_FIELDS, columns, strict=True))
    if not linked:
        # Why it is sent apart is kept where there is something to be apart from.
        left = [pointer for pointer in left if pointer != "/separate_reason"]
    for pointer in left:
        wanted = external if pointer == "/external/id" else words
        assert same(wanted, stored[pointer]), f"{pointer} is stored otherwise"
        if pointer in SHOWN or pointer in SHOWN_OF_A_WAY:
            assert any(same(wanted, each) for each in shown(told, pointer)), f"{pointer} is shown otherwise"
    assert "/external/id" not in left or external.startswith(words)


def shown(told: dict[str, Any], pointer: str) -> list[Any]:
    """What the sender reads of a field; of the ways to reach somebody any, for the usable come first."""
    if pointer in SHOWN_OF_A_WAY:
        return [way[SHOWN_OF_A_WAY[pointer]] for way in told["sent"]["contacts"]]
    return [at(told, SHOWN[pointer])]


def same(written: str, found: Any) -> bool:
    """As it was written; nothing but white space is nothing said."""
    return found == written or (not written.strip() and found is None)


@pytest.mark.parametrize("pointer", FORM_FIELDS)
def test_a_field_with_a_form_takes_it_or_is_refused_by_name(pointer, stack):
    spoils = [*nasty_forms(FORM_FIELDS[pointer]), *some_nasty_words()]
    for words in spoils:
        answer = post(stack, PRACTICE, "/routes", put(full_body(), pointer, words))
        assert answer.status_code < 500, f"{words!r}: {answer.text[:300]}"
        if answer.status_code != 200:
            assert refused(answer, pointer) == {pointer}, repr(words)


ACTS: dict[str, tuple[str, Callable[[str], dict[str, Any]], str]] = {
    "ask": (WORKER, lambda words: {"question": words}, "/question"),
    "answer": (PRACTICE, lambda words: {"answer": words}, "/answer"),
    "accept": (WORKER, lambda _: {}, ""),
    "start": (WORKER, lambda words: {"contact": CONTACT | {"note": words}}, "/contact/note"),
    "contact": (WORKER, lambda words: CONTACT | {"note": words}, "/note"),
    "hold": (WORKER, lambda words: {"reason": words, "review_on": in_days(9)}, "/reason"),
    "resume": (WORKER, lambda _: {}, ""),
    "complete": (
        WORKER,
        lambda words: {
            "outcomes": [{"need": "loneliness", "outcome": "met", "text": words}],
            "ended_by": "worker",
        },
        "/outcomes/0/text",
    ),
    "reopen": (WORKER, lambda words: {"reason": words}, "/reason"),
    "decline": (WORKER, lambda words: {"reason": "other", "text": words}, "/text"),
    "withdraw": (PRACTICE, lambda words: {"reason": words}, "/reason"),
}
"""Acts of a life: who does it, a body with words in it, and where they are."""


LIVES = (
    ("ask", "answer", "accept", "start", "contact", "hold", "resume", "withdraw"),
    ("accept", "complete"),
    ("decline", "reopen"),
)


def test_every_act_that_takes_words_is_in_one_of_these_lives():
    assert {name for life in LIVES for name in life} == set(ACTS)


@pytest.mark.parametrize("words", some_nasty_words(), ids=lambda words: ascii(words)[:40])
def test_words_said_with_an_act_come_back_as_written_or_are_refused_by_name(words, stack):
    for life in LIVES:
        referral = send(stack)["id"]
        wanted = [said for name in life for said in try_act(stack, referral, name, words)]
        missing = set(wanted) - strings_of(stack, referral)
        assert not missing, f"not as it was written: {missing}"


def try_act(stack: Stack, referral: str, name: str, words: str) -> list[str]:
    """Do it with `words`, or with plain ones where those are refused; what must be found afterwards."""
    client, body_of, pointer = ACTS[name]
    # The act's name in the middle, so that what one act says is not found in another's place.
    said = f"{words} {name} {words}" if len(words) < 9_000 else words
    answer = post(stack, client, f"/referrals/{referral}/{name}", body_of(said))
    if answer.status_code == 200:
        return [said] if pointer else []
    assert answer.status_code < 500, f"{name}: {answer.text[:300]}"
    refused(answer, pointer)
    act(stack, referral, name, client, **body_of("plain words"))
    return []


def strings_of(stack: Stack, referral: str) -> set[str]:
    """Everything written that the team reads of a referral, and what is stored of its contacts."""
    found: set[str] = set()

    def collect(value: Any) -> None:
        if isinstance(value, dict):
            value = list(value.values())
        if isinstance(value, list):
            for each in value:
                collect(each)
        elif isinstance(value, str):
            found.add(value)

    for path in ("", "/history"):
        collect(stack.call(WORKER, "GET", f"/referrals/{referral}{path}").json())
    for (note,) in stack.rows("referrals", "select note from contact where referral_id = %s", referral):
        collect(note)
    for (text,) in stack.rows("referrals", "select text from outcome where referral_id = %s", referral):
        collect(text)
    return found


def test_any_words_may_be_looked_for(stack):
    client = WORKER
    for words in nasty_words():
        answer = post(stack, client, "/find", {"q": words})
        assert answer.status_code in (200, 422), f"{words!r}: {answer.text[:300]}"
    for words in sendable(nasty_words()):
        for service, path, name in (
            ("referrals", "/referrals?view=sent", "q"),
            ("referrals", "/referrals?view=sent", "status"),
            ("referrals", "/referrals?view=sent", "cursor"),
            ("referrals", "/referrals?view=sent", "need"),
            ("referrals", "/events?limit=1", "after"),
            ("notifications", "/messages?", "cursor"),
            ("notifications", "/messages?", "status"),
            ("directory", "/services?limit=1", "q"),
            ("directory", "/services?limit=1", "need"),
            ("directory", "/services?limit=1", "place"),
            ("directory", "/services?limit=1", "cursor"),
            ("directory", "/link-workers?limit=1", "q"),
            ("directory", "/link-workers?limit=1", "sector"),
        ):
            answer = stack.call(client, "GET", path, service=service, params={name: words[:300]})
            assert answer.status_code in (200, 400, 404, 422), f"{path} {name}={words!r}: {answer.text[:300]}"
