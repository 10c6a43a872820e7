"""The access log: who read or changed what about whom, and why; sealed into a hash chain.

Rows are appended unchained in the transaction of the read or write itself. A task seals them each minute,
in order: each seal hashes the row together with the seal before it, so that an altered, removed or
inserted row shows. Both tables refuse UPDATE and DELETE by trigger (`append_only_sql`, in the migration).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Identity, LargeBinary, String, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.auth.caller import Caller
from shared.logs import request_id

FIRST = b"\x00" * 32


class AccessLogEntry:
    """Mixin for a service's `access_log` table. `subjects` are ids of the records read or changed."""

    __tablename__ = "access_log"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(64))
    actor_kind: Mapped[str] = mapped_column(String(10))
    organization_id: Mapped[UUID | None]
    act: Mapped[str] = mapped_column(String(60))
    purpose: Mapped[str] = mapped_column(String(200))
    subjects: Mapped[list[UUID]] = mapped_column(ARRAY(PG_UUID(as_uuid=True)))
    request_id: Mapped[str] = mapped_column(String(64))


class AccessSeal:
    """Mixin for a service's `access_seal` table: one link of the chain."""

    __tablename__ = "access_seal"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    log_id: Mapped[int] = mapped_column(BigInteger, unique=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


@dataclass(frozen=True)
class Verdict:
    """What `verify` found: rows sealed, rows still unsealed, and the log id of the first break, if any."""

    sealed: int
    unsealed: int
    broken_at: int | None


def record(
    session: Session,
    table: type[AccessLogEntry],
    by: Caller,
    *,
    act: str,
    purpose: str,
    subjects: Sequence[UUID],
    at: datetime,
) -> None:
    """Write down one read or write; a list is one row with all that it showed."""
    session.add(
        table(  # type: ignore[call-arg]
            at=at,
            actor=by.sub,
            actor_kind=str(by.kind),
            organization_id=by.org,
            act=act,
            purpose=purpose,
            subjects=list(subjects),
            request_id=request_id(),
        )
    )


def seal(session: Session, log: type[AccessLogEntry], seals: type[AccessSeal], limit: int = 2000) -> int:
    """Seal what is unsealed, in order of id; returns how many. One sealer at a time, by lock."""
    session.execute(text("select pg_advisory_xact_lock(hashtext('access_seal'))"))
    last = session.scalars(select(seals).order_by(seals.seq.desc()).limit(1)).first()
    previous, seq = (last.hash, last.seq) if last else (FIRST, 0)
    waiting = session.scalars(
        select(log)
        .where(~select(seals.log_id).where(seals.log_id == log.id).exists())
        .order_by(log.id)
        .limit(limit)
    ).all()
    for row in waiting:
        seq += 1
        previous = _link(previous, row)
        session.add(seals(seq=seq, log_id=row.id, hash=previous))  # type: ignore[call-arg]
    return len(waiting)


def verify(session: Session, log: type[AccessLogEntry], seals: type[AccessSeal]) -> Verdict:
    """Walk the chain from its start; a missing or altered row is a break."""
    previous, sealed, expected = FIRST, 0, 1
    broken: int | None = None
    rows = session.execute(
        select(seals, log).outerjoin(log, log.id == seals.log_id).order_by(seals.seq)
    ).yield_per(1000)
    for link, row in rows:
        if link.seq != expected or row is None or _link(previous, row) != link.hash:
            broken = link.log_id
            break
        previous, sealed, expected = link.hash, sealed + 1, expected + 1
    total = session.scalar(select(func.count()).select_from(log)) or 0
    linked = session.scalar(select(func.count()).select_from(seals)) or 0
    return Verdict(sealed=sealed, unsealed=max(total - linked, 0), broken_at=broken)


def _link(previous: bytes, row: AccessLogEntry) -> bytes:
    facts: dict[str, Any] = {
        "id": row.id,
        "at": row.at.astimezone(UTC).isoformat(),
        "actor": row.actor,
        "actor_kind": row.actor_kind,
        "organization_id": str(row.organization_id),
        "act": row.act,
        "purpose": row.purpose,
        "subjects": [str(s) for s in row.subjects],
        "request_id": row.request_id,
    }
    return hashlib.sha256(previous + json.dumps(facts, sort_keys=True).encode()).digest()


def append_only_sql(table: str) -> tuple[str, ...]:
    """SQL for a migration: the function (once a database) and the trigger that keep `table` append-only."""
    return (
        "create or replace function refuse_change() returns trigger language plpgsql as "
        "$$ begin raise exception '% is append-only', tg_table_name; end $$",
        f"create trigger {table}_append_only before update or delete or truncate on {table} "
        "for each statement execute function refuse_change()",
    )
