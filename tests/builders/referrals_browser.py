"""A browser without JavaScript: pages, forms with their token, and the words of a page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from shared.auth.sessions import COOKIE

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_TAGS = re.compile(r"<(script|style)\b.*?</\1>|<[^>]+>", re.DOTALL)
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.DOTALL)


class Page:
    """One answer: its status, where it leads, its words."""

    def __init__(self, response: TestResponse) -> None:
        self.status = response.status_code
        self.location = response.headers.get("Location", "")
        self.html = response.get_data(as_text=True)
        self.headers = response.headers

    @property
    def words(self) -> str:
        """All text of the page, with single spaces."""
        return " ".join(unescape(_TAGS.sub(" ", self.html)).split())

    @property
    def title(self) -> str:
        """What the window is called."""
        found = _TITLE.search(self.html)
        return " ".join(unescape(found[1]).split()) if found else ""


class Browser:
    """Somebody's browser on the referrals service."""

    def __init__(self, app: Flask, who: str | None) -> None:
        self.client: FlaskClient = app.test_client()
        if who is not None:
            self.client.set_cookie(COOKIE, who)
        self._token = ""

    def get(self, path: str) -> Page:
        """Open a page."""
        return Page(self.client.get(path))

    def post(self, path: str, data: Mapping[str, Any] | None = None) -> Page:
        """Send a form with its token."""
        return Page(self.client.post(path, data={**(data or {}), "csrf_token": self.form_token()}))

    def form_token(self, page: str = "/find") -> str:
        """The token their forms carry, as `page` has it; empty where they may not open that one."""
        if not self._token:
            found = _TOKEN.search(self.client.get(page).get_data(as_text=True))
            self._token = found[1] if found else ""
        return self._token

    def follow(self, page: Page) -> Page:
        """Go where a page leads."""
        return self.get(page.location.removeprefix("http://localhost"))
