"""Putting demo rows in place: what is there already is brought up to date, what is not is added."""

from __future__ import annotations

from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from services.directory.store.table import Table

_THERE = "demo_rows"


def put(session: Session, row: Table) -> None:
    """Add `row`, or change the stored row with its key; each table is read once in a session."""
    there: dict[type[Table], dict[tuple[Any, ...], Table]] = session.info.setdefault(_THERE, {})
    kind = type(row)
    mapper = inspect(kind)
    if kind not in there:
        stored = session.scalars(select(kind)).all()
        there[kind] = {tuple(mapper.primary_key_from_instance(one)): one for one in stored}
    key = tuple(mapper.primary_key_from_instance(row))
    if key in there[kind]:
        session.merge(row)
    else:
        session.add(row)
        there[kind][key] = row
