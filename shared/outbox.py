"""The transactional outbox: what happened is written with the change and sent afterwards.

A row is a CloudEvents 1.0 event. It carries ids, codes and times and never personal data: whoever
receives it asks over HTTP, with its own right, when it needs more. `relay` sends what was not sent,
at least once and in order; the receiver's inbox (`shared.inbox`) drops what it has seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from celery import Celery
from sqlalchemy import BigInteger, Identity, Index, String, delete, select, text
from sqlalchemy.orm import Mapped, Session, declared_attr, mapped_column

from shared.db import WROTE_EVENTS, Database

KEPT = timedelta(days=30)


class OutboxEntry:
    """Mixin for a service's `outbox` table."""

    __tablename__ = "outbox"

    seq: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    type: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(String(64))
    time: Mapped[datetime]
    data: Mapped[dict[str, Any]]
    # The writing transaction, so that a reader never passes a row that is still to be committed.
    txid: Mapped[int] = mapped_column(BigInteger, server_default=text("pg_current_xact_id()::text::bigint"))
    relayed_at: Mapped[datetime | None]

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:
        return (Index("ix_outbox_waiting", "seq", postgresql_where=text("relayed_at is null")),)


def cloud_event(entry: OutboxEntry, source: str) -> dict[str, Any]:
    """The CloudEvents 1.0 structured JSON of one row."""
    return {
        "specversion": "1.0",
        "id": str(entry.id),
        "source": source,
        "type": entry.type,
        "subject": entry.subject,
        "time": entry.time.isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "data": entry.data,
    }


class Outbox:
    """One service's outbox: its table, its name as `source`, and which queues hear of which events.

    `routes` maps an event type to the services that receive it; a type that is not in it is refused,
    so that no event is written that nobody has thought about.
    """

    def __init__(
        self, database: Database, table: type[OutboxEntry], routes: Mapping[str, Sequence[str]]
    ) -> None:
        self.database = database
        self.table = table
        self.routes = routes
        self.source = f"/{database.service}"

    def add(self, session: Session, type: str, *, subject: UUID | str, at: datetime, **data: Any) -> UUID:
        """Write one event in the caller's transaction and return its id."""
        if type not in self.routes:
            raise KeyError(f"{type} is not among the events of {self.source}")
        entry = self.table(id=uuid4(), type=type, subject=str(subject), time=at, data=data)  # type: ignore[call-arg]
        session.add(entry)
        session.info[WROTE_EVENTS] = True
        return entry.id

    def relay(self, celery: Celery, at: datetime, limit: int = 200) -> int:
        """Send what waits, oldest first; returns how many went.

        Rows are locked while they are sent and marked in the same transaction: a relay killed half-way
        sends again, two relays at once share the work. Raises kombu's OperationalError with the broker down.
        """
        with self.database.transaction() as session:
            rows = session.scalars(
                select(self.table)
                .where(self.table.relayed_at.is_(None))
                .order_by(self.table.seq)
                .limit(limit)
                .with_for_update(skip_locked=True)
            ).all()
            by_target: dict[str, list[dict[str, Any]]] = {}
            for row in rows:
                for target in self.routes.get(row.type, ()):
                    by_target.setdefault(target, []).append(cloud_event(row, self.source))
            for target, events in by_target.items():
                celery.send_task(f"{target}.receive_events", args=[events], queue=target)
            for row in rows:
                row.relayed_at = at
            return len(rows)

    def since(
        self, session: Session, after: int, limit: int, types: Sequence[str] | None = None
    ) -> list[OutboxEntry]:
        """Events with `seq` above `after`, in order, none still to be overtaken by an open transaction."""
        settled = text("txid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        query = select(self.table).where(self.table.seq > after, settled).order_by(self.table.seq)
        if types is not None:
            query = query.where(self.table.type.in_(types))
        return list(session.scalars(query.limit(limit)))

    def clear_old(self, at: datetime) -> int:
        """Delete what was sent more than 30 days before `at`; returns how many."""
        with self.database.transaction() as session:
            done = session.execute(
                delete(self.table).where(self.table.relayed_at < at - KEPT).returning(self.table.seq)
            )
            return len(done.all())
