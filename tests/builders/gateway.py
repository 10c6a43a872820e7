"""The three services behind one host, each under a path of its own, as a gateway puts them there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

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


class Browser:
    """A browser in front of the gateway; addresses are whole ones."""

    def __init__(self, gateway: Gateway) -> None:
        self.client = Client(gateway)

    def get(self, url: str) -> TestResponse:
        """Open a page."""
        return self.client.open(_inside(url), base_url=HOST)

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
