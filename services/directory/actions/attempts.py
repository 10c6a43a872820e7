"""Counting tries before they are made, so that a hundred at once are not a hundred tries."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.directory.domain.lockout import (
    BY_ADDRESS,
    BY_PERSON,
    FORGET_AFTER,
    Added,
    Allowance,
    Count,
    counted,
    taken_back,
    wait_left,
)
from services.directory.store.identity import SignInAttempt
from shared import settings
from shared.errors import TooMany

Counters = Mapping[bytes, Allowance]


@dataclass(frozen=True)
class Try:
    """A try that was counted as failed before it was made: what it added to which counter."""

    added: Mapping[bytes, Added]
    person: Collection[bytes]


def of_password(email: str, address: str | None, known_browser: bytes | None) -> Counters:
    """What counts wrong passwords: for a browser its owner signed in with, that browser's own counter."""
    if known_browser is not None:
        return {_key("password here", _folded(email), known_browser.hex()): BY_PERSON}
    keys = {_key("password", _folded(email)): BY_PERSON}
    network = _network(address)
    return keys | {_key("address", network): BY_ADDRESS} if network is not None else keys


def of_code(account_id: UUID, known_browser: bytes | None) -> Counters:
    """What counts wrong codes; only who knows the password gets there."""
    if known_browser is not None:
        return {_key("code here", str(account_id), known_browser.hex()): BY_PERSON}
    return {_key("code", str(account_id)): BY_PERSON}


def of_session(account_id: UUID) -> Counters:
    """What counts wrong passwords given again by somebody who is signed in."""
    return {_key("again", str(account_id)): BY_PERSON}


def count(session: Session, counters: Counters, at: datetime) -> Try:
    """Count one try as failed before it is made; commit before making it. Raises TooMany while a wait runs.

    Whether anybody has an account makes no difference here, in words or in time.
    """
    keys = sorted(counters)
    session.execute(
        insert(SignInAttempt)
        .values([{"key": key, "level": 0.0, "at": at, "failed": 0} for key in keys])
        .on_conflict_do_nothing()
    )
    rows = _locked(session, keys)
    waits = [wait_left(_count(row), at) for row in rows]
    if any(waits):
        raise _too_many(max(waits))
    added = {}
    for row in rows:
        after, added[row.key] = counted(_count(row), counters[row.key], at)
        row.level, row.at, row.locked_until = after.level, after.at, after.locked_until
    return Try(added, [key for key in keys if counters[key] is BY_PERSON])


def take_back(session: Session, tried: Try) -> None:
    """The try was right, so it counts for nothing."""
    for row in _locked(session, sorted(tried.added)):
        after = taken_back(_count(row), tried.added[row.key])
        row.level, row.locked_until = after.level, after.locked_until


def was_wrong(session: Session, tried: Try, at: datetime) -> None:
    """The try was wrong: remember that there is something to tell the account's owner."""
    session.execute(
        update(SignInAttempt)
        .where(SignInAttempt.key.in_(tried.person))
        .values(failed=SignInAttempt.failed + 1, failed_at=at)
    )


def forget(session: Session, counters: Counters) -> None:
    """Whoever this counted proved to be the owner."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.key.in_(list(_of_person(counters)))))


def tell(session: Session, counters: Counters) -> datetime | None:
    """When a try last failed that the owner was not told of yet, None where none did; they are told now."""
    rows = [row for row in _locked(session, sorted(_of_person(counters))) if row.failed]
    last = max((row.failed_at for row in rows if row.failed_at is not None), default=None)
    for row in rows:
        row.failed = 0
    return last


def forget_old(session: Session, at: datetime) -> int:
    """Drop what no longer counts; returns how many."""
    gone = session.execute(
        delete(SignInAttempt).where(SignInAttempt.at < at - FORGET_AFTER).returning(SignInAttempt.key)
    )
    return len(gone.all())


def _of_person(counters: Counters) -> set[bytes]:
    return {key for key, allowance in counters.items() if allowance is BY_PERSON}


def _locked(session: Session, keys: list[bytes]) -> list[SignInAttempt]:
    query = select(SignInAttempt).where(SignInAttempt.key.in_(keys)).order_by(SignInAttempt.key)
    return list(session.scalars(query.with_for_update().execution_options(populate_existing=True)))


def _count(row: SignInAttempt) -> Count:
    return Count(row.level, row.at, row.locked_until)


def _key(kind: str, *words: str) -> bytes:
    secret = settings.required("GUARD_KEY").encode()
    return hmac.digest(secret, "\n".join((f"sign-in {kind}", *words)).encode(), hashlib.sha256)


def _folded(email: str) -> str:
    return email.strip().lower()


def _network(address: str | None) -> str | None:
    """An IPv4 address, or the /64 of an IPv6 one (one household or office has as many as it likes).

    Loopback is not counted: behind a proxy nobody told us of it would be everybody.
    """
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return None
    if found.is_loopback:
        return None
    prefix = 32 if found.version == 4 else 64
    return str(ipaddress.ip_network(f"{found}/{prefix}", strict=False))


def _too_many(wait: timedelta) -> TooMany:
    seconds = math.ceil(wait.total_seconds())
    words = f"{seconds} seconds" if seconds < 120 else f"{math.ceil(seconds / 60)} minutes"
    return TooMany(
        f"Too many tries. Wait {words}, then try again. If you forgot your password, ask for a new one.",
        retry_after=seconds,
    )
