"""The directory's public keys, kept in each service's own database, so that it may be away."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from threading import RLock
from typing import Any

from joserfc.jwk import ECKey
from sqlalchemy import String, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from shared.clock import now
from shared.db import Database
from shared.errors import Unavailable

ASK_AGAIN_AFTER = 20.0


class TrustedKey:
    """Mixin for a service's `trusted_key` table: one public JWK of the directory."""

    __tablename__ = "trusted_key"

    kid: Mapped[str] = mapped_column(String(64), primary_key=True)
    jwk: Mapped[dict[str, Any]]
    fetched_at: Mapped[datetime]


class TrustedKeys:
    """Finds the key of a token: in memory, in our database, and last at the directory.

    `fetch` answers the directory's JWKS or raises Unavailable. A token with an unknown key makes us ask
    at most once in 20 seconds, so that forged ones cannot make us a burden.
    """

    def __init__(
        self, database: Database, table: type[TrustedKey], fetch: Callable[[], Mapping[str, Any]]
    ) -> None:
        self.database = database
        self.table = table
        self.fetch = fetch
        self._known: dict[str, ECKey] = {}
        self._asked = -ASK_AGAIN_AFTER
        # While one thread asks, the others wait for its answer instead of refusing a good token.
        self._asking = RLock()

    def find(self, kid: str) -> ECKey | None:
        """The key called `kid`, or None when nobody we trust published it."""
        known = self._known.get(kid)
        if known is not None:
            return known
        with self._asking:
            if kid not in self._known:
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
        with self.database.transaction() as session:
            for kid, jwk in keys.items():
                row = {"kid": kid, "jwk": jwk, "fetched_at": at}
                session.execute(
                    insert(self.table).values(row).on_conflict_do_update(index_elements=["kid"], set_=row)
                )
            if keys:
                for gone in session.scalars(select(self.table).where(self.table.kid.not_in(keys))):
                    session.delete(gone)
        self._known = {kid: ECKey.import_key(jwk) for kid, jwk in keys.items()}
        return len(keys)

    def _load(self) -> None:
        with self.database.transaction() as session:
            rows = session.scalars(select(self.table)).all()
        self._known = {row.kid: ECKey.import_key(row.jwk) for row in rows}
