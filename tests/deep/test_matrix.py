"""Every role of an organisation of every sector, at every route, with what every other one sent: nothing.

In one process, so that each combination is tried and not a sample: each referral has a word of its own in
every part (what the sender wrote, ways to reach the person, agreements, questions, notes, outcomes), and no
answer to whoever has no part in it holds one of them, or differs from the answer about an id nobody has.
What is between the services (messages, notices, letters) is tried at a running copy in `test_who_may_see`,
`test_no_word_of_others` and `test_restricted_case`.
"""

from __future__ import annotations

import logging
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from uuid import uuid4

import pytest
import structlog
from flask import Flask
from werkzeug.test import TestResponse

from services.referrals.app import create_app
from shared import logs
from shared.auth import Role
from shared.clock import now
from tests.builders.act_bodies import ANY_ID, BODIES, FIELDS
from tests.builders.markers import Marked
from tests.builders.referrals import System, as_system, our_service, trust_our_key
from tests.builders.referrals_app import make_app
from tests.builders.referrals_browser import Browser
from tests.builders.referrals_world import ident
from tests.builders.routes import Route, every_route
from tests.builders.running_lives import CONTACT, in_days
from tests.builders.seats import SEATS, SECTORS, Seat, fill_with_seats

pytestmark = pytest.mark.deep

LISTS = ("queue", "caseload", "team", "sent", "unrouted", "asked")
WORKER = str(ident("worker"))
ACTS = sorted(set(BODIES) - {"absences", "capacity"})
SENDING = (Role.SENDER, Role.WORKER, Role.LEAD, Role.DUTY_DESK)
COARSE = frozenset({"police", "housing", "employer"})
INSIDE = ("question_inside", "note", "first_note", "hold_reason")
"""What the team wrote. A sender who is told more reads the question put to them."""
NOBODYS = "Qz-nobody-has-this"
_IDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TOKEN = re.compile(r'(name="csrf_token"[^>]* value=")[^"]+')


@dataclass
class Sent:
    """What the organisation of one sector sent, with words in every part; `inside` are the team's own."""

    id: str
    reference: str
    marked: Marked
    work: dict[str, str] = field(default_factory=dict)


@dataclass
class World:
    """The service's API, its pages, and what each sector's organisation sent."""

    api: Flask
    pages: Flask
    sent: dict[str, Sent]

    def others(self, sector: str) -> Iterator[tuple[str, Sent]]:
        """What everybody else sent."""
        return ((name, one) for name, one in self.sent.items() if name != sector)


@pytest.fixture(autouse=True)
def _logs() -> Iterator[None]:
    """Logs go to the standard error of this test: a logger keeps the one it was configured with."""
    handlers = logging.getLogger().handlers[:]
    logs.configure("referrals")
    yield
    structlog.reset_defaults()
    logging.getLogger().handlers[:] = handlers


@pytest.fixture(scope="module")
def world(referrals_database: str, valkey: str) -> World:
    """One referral by each, worked on by the same team until it is completed or on hold."""
    fill_with_seats(now())
    trust_our_key(now())
    api = create_app()
    sent = {sector: _lived(api, sector, place) for place, sector in enumerate(SECTORS)}
    return World(api, make_app(), sent)


def _lived(api: Flask, sector: str, place: int) -> Sent:
    marked = Marked(f"7700 900{place:03}")
    marked.body["person"]["gp_practice_ods"] = "Z90001"
    made = System(api, Seat(sector, Role.SENDER).system).post("/referrals", marked.body)
    assert made.status_code == 201, made.json
    sent = Sent(made.json["id"], made.json["reference"], marked)
    marks = Marked()
    words = {name: marks.word(name) for name in INSIDE}
    sent.work = words
    acts = [
        ("accept", {"assignee_id": WORKER}),
        ("start", {"contact": CONTACT | {"note": words["first_note"]}}),
        ("contact", CONTACT | {"note": words["note"]}),
        ("ask", {"question": f"Is it {words['question_inside']}?"}),
        ("hold", {"reason": words["hold_reason"], "review_on": in_days(7)}),
    ]
    if sector in COARSE:
        # A sender who is told no more than received could not answer a question.
        acts = [each for each in acts if each[0] != "ask"]
    for act, body in acts:
        done = System(api, as_system("lead")).act(sent.id, act, **body)
        assert done.status_code == 200, f"{sector} {act}: {done.json}"
    return sent


@dataclass
class Tries:
    """What was tried, and where something showed."""

    count: Counter[str] = field(default_factory=Counter)
    leaks: list[str] = field(default_factory=list)

    def nothing_of(self, sent: Sent, text: str, where: str, *, looked_for: str = "") -> None:
        """No word of any part of it, no reference and no id in an answer to somebody without a part."""
        if looked_for:
            text = text.replace(looked_for, "")
        words = {**sent.marked.marks, **sent.work, "reference": sent.reference, "id": sent.id}
        folded = text.casefold()
        self.leaks += [f"{where}: {part}" for part, word in words.items() if word.casefold() in folded]

    def alike(self, theirs: TestResponse, unknown: TestResponse, where: str) -> None:
        """The answer about theirs is the answer about an id nobody has."""
        self.count[where.partition(" ")[0]] += 1
        if _lines(theirs) != _lines(unknown):
            self.leaks.append(f"{where}: {theirs.status_code} is not {unknown.status_code}")

    def say(self, what: str) -> str:
        """The figures in a line."""
        told = ", ".join(f"{count:,} {name}" for name, count in sorted(self.count.items()))
        return f"\n{what}: {self.count.total():,} tries ({told}), {len(self.leaks)} leaks\n"


def _lines(answer: TestResponse) -> tuple[object, ...]:
    headers = sorted(
        (name, value)
        for name, value in answer.headers.items()
        if name.lower() not in ("date", "x-request-id", "set-cookie", "content-length")
    )
    return answer.status_code, headers, _TOKEN.sub(r"\1", _IDS.sub("ID", answer.get_data(as_text=True)))


def _routes(*, api: bool) -> list[Route]:
    return [
        route
        for route in every_route()
        if route.service == "referrals"
        and route.is_api is api
        and (api or route.is_page)
        and "referral_id" in route.arguments
    ]


def _of_api(system: System, route: Route, referral_id: str) -> TestResponse:
    path = route.address(referral_id=referral_id).removeprefix("/api/v1")
    if route.method == "GET":
        query = {"event": "referral.accepted.v1", "event_id": ANY_ID} if path.endswith("/audience") else {}
        return system.get(path, **query)
    return system.post(path, BODIES[path.rsplit("/", 1)[-1]])


@pytest.mark.parametrize("role", list(Role))
def test_no_system_of_any_sector_in_any_role_reads_or_moves_what_another_organisation_sent(
    role, world, capsys
):
    tries = Tries()
    for seat in (each for each in SEATS if each.role is role):
        system = System(world.api, seat.system)
        for route in _routes(api=True):
            unknown = _of_api(system, route, str(uuid4()))
            assert unknown.status_code in (403, 404), f"{seat} {route}: {unknown.status_code}"
            for whose, sent in world.others(seat.sector):
                theirs = _of_api(system, route, sent.id)
                where = f"id {seat} {route} of {whose}"
                tries.alike(theirs, unknown, where)
                tries.nothing_of(sent, theirs.get_data(as_text=True), where)
        _lists_of_a_system(system, seat, world, tries)
    with capsys.disabled():
        sys.stdout.write(tries.say(f"systems, {role}"))
    assert tries.leaks == []


def _lists_of_a_system(system: System, seat: Seat, world: World, tries: Tries) -> None:
    views = ("sent", "queue")
    nothing = {"find": system.post("/find", {"q": NOBODYS})}
    nothing |= {view: system.get("/referrals", view=view, q=NOBODYS) for view in views}
    for whose, sent in world.others(seat.sector):
        looked_for = {
            "reference": sent.reference,
            "name": sent.marked.marks["family_name"],
            "number": sent.marked.marks["nhs_number"],
        }
        for part, q in looked_for.items():
            where = f"find {seat} {part} of {whose}"
            tries.alike(system.post("/find", {"q": q}), nothing["find"], where)
            for view in views:
                tries.alike(system.get("/referrals", view=view, q=q), nothing[view], where)
    told = "".join(
        answer.get_data(as_text=True)
        for answer in (
            *(system.get("/referrals", view=view, limit=100) for view in LISTS),
            system.get("/events", limit=200),
        )
    )
    tries.count["list"] += len(LISTS) + 1
    for whose, sent in world.others(seat.sector):
        tries.nothing_of(sent, told, f"list {seat} of {whose}")


PAGES = ("/", "/queue", "/my-people", "/team", "/sent", "/unrouted", "/refer/drafts", "/find", "/refer")


@pytest.mark.parametrize("role", list(Role))
def test_no_person_of_any_sector_in_any_role_comes_to_what_another_organisation_sent(role, world, capsys):
    tries = Tries()
    for seat in (each for each in SEATS if each.role is role):
        open_page = _opener(Browser(world.pages, str(seat.person.session)))
        for route in _routes(api=False):
            acts = ACTS if "act" in route.arguments else [""]
            for turn, act in enumerate(acts):
                unknown = open_page(route, str(uuid4()), act)
                assert unknown.status_code == 404, f"{seat} {route} {act}: {unknown.status_code}"
                for whose, sent in _in_turn(world, seat, turn) if act else world.others(seat.sector):
                    theirs = open_page(route, sent.id, act)
                    where = f"page {seat} {route} {act} of {whose}"
                    tries.alike(theirs, unknown, where)
                    tries.nothing_of(sent, theirs.get_data(as_text=True), where)
        _lists_of_a_person(seat, world, tries)
    with capsys.disabled():
        sys.stdout.write(tries.say(f"people, {role}"))
    assert tries.leaks == []


def _in_turn(world: World, seat: Seat, turn: int) -> list[tuple[str, Sent]]:
    """Of one act, one other organisation's: over the seats of a role every act meets each of them.

    What an act does to whom is decided by what the API decides it by, where all are tried with all.
    """
    others = list(world.others(seat.sector))
    return [others[(turn + SECTORS.index(seat.sector)) % len(others)]]


def _opener(browser: Browser) -> Callable[[Route, str, str], TestResponse]:
    token = browser.form_token("/for-you/york")

    def open_page(route: Route, referral_id: str, act: str) -> TestResponse:
        path = route.address(referral_id=referral_id, **({"act": act} if act else {}))
        if route.method == "GET":
            return browser.client.get(path)
        return browser.client.post(path, data={**FIELDS, "csrf_token": token})

    return open_page


def _lists_of_a_person(seat: Seat, world: World, tries: Tries) -> None:
    browser = Browser(world.pages, str(seat.person.session))
    told = "".join(browser.get(path).html for path in PAGES)
    tries.count["list"] += len(PAGES)
    for whose, sent in world.others(seat.sector):
        tries.nothing_of(sent, told, f"list {seat} of {whose}")
        for q in (sent.reference, sent.marked.marks["family_name"], sent.marked.marks["nhs_number"]):
            tries.count["find"] += 1
            tries.nothing_of(sent, browser.post("/find", {"q": q}).html, f"find {seat}", looked_for=q)


@pytest.mark.parametrize("role", [role for role in Role if role not in SENDING])
def test_inside_the_organisation_that_sent_it_whoever_does_not_send_reads_nothing_either(role, world):
    """But its safeguarding lead, who reads what the sender reads."""
    for sector in SECTORS:
        sent, seat = world.sent[sector], Seat(sector, role)
        answer = System(world.api, seat.system).get(f"/referrals/{sent.id}")
        shown = Browser(world.pages, str(seat.person.session)).get(f"/referrals/{sent.id}")
        expected = 200 if role is Role.SAFEGUARDING_LEAD else 404
        assert (answer.status_code, shown.status) == (expected, expected), seat


@pytest.mark.parametrize("sector", SECTORS)
def test_the_sender_reads_of_the_work_what_its_sector_may_and_never_the_notes(sector, world):
    """The parts: what was asked of them, for those who are told more than received or closed."""
    sent = world.sent[sector]
    system = System(world.api, Seat(sector, Role.SENDER).system)
    browser = Browser(world.pages, str(Seat(sector, Role.SENDER).person.session))
    told = "".join(
        (
            system.get(f"/referrals/{sent.id}").get_data(as_text=True),
            system.get(f"/referrals/{sent.id}/history").get_data(as_text=True),
            system.get("/referrals", view="sent").get_data(as_text=True),
            system.get("/referrals", view="asked").get_data(as_text=True),
            system.get("/events", limit=200).get_data(as_text=True),
            browser.get(f"/referrals/{sent.id}").html,
            browser.get("/sent").html,
        )
    )
    read = {name for name, word in sent.work.items() if word in told}
    assert read == (set() if sector in COARSE else {"question_inside"})
    view = system.get(f"/referrals/{sent.id}").json
    assert (view["view"], view["status"]) == (
        ("coarse", "received") if sector in COARSE else ("full", "on-hold")
    )


def test_the_team_that_has_them_reads_every_part_of_all(world):
    """Else everything above would pass on an empty product."""
    system, browser = System(world.api, as_system("lead")), Browser(world.pages, "lead")
    for sector, sent in world.sent.items():
        told = system.get(f"/referrals/{sent.id}").get_data(as_text=True)
        told += browser.get(f"/referrals/{sent.id}").html
        assert {"family_name", "code_word", "what_matters", "via"} <= set(sent.marked.found_in(told)), sector
        missing = {name for name, word in sent.work.items() if word not in told}
        assert missing == ({"question_inside"} if sector in COARSE else set()), sector


def test_nobody_without_a_token_reads_any_of_them(world):
    tries = 0
    for route in _routes(api=True):
        for sent in world.sent.values():
            tries += 1
            assert _of_api(System(world.api, None), route, sent.id).status_code == 401, route
    for route in _routes(api=False):
        for sent in world.sent.values():
            values = {"act": "accept"} if "act" in route.arguments else {}
            shown = world.pages.test_client().get(route.address(referral_id=sent.id, **values))
            tries += 1
            assert shown.status_code in (302, 405), route
    assert tries > 200


def test_our_own_services_are_told_ids_and_never_words(world):
    """Notifications asks who may hear, the directory reads the feed; neither is given a word of anybody."""
    told = ""
    for sent in world.sent.values():
        asked = our_service(world.api, "notifications").get(
            f"/referrals/{sent.id}/audience", event="referral.accepted.v1"
        )
        assert asked.status_code == 200
        told += asked.get_data(as_text=True)
    told += our_service(world.api, "notifications").get("/events", limit=200).get_data(as_text=True)
    for sent in world.sent.values():
        assert sent.id in told
        # The address is the one the sender gave of itself.
        assert sent.marked.found_in(told) == []
        assert not [name for name, word in sent.work.items() if word in told]
