"""The forms of a page as a browser reads them: what would be sent if nothing were typed."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self._textarea: str | None = None
        self._text: list[str] = []
        self._select: str | None = None
        self._first: str | None = None
        self._in_form = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value if value is not None else "" for name, value in attrs}
        if tag == "form":
            self._in_form = given.get("method") == "post" and not self.found
        if not self._in_form:
            return
        name = given.get("name", "")
        if tag == "input" and name:
            self._input(name, given)
        elif tag == "textarea":
            self._textarea, self._text = name, []
        elif tag == "select":
            self._select, self._first = name, None
        elif tag == "option" and self._select:
            if self._first is None:
                self._first = given.get("value", "")
                self.found[self._select] = [self._first]
            if "selected" in given:
                self.found[self._select] = [given.get("value", "")]

    def _input(self, name: str, given: dict[str, str]) -> None:
        if given.get("type") in ("checkbox", "radio") and "checked" not in given:
            return
        if given.get("type") not in ("file", "submit"):
            self.found.setdefault(name, []).append(given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._textarea is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._textarea is not None:
            self.found[self._textarea] = ["".join(self._text).removeprefix("\n")]
            self._textarea = None
        elif tag == "select":
            self._select = None
        elif tag == "form":
            self._in_form = False


def filled(html: str, **typed: Any) -> dict[str, Any]:
    """The first POST form of a page as it stands, with what is typed over it (`a__b` stands for `a-b`)."""
    fields = _Fields()
    fields.feed(html)
    return {**fields.found, **{name.replace("__", "-"): value for name, value in typed.items()}}
