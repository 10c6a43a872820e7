"""The directory's public keys, kept in each service's own database, so that it may be away."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from threading import RLock
from typing import Any

from joserfc.jwk import ECKey
from sqlalchemy import String, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.clock import now
from shared.db import Database
from shared.errors import Unavailable

ASK_AGAIN_AFTER = 20.0
LOOK_AGAIN_AFTER = 10.0
MARK_KEPT = timedelta(days=1)
_WITHDRAWN: dict[str, Any] = {}


class TrustedKey:
    """Mixin for a service's `trusted_key` table: one public JWK of the directory.

    An empty one is the mark of a key that was withdrawn: no answer still on its way brings that one back.
    """

    __tablename__ = "trusted_key"

    kid: Mapped[str] = mapped_column(String(64), primary_key=True)
    jwk: Mapped[dict[str, Any]]
    fetched_at: Mapped[datetime]


class TrustedKeys:
    """Finds the key of a token: in memory, in our database, and last at the directory.

    `fetch` answers the directory's JWKS or raises Unavailable. A token with an unknown key makes us ask
    at most once in 20 seconds, so that forged ones cannot make us a burden. What another process of the
    service has learnt is read again every 10 seconds.
    """

    def __init__(
        self, database: Database, table: type[TrustedKey], fetch: Callable[[], Mapping[str, Any]]
    ) -> None:
        self.database = database
        self.table = table
        self.fetch = fetch
        self._known: dict[str, ECKey] = {}
        self._asked = -ASK_AGAIN_AFTER
        self._read_at = -LOOK_AGAIN_AFTER
        # While one thread asks, the others wait for its answer instead of refusing a good token.
        self._asking = RLock()

    def find(self, kid: str) -> ECKey | None:
        """The key called `kid`, or None when nobody we trust published it."""
        known = self._known.get(kid)
        if known is not None and not self._is_old():
            return known
        with self._asking:
            if kid not in self._known or self._is_old():
                self._load()
            if kid not in self._known and time.monotonic() - self._asked > ASK_AGAIN_AFTER:
                self._asked = time.monotonic()
                try:
                    self.refresh()
                except Unavailable:
                    return None
            return self._known.get(kid)

    def refresh(self) -> int:
        """Ask the directory, keep what it publishes, forget what it withdrew; returns how many it has."""
        keys = {key["kid"]: dict(key) for key in self.fetch()["keys"]}
        at = now()
        trusted = self.table.jwk != _WITHDRAWN
        with self.database.transaction() as session:
            for kid, jwk in keys.items():
                row = {"kid": kid, "jwk": jwk, "fetched_at": at}
                put = insert(self.table).values(row)
                session.execute(put.on_conflict_do_update(index_elements=["kid"], set_=row, where=trusted))
            if keys:
                over = or_(trusted, self.table.fetched_at < at - MARK_KEPT)
                for gone in session.scalars(select(self.table).where(self.table.kid.not_in(keys), over)):
                    session.delete(gone)
        self._load()
        return len(self._known)

    def withdraw(self, session: Session, kids: Iterable[str], at: datetime) -> None:
        """Trust these no more, from this transaction on; other processes within 10 seconds of it."""
        for kid in kids:
            row = {"kid": kid, "jwk": _WITHDRAWN, "fetched_at": at}
            put = insert(self.table).values(row)
            session.execute(put.on_conflict_do_update(index_elements=["kid"], set_=row))
            self._read_at = -LOOK_AGAIN_AFTER

    def _is_old(self) -> bool:
        return time.monotonic() - self._read_at > LOOK_AGAIN_AFTER

    def _load(self) -> None:
        with self.database.transaction() as session:
            rows = session.scalars(select(self.table)).all()
        self._known = {row.kid: ECKey.import_key(row.jwk) for row in rows if row.jwk != _WITHDRAWN}
        self._read_at = time.monotonic()
