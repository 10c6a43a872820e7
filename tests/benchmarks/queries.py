"""What a request asks of the database: how often, and whether any of it reads a whole large table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event

from services.referrals.store.database import database
from tests.benchmarks.history import TABLES


@dataclass
class Asked:
    """The statements of one request with what was given to them."""

    statements: list[tuple[str, Any]] = field(default_factory=list)

    def whole_reads(self) -> list[str]:
        """Large tables that one of its questions reads from end to end, by the planner's word."""
        found = set()
        with database.engine.connect() as connection:
            for statement, given in self.statements:
                if statement.lstrip().lower().startswith("select"):
                    explained = connection.exec_driver_sql(f"explain (format json) {statement}", given)
                    found |= set(_whole(explained.scalar_one()[0]["Plan"]))
        return sorted(found)


def _whole(plan: dict[str, Any]) -> Iterator[str]:
    if plan["Node Type"] == "Seq Scan" and plan.get("Relation Name") in TABLES:
        yield str(plan["Relation Name"])
    for inner in plan.get("Plans", ()):
        yield from _whole(inner)


def asked_by(act: Callable[[], object]) -> Asked:
    """What doing this asks of the database, after it was done once before."""
    act()
    with _noted() as asked:
        act()
    return asked


@contextmanager
def _noted() -> Iterator[Asked]:
    asked = Asked()

    def note(_connection: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
        asked.statements.append((statement, given))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
