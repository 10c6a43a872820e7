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
    """A referral that was sent and worked on, and who has a part in it.

    `told`: who may read which messages went to their organisation about it, though they have no part.
    """

    marked: Marked
    clients: frozenset[str]
    people: frozenset[str]
    told: frozenset[str]
    id: str = ""
    reference: str = ""
    ids: dict[str, list[str]] = field(default_factory=dict)


def free_phone(stack: Stack) -> str:
    """A number of those for drama that nobody of the demo has, without its first nought."""
    taken = {value[-3:] for (value,) in stack.rows("referrals", "select value from contact_point")}
    return "7700 900" + next(f"{n:03}" for n in range(1000) if f"{n:03}" not in taken)


def _introduced(stack: Stack) -> Marked:
    """To somebody who is not of the demo's people."""
    return Marked(free_phone(stack), route_in="introduction", target_service_id=LAC)


def _sent_by(stack: Stack, client: str, marked: Marked, people: set[str], told: set[str]) -> Sent:
    answer = stack.call(client, "POST", "/referrals", marked.body)
    assert answer.status_code == 201, answer.text
    body = answer.json()
    clients = {client} | ({"demo-linkworker"} if "linkworker" in people else set())
    return Sent(
        marked,
        frozenset(clients),
        frozenset(people),
        frozenset(people | told),
        body["id"],
        body["reference"],
    )


def from_each(stack: Stack) -> dict[str, Sent]:
    """Referrals of each organisation; the practice's has been through most of a life, with words said."""
    of_practice = _sent_by(
        stack,
        "demo-practice",
        Marked(free_phone(stack)),
        {"practice", "linkworker", "lead"},
        {"practice-admin"},
    )
    word = of_practice.marked.word
    act(stack, of_practice.id, "ask", question=f"Which day? {word('question')}")
    act(stack, of_practice.id, "answer", "demo-practice", answer=f"Friday {word('answer')}")
    act(stack, of_practice.id, "accept")
    act(stack, of_practice.id, "start", contact=CONTACT | {"note": word("note")})
    outcomes = [{"need": "loneliness", "outcome": "met", "text": word("outcome")}]
    act(stack, of_practice.id, "complete", outcomes=outcomes, ended_by="worker")
    sent = {"practice": of_practice}
    for sender, colleagues in (("police", ()), ("housing", ()), ("vcse", ()), ("linkworker", ("lead",))):
        # York's council holds what goes to its coordinators: its safeguarding lead may read it, and its
        # duty desk which messages went to the council.
        people = {sender, *colleagues, "safeguarding"}
        sent[sender] = _sent_by(stack, f"demo-{sender}", _introduced(stack), people, {"dutydesk"})
    for one in sent.values():
        one.ids["referral_id"] = [one.id]
        one.ids["message_id"] = one.ids["notice_id"] = eventually(lambda r=one.id: _messages_of(stack, r))
    return sent


def _messages_of(stack: Stack, referral_id: str) -> list[str]:
    found = stack.rows("notifications", "select id from message where referral_id = %s limit 2", referral_id)
    return [str(row[0]) for row in found]
