"""What somebody does on the public pages, as functions of a Playwright page."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from playwright.sync_api import Page

ORDER = {
    "what": "What matters to you",
    "about": "About you",
    "reach": "How to reach you safely",
    "last": "Before you send",
    "check": "Check and send",
}


def arrive(page: Page, heading: str) -> None:
    """Wait until the page with this heading is there."""
    page.get_by_role("heading", level=1, name=heading).wait_for()


def start(page: Page, address: str, who: str) -> None:
    """The first page."""
    page.goto(address)
    page.get_by_label(who, exact=True).check()
    page.get_by_role("button", name="Start").click()


def begin_for_oneself(page: Page, address: str) -> Iterator[tuple[str, str]]:
    """`(page, heading of the next)` of each page up to the last, as they are answered."""
    start(page, address, "Me")
    names = list(ORDER)
    for name, following in pairwise(names):
        arrive(page, ORDER[name])
        yield name, ORDER[following]


def answer(page: Page, name: str, following: str) -> None:
    """One page, answered as somebody might."""
    if name == "what":
        page.get_by_label("In your own words").fill("I miss going dancing on Fridays.")
    if name == "about":
        page.get_by_label("What name shall we call you?").fill("Ada")
        page.get_by_label("Postcode", exact=True).fill("YO24 3BZ")
        page.get_by_label("How old are you?").fill("17")
    if name == "reach":
        page.get_by_label("Phone call").check()
        page.get_by_label("Number to ring").fill("01632 960 001")
    if name == "last":
        page.get_by_label("People who help me may know of each other").check()
    page.get_by_role("button", name="Continue").click()
    arrive(page, following)


def private_link(page: Page) -> str:
    """The link, asked for on the confirmation, at the address this page has."""
    here = page.url.partition("/for-you")[0]
    page.get_by_role("button", name="Show me a private link").click()
    path = page.locator("#private-link").inner_text().strip().partition("/your-request")[2]
    return f"{here}/your-request{path}"
