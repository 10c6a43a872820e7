"""The whole job in a browser: a practice refers, a link worker takes it on, the practice is told.

Every page on the way is looked at by `check_page` at 375 and 1280 px. The pictures in the README are some of
these (`make pictures`).
"""

import os
import secrets

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import pages_referrals as job
from tests.e2e.conftest import open_tab
from tests.stack import PASSWORD, Stack, eventually

pytestmark = pytest.mark.e2e


@pytest.fixture
def as_person(browser: Browser, stack: Stack):
    """`as_person("practice")`: a browser of that demo person, signed in by the page."""
    contexts = []

    def sign_in(name: str) -> Page:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = open_tab(context)
        page.goto(stack.url("directory", "/sign-in"))
        page.get_by_label("E-mail address").fill(f"{name}@demo.example")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("link", name="Sign out").wait_for()
        return page

    yield sign_in
    for context in contexts:
        context.close()


def test_a_practice_refers_a_link_worker_takes_it_and_the_practice_is_told(as_person, stack, check_page):
    at = stack.url("referrals")
    practice = as_person("practice")
    check_page(practice, "home-practice")
    practice.goto(stack.url("directory", "/services?need=loneliness&place=york"))
    expect(practice.locator(".app-marker").first).to_be_visible()
    check_page(practice, "services-with-map")
    _picture(practice, "find-help", below="form.app-filter")
    job.start_referral(practice, at, needs=("Loneliness and isolation",))
    expect(practice.get_by_text("York West GP link workers").first).to_be_visible()
    check_page(practice, "refer-who-can-help")
    _picture(practice, "who-can-help")
    job.choose(practice)
    person = f"Winifred Exampleby-{secrets.token_hex(3)}"
    job.tell_about(practice, given="Winifred", family=person.split()[1])
    job.say_how_to_reach(practice)
    check_page(practice, "refer-check-answers")
    reference = job.send(practice)
    check_page(practice, "refer-sent")

    worker = as_person("linkworker")
    worker.goto(f"{at}/queue")
    expect(worker.get_by_text(reference).first).to_be_visible()
    check_page(worker, "queue")
    _picture(worker, "queue")
    job.accept_from_queue(worker, at, reference)
    worker.get_by_role("button", name="Undo").first.wait_for()
    check_page(worker, "queue-accepted")
    worker.goto(f"{at}/my-people")
    worker.get_by_role("link", name=person).first.click()
    expect(worker.get_by_text("I miss going dancing on Fridays").first).to_be_visible()
    check_page(worker, "referral-holder")
    _picture(worker, "referral")

    job.act(worker, "Ask a question")
    worker.get_by_label("question").fill("Which surgery day suits her?")
    worker.get_by_role("button", name="Send the question").click()
    job.arrive(worker, person)

    practice.goto(f"{at}/sent")
    practice.get_by_role("link", name=person).first.click()
    expect(practice.get_by_text("Which surgery day suits her?")).to_be_visible()
    job.act(practice, "Answer the question")
    check_page(practice, "referral-answer")
    practice.get_by_label("answer").fill("Wednesdays.")
    practice.get_by_role("button", name="Send the answer").click()
    check_page(practice, "referral-sender")

    worker.reload()
    expect(worker.get_by_text("Wednesdays.", exact=True)).to_be_visible()
    _first_contact(worker, person)
    _hold_and_resume(worker, person)
    _complete(worker, person)
    check_page(worker, "referral-completed")

    practice.goto(f"{at}/sent")
    row = practice.get_by_role("row").filter(has_text=reference)
    expect(row).to_contain_text("Completed")
    check_page(practice, "sent")
    practice.goto(stack.url("notifications", "/notices"))
    expect(practice.get_by_text(reference).first).to_be_visible()
    check_page(practice, "notices")

    letters = stack.rows(
        "notifications", "select subject, body from caught_letter where body like %s", f"%{reference}%"
    )
    assert letters, "the practice was told by e-mail"
    assert not [text for pair in letters for text in pair if "Winifred" in text or "lonel" in text.lower()]
    practice.goto(stack.url("notifications", "/outbox"))
    check_page(practice, "outbox")
    # What can be undone for a minute is told after that minute: three letters when all is over.
    told = "select count(*) from caught_letter where body like %s"
    assert eventually(lambda: stack.rows("notifications", told, f"%{reference}%")[0][0] >= 2, within=90)


def _picture(page: Page, name: str, below: str = "body") -> None:
    """A screenful from the top of `below` on, kept where PICTURES says (for the README)."""
    folder = os.environ.get("PICTURES")
    if folder:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.locator(below).evaluate("e => e.scrollIntoView()")
        page.screenshot(path=f"{folder}/{name}.png")


def _first_contact(worker: Page, person: str) -> None:
    job.act(worker, "Record first contact")
    worker.get_by_label("Phone call", exact=True).check()
    worker.get_by_role("button", name="Save").click()
    job.arrive(worker, person)


def _hold_and_resume(worker: Page, person: str) -> None:
    job.act(worker, "Put on hold")
    worker.get_by_role("radio").first.check()
    for label, number in (("Day", "14"), ("Month", "1"), ("Year", "2027")):
        worker.get_by_label(label, exact=True).fill(number)
    worker.get_by_role("button", name="Put on hold").click()
    job.arrive(worker, person)
    job.act(worker, "Carry on")
    job.arrive(worker, person)


def _complete(worker: Page, person: str) -> None:
    job.act(worker, "Close with outcomes")
    for group in worker.get_by_role("group").all():
        if group.get_by_role("radio").count():
            group.get_by_role("radio").first.check()
    worker.get_by_role("button", name="Close it").click()
    job.arrive(worker, person)
