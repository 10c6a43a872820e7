"""Idempotency-Key (IETF draft-ietf-httpapi-idempotency-key-header-07), kept in PostgreSQL.

A row holds who asked, which route, the key, a fingerprint of the body, and what came of it: the id and
the status, never the body. It is written in the transaction of the action it guards, so there is no
half-done state: an action that was killed left no row. A replay is rendered again from what is stored,
under the caller's rights of today.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import String, delete, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.errors import Conflict, Invalid, Malformed

KEPT = timedelta(hours=48)
LONGEST_KEY = 255


class IdempotencyEntry:
    """Mixin for a service's `idempotency` table."""

    __tablename__ = "idempotency"

    client: Mapped[str] = mapped_column(String(64), primary_key=True)
    route: Mapped[str] = mapped_column(String(120), primary_key=True)
    key: Mapped[str] = mapped_column(String(LONGEST_KEY), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    resource_id: Mapped[UUID]
    status: Mapped[int]
    created_at: Mapped[datetime]


@dataclass(frozen=True)
class Once:
    """One request that must act once: by `client`, on `route`, with `key`, for a body of `fingerprint`."""

    client: str
    route: str
    key: str
    fingerprint: str

    def replayed(self, session: Session, table: type[IdempotencyEntry]) -> IdempotencyEntry | None:
        """The row of an earlier run, or None for the first one.

        Raises Conflict while an identical call is still running and Invalid when the key came with
        another body before.
        """
        lock = int.from_bytes(
            hashlib.sha256(f"{self.client}\n{self.route}\n{self.key}".encode()).digest()[:8],
            signed=True,
        )
        mine = session.scalar(text("select pg_try_advisory_xact_lock(:lock)"), {"lock": lock})
        if not mine:
            raise Conflict(
                "The same request is still being worked on. Wait a moment and send it again.",
                slug="in-flight",
            )
        seen = session.get(table, (self.client, self.route, self.key))
        if seen is not None and seen.fingerprint != self.fingerprint:
            raise Invalid.field(
                "/Idempotency-Key", "This key came with another body before. Use a new key for a new request."
            )
        return seen

    def done(
        self,
        session: Session,
        table: type[IdempotencyEntry],
        *,
        resource_id: UUID,
        status: int,
        at: datetime,
    ) -> None:
        """Remember what came of it, in the action's own transaction."""
        session.add(
            table(  # type: ignore[call-arg]
                client=self.client,
                route=self.route,
                key=self.key,
                fingerprint=self.fingerprint,
                resource_id=resource_id,
                status=status,
                created_at=at,
            )
        )


def parse_key(header: str) -> str:
    """The key of the header: a structured-field string in quotes, or bare. Raises Malformed."""
    key = header.strip()
    if len(key) >= 2 and key[0] == key[-1] == '"':
        key = key[1:-1]
    if not key or len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise Malformed("Idempotency-Key must be 1 to 255 printable ASCII characters.")
    return key


def fingerprint(body: Any) -> str:
    """SHA-256 of the canonical JSON of `body`."""
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def clear_old(session: Session, table: type[IdempotencyEntry], at: datetime) -> int:
    """Forget keys older than 48 hours at `at`; returns how many."""
    done = session.execute(delete(table).where(table.created_at < at - KEPT).returning(table.key))
    return len(done.all())
