"""What became of each line of a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from services.directory.store.table import Table


class Outcome(StrEnum):
    """What a line did, or would do."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True)
class Verdict:
    """One line of one file: what it names, what became of it, and why where it was refused."""

    file: str
    line: int
    name: str
    outcome: Outcome
    why: str = ""


def bring(session: Session, row: Table, values: Mapping[str, Any]) -> Outcome:
    """Give a row these values; a new one is added. Says whether anything changed."""
    is_new = row not in session
    for name, value in values.items():
        setattr(row, name, value)
    if is_new:
        session.add(row)
        return Outcome.NEW
    return Outcome.CHANGED if session.is_modified(row) else Outcome.SAME
