import sys
import time

import pytest
from sqlalchemy import select

from services.referrals.store.database import database
from services.referrals.store.tables import Referral
from shared.clock import now
from tests.builders.referrals_app import make_app
from tests.builders.referrals_world import fill
from tests.e2e import pages_asking as asking
from tests.e2e.conftest import HEIGHT, NARROW, open_tab
from tests.e2e.serving import served

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def address(referrals_database):
    fill(now())
    with served(make_app()) as port:
        yield f"http://localhost:{port}/for-you/york"


class Keys:
    """A telephone with a keyboard and nothing else: Tab, Space, Enter, letters."""

    def __init__(self, page):
        self.page, self.pressed, self.fields = page, 0, 0

    def press(self, key):
        self.page.keyboard.press(key)
        self.pressed += 1

    def to(self, wanted):
        """Tab on until the element with this id or these words has the focus."""
        here = "() => { const e = document.activeElement; return [e.id, e.innerText || '', e.tagName] }"
        for _ in range(80):
            ident, words, tag = self.page.evaluate(here)
            if ident == wanted or (tag in ("A", "BUTTON", "SUMMARY") and words.strip() == wanted):
                box = self.page.evaluate("() => document.activeElement.getBoundingClientRect().top")
                assert -1 <= box <= HEIGHT, f"{wanted} has the focus and is out of sight"
                return
            self.press("Tab")
        raise AssertionError(f"{wanted} cannot be reached by Tab")

    def write(self, field, words):
        self.to(field)
        self.page.keyboard.type(words)
        self.pressed += len(words)
        self.fields += 1

    def tick(self, field):
        self.to(field)
        self.press("Space")
        self.fields += 1

    def go(self, words, heading):
        self.to(words)
        self.press("Enter")
        asking.arrive(self.page, heading)


def test_somebody_asks_for_themself_with_keys_alone_on_a_telephone(browser, address, capsys):
    context = browser.new_context(viewport={"width": NARROW, "height": HEIGHT}, locale="en-GB")
    page = open_tab(context)
    keys, begun, begun_at = Keys(page), time.perf_counter(), now()
    page.goto(address)
    keys.tick("who")
    keys.go("Start", "What matters to you")
    keys.write("what_matters", "I miss going dancing on Fridays.")
    keys.go("Continue", "About you")
    keys.write("name", "Ada")
    keys.write("postcode", "YO24 3BZ")
    keys.go("Continue", "How to reach you safely")
    keys.tick("ways")
    keys.write("phone_value", "01632 960 001")
    keys.go("Continue", "Before you send")
    keys.tick("know_of_each_other")
    keys.go("Continue", "Check and send")
    keys.go("Send", "Thank you. It is sent")
    took = time.perf_counter() - begun
    with capsys.disabled():
        sys.stdout.write(f"\nby keys alone: {took:.1f} s, {keys.fields} fields, {keys.pressed} keys\n")
    keys.to("Show me a private link")
    keys.press("Enter")
    page.locator("#private-link").wait_for()
    assert keys.fields <= 8
    with database.transaction() as session:
        sent = select(Referral).where(Referral.route_in == "self", Referral.submitted_at > begun_at)
        assert session.scalars(sent).one().what_matters == "I miss going dancing on Fridays."
    context.close()


def test_every_page_of_asking_is_in_order(browser, address, check_page):
    context = browser.new_context(viewport={"width": 1280, "height": HEIGHT}, locale="en-GB")
    page = open_tab(context)
    page.goto(address)
    check_page(page, "ask-who")
    asking.start(page, address, "Somebody in my family, or a friend")
    asking.arrive(page, "You and them")
    check_page(page, "ask-them")
    page.get_by_label("Not yet, or I am not sure").check()
    page.get_by_role("button", name="Continue").click()
    asking.arrive(page, "Talk to them first")
    check_page(page, "ask-not-yet")
    for name, heading in asking.begin_for_oneself(page, address):
        check_page(page, f"ask-{name}")
        if name == "what":
            page.get_by_role("button", name="Continue").click()
            page.get_by_role("alert").wait_for()
            check_page(page, "ask-what-errors")
            page.get_by_label("In your own words").fill("I want to die.")
            page.get_by_role("button", name="Continue").click()
            asking.arrive(page, "About you")
            check_page(page, "ask-danger")
            page.get_by_role("link", name="Back", exact=True).click()
            asking.arrive(page, "What matters to you")
        if name == "reach":
            page.get_by_label("Phone call").check()
            page.get_by_role("button", name="Continue").click()
            page.get_by_role("alert").wait_for()
            check_page(page, "ask-reach-errors")
        asking.answer(page, name, heading)
    check_page(page, "ask-check")
    page.get_by_role("button", name="Send").click()
    asking.arrive(page, "Thank you. It is sent")
    check_page(page, "ask-sent")
    link = asking.private_link(page)
    check_page(page, "ask-sent-link")
    page.goto(link)
    asking.arrive(page, "We have it")
    check_page(page, "ask-status")
    page.goto(link[:-1])
    check_page(page, "ask-no-link")
    context.close()


def test_leaving_forgets_what_was_typed_and_going_back_shows_nothing_of_it(browser, address):
    for scripts in (True, False):
        context = browser.new_context(java_script_enabled=scripts, locale="en-GB")
        # No test asks another machine for anything.
        context.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="<title>Weather</title>"))
        page = context.new_page()
        for name, heading in asking.begin_for_oneself(page, address):
            asking.answer(page, name, heading)
            if name == "about":
                break
        page.get_by_role("link", name="Exit this page").click()
        page.wait_for_url("https://www.bbc.co.uk/weather")
        for _ in range(2):
            page.go_back()
            page.wait_for_url("http://localhost:*/for-you/**")
            assert "Ada" not in page.content()
            assert "dancing" not in page.content()
        context.close()


def test_the_whole_of_it_works_without_javascript(browser, address):
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    for name, heading in asking.begin_for_oneself(page, address):
        asking.answer(page, name, heading)
    page.get_by_role("button", name="Send").click()
    asking.arrive(page, "Thank you. It is sent")
    page.goto(asking.private_link(page))
    page.get_by_label("Anything to add?").fill("Fridays suit me best.")
    page.get_by_role("button", name="Send it to the team").click()
    page.get_by_text("Fridays suit me best.").wait_for()
    context.close()
