"""The three services behind one host, each under a path of its own, as a gateway puts them there."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from html.parser import HTMLParser
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from flask import Flask
from werkzeug.test import Client, TestResponse

HOST = "https://linkwork.example"
PATHS = {"directory": "/who", "referrals": "/app/referrals", "notifications": "/told"}
PUBLIC = {service: HOST + path for service, path in PATHS.items()}
_ADDRESSES = {"a": "href", "area": "href", "form": "action", "link": "href", "script": "src", "img": "src"}


class Gateway:
    """Takes the path of a service off and passes the request on; what is under no such path is 404."""

    def __init__(self, apps: Mapping[str, Flask]) -> None:
        self.apps = apps

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        for service, path in PATHS.items():
            if environ["PATH_INFO"].startswith(path + "/"):
                passed_on = {**environ, "PATH_INFO": environ["PATH_INFO"].removeprefix(path)}
                return self.apps[service](passed_on, start_response)
        start_response("404 Not Found", [("Content-Type", "text/plain")])
        return [b"no service has this path"]


class Reached:
    """A gateway that runs at `address`:8080, reached as by the proxy that ends TLS in front of it."""

    def __init__(self, address: str, source: str) -> None:
        self.address = address
        self.source = source

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        headers = {
            name.removeprefix("HTTP_").replace("_", "-"): value
            for name, value in environ.items()
            if name.startswith("HTTP_") or (name in {"CONTENT_TYPE", "CONTENT_LENGTH"} and value)
        }
        path = quote(environ["PATH_INFO"].encode("latin-1")) + f"?{environ['QUERY_STRING']}".rstrip("?")
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        there = HTTPConnection(self.address, 8080, timeout=60, source_address=(self.source, 0))
        with closing(there):
            there.request(
                environ["REQUEST_METHOD"], path, body, headers | {"X-Forwarded-For": "198.51.100.7"}
            )
            answer = there.getresponse()
            start_response(f"{answer.status} {answer.reason}", answer.getheaders())
            return [answer.read()]


class Browser:
    """A browser in front of the gateway; addresses are whole ones."""

    def __init__(self, gateway: Gateway | Reached) -> None:
        self.client = Client(gateway)

    def get(self, url: str) -> TestResponse:
        """Open a page, or take a whole file."""
        return self.client.open(_inside(url), base_url=HOST, buffered=True)

    def send(self, url: str, **fields: str) -> TestResponse:
        """Fill in the form of a page, and send it to where the form says."""
        form = re.search(
            r'<form[^>]*method="post"(?: action="([^"]+)")?.*?</form>', self.get(url).text, re.DOTALL
        )
        assert form, f"{url} has no form"
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[0]))
        target = urljoin(url, form[1]) if form[1] else url
        return self.client.open(
            _inside(target),
            base_url=HOST,
            method="POST",
            data={**hidden, **fields},
            headers={"Referer": url},
        )

    def cookie_paths(self) -> dict[str, str]:
        """Where each cookie this browser keeps is sent."""
        return {cookie.key: cookie.path for cookie in (self.client._cookies or {}).values()}


def leads_to(url: str, answer: TestResponse) -> str:
    """Where a redirect leads, as a whole address."""
    return urljoin(url, answer.headers["Location"])


def walked(browser: Browser, homes: Iterable[str], most: int = 100_000) -> dict[str, int]:
    """Every address somebody comes to from `homes` by links and redirects (the first `most`): its status."""
    found: dict[str, int] = {}
    waiting = deque(homes)
    while waiting and len(found) < most:
        url = waiting.popleft()
        if url in found or "/sign-out" in url:
            continue
        answer = browser.get(url)
        found[url] = answer.status_code
        if answer.status_code in (301, 302, 303, 307, 308):
            # One of them leaves for another site on purpose.
            waiting.extend(to for to in [leads_to(url, answer)] if to.startswith(HOST))
        elif answer.mimetype == "text/html":
            waiting.extend(sorted(addresses_in(url, answer.text)))
    return found


def addresses_in(url: str, html: str) -> set[str]:
    """Every address on the page at `url` that stays on the host, as whole ones without fragments."""
    parser = _Addresses()
    parser.feed(html)
    whole = {urljoin(url, address).split("#")[0] for address in parser.found}
    return {address for address in whole if address.startswith(HOST)}


def _inside(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


class _Addresses(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in _ADDRESSES and given.get(_ADDRESSES[tag]):
            self.found.append(str(given[_ADDRESSES[tag]]))
