"""Every page anybody can open, in a real browser: axe-core clean, one h1, nothing sideways, no errors."""

from __future__ import annotations

from collections import Counter

import pytest

from shared.demo_ids import demo_id
from tests.builders.crawling import Crawl, Shown, crawl
from tests.builders.routes import pages
from tests.builders.running_imports import imports_to_look_at
from tests.builders.running_lives import in_every_state
from tests.builders.visitors import PEOPLE, Visitor
from tests.builders.walking import BY_STEPS, EXCUSED, tab_of, words_of
from tests.e2e.conftest import open_tab
from tests.stack import Stack

pytestmark = [pytest.mark.deep, pytest.mark.e2e]

SIGNED_OUT = "nobody"
# In the order in which they get to show a kind of page.
EVERYBODY = (SIGNED_OUT, "lead", "practice", *(who for who in PEOPLE if who not in ("lead", "practice")))
# A kind of page is looked at as this many people see it; public pages look the same to everybody.
ENOUGH, ENOUGH_PUBLIC = 4, 2
# Linked from a letter, from a page of another person, or for those who know where to look.
NO_LINK = (
    ("notifications", "/outbox"),
    ("notifications", "/sending"),
    ("referrals", "/scenarios"),
    ("referrals", "/refer/drafts"),
    ("directory", "/acting"),
    ("directory", "/problems"),
    ("directory", f"/services/{demo_id('service', 'york-gp-link-workers')}/capacity"),
    ("directory", f"/link-workers/{demo_id('link_worker', 'linkworker')}/away"),
)


@pytest.fixture(scope="module")
def crawls(stack: Stack) -> dict[str, Crawl]:
    """What each of `EVERYBODY` comes to by following links, and whose view of which page is looked at."""
    in_every_state(stack)
    imports_to_look_at(stack)
    found = {
        who: crawl(Visitor(stack, None if who == SIGNED_OUT else who), also=NO_LINK) for who in EVERYBODY
    }
    shown_to: Counter[str] = Counter()
    for each in found.values():
        each.chosen = [page for page in each.pages if shown_to[page.kind] < _enough(page)]
        shown_to.update({page.kind for page in each.chosen})
    return found


def _enough(page: Shown) -> int:
    return ENOUGH_PUBLIC if page.route.guard.is_public else ENOUGH


@pytest.mark.parametrize("who", EVERYBODY)
def test_every_page_somebody_can_come_to_is_in_order(who, crawls, stack, browser, check_page):
    faults = list(crawls[who].faults)
    with tab_of(browser, None if who == SIGNED_OUT else Visitor(stack, who)) as first:
        for number, shown in enumerate(crawls[who].chosen):
            # A tab for each, so that what one says in the console is not held against the next.
            page = open_tab(first.context)
            page.goto(stack.url(shown.service, shown.path))
            try:
                check_page(page, f"{who}-{number:03}-{words_of(shown.kind)}")
            except AssertionError as wrong:
                faults.append(f"as {who}: {wrong}")
            page.close()
    assert len(crawls[who].pages) > 5
    assert not faults, "\n\n".join(faults)


def test_no_page_is_left_that_nobody_was_shown(crawls):
    every = {f"{route.service} {route.rule}" for route in pages()}
    reached = {f"{route.service} {route.rule}" for found in crawls.values() for route in found.reached}
    assert every >= BY_STEPS | set(EXCUSED), "a page named in tests.builders.walking is gone"
    assert every - reached - BY_STEPS - set(EXCUSED) == set()
