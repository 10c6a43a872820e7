"""A person's browser session as one service knows it: last seen here, and whether it was ended.

The cookie holds a token of 15 minutes which is renewed by use. With the directory away a token serves on
for up to 8 hours from when it was issued; half an hour without use ends it in either case.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import String
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from shared import settings
from shared.auth.caller import Caller, Kind
from shared.auth.tokens import AUDIENCE, FindKey, has_ended, read
from shared.db import Database
from shared.errors import Unauthenticated, Unavailable

COOKIE = "linkwork"
TOKEN_LIFE = timedelta(minutes=15)
RENEW_AFTER = timedelta(minutes=5)
IDLE_LIMIT = timedelta(minutes=30)
AWAY_LIMIT = timedelta(hours=8)
NOTE_SEEN_EVERY = timedelta(minutes=1)

IDLE = "You were away for 30 minutes, so you were signed out. Sign in to go on."
ENDED = "This session has ended. Sign in to go on."
# Why somebody is signed out, as an address may say it, and the words a page has for it.
BECAUSE = {"idle": IDLE, "ended": ENDED}


class SignedOut(Unauthenticated):
    """A session that was good once and is over; `because` is one of `BECAUSE`."""

    def __init__(self, because: str) -> None:
        self.because = because
        super().__init__(BECAUSE[because])


class SessionSeen:
    """Mixin for a service's `session_seen` table."""

    __tablename__ = "session_seen"

    sid: Mapped[str] = mapped_column(String(64), primary_key=True)
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Sessions:
    """Checks the cookie of a browser, here, without asking anybody while the token is young.

    `renew` takes the old token to the directory and brings a new one; it raises Unauthenticated when the
    session was ended there and Unavailable when the directory is away.
    """

    def __init__(
        self,
        database: Database,
        table: type[SessionSeen],
        find_key: FindKey,
        renew: Callable[[str], str],
    ) -> None:
        self.database = database
        self.table = table
        self.find_key = find_key
        self.renew = renew

    def check(self, token: str, at: datetime) -> tuple[Caller, str | None]:
        """The caller, and a new token to set where the old one was due. Raises Unauthenticated."""
        claims = self._claims(token)
        sid = str(claims["sid"])
        issued = datetime.fromtimestamp(float(claims["iat"]), UTC)
        with self.database.transaction() as session:
            row = session.get(self.table, sid)
            if row is not None and row.ended_at is not None:
                raise SignedOut("ended")
            seen = max(row.seen_at, issued) if row is not None else issued
            if at - seen > IDLE_LIMIT:
                raise SignedOut("idle")
            if row is None or at - row.seen_at > NOTE_SEEN_EVERY:
                session.execute(
                    insert(self.table)
                    .values(sid=sid, seen_at=at)
                    .on_conflict_do_update(index_elements=["sid"], set_={"seen_at": at})
                )
        if at - issued <= RENEW_AFTER:
            return Caller.from_claims(claims), None
        return self._renewed(token, claims, issued, at)

    def _renewed(
        self, token: str, claims: dict[str, Any], issued: datetime, at: datetime
    ) -> tuple[Caller, str | None]:
        try:
            fresh = self.renew(token)
        except Unauthenticated as over:
            raise SignedOut("ended") from over
        except Unavailable:
            if has_ended(claims, at) and at - issued > AWAY_LIMIT:
                raise SignedOut("ended") from None
            return Caller.from_claims(claims), None
        return Caller.from_claims(self._claims(fresh)), fresh

    def _claims(self, token: str) -> dict[str, Any]:
        claims = read(token, self.find_key, audience=AUDIENCE, issuer=settings.public_url("directory"))
        if claims.get("kind") != Kind.PERSON or not claims.get("sid"):
            raise Unauthenticated(ENDED)
        return claims

    def end(self, sid: str, at: datetime) -> None:
        """Remember that the session was ended (by event, or here); safe to do twice."""
        with self.database.transaction() as session:
            session.execute(
                insert(self.table)
                .values(sid=sid, seen_at=at, ended_at=at)
                .on_conflict_do_update(index_elements=["sid"], set_={"ended_at": at})
            )
