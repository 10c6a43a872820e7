"""Counting tries before they are made, so that a hundred at once are not a hundred tries."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import math
from datetime import datetime, timedelta

from sqlalchemy import case, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.directory.domain.lockout import (
    BY_ADDRESS,
    BY_EMAIL,
    FORGET_AFTER,
    Allowance,
    still_counts,
    wait_after,
)
from services.directory.store.database import database
from services.directory.store.identity import SignInAttempt
from shared import settings
from shared.errors import TooMany


def count_try(email: str, address: str | None, at: datetime) -> None:
    """Count one try as failed before it is made. Raises TooMany while a wait runs.

    Whether anybody has an account with `email` makes no difference here, in words or in time.
    """
    keys = _keys(email, address)
    with database.transaction() as session:
        locked = session.scalars(
            select(SignInAttempt.locked_until)
            .where(SignInAttempt.key.in_(keys))
            .order_by(SignInAttempt.key)
            .with_for_update()
        ).all()
        waits = [until - at for until in locked if until is not None and until > at]
        if waits:
            raise _too_many(max(waits))
        for key in sorted(keys):
            _count(session, key, keys[key], at)


def forgive(session: Session, email: str, address: str | None, at: datetime) -> tuple[int, datetime | None]:
    """The try was right: forget the failures of `email`, and take back the one of `address`.

    Returns how many had failed before and when the last did, for the account's owner to see.
    """
    ours = _key("email", email.strip().lower())
    row = session.get(SignInAttempt, ours, with_for_update=True)
    failed, last = (row.failures - 1, row.last_at) if row is not None else (0, None)
    session.execute(delete(SignInAttempt).where(SignInAttempt.key == ours))
    theirs = [key for key in _keys(email, address) if key != ours]
    session.execute(
        update(SignInAttempt)
        .where(SignInAttempt.key.in_(theirs), SignInAttempt.failures > 0)
        .values(failures=SignInAttempt.failures - 1)
    )
    return (failed, last) if last is not None and still_counts(last, at) else (0, None)


def forget_old(session: Session, at: datetime) -> int:
    """Drop what no longer counts; returns how many."""
    gone = session.execute(
        delete(SignInAttempt).where(SignInAttempt.last_at < at - FORGET_AFTER).returning(SignInAttempt.key)
    )
    return len(gone.all())


def _count(session: Session, key: bytes, allowance: Allowance, at: datetime) -> None:
    fresh = SignInAttempt.last_at < at - FORGET_AFTER
    failures = session.scalar(
        insert(SignInAttempt)
        .values(key=key, failures=1, last_at=at)
        .on_conflict_do_update(
            index_elements=["key"],
            set_={"failures": case((fresh, 1), else_=SignInAttempt.failures + 1), "last_at": at},
        )
        .returning(SignInAttempt.failures)
    )
    wait = wait_after(failures or 1, allowance)
    if wait is not None:
        session.execute(update(SignInAttempt).where(SignInAttempt.key == key).values(locked_until=at + wait))


def _keys(email: str, address: str | None) -> dict[bytes, Allowance]:
    keys = {_key("email", email.strip().lower()): BY_EMAIL}
    network = _network(address)
    if network is not None:
        keys[_key("address", network)] = BY_ADDRESS
    return keys


def _key(kind: str, text: str) -> bytes:
    secret = settings.required("GUARD_KEY").encode()
    return hmac.digest(secret, f"sign-in {kind}\n{text}".encode(), hashlib.sha256)


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
