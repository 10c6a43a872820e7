"""The shared frame and macros in a real browser, on the sample service."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.e2e.conftest import CheckPage
from tests.e2e.serving import served
from tests.unit.shared_web.sample_app import make_app

pytestmark = pytest.mark.e2e


def serve(app: Flask) -> Iterator[str]:
    with served(app) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    yield from serve(make_app())


@pytest.fixture(scope="module")
def site_signed_out() -> Iterator[str]:
    yield from serve(make_app(who=None))


@pytest.mark.parametrize(
    "path",
    ["refer", "queue", "empty", "person", "docs", "accessibility", "broken", "taken", "ended", "nowhere"],
)
def test_every_sample_page_is_clean_at_both_widths(
    site: str, page: Page, check_page: CheckPage, path: str
) -> None:
    page.goto(f"{site}/{path}")
    check_page(page, f"sample-{path}")


def test_a_page_for_the_public_is_clean_at_both_widths(
    site_signed_out: str, page: Page, check_page: CheckPage
) -> None:
    page.goto(f"{site_signed_out}/self")
    check_page(page, "sample-self")


def test_a_form_with_errors_is_clean_and_its_summary_leads_to_the_fields(
    site: str, page: Page, check_page: CheckPage
) -> None:
    page.goto(f"{site}/refer")
    page.get_by_label("Postcode").fill("")
    page.get_by_label("Day").fill("31")
    page.get_by_label("Month").fill("2")
    page.get_by_role("radio", name="By telephone").check()
    page.get_by_label("What matters to them").fill("first line\nsecond line")
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_title("Error: Refer someone – Linkwork")
    check_page(page, "sample-refer-errors")
    expect(page.get_by_label("What matters to them")).to_have_value("first line\nsecond line")
    page.get_by_role("link", name="The date of birth must include a year").click()
    expect(page.locator("#born-year")).to_be_focused()


def test_the_questions_shown_only_when_chosen_are_hidden_until_then(
    site: str, page: Page, plain_page: Page
) -> None:
    for tab in (page, plain_page):
        tab.goto(f"{site}/refer")
        expect(tab.get_by_label("What matters to them")).to_be_hidden()
        tab.get_by_role("radio", name="By telephone").check()
        expect(tab.get_by_label("What matters to them")).to_be_visible()


def test_a_form_works_without_javascript(site: str, plain_page: Page) -> None:
    page = plain_page
    page.goto(f"{site}/refer")
    page.get_by_label("Company").check()
    page.get_by_role("radio", name="In person").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Queue")
    expect(page.get_by_text("The referral is sent.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("The referral is sent.")).to_have_count(0)


def test_an_act_that_asks_first_asks_without_javascript_too(
    site: str, plain_page: Page, page: Page, check_page: CheckPage
) -> None:
    for tab in (plain_page, page):
        tab.goto(f"{site}/person")
        expect(tab.get_by_role("button", name="Yes, pass back")).to_be_hidden()
        tab.get_by_text("Pass back", exact=True).click()
        expect(tab.get_by_role("button", name="Yes, pass back")).to_be_visible()
    check_page(page, "sample-person-asks")
    page.get_by_role("button", name="Yes, pass back").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ada Example")


@pytest.mark.parametrize("way", ["click", "keys"])
def test_leaving_by_exit_this_page_leaves_nothing_behind_the_back_button(
    site_signed_out: str, page: Page, way: str
) -> None:
    page.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="<title>Weather</title>"))
    page.goto(f"{site_signed_out}/accessibility")
    page.goto(f"{site_signed_out}/self")
    expect(page).to_have_title("Linkwork")
    if way == "click":
        page.get_by_role("link", name="Exit this page").click()
    else:
        for _ in range(3):
            page.keyboard.press("Shift")
    expect(page).to_have_title("Weather")
    page.go_back()
    expect(page).to_have_url(f"{site_signed_out}/accessibility")


def test_exit_this_page_is_a_plain_link_without_javascript(site_signed_out: str, plain_page: Page) -> None:
    plain_page.goto(f"{site_signed_out}/self")
    link = plain_page.get_by_role("link", name="Exit this page")
    expect(link).to_have_attribute("href", "https://www.bbc.co.uk/weather")
    expect(link).to_have_attribute("rel", "noreferrer noopener nofollow")


def test_the_keyboard_reaches_the_content_first(site: str, page: Page) -> None:
    page.goto(f"{site}/queue")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#maincontent")).to_be_focused()


def test_a_list_is_a_table_on_a_desk_and_cards_on_a_telephone(site: str, page: Page) -> None:
    page.goto(f"{site}/queue")
    cell = page.get_by_role("cell").nth(1)
    expect(cell.locator(".nhsuk-table__heading")).to_be_hidden()
    page.set_viewport_size({"width": 375, "height": 900})
    expect(cell.locator(".nhsuk-table__heading")).to_be_visible()


def test_on_paper_there_are_words_and_no_ways_around(site: str, page: Page) -> None:
    page.goto(f"{site}/person")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".nhsuk-header__navigation")).to_be_hidden()
    expect(page.locator(".app-actions")).to_be_hidden()
    after = page.get_by_role("link", name="Linkwork").evaluate("e => getComputedStyle(e, '::after').content")
    assert "http" not in after


def test_a_form_sent_after_the_sign_in_ended_is_clean_and_can_be_sent_again(
    site: str, page: Page, check_page: CheckPage
) -> None:
    page.goto(f"{site}/refer")
    page.evaluate("() => { document.querySelector('main form').action = '/ended'; }")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in first")
    expect(page.get_by_role("button", name="Send it again")).to_be_visible()
    check_page(page, "sample-held")
