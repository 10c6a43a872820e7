"""Feeds of listings at an address: Open Referral UK 1 and 3, HSDS; page by page, or one file."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

import requests

from shared.errors import Unavailable
from shared.json_numbers import json_of_others
from shared.public_http import fetch, public_session

MIB = 1024 * 1024
LARGEST_PAGE = 64 * MIB
MOST_PAGES = 2_000
MOST_SECONDS = 1_200
PER_PAGE = "100"
LISTS = ("contents", "content", "services", "items", "results", "data")
# What a list leaves out of a service that has it.
_ONLY_WHOLE = frozenset({"service_at_locations", "contacts", "schedules", "cost_options", "attributes"})


class Feed:
    """One feed. Its first answer is asked for when it is made: raises Unavailable where there is none."""

    def __init__(self, url: str) -> None:
        try:
            parts = urlsplit(url.strip())
        except ValueError as wrong:
            raise Unavailable("That is not an address. Copy it whole from a browser.") from wrong
        self.asked = dict(parse_qsl(parts.query))
        self.url = urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))
        self.session: requests.Session = public_session()
        self.until = time.monotonic() + MOST_SECONDS
        self.body = self._get(self.url, self.asked)
        self.first = _parsed(self.body)
        if isinstance(self.first, dict) and "openapi_url" in self.first and not _list(self.first):
            # The address of the feed as a whole: its services stand below.
            self.url = self.url.rstrip("/") + "/services"
            self.first = _parsed(self._get(self.url, self.asked))

    @property
    def is_paged(self) -> bool:
        """Whether it is a page of a feed; else it is a file as it is."""
        return isinstance(self.first, dict) and "total_pages" in self.first and _list(self.first) is not None

    def items(self) -> Iterator[tuple[str, Any]]:
        """Each service with where it stands, whole where the feed gives it whole. Raises Unavailable."""
        page, asked = self.first, self.asked
        if not _list(page):
            return
        if "per_page" not in asked:
            asked = {**asked, "per_page": PER_PAGE, "full": "true"}
            page = _parsed(self._get(self.url, {**asked, "page": "1"}))
        whole_helps = True
        for number in range(1, MOST_PAGES + 1):
            for n, item in enumerate(_list(page) or [], start=1):
                if whole_helps and isinstance(item, dict) and not _ONLY_WHOLE & item.keys():
                    whole = self._whole(item)
                    whole_helps = whole is not None
                    yield f"page {number}, item {n}", whole or item
                else:
                    yield f"page {number}, item {n}", item
            if number >= _pages(page) or not _list(page):
                return
            page = _parsed(self._get(self.url, {**asked, "page": str(number + 1)}))
        raise Unavailable(f"The feed has more than {MOST_PAGES} pages: import it as a file.")

    def _whole(self, item: dict[str, Any]) -> dict[str, Any] | None:
        """The service by its id; None where the feed has no such address."""
        own = item.get("id")
        if not isinstance(own, str) or "/" in own or not own:
            return None
        try:
            found = _parsed(self._get(f"{self.url.rstrip('/')}/{own}", {}))
        except Unavailable:
            return None
        return found if isinstance(found, dict) and found.get("id") == own else None

    def _get(self, url: str, asked: dict[str, str]) -> bytes:
        if time.monotonic() > self.until:
            raise Unavailable("It took too long to be read. Import it as a file.")
        return fetch(self.session, url, asked, most=LARGEST_PAGE, until=self.until)


def _parsed(body: bytes) -> Any:
    try:
        return json_of_others(body)
    except (ValueError, RecursionError):
        return None


def _list(page: Any) -> list[Any] | None:
    if not isinstance(page, dict):
        return None
    return next((page[name] for name in LISTS if isinstance(page.get(name), list)), None)


def _pages(page: Any) -> int:
    total = page.get("total_pages") if isinstance(page, dict) else None
    return total if isinstance(total, int) else 1
