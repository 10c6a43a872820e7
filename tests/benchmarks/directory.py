"""`make bench-directory`: how fast services are searched, told in the feeds, imported, beside yardsticks.

A search beside its SQL alone, a page of a feed beside as much JSON, an import beside raw COPY. Nothing here
fails for being slow: figures differ from machine to machine, so compare ratios and medians.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from tests import engines
from tests.benchmarks.load import Request, measure
from tests.benchmarks.report import say, title

os.environ[engines.DURABLE] = "1"
engines.settle("main")

APP = "services.directory.app:create_app()"
TOGETHER = 8
SQL_TIMES = 40
AT_ONCE = {
    "q": "walking", "need": "physical_activity", "postcode": "WF10 1AD", "within": 16000, "age": 50,
    "open_day": "wed", "open_time": "10:30",
}  # fmt: skip
SEARCHES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("all at once", AT_ONCE),
    ("words", {"q": "debt"}),
    ("words, misspelt", {"q": "bereavment"}),
    ("words, postcode", {"q": "food bank", "postcode": "YO24 3BZ"}),
    ("need, radius", {"need": "loneliness", "postcode": "YO24 3BZ", "within": 5000}),
    ("everything", {}),
    ("with facets", AT_ONCE | {"facets": True}),
)


def main() -> None:
    """Make the services, measure at both sizes, print the tables."""
    parser = argparse.ArgumentParser(prog="make bench-directory", description=__doc__)
    parser.add_argument("--small", type=int, default=20_000, help="services at first (20000)")
    parser.add_argument("--large", type=int, default=100_000, help="and then (100000)")
    parser.add_argument("--imported", type=int, default=20_000, help="services that are imported (20000)")
    parser.add_argument("--seconds", type=float, default=3.0, help="seconds for each measurement (3)")
    wanted = parser.parse_args()
    begun = time.perf_counter()
    servers = engines.Servers("main")
    try:
        servers.fresh("directory")
        servers.flush()
        lines = _run((wanted.small, wanted.large), wanted.seconds)
        servers.drop("directory")
        say(f"\nImporting {wanted.imported} services")
        lines += _imported(servers, wanted.imported)
        title("What was measured, beside its yardstick of the same run")
        for line in lines:
            say("  " + line.text)
    finally:
        engines.close_pools()
        engines.finish()
    load = os.getloadavg()
    say(
        f"\n{os.cpu_count()} processors; load {load[0]:.1f} (1 min), {load[2]:.1f} (15 min); "
        f"{time.perf_counter() - begun:.0f} s altogether."
    )


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    what: str
    measured: str
    yardstick: str
    compared: str

    @property
    def text(self) -> str:
        """As it is printed."""
        return f"{self.what:52} {self.measured:>38}   {self.yardstick:>32}   {self.compared}"


def _run(sizes: tuple[int, int], seconds: float) -> list[Line]:
    from services.directory.store.database import database
    from shared.clock import now
    from tests.benchmarks.many_services import add_services, keep_corpus
    from tests.benchmarks.serving import served
    from tests.search_quality.corpus import load_corpus

    database.nudge = None
    load_corpus(now())
    each = keep_corpus()
    copies = 0
    lines: list[Line] = []
    log = Path(os.environ[engines.FOLDER]) / "web.log"
    for size in sizes:
        if size // each > copies:
            begun = time.perf_counter()
            add_services(copies + 1, size // each)
            copies = size // each
            say(f"\n{copies * each + each} services made and read in {time.perf_counter() - begun:.0f} s")
        there = copies * each + each
        with served(APP, log, "/healthz") as port:
            for name, body in SEARCHES:
                lines.append(_searched(f"search {there}: {name}", body, port, seconds))
                say("  " + lines[-1].text)
        say(f"The search with all at once reads by {', '.join(sorted(_indexes(AT_ONCE)))}")
        if size == sizes[0]:
            lines += _told(there, seconds)
    return lines


def _told(services: int, seconds: float) -> list[Line]:
    """Pages of the feeds, as one reader in this process gets them."""
    from services.directory.app import create_app
    from services.directory.store.database import database
    from tests.benchmarks.feeds import measure_pages

    # The lines about each request would stand between the figures.
    with Path(os.devnull).open("w") as nowhere, redirect_stderr(nowhere):
        client = create_app().test_client()
        database.nudge = None
        *pages, yardstick = measure_pages(client, services, seconds)
    return [
        Line(
            f"feed {services}: {one.name}",
            f"{one.rate:.1f} pages a second, {one.kilobytes:.0f} kB",
            f"as JSON alone {yardstick.rate:.0f} a second",
            f"{one.rate / yardstick.rate:.2f} of it",
        )
        for one in pages
    ]


def _imported(servers: engines.Servers, count: int) -> list[Line]:
    from tests.benchmarks.imports import measure as measure_import

    done = measure_import(servers, count)
    checked = count / (done.took["read and check"] or 0.1)
    memory = f"{done.took['rss_mib']} MiB at most"
    copied = f"raw COPY {done.copied:.0f} rows a second"
    return [
        Line(
            f"import {count}: {what}",
            f"{rate:.0f} services a second",
            copied,
            f"{rate / done.copied:.3f} of it; {memory}",
        )
        for what, rate in (("read and checked", checked), ("applied", done.applied))
    ]


def _searched(what: str, body: dict[str, Any], port: int, seconds: float) -> Line:
    sql, queries = _sql_alone(body)
    request = Request("POST", "/api/v1/services/search", {"Content-Type": "application/json"}, body)
    # Every process has answered once.
    measure(port, lambda: request, connections=TOGETHER, seconds=seconds / 4)
    one = measure(port, lambda: request, connections=1, seconds=seconds)
    many = measure(port, lambda: request, connections=TOGETHER, seconds=seconds)
    return Line(
        what,
        f"p50 {one.p50:.1f} ms, p95 {one.p95:.1f} ms",
        f"SQL alone {sql:.1f} ms in {queries} queries",
        f"SQL + {one.p50 - sql:.1f} ms; {many.rate:.0f} a second at {TOGETHER}",
    )


def _sql_alone(body: dict[str, Any]) -> tuple[float, int]:
    """The median of its statements together, sent to the database without anything round them; ms."""
    statements = _statements(body)
    from services.directory.store.database import database

    taken = []
    with database.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor:
            for _ in range(SQL_TIMES):
                begun = time.perf_counter()
                for statement, given in statements:
                    cursor.execute(statement, given)
                    cursor.fetchall()
                taken.append(time.perf_counter() - begun)
    return median(taken) * 1000, len(statements)


def _statements(body: dict[str, Any]) -> list[tuple[str, Any]]:
    from services.directory.store.database import database

    search = _search(body)
    search()
    with _noted(database.engine) as asked:
        search()
    return asked


def _search(body: dict[str, Any]) -> Callable[[], object]:
    from services.directory.api.search_schemas import ServiceSearchSchema, wanted_of
    from services.directory.moments import moment
    from services.directory.store.queries.search import search_services
    from shared.clock import now

    query = ServiceSearchSchema().load(body)
    return lambda: search_services(wanted_of(query), moment(now()), facets=query["facets"])


def _indexes(body: dict[str, Any]) -> set[str]:
    from services.directory.store.database import database

    found: set[str] = set()
    with database.engine.connect() as connection:
        for statement, given in _statements(body):
            explained = connection.exec_driver_sql(f"explain (format json) {statement}", given)
            found |= set(_read_by(explained.scalar_one()[0]["Plan"]))
    return found


def _read_by(plan: dict[str, Any]) -> Iterator[str]:
    if plan["Node Type"] == "Seq Scan":
        yield f"(all of {plan['Relation Name']})"
    if "Index Name" in plan:
        yield str(plan["Index Name"])
    for inner in plan.get("Plans", ()):
        yield from _read_by(inner)


@contextmanager
def _noted(engine: Any) -> Iterator[list[tuple[str, Any]]]:
    from sqlalchemy import event

    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
        asked.append((statement, given))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


if __name__ == "__main__":
    main()
