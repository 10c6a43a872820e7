"""Signing in at notifications as the directory would have it: tokens, a client of the API, a browser."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any

from flask import Flask
from joserfc.jwk import ECKey
from werkzeug.test import TestResponse

from services.notifications.actions.sessions import keys
from services.notifications.store.database import database
from services.notifications.store.signin import TrustedKey
from shared import settings
from shared.auth import Caller
from shared.auth.caller import Kind
from shared.auth.sessions import COOKIE
from shared.auth.tokens import AUDIENCE, sign
from shared.clock import now

KEY = ECKey.generate_key("P-256", {"kid": "test-key", "use": "sig", "alg": "ES256"})
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def trust_the_directory() -> None:
    """The directory's key is known here."""
    keys._known.clear()
    with database.transaction() as session:
        session.merge(TrustedKey(kid="test-key", jwk=KEY.as_dict(private=False), fetched_at=now()))


def token(caller: Caller, at: datetime | None = None) -> str:
    """What the directory would give `caller`."""
    at = at or now()
    claims = caller.to_claims() | {
        "iss": settings.public_url("directory"),
        "aud": AUDIENCE,
        "iat": int(at.timestamp()),
        "exp": int((at + timedelta(minutes=15)).timestamp()),
    }
    if caller.kind is Kind.PERSON:
        claims["sid"] = "session-of-" + caller.sub
    return sign(claims, KEY, "test-key")


class Api:
    """A partner's system."""

    def __init__(self, app: Flask, caller: Caller) -> None:
        self.client = app.test_client()
        self.headers = {"Authorization": f"Bearer {token(caller)}"}

    def get(self, path: str) -> TestResponse:
        return self.client.get("/api/v1" + path, headers=self.headers)

    def post(self, path: str, body: Any = None) -> TestResponse:
        return self.client.post("/api/v1" + path, json=body, headers=self.headers)


class Browser:
    """A browser without JavaScript, signed in as `caller` (None: as nobody)."""

    def __init__(self, app: Flask, caller: Caller | None = None) -> None:
        self.client = app.test_client()
        if caller is not None:
            self.client.set_cookie(COOKIE, token(caller))
        self.html = ""

    def get(self, path: str) -> TestResponse:
        answer = self.client.get(path)
        self.html = answer.get_data(as_text=True)
        return answer

    def post(self, path: str, data: dict[str, Any] | None = None) -> TestResponse:
        """Send a form of the page last read."""
        found = _TOKEN.search(self.html)
        answer = self.client.post(path, data=(data or {}) | {"csrf_token": found[1] if found else ""})
        if answer.status_code not in (302, 303):
            self.html = answer.get_data(as_text=True)
        return answer

    @property
    def words(self) -> str:
        """The text of the page last read, in one line."""
        text = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", self.html, flags=re.DOTALL)
        return " ".join(unescape(text).split())
