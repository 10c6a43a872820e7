"""A partner's systems that call referrals' API with tokens signed by a key the tests made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from flask import Flask
from joserfc.jwk import ECKey
from sqlalchemy import text
from werkzeug.test import TestResponse

from services.referrals.store.database import database
from services.referrals.store.signin import TrustedKey
from shared import settings
from shared.auth import Caller, Kind
from shared.auth.tokens import AUDIENCE, service_token, sign
from shared.clock import now
from tests.builders.bodies import referral_body
from tests.builders.referrals_world import CALLERS
from tests.builders.settled import settle

KID = "tests"
GUARDED = ("move", "access_log", "access_seal")
EMPTIED = (
    "access_seal", "access_log", "outbox", "inbox", "idempotency", "outcome", "question", "contact",
    "agreement", "contact_point", "move", "referral", "person_record", "draft", "measured_wait",
    "lost_look",
)  # fmt: skip


@cache
def _key() -> ECKey:
    return ECKey.generate_key("P-256", {"kid": KID})


def trust_our_key(at: datetime) -> None:
    """Make the service trust tokens signed here."""
    with database.transaction() as session:
        session.execute(text("delete from trusted_key"))
        session.add(TrustedKey(kid=KID, jwk=dict(_key().as_dict(private=False)), fetched_at=at))


def token_for(caller: Caller) -> str:
    """A token as the directory gives one to a partner's system."""
    issued = now()
    claims = caller.to_claims() | {
        "iss": settings.public_url("directory"),
        "aud": AUDIENCE,
        "iat": int(issued.timestamp()),
        "exp": int((issued + timedelta(minutes=15)).timestamp()),
    }
    return sign(claims, _key(), KID)


def as_system(who: str) -> Caller:
    """The system of one of `CALLERS`: same organisation and roles, its own account."""
    return replace(CALLERS[who], kind=Kind.CLIENT, sub=f"system-{who}", session=None, name=f"{who}'s system")


@dataclass
class System:
    """A partner's system with its token; `None` calls without one."""

    app: Flask
    caller: Caller | None
    token: str | None = None

    def get(self, path: str, **query: Any) -> TestResponse:
        """GET under /api/v1."""
        if path == "/events":
            settle(database)
        return self.app.test_client().get(f"/api/v1{path}", query_string=query, headers=self._headers())

    def post(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        """POST JSON under /api/v1; header names with underscores for dashes."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.app.test_client().post(
            f"/api/v1{path}", json={} if body is None else body, headers=self._headers() | named
        )

    def act(self, referral_id: UUID | str, act: str, **body: Any) -> TestResponse:
        """Do one act."""
        return self.post(f"/referrals/{referral_id}/{act}", body)

    def _headers(self) -> dict[str, str]:
        token = self.token or (token_for(self.caller) if self.caller is not None else None)
        return {"Authorization": f"Bearer {token}"} if token else {}


def our_service(app: Flask, name: str) -> System:
    """One of our own services."""
    return System(app, None, service_token(name, "referrals", now()))


def forget_referrals() -> None:
    """Empty all but the directory's copy. History refuses to go, so its guard is lifted for a moment."""
    with database.transaction() as session:
        for guarded in GUARDED:
            session.execute(text(f"alter table {guarded} disable trigger user"))
        for table in EMPTIED:
            # Few rows: deleting them is far quicker than truncating.
            session.execute(text(f"delete from {table}"))  # noqa: S608 fixed names
        for guarded in GUARDED:
            session.execute(text(f"alter table {guarded} enable trigger user"))


WESTFIELD = {"gp_practice_ods": "Z90001"}
"""The surgery whose patients the Westfield link workers take."""


def to_westfield(**changes: Any) -> dict[str, Any]:
    """A referral that the Westfield link workers get; `person` changes single fields of the person."""
    body = referral_body(**{name: value for name, value in changes.items() if name != "person"})
    body["person"] |= WESTFIELD | changes.get("person", {})
    return body


def sent(system: Callable[[str | None], System], who: str = "practice", **changes: Any) -> dict[str, Any]:
    """A referral as `who` has just sent it to the Westfield link workers: the answer."""
    answer = system(who).post("/referrals", to_westfield(**changes))
    assert answer.status_code == 201, answer.json
    return dict(answer.json)


def rows(query: str, **given: Any) -> list[dict[str, Any]]:
    """What the database holds."""
    with database.transaction() as session:
        return [dict(row) for row in session.execute(text(query), given).mappings()]


def one(query: str, **given: Any) -> Any:
    """A single value of the database."""
    with database.transaction() as session:
        return session.scalar(text(query), given)
