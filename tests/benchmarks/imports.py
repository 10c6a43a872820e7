"""`python -m tests.benchmarks.imports`: listings imported per second, the memory it takes, beside raw COPY.

Nothing here fails for being slow. The import runs in a process of its own, so that its peak memory (RSS) is
its own; `COPY` of as many rows of plain text into one table is the yardstick.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests import engines

os.environ[engines.DURABLE] = "1"


def an_item(n: int) -> dict[str, Any]:
    """A service in the shape of Open Referral UK 3; four for each organisation, one venue each."""
    return {
        "id": str(uuid4()),
        "name": f"Example group {n}",
        "description": f"<p>People meet in hall {n}.</p><ul><li>Tea</li><li>Talk</li></ul>" * 3,
        "status": "active",
        "email": f"group{n}@listings.example",
        "url": f"https://listings.example/{n}",
        "organization": {"id": f"org-{n // 4}", "name": f"Example body {n // 4}", "description": "A body."},
        "service_at_locations": [
            {
                "id": f"sal-{n}",
                "location": {
                    "id": f"loc-{n}",
                    "name": f"Hall {n}",
                    "latitude": 53.9 + n % 1000 / 10000,
                    "longitude": -1.0,
                    "addresses": [
                        {"address_1": f"{n} Example Road", "city": "York", "postal_code": "YO1 7HH"}
                    ],
                },
            }
        ],
        "schedules": [{"freq": "WEEKLY", "byday": "TU", "opens_at": "10:00", "closes_at": "12:00"}],
        "contacts": [{"name": "A. Example", "phones": [{"number": f"01632 {n % 1000000:06d}"}]}],
    }


def write_feed(path: Path, count: int) -> None:
    """A page of a feed with so many services."""
    with path.open("w", encoding="utf-8") as file:
        file.write('{"contents": [')
        for n in range(count):
            file.write(("," if n else "") + json.dumps(an_item(n)))
        file.write("]}")


def one_run(path: Path) -> None:
    """In a process of its own: the import with its steps timed, and rolled back; prints a line of JSON."""
    from services.directory.actions.importing import batches
    from services.directory.actions.importing.work import work_on
    from services.directory.domain.importing.records import BatchState
    from shared.clock import now

    took: dict[str, Any] = {}

    def timed(name: str) -> None:
        begun = time.monotonic()
        while work_on(batch_id, now()):
            pass
        took[name] = round(time.monotonic() - begun, 1)

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.monotonic()
    with path.open("rb") as file:
        batch_id = batches.begin("Bench", path.name, file, at=now(), by=None)
    took["stage"] = round(time.monotonic() - begun, 1)
    timed("read and check")
    batches.ask_to_apply(batch_id, keep_duplicates=False, by=None, at=now())
    timed("apply")
    batches.ask_to_roll_back(batch_id, even_changed=False, by=None, at=now())
    timed("roll back")
    from services.directory.actions.importing.seeing import see_batch

    batch = see_batch(batch_id, None)
    if batch.state is not BatchState.ROLLED_BACK:
        raise SystemExit(f"{batch.state}: {batch.why}")
    took["counts"] = {kind: dict(of) for kind, of in batch.counts.items()}
    took["rss_mib"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    took["rss_before_mib"] = round(before / 1024)
    sys.stdout.write(json.dumps(took) + "\n")


def copy_rows(url: str, path: Path, count: int) -> float:
    """Seconds that PostgreSQL takes to COPY as many rows of the same text into one table."""
    import psycopg

    words = json.dumps(an_item(1))
    with psycopg.connect(url.replace("+psycopg", "")) as connection, connection.cursor() as cursor:
        cursor.execute("create table if not exists bench_copy (n int, words text)")
        begun = time.monotonic()
        with cursor.copy("copy bench_copy from stdin") as copy:
            for n in range(count):
                copy.write_row((n, words))
        connection.commit()
        took = time.monotonic() - begun
        cursor.execute("drop table bench_copy")
    return took


@dataclass(frozen=True)
class Measured:
    """One import: what each step took (seconds) and found, and how many services and rows a second."""

    took: dict[str, Any]
    mib: int
    applied: float
    copied: float


def measure(servers: engines.Servers, count: int) -> Measured:
    """Import so many services into a database of their own, which is gone afterwards."""
    url = servers.fresh("directory")
    from tests.builders import listings as build

    build.words()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "feed.json"
        write_feed(path, count)
        done = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.imports", "--one", str(path)],
            capture_output=True, text=True, check=False, env=dict(os.environ),
        )  # fmt: skip
        if done.returncode:
            raise SystemExit(done.stderr[-3000:])
        took = json.loads(done.stdout)
        copied = copy_rows(url, path, count)
        mib = path.stat().st_size // 2**20
    servers.drop("directory")
    return Measured(took, mib, count / (took["apply"] or 0.1), count / copied)


def main() -> None:
    """Measure at each size and print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.imports", description=__doc__)
    parser.add_argument("sizes", type=int, nargs="*", default=[2_000, 20_000, 100_000])
    parser.add_argument("--one", type=Path)
    wanted = parser.parse_args()
    if wanted.one:
        one_run(wanted.one)
        return
    engines.settle("main")
    servers = engines.Servers("main")
    try:
        for count in wanted.sizes:
            done = measure(servers, count)
            sys.stdout.write(
                f"{count} services, {done.mib} MiB: {done.took}; applied {done.applied:.0f} a second; "
                f"raw COPY {done.copied:.0f} rows a second\n"
            )
            sys.stdout.flush()
    finally:
        engines.close_pools()
        engines.finish()


if __name__ == "__main__":
    main()
