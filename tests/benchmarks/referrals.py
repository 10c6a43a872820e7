"""The measurements: sending, reading, routing and the queue, and the check for the same person."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass
from hashlib import md5
from io import StringIO
from itertools import chain
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from services.referrals.app import create_app
from services.referrals.domain.same_request import RequestKey
from services.referrals.store.database import database
from services.referrals.store.guard import Keys, find_same
from services.referrals.store.people import keep_person
from services.referrals.store.tables import PersonRecord
from shared.auth.sessions import COOKIE
from shared.clock import now
from tests import engines
from tests.benchmarks import history, yardstick
from tests.benchmarks.load import Figures, Request, measure, timed
from tests.benchmarks.queries import asked_by
from tests.benchmarks.report import Line, compare, say, show, title
from tests.benchmarks.services_copy import add_services
from tests.benchmarks.serving import served
from tests.builders.referrals import as_system, to_westfield, token_for, trust_our_key
from tests.builders.referrals_world import CALLERS, fill, ident

APP = "services.referrals.app:create_app()"
SENDERS = ("westfield-surgery", "haxby-surgery", "guildhall-surgery")
ROUNDS = 3
TOGETHER = 8
CHECKS = 400
BUDGET = {"queue": 20.0, "same person": 25.0}
CHANCE = random.Random(1)


@dataclass(frozen=True)
class Subject:
    """One thing to measure over HTTP."""

    name: str
    make: Callable[[], Request]


def run(sizes: tuple[int, int, int], *, services: int, seconds: float, log: Path) -> None:
    """Measure at each size of history, and print."""
    servers = engines.Servers("main")
    url = servers.fresh("referrals")
    servers.flush()
    fill(now())
    trust_our_key(now())
    add_services(services)
    yardstick.make_table(url)
    found: dict[str, dict[int, Line]] = {}
    done = 0
    for size in sizes:
        title(f"{size} referrals in history, {services} services")
        _grow(url, done + 1, size)
        done = size
        with served(APP, log, "/healthz") as port:
            for line in chain(_over_http(port, seconds), _same_person(size)):
                found.setdefault(line.name, {})[size] = line
                show(line)
    title("Ratios")
    compare(found, "queue (API)", sizes[0], sizes[2], 1.2, BUDGET["queue"])
    compare(found, "queue (page)", sizes[0], sizes[2], 1.2, BUDGET["queue"])
    compare(found, "same person", sizes[1], sizes[2], 1.5, BUDGET["same person"], tail=True)
    _sending(seconds, log)


def _grow(url: str, first: int, last: int) -> None:
    routing = {"eligible": [], "not_eligible": [], "unknown": [], "note": "invented " * 30}
    history.grow(
        url,
        first,
        last,
        place=ident("york"),
        team=ident("westfield-link-team"),
        org=ident("york-pcn"),
        service=ident("westfield-link"),
        senders=[ident(word) for word in SENDERS],
        routing=json.dumps(routing),
    )


def _numbered(word: str, number: int) -> UUID:
    return UUID(md5(f"{word}{number}".encode(), usedforsecurity=False).hexdigest())


def _bearer(who: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token_for(as_system(who))}", "Content-Type": "application/json"}


_given: set[str] = set()


def _referral() -> dict[str, Any]:
    """Of somebody nobody was told of before: there are few enough invented numbers for two to meet."""
    while True:
        body = to_westfield()
        number = body["person"]["nhs_number"]
        if number not in _given:
            _given.add(number)
            return body


def _subjects() -> list[Subject]:
    worker, practice = _bearer("worker"), _bearer("practice")
    cookie = {"Cookie": f"{COOKIE}={token_for(CALLERS['worker'])}"}

    def read() -> Request:
        number = CHANCE.randint(1, history.OURS)
        return Request("GET", f"/api/v1/referrals/{_numbered('referral', number)}", worker)

    return [
        Subject("send", lambda: Request("POST", "/api/v1/referrals", practice, _referral(), 201)),
        Subject("routes", lambda: Request("POST", "/api/v1/routes", practice, to_westfield())),
        Subject("read", read),
        Subject("queue (API)", lambda: Request("GET", "/api/v1/referrals?view=queue", worker)),
        Subject("queue (page)", lambda: Request("GET", "/queue", cookie)),
    ]


def _over_http(port: int, seconds: float) -> Iterator[Line]:
    with redirect_stderr(StringIO()):
        # Its log goes where it was when it was made.
        client = create_app().test_client(use_cookies=False)
    for subject in _subjects():

        def once(subject: Subject = subject) -> None:
            wanted = subject.make()
            answer = client.open(wanted.path, method=wanted.method, headers=wanted.headers, json=wanted.body)
            assert answer.status_code == wanted.status, answer.text

        asked = asked_by(once)
        measure(port, subject.make, connections=2, seconds=1)
        figures = measure(port, subject.make, connections=1, seconds=seconds)
        yield Line(subject.name, figures, len(asked.statements), asked.whole_reads())
        if subject.name == "send":
            _forget_sent()


def _forget_sent() -> None:
    """What sending has added would lengthen the measured queue."""
    with database.engine.begin() as connection:
        connection.exec_driver_sql(
            "update referral set owner_team_id = %s, owner_org_id = null where "
            "reference not like 'BENCH-%%' and status = 'received'",
            (uuid4(),),
        )


def _same_person(size: int) -> Iterator[Line]:
    """Inside one organisation: the open request of the same person, and the record that says the same."""

    def check() -> None:
        number = CHANCE.randint(1, size)
        known = number % 2 == 0
        with database.transaction() as session:
            digests = [_digest("nhs", number, known), _digest("names", number, known)]
            keys = Keys(*(RequestKey(digest) for digest in digests))
            find_same(session, keys, client="bench", external=None)
            wanted = PersonRecord(
                id=uuid4(), organization_id=ident(SENDERS[0]), given_name="Ada",
                family_name="Example", number_key=digests[0], names_key=digests[1],
                no_fixed_abode=False, address_lines=[], access_needs=[],
            )  # fmt: skip
            keep_person(session, wanted)
            session.rollback()

    asked = asked_by(check)
    yield Line("same person", timed(check, CHECKS), len(asked.statements), asked.whole_reads())


def _digest(word: str, number: int, known: bool) -> str:
    half = md5(f"{word}{number if known else -number}".encode(), usedforsecurity=False).hexdigest()
    return half + half


def _sending(seconds: float, log: Path) -> None:
    """Sending beside the least that storing one row takes, in turns, so that both meet the same weather."""
    title(f"Sending at {TOGETHER} connections, beside a bare insert of one row")
    row = Request("POST", "/row", {"Content-Type": "application/json"}, {"words": "a few words " * 20}, 201)
    send = _subjects()[0].make
    bare, ours = [], []
    with (
        served("tests.benchmarks.yardstick:create_app()", log) as bare_port,
        served(APP, log, "/healthz") as port,
    ):
        measure(bare_port, lambda: row, connections=TOGETHER, seconds=1)
        measure(port, send, connections=TOGETHER, seconds=2)
        for _ in range(ROUNDS):
            bare.append(measure(bare_port, lambda: row, connections=TOGETHER, seconds=seconds))
            ours.append(measure(port, send, connections=TOGETHER, seconds=seconds))
    best, mine = _middle(bare), _middle(ours)
    show(Line("one row", best, 1, []))
    show(Line("send", mine, None, []))
    say(f"  rate: {mine.rate / best.rate:.2f} of the bare insert's (budget: at least 0.30)")
    say(f"  p95: {mine.p95 / best.p95:.1f} times its p95 (budget: at most 3)")


def _middle(rounds: list[Figures]) -> Figures:
    return sorted(rounds, key=lambda each: each.rate)[len(rounds) // 2]
