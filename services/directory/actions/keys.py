"""The keys that sign tokens: made, replaced and forgotten without a token being refused meanwhile."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from datetime import datetime
from typing import Any
from uuid import uuid4

from joserfc.jwk import ECKey
from sqlalchemy import case, delete, or_, select, text
from sqlalchemy.orm import Session

from services.directory.actions.sealing import seal, unseal
from services.directory.domain.keys import PUBLISHED_AHEAD, RETIRED_KEPT
from services.directory.store.database import database
from services.directory.store.identity import SigningKey
from services.directory.store.outbox import outbox
from shared.clock import now
from shared.db import Database

_LOOK_AGAIN = 10.0
_LOOK_FOR_UNKNOWN = 1.0


def ensure_key(at: datetime) -> str:
    """Make the first key where there is none; returns the id of the one that signs.

    Processes that start together make one between them, by lock.
    """
    with database.transaction() as session:
        _lock(session)
        current = _signing(session, at)
        return current.kid if current is not None else _add_key(session, at, at).kid


def rotate_keys(at: datetime) -> tuple[str, datetime]:
    """Publish a new key now, to sign with once everybody has it: its id, and when that is.

    The old ones sign until then, and stay published until no token of theirs can be alive.
    """
    with database.transaction() as session:
        _lock(session)
        signs_from = at + PUBLISHED_AHEAD
        for old in session.scalars(select(SigningKey).where(SigningKey.retired_at.is_(None))):
            old.retired_at = signs_from
            old.remove_at = signs_from + RETIRED_KEPT
        return _add_key(session, at, signs_from).kid, signs_from


def replace_keys(at: datetime) -> tuple[str, int]:
    """Somebody else may have a key: a new one signs from now, and every other is gone at once.

    Returns the new one's id and how many were withdrawn. All tokens end with the keys that signed them; the
    other services are told which keys to trust no more.
    """
    with database.transaction() as session:
        _lock(session)
        withdrawn = session.scalars(delete(SigningKey).returning(SigningKey.kid)).all()
        for kid in withdrawn:
            outbox.add(session, "key.withdrawn.v1", subject=kid, at=at, kid=kid)
        return _add_key(session, at, at).kid, len(withdrawn)


def remove_old_keys(at: datetime) -> int:
    """Forget keys whose time is over; returns how many."""
    with database.transaction() as session:
        gone = session.execute(delete(SigningKey).where(SigningKey.remove_at <= at).returning(SigningKey.kid))
        return len(gone.all())


def published_keys(at: datetime) -> tuple[dict[str, Any], str]:
    """The JWKS (RFC 7517 §5) and its ETag."""
    with database.transaction() as session:
        alive = or_(SigningKey.remove_at.is_(None), SigningKey.remove_at > at)
        keys = session.scalars(
            select(SigningKey.public_key).where(alive).order_by(SigningKey.created_at.desc())
        ).all()
    jwks = {"keys": [dict(key) for key in keys]}
    return jwks, hashlib.sha256(json.dumps(jwks, sort_keys=True).encode()).hexdigest()[:32]


def has_key() -> bool:
    """True when tokens can be signed."""
    with database.transaction() as session:
        return _signing(session, now()) is not None


class KeyRing:
    """This process's copy of the keys, looked at again every ten seconds and when an unknown one is named."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        """Read the keys again at the next question."""
        self._public: dict[str, ECKey] = {}
        self._private: tuple[str, ECKey] | None = None
        self._read_at = -_LOOK_AGAIN

    def find(self, kid: str) -> ECKey | None:
        """The public key called `kid`, None where we never published it or its time is over."""
        age = time.monotonic() - self._read_at
        if age > _LOOK_AGAIN or (kid not in self._public and age > _LOOK_FOR_UNKNOWN):
            self._read()
        return self._public.get(kid)

    def signing(self) -> tuple[str, ECKey]:
        """The id and the private key to sign with; makes the first one where none is."""
        if self._private is None or time.monotonic() - self._read_at > _LOOK_AGAIN:
            self._read()
        if self._private is None:
            ensure_key(now())
            self._read()
        if self._private is None:
            raise RuntimeError("There is no signing key. Run linkwork-directory migrate.")
        return self._private

    def _read(self) -> None:
        with self._lock, self.database.transaction() as session:
            rows = session.scalars(select(SigningKey)).all()
            newest = _signing(session, now())
            self._public = {row.kid: ECKey.import_key(row.public_key) for row in rows}
            self._private = (
                (newest.kid, ECKey.import_key(json.loads(unseal(newest.private_key)))) if newest else None
            )
            self._read_at = time.monotonic()


ring = KeyRing(database)


def _signing(session: Session, at: datetime) -> SigningKey | None:
    """The newest key whose time has come; where none's has (clocks differ), the one whose comes first."""
    due = SigningKey.signs_from <= at
    newest_due = case((due, SigningKey.signs_from)).desc().nulls_last()
    return session.scalars(
        select(SigningKey).order_by(newest_due, SigningKey.signs_from, SigningKey.kid).limit(1)
    ).first()


def _add_key(session: Session, at: datetime, signs_from: datetime) -> SigningKey:
    kid = f"directory-{at:%Y%m%d}-{uuid4().hex[:12]}"
    key = ECKey.generate_key("P-256", {"kid": kid, "use": "sig", "alg": "ES256"})
    row = SigningKey(
        kid=kid,
        private_key=seal(json.dumps(key.as_dict(private=True))),
        public_key=key.as_dict(private=False),
        created_at=at,
        signs_from=signs_from,
    )
    session.add(row)
    session.flush()
    return row


def _lock(session: Session) -> None:
    session.execute(text("select pg_advisory_xact_lock(hashtext('directory signing key'))"))
