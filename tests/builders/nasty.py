"""Strings that break things, of our own making (tests/deep/nasty_strings.json), and the fields for them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from itertools import pairwise
from pathlib import Path
from secrets import token_hex
from typing import Any

from tests.builders.bodies import referral_body

_FILE = Path(__file__).resolve().parents[1] / "deep" / "nasty_strings.json"
_TOLD = json.loads(_FILE.read_text("ascii"))


def nasty_words() -> list[str]:
    """All strings for fields that take words."""
    return [_written(each) for group in _TOLD["words"].values() for each in group]


def some_nasty_words(of_each: int = 3) -> list[str]:
    """The first of each class, where all would take too long."""
    return [_written(each) for group in _TOLD["words"].values() for each in group[:of_each]]


def nasty_forms(kind: str) -> list[str]:
    """Strings for a field with a form of its own: nhs_number, postcode, phone, email, date or code."""
    return list(_TOLD["forms"][kind])


def sendable(words: list[str]) -> list[str]:
    """Those that can be in an address or a form: half characters cannot."""
    return [each for each in words if not any("\ud800" <= char <= "\udfff" for char in each)]


def _written(entry: str | dict[str, Any]) -> str:
    return entry if isinstance(entry, str) else entry["repeat"] * entry["times"]


WORD_FIELDS = (
    "/person/given_name",
    "/person/family_name",
    "/person/address_lines/0",
    "/person/access_needs/0",
    "/person/language",
    "/person/contacts/0/value",
    "/person/contacts/0/hours",
    "/person/contacts/0/code_word",
    "/person/contacts/0/asked_by",
    "/what_matters",
    "/priority_reason",
    "/separate_reason",
    "/agreement/0/how",
    "/agreement/0/asked_by",
    "/external/source_system",
    "/external/id",
    "/referrer/name",
    "/referrer/role",
    "/under_18/parental_responsibility",
    "/under_18/not_to_contact",
    "/speaker/name",
    "/speaker/relation",
)
"""Every field of a referral that takes words."""

FORM_FIELDS = {
    "/person/nhs_number": "nhs_number",
    "/person/postcode": "postcode",
    "/person/residence_on_date/postcode": "postcode",
    "/person/contacts/1/value": "phone",
    "/person/contacts/2/value": "email",
    "/referrer/email": "email",
    "/person/date_of_birth": "date",
    "/person/residence_on_date/from": "date",
    "/wanted_from": "date",
    "/person/contacts/0/asked_at": "date",
    "/agreement/0/at": "date",
    "/needs/0": "code",
    "/person/gp_practice_ods": "code",
    "/person/present_in": "code",
    "/target_service_id": "code",
    "/agreement/0/recipient": "code",
    "/restricted_to/0": "code",
    "/lawful_basis": "code",
    "/route_in": "code",
    "/priority": "code",
    "/safeguarding": "code",
    "/person/contacts/0/channel": "code",
    "/agreement/0/purpose": "code",
    "/speaker/who": "code",
}
"""Every field of a referral that has a form or a list of codes, and which strings are made for it."""


def full_body() -> dict[str, Any]:
    """A referral with the fields of `WORD_FIELDS` and `FORM_FIELDS` filled in, so that each can be spoilt."""
    body = referral_body(
        priority="sooner",
        priority_reason="Alone since Tuesday.",
        separate_reason="Asked for twice on purpose.",
        external={"source_system": "practice-records", "id": token_hex(8)},
        referrer={"name": "Dr Jo Example", "role": "GP"},
        under_18={"parental_responsibility": "Bea Example", "not_to_contact": "Her parents"},
        speaker={"who": "someone_for_them", "name": "Bea Example", "relation": "Her aunt"},
        restricted_to=[],
    )
    body["person"] |= {
        "address_lines": ["1 Invented Row"],
        "access_needs": ["Large print"],
        "language": "en",
        "residence_on_date": {"postcode": "YO24 3BZ", "from": "2026-12-24"},
        "contacts": [
            {
                "channel": "via",
                "value": "The day centre",
                "safe": True,
                "hours": "Wed 14:00-16:00",
                "code_word": "teapot",
                "asked_by": "Jo",
            },
            {"channel": "phone", "value": "01632 960001", "safe": True},
            {"channel": "email", "value": "w@post.example", "safe": True},
        ],
    }
    body["agreement"][0] |= {"how": "in person", "asked_by": "Jo"}
    return body


def put(body: dict[str, Any], pointer: str, value: Any) -> dict[str, Any]:
    """A copy of `body` with `value` at a JSON Pointer; a list is made longer by one where it ends there."""
    changed = deepcopy(body)
    here: Any = changed
    steps = [int(step) if step.isdigit() else step for step in pointer.strip("/").split("/")]
    for step, following in pairwise(steps):
        if isinstance(step, str) and step not in here:
            here[step] = [] if isinstance(following, int) else {}
        here = here[step]
    if isinstance(here, list) and steps[-1] == len(here):
        here.append(value)
    else:
        here[steps[-1]] = value
    return changed


def at(body: Any, pointer: str) -> Any:
    """What is at a JSON Pointer."""
    for step in pointer.strip("/").split("/"):
        body = body[int(step)] if isinstance(body, list) else body[step]
    return body


def spoilt(words: str, fields: Iterator[str] | tuple[str, ...] = WORD_FIELDS) -> dict[str, Any]:
    """A full body with `words` in each of `fields`. No two have the same external id."""
    body = full_body()
    for pointer in fields:
        unique = token_hex(8) if pointer == "/external/id" else ""
        body = put(body, pointer, words + unique)
    return body
