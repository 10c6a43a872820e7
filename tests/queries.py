"""Counting what a page or an action asks of its database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event


class Counted:
    """The statements run so far."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def __len__(self) -> int:
        return len(self.statements)


@contextmanager
def count_queries(engine: Engine) -> Iterator[Counted]:
    """Every statement sent inside the block; `len(counted)` is how many."""
    counted = Counted()

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        counted.statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield counted
    finally:
        event.remove(engine, "before_cursor_execute", note)
