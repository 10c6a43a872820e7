"""Somebody others know is answered as a stranger: the same words in the same order, by the same work.

How long an answer takes is what is done for it, so that is what is compared here: every statement sent to the
database, in order, and every event told. `python -m tests.benchmarks.strangers` measures the time itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass

import pytest
from flask import Flask

from services.referrals.app import create_app
from services.referrals.domain.references import new_reference
from services.referrals.store.database import database
from shared.auth import Role
from shared.clock import now
from tests.builders.asking import PLACE, Asker
from tests.builders.bodies import invented_nhs_number
from tests.builders.referrals import (
    System,
    as_system,
    forget_referrals,
    one,
    rows,
    to_westfield,
    trust_our_key,
)
from tests.builders.referrals_app import make_app
from tests.builders.referrals_browser import Browser
from tests.builders.referrals_journeys import ABOUT, CONTACT, START
from tests.builders.referrals_world import ident
from tests.builders.seats import SECTORS, Seat, fill_with_seats
from tests.queries import count_queries

VIEWS = ("sent", "queue", "asked", "unrouted")
CHANGING = ("Date", "Content-Length", "X-Request-ID")
_NEW = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|LW-\w{4}-\w{3}|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)"
    r'|(?<=name="csrf_token" value=")[^"]+|(?<=name="seen" value=")[^"]+'
)


@pytest.fixture(scope="module")
def app(referrals_database: str, valkey: str) -> Flask:
    """The whole service, with an organisation of each sector."""
    fill_with_seats(now())
    trust_our_key(now())
    return create_app()


@pytest.fixture(scope="module")
def pages(app: Flask) -> Flask:
    """The pages, where the cookie says who is signed in."""
    return make_app()


@dataclass(frozen=True)
class Cost:
    """What was answered, by which statements, and what was told of it."""

    answer: str
    statements: tuple[str, ...]
    told: tuple[tuple[str, tuple[str, ...]], ...]


def cost(do: Callable[[], str], written: dict[str, str]) -> Cost:
    """What `do` answers and asks, without what was written of the person and what is new in each answer."""
    before = one("select coalesce(max(seq), 0) from outbox")
    with count_queries(database.engine) as counted:
        answer = do()
    told = rows("select type, data from outbox where seq > :seq order by seq", seq=before)
    number = written.get("nhs_number", "")
    spaced = f"{number[:3]} {number[3:6]} {number[6:]}"
    for word in sorted((*written.values(), spaced), key=len, reverse=True):
        answer = answer.replace(word, "…")
    return Cost(
        _NEW.sub("…", answer),
        # The keys that tokens are signed with are read again when they are half a minute old.
        tuple(each for each in counted.statements if "trusted_key" not in each),
        tuple((row["type"], tuple(sorted(row["data"]))) for row in told),
    )


def somebody(word: str) -> dict[str, str]:
    """Names and a number of their own, as long for everybody."""
    return {
        "given_name": f"Given{word}",
        "family_name": f"Family{word}",
        "nhs_number": invented_nhs_number(),
        "postcode": "YO24 3BZ",
    }


@pytest.fixture
def known(app: Flask, pages: Flask) -> dict[str, str]:
    """Somebody others have told us of in every way: open, completed, kept to named staff, by themself."""
    forget_referrals()
    person = somebody("knownx")
    body = to_westfield(person=person)
    for who, extra in (
        ("practice", {}),
        ("other-practice", {"restricted": True}),
        ("charity", {}),
        ("council", {"restricted": True, "restricted_to": [str(ident("worker"))]}),
    ):
        made = System(app, as_system(who)).post("/referrals", deepcopy(body | extra))
        assert made.status_code == 201, made.json
        if who == "charity":
            _complete(app, made.json["id"])
    Asker(pages).ask(about={"name": f"{person['given_name']} {person['family_name']}"})
    return person


def _complete(app: Flask, referral_id: str) -> None:
    team = System(app, as_system("lead"))
    worker = str(ident("worker"))
    for act, body in (
        ("accept", {"assignee_id": worker}),
        ("start", {"contact": {"mode": "phone", "attended": True}}),
        ("complete", {"outcomes": [{"need": "loneliness", "outcome": "met"}], "ended_by": "worker"}),
    ):
        done = team.act(referral_id, act, **body)
        assert done.status_code == 200, done.json


def same(known: dict[str, str], do: Callable[[dict[str, str]], str]) -> Cost:
    """What is done for the known person is what is done for a stranger; the first of all is not counted."""
    do(somebody("warmup"))
    first, stranger = somebody("stranx"), somebody("strang")
    nothing = cost(lambda: do(first), first)
    assert cost(lambda: do(stranger), stranger) == nothing, "two strangers are alike"
    found = cost(lambda: do(known), known)
    assert found.answer == nothing.answer
    assert found.statements == nothing.statements
    assert found.told == nothing.told
    return found


def _api(app: Flask, sector: str, path: str, status: int) -> Callable[[dict[str, str]], str]:
    system = System(app, Seat(sector, Role.SENDER).system)

    def call(person: dict[str, str]) -> str:
        answer = system.post(path, to_westfield(person=person))
        assert answer.status_code == status, answer.json
        headers = sorted(f"{name}: {value}" for name, value in answer.headers.items() if name not in CHANGING)
        return "\n".join([*headers, answer.get_data(as_text=True)])

    return call


@pytest.mark.parametrize("sector", SECTORS)
def test_a_system_that_asks_who_can_help_gets_the_same_list_by_the_same_work(app, known, sector):
    assert same(known, _api(app, sector, "/routes", 200)).told == ()


@pytest.mark.parametrize("sector", SECTORS)
def test_a_system_that_sends_gets_the_same_answer_by_the_same_work(app, known, sector):
    found = same(known, _api(app, sector, "/referrals", 201))
    assert "referral.received.v1" in {type for type, _ in found.told}


@pytest.mark.parametrize("sector", SECTORS)
def test_looking_for_somebody_by_name_number_or_reference_is_the_same_work(app, known, sector):
    system = System(app, Seat(sector, Role.SENDER).system)

    def find(person: dict[str, str]) -> str:
        told = []
        for q in (person["family_name"], f"{person['given_name']} {person['family_name']}"):
            told.append(system.post("/find", {"q": q}).get_data(as_text=True))
            told += [system.get("/referrals", view=view, q=q).get_data(as_text=True) for view in VIEWS]
        return "\n".join(told)

    assert '"items": []' in same(known, find).answer.replace('"items":[]', '"items": []')


@pytest.mark.parametrize(
    ("sector", "role"),
    [*((sector, Role.SENDER) for sector in SECTORS), ("vcse", Role.WORKER), ("local_authority", Role.LEAD)],
)
def test_the_pages_of_sending_are_the_same_at_every_step(pages, known, sector, role):
    """Start, who can help, about them, safe contact, the answers, sent: each page, and what each one asks."""
    signed_in = str(Seat(sector, role).person.session)

    def send(person: dict[str, str]) -> str:
        browser = Browser(pages, signed_in)
        shown = [browser.post("/refer", START)]
        draft = shown[0].location.rsplit("/", 1)[0]
        about = ABOUT | {name: person[name] for name in ("given_name", "family_name")}
        about |= {"nhs_number": person["nhs_number"]}
        for page, answers in (("who", {"choice": "any"}), ("about", about), ("contact", CONTACT)):
            shown += [browser.get(f"{draft}/{page}"), browser.post(f"{draft}/{page}", answers)]
        shown.append(browser.get(f"{draft}/check"))
        shown.append(browser.post(f"{draft}/check", {"once": draft.rsplit("/", 1)[-1]}))
        assert shown[-1].status == 302, shown[-1].words
        shown.append(browser.follow(shown[-1]))
        return "\n".join(f"{page.status} {page.location}\n{page.html}" for page in shown)

    assert same(known, send).told


def test_the_public_pages_are_the_same_at_every_step(pages, known):
    def ask(person: dict[str, str]) -> str:
        asker = Asker(pages)
        named = {"name": f"{person['given_name']} {person['family_name']}"}
        checked = asker.up_to_check(about=named)
        assert checked.location.endswith("/check"), checked.words
        shown = [asker.get(f"{PLACE}/{page}") for page in ("what", "about", "reach", "last", "check")]
        sent = asker.post(f"{PLACE}/check", {})
        shown += [sent, asker.follow(sent)]
        assert "LW-" in shown[-1].words
        return "\n".join(f"{page.status} {page.location}\n{page.html}" for page in shown)

    assert same(known, ask).told


@pytest.fixture
def kept_by_a_colleague(app: Flask) -> dict[str, str]:
    """Somebody a colleague of the same practice keeps to themself."""
    forget_referrals()
    person = somebody("knownx")
    made = System(app, as_system("practice")).post("/referrals", to_westfield(person=person, restricted=True))
    assert made.status_code == 201, made.json
    return person


def test_a_colleague_who_sends_for_somebody_kept_from_them_meets_the_same_work(app, kept_by_a_colleague):
    colleague = System(app, as_system("practice-colleague"))

    def send(person: dict[str, str]) -> str:
        answer = colleague.post("/referrals", to_westfield(person=person))
        assert answer.status_code == 201, answer.json
        return answer.get_data(as_text=True)

    same(kept_by_a_colleague, send)


def test_a_colleague_who_looks_for_somebody_kept_from_them_meets_the_same_work(app, kept_by_a_colleague):
    for who in ("practice-colleague", "worker"):
        system = System(app, as_system(who))

        def find(person: dict[str, str], system: System = system) -> str:
            q = person["family_name"]
            told = [system.post("/find", {"q": q}).get_data(as_text=True)]
            told += [system.get("/referrals", view=view, q=q).get_data(as_text=True) for view in VIEWS]
            return "\n".join(told)

        same(kept_by_a_colleague, find)


def test_a_reference_of_others_is_looked_for_as_one_nobody_has(app, known):
    reference = str(one("select reference from referral limit 1"))
    system = System(app, Seat("police", Role.SENDER).system)

    def asked(q: str) -> Cost:
        return cost(lambda: system.post("/find", {"q": q}).get_data(as_text=True), {"q": q})

    nobodys = new_reference()
    asked(nobodys)
    assert asked(reference) == asked(nobodys)
