"""Walking through pages in a browser, and which pages one comes to in no other way."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

from shared.settings import PORT_OFFSET
from tests.builders.routes import match
from tests.builders.visitors import Visitor
from tests.e2e.conftest import HEIGHT, WIDE, open_tab
from tests.stack import Stack

REFER = frozenset(
    {
        "referrals /refer",
        "referrals /refer/<uuid:draft_id>/start",
        "referrals /refer/<uuid:draft_id>/who",
        "referrals /refer/<uuid:draft_id>/about",
        "referrals /refer/<uuid:draft_id>/contact",
        "referrals /refer/<uuid:draft_id>/check",
        "referrals /referrals/<uuid:referral_id>/sent",
    }
)
PASSWORD_FORGOTTEN = frozenset(
    {"directory /forgotten", "directory /forgotten/sent", "directory /reset/<token>"}
)
JOINING = frozenset(
    {
        "directory /people/<uuid:organization_id>/invite",
        "directory /invitation/<token>",
        "directory /account/second-step",
        "directory /account/second-step/off",
        "directory /account/recovery-codes",
        "directory /sign-in/code",
    }
)
ASK = frozenset(
    {
        *(
            f"referrals /for-you/<code>/{name}"
            for name in ("them", "what", "about", "reach", "last", "check")
        ),
        "referrals /for-you/<code>/sent",
        "referrals /for-you/<code>/not-yet",
        "referrals /your-request/<token>",
    }
)
MAILBOX = frozenset({"directory /mailbox/confirm/<token>"})
BY_STEPS = REFER | PASSWORD_FORGOTTEN | JOINING | ASK | MAILBOX
"""Opened by tests/deep/test_pages_by_steps.py."""

EXCUSED = {
    "directory /sign-in/set-up": "only where a second step is compulsory, which it is not in the demo; "
    "tests/integration/directory/test_signing_in.py opens it",
}
"""Pages nobody opens in the running demo, and why."""


class Walk:
    """Looks at pages with `check_page` and remembers which they were."""

    def __init__(self, stack: Stack, check_page: Callable[[Page, str], None]) -> None:
        self.check_page = check_page
        self.opened: set[str] = set()
        self._services = {stack.base + offset: service for service, offset in PORT_OFFSET.items()}

    def look(self, page: Page, name: str) -> None:
        """Check the page as it stands."""
        self.check_page(page, f"steps-{name}")
        parts = urlsplit(page.url)
        service = self._services[parts.port or 80]
        known = match(service, parts.path)
        assert known is not None, page.url
        self.opened.add(f"{service} {known[0].rule}")


@contextmanager
def tab_of(browser: Browser, visitor: Visitor | None) -> Iterator[Page]:
    """A fresh tab of a browser that is signed in as that person."""
    context = browser.new_context(viewport={"width": WIDE, "height": HEIGHT}, locale="en-GB")
    context.set_default_timeout(15_000)
    if visitor is not None:
        context.add_cookies(visitor.cookies())  # type: ignore[arg-type]
    try:
        yield open_tab(context)
    finally:
        context.close()


def words_of(kind: str) -> str:
    """A kind of page as part of a file's name."""
    return re.sub(r"[^\w-]+", "-", re.sub(r"<(?:\w+:)?(\w+)>", r"\1", kind)).strip("-")
