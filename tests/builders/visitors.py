"""People of the demo place at the pages of the running product, over plain HTTP."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import requests
from flask import Flask, session
from flask_wtf.csrf import generate_csrf

from shared.auth.sessions import COOKIE
from shared.settings import PORT_OFFSET
from tests.stack import PASSWORD, Stack

PEOPLE = (
    "practice",
    "practice-admin",
    "police",
    "housing",
    "vcse",
    "linkworker",
    "lead",
    "dutydesk",
    "safeguarding",
    "admin",
    "place",
)
"""Everybody of the demo who signs in, without `@demo.example`."""
_TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')


class Visitor:
    """Somebody at the pages; `who` None is not signed in. Nothing is followed unless asked for."""

    def __init__(self, stack: Stack, who: str | None = None, password: str = PASSWORD) -> None:
        self.stack, self.who = stack, who
        self.http = requests.Session()
        if who is not None:
            self.sign_in(who if "@" in who else f"{who}@demo.example", password)

    def sign_in(self, email: str, password: str) -> requests.Response:
        """Through the form, as a browser does."""
        answer = self.send("directory", "/sign-in", email=email, password=password)
        if "@demo.example" in email:
            assert answer.status_code in (302, 303), f"{email}: {answer.status_code}"
        return answer

    def get(self, service: str, path: str, *, follow: bool = False) -> requests.Response:
        """Open a page."""
        return self.http.get(self.stack.url(service, path), allow_redirects=follow, timeout=30)

    def send(self, service: str, path: str, page: str | None = None, **fields: Any) -> requests.Response:
        """Fill in the form of `page` (the same path unless given) and send it to `path`."""
        return self.post(service, path, csrf_token=self._token(service, page or path), **fields)

    def upload(
        self, service: str, path: str, page: str, file: tuple[str, bytes], **fields: Any
    ) -> requests.Response:
        """As `send`, with a file (its name, what it holds)."""
        data = {"csrf_token": self._token(service, page), **fields}
        url = self.stack.url(service, path)
        return self.http.post(url, data=data, files={"file": file}, allow_redirects=False, timeout=30)

    def post(self, service: str, path: str, **fields: Any) -> requests.Response:
        """Send a form."""
        return self.http.post(self.stack.url(service, path), data=fields, allow_redirects=False, timeout=30)

    def _token(self, service: str, page: str) -> str:
        shown = self.get(service, page)
        token = _TOKEN.search(shown.text)
        assert token, f"{page} has no form ({shown.status_code})"
        return token[1]

    def post_anyhow(self, service: str, path: str, **fields: Any) -> requests.Response:
        """Send a form no page showed, with a token that is right: nothing but the action refuses it."""
        name, cookie, token = _csrf(self.stack, service)
        self.http.cookies.set(name, cookie, domain="localhost.local", path="/")
        return self.post(service, path, csrf_token=token, **fields)

    def forget_all_but_the_session(self) -> None:
        """What the last page left for the next is not shown there."""
        for cookie in list(self.http.cookies):
            if cookie.name != COOKIE:
                self.http.cookies.clear(cookie.domain, cookie.path, cookie.name)

    def cookies(self) -> list[dict[str, Any]]:
        """For a browser's context, so that it is signed in as the same person."""
        found = [(cookie.name, cookie.value) for cookie in self.http.cookies if cookie.name == COOKIE]
        return [
            {"name": name, "value": value, "domain": "localhost", "path": "/", "httpOnly": True}
            for name, value in found
        ]


def _csrf(stack: Stack, service: str) -> tuple[str, str, str]:
    """A token of `service` and the cookie that goes with it: its name, its value, the token."""
    secrets = json.loads((stack.home / "secrets.json").read_text())
    app = Flask("forms")
    app.secret_key = f"{service}:{secrets['CSRF_KEY']}"
    with app.test_request_context():
        token = generate_csrf()
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        return f"linkwork_csrf_{service}", serializer.dumps(dict(session)), token


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        wanted = {"a": "href", "area": "href", "form": "action"}.get(tag)
        given = dict(attrs)
        if tag == "form" and (given.get("method") or "get").lower() != "get":
            return
        if wanted and given.get(wanted):
            self.found.append(str(given[wanted]))


def links_of(stack: Stack, url: str, html: str) -> list[tuple[str, str]]:
    """The links of a page that stay inside the product: (service, path with query), without repeats."""
    parser = _Links()
    parser.feed(html)
    services = {stack.base + offset: service for service, offset in PORT_OFFSET.items()}
    inside = {}
    for href in parser.found:
        parts = urlsplit(urldefrag(urljoin(url, href)).url)
        if parts.hostname == "localhost" and parts.port in services:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            inside[services[parts.port], path] = True
    return list(inside)
