"""The table that `make bench` prints."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from tests.benchmarks.load import Figures


@dataclass(frozen=True)
class Line:
    """One row: what was measured, and what it asks of the database."""

    name: str
    figures: Figures
    queries: int | None
    whole_reads: list[str]


def say(words: str) -> None:
    """One line, at once."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def title(words: str) -> None:
    """A heading."""
    say(f"\n{words}")


def show(line: Line) -> None:
    """One row."""
    figures = line.figures
    queries = "" if line.queries is None else f"{line.queries:3} queries"
    whole = f"  reads all of {', '.join(line.whole_reads)}" if line.whole_reads else ""
    say(
        f"  {line.name:14} p50 {figures.p50:8.2f} ms   p95 {figures.p95:8.2f} ms   "
        f"{figures.rate:7.1f} a second   {queries:12}{whole}"
    )


def compare(
    found: dict[str, dict[int, Line]], name: str, few: int, many: int, most: float, limit: float,
    *, tail: bool = False,
) -> None:  # fmt: skip
    """How much longer something takes with more history. `limit` is for p50, or for p95 with `tail`."""
    before, after = found[name][few].figures, found[name][many].figures
    ratio = after.p50 / before.p50
    which, value = ("p95", after.p95) if tail else ("p50", after.p50)
    say(
        f"  {name}: {ratio:.2f} times as long with {many} as with {few} (budget: at most {most}); "
        f"{which} {value:.1f} ms (budget: at most {limit:.0f} ms)"
    )
