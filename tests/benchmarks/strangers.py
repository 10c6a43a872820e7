"""`python -m tests.benchmarks.strangers`: does it take longer for somebody whom others know?

Three kinds of people in turn, so that all meet the same weather: those two practices have told us of, and
strangers twice. For each way to give a person, the medians, and how often one of the first kind takes longer
than one of the second (0.50: neither), with how many standard errors that is from a half. What known and
stranger differ by is read beside what two sets of strangers differ by. Nothing here fails for a number.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr
from io import StringIO
from itertools import count
from statistics import median

from tests import engines

# Before any service reads its settings.
engines.settle("main")

from flask import Flask  # noqa: E402

from services.referrals.app import create_app  # noqa: E402
from shared.auth import Role  # noqa: E402
from shared.clock import now  # noqa: E402
from tests.benchmarks.report import say, title  # noqa: E402
from tests.builders.asking import PLACE, Asker  # noqa: E402
from tests.builders.bodies import invented_nhs_number  # noqa: E402
from tests.builders.referrals import System, as_system, to_westfield, trust_our_key  # noqa: E402
from tests.builders.referrals_app import make_app  # noqa: E402
from tests.builders.referrals_browser import Browser  # noqa: E402
from tests.builders.referrals_journeys import ABOUT, up_to_check  # noqa: E402
from tests.builders.seats import Seat, fill_with_seats  # noqa: E402

Person = dict[str, str]
KINDS = ("known", "stranger", "another stranger")
_numbers = count(1)


def somebody() -> Person:
    """Nobody was told of them before."""
    return {
        "given_name": "Ada",
        "family_name": f"Example{next(_numbers):06}",
        "nhs_number": invented_nhs_number(),
        "postcode": "YO24 3BZ",
    }


def known_by_others(api: Flask) -> Person:
    """Two practices have sent for them."""
    person = somebody()
    for who in ("practice", "other-practice"):
        made = System(api, as_system(who)).post("/referrals", to_westfield(person=person))
        assert made.status_code == 201, made.json
    return person


def _ways(api: Flask, pages: Flask) -> Iterator[tuple[str, Callable[[Person], float]]]:
    def by_api(path: str, sector: str) -> Callable[[Person], float]:
        system = System(api, Seat(sector, Role.SENDER).system)

        def once(person: Person) -> float:
            body = to_westfield(person=person)
            begun = time.perf_counter()
            answer = system.post(path, body)
            took = time.perf_counter() - begun
            assert answer.status_code in (200, 201), answer.json
            return took

        return once

    def by_page(person: Person) -> float:
        browser = Browser(pages, str(Seat("police", Role.SENDER).person.session))
        named = ABOUT | {name: person[name] for name in ("given_name", "family_name")}
        draft = up_to_check(browser, about=named)
        begun = time.perf_counter()
        sent = browser.post(f"{draft}/check", {"once": draft.rsplit("/", 1)[-1]})
        took = time.perf_counter() - begun
        assert sent.status == 302, sent.words
        return took

    def by_themself(person: Person) -> float:
        number = next(_numbers)
        asker = Asker(pages, f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}")
        asker.up_to_check(about={"name": f"{person['given_name']} {person['family_name']}"})
        begun = time.perf_counter()
        sent = asker.post(f"{PLACE}/check", {})
        took = time.perf_counter() - begun
        assert sent.status == 302, sent.words
        return took

    for sector in ("health", "police", "vcse"):
        yield f"POST /routes, {sector}", by_api("/routes", sector)
        yield f"POST /referrals, {sector}", by_api("/referrals", sector)
    yield "the last page, police", by_page
    yield "asking for oneself", by_themself


def longer(some: list[float], others: list[float]) -> tuple[float, float]:
    """How often one of `some` takes longer than one of `others` (Mann-Whitney), and by how many standard
    errors that is not a half."""
    ranked = sorted([(value, 0) for value in some] + [(value, 1) for value in others])
    ranks = sum(place for place, (_, kind) in enumerate(ranked, 1) if kind == 0)
    n, m = len(some), len(others)
    share = (ranks - n * (n + 1) / 2) / (n * m)
    error = ((n + m + 1) / (12 * n * m)) ** 0.5
    return float(share), float((share - 0.5) / error)


def measure(name: str, once: Callable[[Person], float], api: Flask, times: int) -> None:
    """Take it in turns, whose turn is first changing each time, and print a line."""
    took: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for turn in range(times + 5):
        people = {kind: known_by_others(api) if kind == "known" else somebody() for kind in KINDS}
        for place in range(len(KINDS)):
            kind = KINDS[(place + turn) % len(KINDS)]
            took[kind].append(once(people[kind]) * 1000)
    known, stranger, another = (took[kind][5:] for kind in KINDS)
    (share, errors), (null, null_errors) = longer(known, stranger), longer(another, stranger)
    say(
        f"  {name:24} p50 {median(known):6.2f} ms known, {median(stranger):6.2f} and {median(another):6.2f} "
        f"strangers; longer: known {share:.2f} ({errors:+.1f}), strangers {null:.2f} ({null_errors:+.1f})"
    )


def main() -> None:
    """Make the world, measure each way, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.strangers", description=__doc__)
    parser.add_argument("--times", type=int, default=300, help="people of each kind (300)")
    parser.add_argument("--history", type=int, default=200, help="others there already (200)")
    wanted = parser.parse_args()
    try:
        servers = engines.Servers("main")
        servers.fresh("referrals")
        servers.flush()
        fill_with_seats(now())
        trust_our_key(now())
        with redirect_stderr(StringIO()):
            api, pages = create_app(), make_app()
        for _ in range(wanted.history):
            System(api, as_system("practice")).post("/referrals", to_westfield(person=somebody()))
        title(f"{wanted.times} people of each kind, in turns")
        for name, once in _ways(api, pages):
            measure(name, once, api, wanted.times)
    finally:
        engines.close_pools()
        engines.finish()
    say(f"\n{os.cpu_count()} processors; load {os.getloadavg()[0]:.1f}.")


main()
