"""How fast the feeds are read: `.venv/bin/python -m tests.benchmarks.feeds`, with 20,000 services.

Pages per second of one reader in this process, beside the least a page can be: the same answers written from
one row of JSON each. Nothing here fails for being slow.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass
from datetime import UTC, datetime
from datetime import time as clock
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid4

from tests import engines
from tests.benchmarks.report import say

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LOT = 1000
YARDSTICK = "yardstick: as much JSON dumped and parsed"
NEEDS_SAID = ("food", "loneliness", "housing")
LONG_TEXT = "Somebody to talk to, and a way to what helps. " * 12


def main() -> None:
    """Make the services, read them, print one table."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.feeds", description=__doc__)
    parser.add_argument("--services", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=4.0, help="seconds for each measurement")
    wanted = parser.parse_args()
    engines.settle("main")
    servers = engines.Servers("main")
    try:
        servers.fresh("directory")
        # The lines about each request would stand between the figures.
        with Path(os.devnull).open("w") as nowhere, redirect_stderr(nowhere):
            run(wanted.services, wanted.seconds)
        servers.drop("directory")
    finally:
        engines.close_pools()
        engines.finish()


def run(services: int, seconds: float) -> None:
    """Measure with so many services."""
    from services.directory.app import create_app
    from services.directory.store.database import database

    client = create_app().test_client()
    database.nudge = None
    begun = time.perf_counter()
    make(services)
    took = time.perf_counter() - begun
    say(f"{services} services made in {took:.0f} s ({services / took:.0f} a second)")
    say(f"{'':44}{'a second':>10}{'ms':>8}{'kB':>8}")
    for one in measure_pages(client, services, seconds):
        say(f"{one.name:44}{one.rate:>10.1f}{1000 / one.rate:>8.1f}{one.kilobytes:>8.0f}")
    begun, count = time.perf_counter(), 0
    with client.get("/oruk/services?format=ndjson&full=true") as answer:
        for piece in answer.iter_encoded():
            count += piece.count(b"\n")
    took = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(f"everything as lines: {count} in {took:.1f} s, {count / took:.0f} a second; {peak:.0f} MB at most")


@dataclass(frozen=True)
class Pages:
    """Pages of one kind: how many a second one reader gets."""

    name: str
    rate: float
    kilobytes: float


def measure_pages(client: object, services: int, seconds: float) -> Iterator[Pages]:
    """Each kind of page of a feed with so many services; at last the yardstick."""
    last = services // 50
    for name, path in {
        "services, first page of 50": "/oruk/services",
        "services, last page of 50": f"/oruk/services?page={last}",
        "services, whole, first page of 50": "/oruk/services?full=true",
        "services, whole, last page of 50": f"/oruk/services?full=true&page={last}",
        "services in HSDS, whole, page of 50": "/hsds/services?full=true&page=7",
        "services changed since": "/oruk/services?modified_after=2026-11-22T11:00:00Z",
        "services by words": "/oruk/services?search=tea+and+talk",
        "services within 5 km": "/oruk/services?postcode=YO243BZ&proximity=5000",
        "services at locations, page of 50": "/oruk/service_at_locations",
        "organisations, page of 50": "/oruk/organizations",
    }.items():
        yield measure(name, lambda path=path: read(client, path), seconds)
    sizes = read(client, "/oruk/services?full=true")
    yield measure(YARDSTICK, lambda: dumped(sizes), seconds)


def read(client: object, path: str) -> bytes:
    """One answer."""
    answer = client.get(path)  # type: ignore[attr-defined]
    assert answer.status_code == 200, answer.text[:300]
    return bytes(answer.data)


def dumped(body: bytes) -> bytes:
    """As much JSON parsed and written, without a database."""
    return json.dumps(json.loads(body)).encode()


def measure(name: str, act: Callable[[], bytes], seconds: float) -> Pages:
    """Do it for a while: how often it went."""
    size, count, begun = len(act()), 0, time.perf_counter()
    while (took := time.perf_counter() - begun) < seconds:
        act()
        count += 1
    return Pages(name, max(count, 1) / took, size / 1024)


def make(services: int) -> None:
    """So many services, each with a venue, hours, costs, a contact, needs and a patch."""
    from services.directory.actions.keep_bodies import keep_locations, keep_organizations
    from services.directory.actions.keep_services import keep_services
    from services.directory.actions.seed import put_words
    from services.directory.domain.documents import LocationDoc, OrganizationDoc
    from services.directory.store.database import database
    from services.directory.store.places import Area
    from services.directory.store.postcodes import Postcode

    with database.transaction() as session:
        put_words(session)
        session.add(Area(code="E06000099", kind="authority", name="Exampleton"))
        session.add(Postcode(pcds="YO24 3BZ", authority="E06000099", lat=53.954, lon=-1.127))
    for first in range(0, services, LOT):
        many = range(first, min(first + LOT, services))
        owners = [uuid4() for _ in range(max(1, len(many) // 4))]
        halls = [uuid4() for _ in many]
        with database.transaction() as session:
            bodies = {one: OrganizationDoc(f"Body {one.hex[:8]}", "vcse") for one in owners}
            keep_organizations(session, bodies, at=AT)
            places = {
                one: LocationDoc(
                    owners[n % len(owners)], "A hall", postal_code="YO24 3BZ",
                    latitude=53.7 + n % 500 / 1000, longitude=-1.3 + n % 400 / 1000,
                )
                for n, one in enumerate(halls)
            }  # fmt: skip
            keep_locations(session, places, at=AT)
            docs = dict(documents(owners, halls))
            keep_services(session, docs, at=AT)


def documents(owners: list[UUID], halls: list[UUID]) -> Iterator[tuple[UUID, object]]:
    """A group for each hall."""
    from services.directory.domain.documents import (
        ContactPerson,
        Cost,
        FoundAt,
        Opening,
        PatchArea,
        ServiceDoc,
        Telephone,
        Term,
    )  # fmt: skip
    from services.directory.domain.taxonomies import NEEDS

    for n, hall in enumerate(halls):
        yield uuid4(), ServiceDoc(
            organization_id=owners[n % len(owners)], name=f"Tea and talk {n}", kind="group", status="active",
            description=LONG_TEXT, who_for="Anyone", open_to_others=True, phone="01632 960100",
            area_basis=("resident",), areas=frozenset([PatchArea("ward", "E05099999")]),
            terms=frozenset(Term(NEEDS, NEEDS_SAID[(n + m) % 3]) for m in (0, 1)),
            schedules=(Opening(freq="WEEKLY", byday="TU", opens_at=clock(10), closes_at=clock(12)),),
            costs=(Cost(option="Adults", amount=Decimal("2.50")),),
            contacts=(ContactPerson(name="Maureen", phones=(Telephone("01632 960101"),)),),
            locations=(FoundAt(hall, main=True),),
        )  # fmt: skip


if __name__ == "__main__":
    main()
