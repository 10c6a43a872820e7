"""The inbox: an event that has been seen is never acted on again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, delete, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.errors import FieldProblem, Invalid

KEPT = timedelta(days=30)
REQUIRED = ("specversion", "id", "source", "type")


class InboxEntry:
    """Mixin for a service's `inbox` table; CloudEvents promises that source + id is unique."""

    __tablename__ = "inbox"

    source: Mapped[str] = mapped_column(String(80), primary_key=True)
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    type: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str | None] = mapped_column(String(64))
    time: Mapped[datetime | None]
    data: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    received_at: Mapped[datetime]


def check(event: Mapping[str, Any]) -> None:
    """Raise `Invalid`, naming the field, unless `event` has what CloudEvents 1.0 requires."""
    problems = [
        FieldProblem(f"/{name}", f"An event needs {name}, as text.")
        for name in REQUIRED
        if not isinstance(event.get(name), str) or not event[name]
    ]
    if not problems and event["specversion"] != "1.0":
        problems.append(FieldProblem("/specversion", "Only CloudEvents 1.0 is taken here."))
    if not isinstance(event.get("data", {}), Mapping):
        problems.append(FieldProblem("/data", "The data of an event must be an object."))
    if problems:
        raise Invalid(problems)


def take(
    session: Session, table: type[InboxEntry], events: Iterable[Mapping[str, Any]], at: datetime
) -> list[Mapping[str, Any]]:
    """Remember `events` in the caller's transaction and return those not seen before, in order.

    Act on what is returned in the same transaction: then an event acts exactly once.
    """
    wanted = list(events)
    for event in wanted:
        check(event)
    if not wanted:
        return []
    rows = [
        {
            "source": event["source"],
            "id": event["id"],
            "type": event["type"],
            "subject": event.get("subject"),
            "time": datetime.fromisoformat(event["time"]) if event.get("time") else None,
            "data": dict(event.get("data", {})),
            "received_at": at,
        }
        for event in wanted
    ]
    kept = insert(table).values(rows).on_conflict_do_nothing().returning(table.source, table.id)
    fresh = {(source, event_id) for source, event_id in session.execute(kept)}
    new = []
    for event in wanted:
        key = (event["source"], event["id"])
        if key in fresh:
            fresh.discard(key)
            new.append(event)
    return new


def clear_old(session: Session, table: type[InboxEntry], at: datetime) -> int:
    """Forget what was received more than 30 days before `at`; returns how many."""
    done = session.execute(delete(table).where(table.received_at < at - KEPT).returning(table.id))
    return len(done.all())
