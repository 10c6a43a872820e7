"""The public pages filled in as somebody would; change single answers by keyword."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask

from tests.builders.referrals_browser import Browser, Page

PLACE = "/for-you/york"
ANSWERS: dict[str, dict[str, Any]] = {
    "who": {"who": "me"},
    "them": {"knows": "yes", "name": "Bea Example", "relation": "his daughter"},
    "what": {"what_matters": "I miss going dancing on Fridays.", "needs": ["loneliness"]},
    "about": {"name": "Ada", "age": "74", "postcode": "YO24 3BZ", "gp_practice": "Z90001"},
    "reach": {"ways": ["phone"], "phone_value": "01632 960 001", "voicemail": "yes"},
    "last": {"know_of_each_other": "yes"},
}
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_REFERENCE = re.compile(r"LW-\w{4}-\w{3}")
_LINK = re.compile(r"http://[^\s<\"]+(/your-request/[\w-]+)")


class Asker(Browser):
    """Somebody at the public pages, not signed in."""

    def __init__(self, app: Flask, address: str = "") -> None:
        super().__init__(app, None)
        if address:
            self.client.environ_base["REMOTE_ADDR"] = address

    def post(self, path: str, data: Any = None) -> Page:
        """Send a form with the token of the first page."""
        if not self._token:
            found = _TOKEN.search(self.client.get(PLACE).get_data(as_text=True))
            assert found
            self._token = found[1]
        return super().post(path, data)

    def up_to_check(self, **pages: dict[str, Any]) -> Page:
        """Every page answered; what the last one led to."""
        answers = {name: {**given, **pages.get(name, {})} for name, given in ANSWERS.items()}
        page = self.post(PLACE, answers["who"])
        while page.status == 302 and not page.location.endswith("/check"):
            name = page.location.rsplit("/", 1)[-1]
            if name not in answers:
                return page
            page = self.post(f"{PLACE}/{name}", answers[name])
        return page

    def ask(self, **pages: dict[str, Any]) -> Page:
        """A request sent; its confirmation."""
        page = self.up_to_check(**pages)
        assert page.location.endswith("/check"), page.words
        sent = self.post(f"{PLACE}/check", {})
        assert sent.status == 302, sent.words
        return self.follow(sent)

    def link(self) -> str:
        """The private link of what was just sent; its path."""
        found = _LINK.search(self.post(f"{PLACE}/sent", {}).html)
        assert found
        return found[1]


def reference_of(page: Page) -> str:
    """The reference on a confirmation."""
    found = _REFERENCE.search(page.words)
    assert found, page.words
    return found[0]
