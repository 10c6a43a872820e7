import re

import pytest

from shared.auth.sessions import COOKIE
from shared.clock import now
from tests.builders.referrals_app import make_app
from tests.builders.referrals_world import fill
from tests.e2e import pages_referrals as job
from tests.e2e.conftest import open_tab
from tests.e2e.serving import served

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def address(referrals_database):
    fill(now())
    with served(make_app()) as port:
        yield f"http://localhost:{port}"


@pytest.fixture
def sign_in(browser, address):
    contexts = []

    def open_as(who):
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
        context.set_default_timeout(15_000)
        context.add_cookies([{"name": COOKIE, "value": who, "url": address}])
        contexts.append(context)
        return open_tab(context)

    yield open_as
    for context in contexts:
        context.close()


def test_a_practice_refers_and_every_page_on_the_way_is_in_order(sign_in, address, check_page):
    page = sign_in("practice")
    page.goto(f"{address}/refer")
    check_page(page, "refer-start")
    page.get_by_role("button", name="See who can help").click()
    page.get_by_role("alert").wait_for()
    check_page(page, "refer-start-errors")
    job.start_referral(page, address, needs=("Loneliness", "Caring for somebody", "Domestic abuse"))
    check_page(page, "refer-who")
    job.choose(page)
    check_page(page, "refer-about")
    job.tell_about(page)
    check_page(page, "refer-contact")
    job.say_how_to_reach(page)
    check_page(page, "refer-check")
    job.send(page)
    check_page(page, "refer-sent")
    page.goto(f"{address}/sent")
    check_page(page, "sent")
    page.goto(f"{address}/refer/drafts")
    check_page(page, "drafts-empty")
    page.goto(f"{address}/refer/on-the-phone")
    check_page(page, "refer-on-the-phone")


def test_a_worker_takes_somebody_on_and_every_page_on_the_way_is_in_order(sign_in, address, check_page):
    practice, worker = sign_in("practice"), sign_in("worker")
    for given in ("Bea", "Cai"):
        reference = job.refer(practice, address, given=given)
    worker.goto(f"{address}/queue")
    check_page(worker, "queue")
    job.accept_from_queue(worker, address, reference)
    worker.get_by_role("region", name="Undo").wait_for()
    check_page(worker, "queue-undo")
    worker.goto(f"{address}/my-people")
    check_page(worker, "my-people")
    worker.get_by_role("link", name="Cai Example").click()
    job.arrive(worker, "Cai Example")
    check_page(worker, "referral-holder")
    here = worker.url
    for act in ("decline", "ask", "start", "contact", "redirect", "release", "hold", "complete", "fail"):
        worker.goto(f"{here}/{act}")
        check_page(worker, f"act-{act}")
    worker.goto(f"{here}/ask")
    worker.get_by_label("Your question to the sender").fill("Which days suit them best?")
    worker.get_by_role("button", name="Send the question").click()
    job.arrive(worker, "Cai Example")
    practice.goto(f"{address}/sent?show=waiting")
    check_page(practice, "sent-waiting")
    practice.get_by_role("link", name="Answer the question").first.click()
    job.arrive(practice, "Answer the question")
    check_page(practice, "act-answer")
    practice.goto(here)
    check_page(practice, "referral-sender")
    practice.goto(f"{here}/withdraw")
    check_page(practice, "act-withdraw")
    worker.goto(f"{here}/reopen")
    check_page(worker, "conflict")


def test_the_pages_of_lead_desk_and_forum_are_in_order(sign_in, address, check_page):
    for who, path in (
        ("lead", "/team"),
        ("desk", "/unrouted"),
        ("worker", "/find"),
        ("forum", "/scenarios"),
        ("forum", "/how-routing-works"),
        ("other-worker", "/queue"),
    ):
        page = sign_in(who)
        page.goto(f"{address}{path}")
        check_page(page, f"{who}{path.replace('/', '-')}")


def test_the_same_request_twice_is_said_on_a_page_in_order(sign_in, address, check_page):
    page = sign_in("practice")
    job.refer(page, address, given="Dee")
    job.start_referral(page, address)
    job.choose(page)
    job.tell_about(page, given="Dee")
    job.say_how_to_reach(page)
    page.get_by_role("button", name="Send").click()
    job.arrive(page, "You have already sent this")
    check_page(page, "already-open")


def test_a_sheet_for_the_person_prints_its_own_words_and_nothing_of_the_page(sign_in, address, check_page):
    page = sign_in("practice")
    job.refer(page, address, given="Dot")
    page.get_by_role("link", name="A sheet for the person to keep").click()
    job.arrive(page, "A sheet for the person to keep")
    check_page(page, "leaflet-question")
    for size, sheets in (("Ordinary", 1), ("Large print", 2)):
        page.get_by_label("Yes, I have asked them").check()
        page.get_by_label(size, exact=True).check()
        page.get_by_role("button", name="Continue").click()
        job.arrive(page, "For you to keep")
        check_page(page, f"leaflet-{size.split()[0].lower()}")
        page.emulate_media(media="print")
        printed = page.locator("body").inner_text()
        assert printed.startswith("For you to keep")
        assert all(word in printed for word in ("What happens next", "If you change your mind", "999"))
        assert not any(
            word in printed for word in ("Linkwork", "Sign out", "Print this page", "See the referral")
        )
        paper = page.pdf(format="A4", display_header_footer=True)
        assert len(re.findall(rb"/Type\s*/Page\b", paper)) == sheets
        page.emulate_media(media="screen")
        page.get_by_role("link", name="Back").click()
        job.arrive(page, "A sheet for the person to keep")
    page.get_by_label("No, or I have not asked").check()
    page.get_by_role("button", name="Continue").click()
    job.arrive(page, "Say it instead")
    check_page(page, "leaflet-said")
    page.emulate_media(media="print")
    assert "What happens next" not in page.locator("main").inner_text()


def test_the_text_for_ones_own_record_is_copied_by_a_press(sign_in, address):
    page = sign_in("practice")
    job.refer(page, address, given="Eve")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the text").click()
    page.get_by_text("Copied.").wait_for()
    shown = page.get_by_label("Text to copy").input_value()
    assert page.evaluate("() => navigator.clipboard.readText()") == shown
    assert shown.startswith("Social prescribing referral LW-")
