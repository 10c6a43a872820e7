"""Reading an answer as a person would."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

from werkzeug.test import TestResponse


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.skipped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.skipped += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self.skipped -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            self.parts.append(data)


def text(response: TestResponse) -> str:
    """The words of a page, white space made one."""
    reader = _Text()
    reader.feed(response.text)
    return " ".join("".join(reader.parts).split())


def title(response: TestResponse) -> str:
    """The window title."""
    found = re.search(r"<title>(.*?)</title>", response.text, re.DOTALL)
    assert found, response.text[:500]
    return unescape(found[1])


def headings(response: TestResponse) -> list[str]:
    """The words of every h1."""
    found = re.findall(r"<h1[^>]*>(.*?)</h1>", response.text, re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]+>", "", each)).split()) for each in found]


def token(response: TestResponse) -> str:
    """The CSRF token of the first form."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', response.text)
    assert found, "no form with a token"
    return found[1]
