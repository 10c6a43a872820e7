"""Referrals by each organisation of the demo that sends, and who has a part in which."""

from __future__ import annotations

from dataclasses import dataclass, field

from shared.demo_ids import demo_id
from tests.builders.markers import Marked
from tests.builders.running_lives import CONTACT, act
from tests.stack import Stack, eventually

CLIENTS = ("demo-practice", "demo-police", "demo-housing", "demo-vcse", "demo-linkworker", "demo-admin")
LAC = str(demo_id("service", "york-local-area-coordinators"))
"""A service none of the demo's people works for."""


@dataclass
class Sent:
    """A referral that was sent and worked on, and who has a part in it."""

    marked: Marked
    clients: frozenset[str]
    people: frozenset[str]
    id: str = ""
    reference: str = ""
    ids: dict[str, list[str]] = field(default_factory=dict)


def free_phone(stack: Stack) -> str:
    taken = {value[-3:] for (value,) in stack.rows("referrals", "select value from contact_point")}
    return "7700 900" + next(f"{n:03}" for n in range(1000) if f"{n:03}" not in taken)


def _introduced(stack: Stack) -> Marked:
    """To somebody who is not of the demo's people."""
    return Marked(free_phone(stack), route_in="introduction", target_service_id=LAC)


def _sent_by(stack: Stack, client: str, marked: Marked, clients: set[str], people: set[str]) -> Sent:
    answer = stack.call(client, "POST", "/referrals", marked.body)
    assert answer.status_code == 201, answer.text
    body = answer.json()
    return Sent(marked, frozenset(clients | {client}), frozenset(people), body["id"], body["reference"])


def from_each(stack: Stack) -> dict[str, Sent]:
    """Referrals of each organisation; the practice's has been through most of a life, with words said."""
    of_practice = _sent_by(
        stack,
        "demo-practice",
        Marked(free_phone(stack)),
        {"demo-linkworker"},
        {"practice", "linkworker", "lead"},
    )
    word = of_practice.marked.word
    act(stack, of_practice.id, "ask", question=f"Which day? {word('question')}")
    act(stack, of_practice.id, "answer", "demo-practice", answer=f"Friday {word('answer')}")
    act(stack, of_practice.id, "accept")
    act(stack, of_practice.id, "start", contact=CONTACT | {"note": word("note")})
    outcomes = [{"need": "loneliness", "outcome": "met", "text": word("outcome")}]
    act(stack, of_practice.id, "complete", outcomes=outcomes, ended_by="worker")
    # York's council holds what goes to its coordinators, so its safeguarding lead may read it.
    sent = {
        "practice": of_practice,
        "police": _sent_by(stack, "demo-police", _introduced(stack), set(), {"police", "safeguarding"}),
        "housing": _sent_by(stack, "demo-housing", _introduced(stack), set(), {"housing", "safeguarding"}),
        "vcse": _sent_by(stack, "demo-vcse", _introduced(stack), set(), {"vcse", "safeguarding"}),
        "linkworker": _sent_by(
            stack, "demo-linkworker", _introduced(stack), set(), {"linkworker", "lead", "safeguarding"}
        ),
    }
    for one in sent.values():
        one.ids["referral_id"] = [one.id]
        one.ids["message_id"] = one.ids["notice_id"] = eventually(lambda r=one.id: _messages_of(stack, r))
    return sent


def _messages_of(stack: Stack, referral_id: str) -> list[str]:
    found = stack.rows("notifications", "select id from message where referral_id = %s limit 2", referral_id)
    return [str(row[0]) for row in found]
