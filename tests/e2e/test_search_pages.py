"""Searching the services with the demo place, in a real browser; and the pages of who looks after it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from services.directory.actions import thesaurus
from services.directory.store.queries import wards
from tests.e2e.conftest import CheckPage
from tests.e2e.directory import directory_at_home, sign_in

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def home(directory_database: str, valkey: str) -> Iterator[str]:
    """The directory with the demo place, served on a free port; its public address."""
    with directory_at_home(with_demo=True) as address:
        yield address


def find(page: Page, **typed: str) -> None:
    for label, text in typed.items():
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name="Find", exact=True).click()


def test_a_search_from_a_postcode_without_javascript(plain_page: Page, home: str) -> None:
    plain_page.goto(f"{home}/services")
    find(plain_page, Postcode="yo243bz")
    expect(plain_page.get_by_text("found, near Westfield")).to_be_visible()
    assert plain_page.url == f"{home}/services"


def test_a_search_from_a_postcode_says_why_and_how_far_and_keeps_it_out_of_the_address(
    page: Page, home: str, check_page: CheckPage
) -> None:
    page.goto(f"{home}/services")
    check_page(page, "search-everything")
    page.get_by_label("Words, such as a name or “singing”").fill("company")
    find(page, Postcode="yo243bz")
    expect(page.get_by_text("found, near Westfield")).to_be_visible()
    expect(page.get_by_text("Takes people from anywhere").first).to_be_visible()
    expect(page.get_by_text("miles away").first).to_be_visible()
    assert page.url == f"{home}/services"
    check_page(page, "search-postcode")
    page.get_by_role("button", name="Further down the list").click()
    expect(page.get_by_text("found, near Westfield")).to_be_visible()
    expect(page.get_by_label("Postcode", exact=True)).to_have_value("YO24 3BZ")
    assert page.url == f"{home}/services"


def test_a_wrong_postcode_is_said_beside_its_field(page: Page, home: str, check_page: CheckPage) -> None:
    page.goto(f"{home}/services")
    find(page, Postcode="nowhere")
    expect(page.get_by_role("alert")).to_contain_text("Enter a postcode")
    check_page(page, "search-wrong-postcode")
    find(page, Postcode="ZE1 0AA")
    expect(page.get_by_role("alert")).to_contain_text("We do not know this postcode")


def test_a_misspelt_word_is_mended_and_can_be_searched_for_as_typed(
    page: Page, home: str, check_page: CheckPage
) -> None:
    page.goto(f"{home}/services?q=fotography")
    expect(page.get_by_text("Showing results for “photography”.")).to_be_visible()
    check_page(page, "search-mended")
    page.get_by_role("button", name="Search instead for “fotography”").click()
    expect(page.get_by_text("Nothing found")).to_be_visible()


def test_nothing_found_offers_what_comes_near(page: Page, home: str, check_page: CheckPage) -> None:
    page.goto(f"{home}/services")
    page.get_by_text("More to choose from").click()
    page.get_by_label("Place").select_option("wakefield")
    page.get_by_label("Language").select_option("ur")
    page.get_by_label("Words, such as a name or “singing”").fill("chess")
    page.get_by_role("button", name="Find", exact=True).click()
    expect(page.get_by_text("Nothing found")).to_be_visible()
    check_page(page, "search-nothing")
    page.get_by_role("button", name="Show 1 in any language").click()
    expect(page.get_by_role("link", name="Cathedral chess")).to_be_visible()
    expect(page.get_by_label("Place")).to_have_value("wakefield")
    check_page(page, "search-folded-open")


def test_what_was_chosen_is_taken_away_one_by_one(page: Page, home: str, check_page: CheckPage) -> None:
    page.goto(f"{home}/services?need=loneliness&place=york&open=tue&part=evening&free=yes&size=50")
    chosen = page.get_by_role("list", name="What you chose")
    expect(chosen.get_by_role("button")).to_have_text(
        ["Leave out: Loneliness and isolation×", "Leave out: York×", "Leave out: Open Tuesday evening×",
         "Leave out: Free only×"]
    )  # fmt: skip
    check_page(page, "search-chosen")
    chosen.get_by_role("button", name="Open Tuesday evening").click()
    expect(chosen.get_by_role("button")).to_have_count(3)
    expect(page).to_have_url(f"{home}/services?need=loneliness&place=york&free=yes&size=50")
    page.goto(f"{home}/services?need=loneliness")
    find(page, Postcode="yo243bz")
    chosen.get_by_role("button", name="Loneliness").click()
    expect(chosen.get_by_role("button")).to_have_text(["Leave out: Serves YO24 3BZ×"])
    expect(page).to_have_url(f"{home}/services")
    check_page(page, "search-chosen-postcode")


def test_words_of_the_search_are_found_and_paged_without_scripts(
    page: Page, plain_page: Page, home: str, check_page: CheckPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thesaurus, "ON_A_PAGE", 3)
    for tab in (page, plain_page):
        sign_in(tab, home, "admin")
    plain_page.goto(f"{home}/search-words")
    expect(plain_page.get_by_role("link", name="Earlier in the list")).to_have_count(0)
    plain_page.get_by_role("link", name="Further down the list").click()
    expect(plain_page.get_by_text("page 2 of")).to_be_visible()
    expect(plain_page.get_by_role("link", name="Earlier in the list")).to_be_visible()
    page.goto(plain_page.url)
    check_page(page, "search-words-second")
    plain_page.get_by_label("Find entries with").fill("dementia")
    plain_page.get_by_role("button", name="Show").click()
    expect(plain_page.get_by_text("with “dementia”")).to_be_visible()
    expect(plain_page.get_by_role("rowheader").first).to_contain_text("dementia")
    page.goto(plain_page.url)
    check_page(page, "search-words-found")


def test_the_page_of_a_ward_is_paged_without_scripts(
    page: Page, plain_page: Page, home: str, check_page: CheckPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wards, "ON_A_PAGE", 4)
    plain_page.goto(f"{home}/wards")
    plain_page.get_by_role("link", name="Westfield").first.click()
    expect(plain_page.get_by_text("Page 1 of")).to_be_visible()
    page.goto(plain_page.url)
    check_page(page, "ward-first")
    plain_page.get_by_role("link", name="Further down the list").click()
    expect(plain_page.get_by_text("Page 2 of")).to_be_visible()
    page.goto(plain_page.url)
    check_page(page, "ward-second")
    plain_page.get_by_role("link", name="Earlier in the list").click()
    expect(plain_page.get_by_text("Page 1 of")).to_be_visible()


def test_the_forums_admin_adds_words_tries_and_removes_them(
    page: Page, home: str, check_page: CheckPage
) -> None:
    sign_in(page, home, "admin")
    page.goto(f"{home}/services?q=wibblewobble")
    page.get_by_role("link", name="Words of the search").click()
    check_page(page, "search-words")
    page.get_by_role("button", name="Add words").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter the words people type")
    check_page(page, "search-words-wrong")
    page.get_by_label("Words people type").fill("wibblewobble")
    page.get_by_label("Look for these as well").fill("allotment")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("What “wibblewobble” becomes")).to_be_visible()
    expect(page.get_by_text("and also: allotment")).to_be_visible()
    check_page(page, "search-words-tried")
    page.goto(f"{home}/services?q=wibblewobble")
    expect(page.get_by_role("link", name="Holgate shared allotment")).to_be_visible()
    page.goto(f"{home}/search-words?show=wibblewobble")
    page.get_by_role("link", name="wibblewobble").click()
    check_page(page, "search-words-entry")
    page.locator("summary").get_by_text("Remove these words").click()
    page.get_by_role("button", name="Yes, remove these words").click()
    expect(page.get_by_text("The words are removed.")).to_be_visible()
    page.goto(f"{home}/services")
    page.get_by_role("link", name="What was not found").click()
    expect(page.get_by_text("fewer than 5").first).to_be_visible()
    check_page(page, "unmet-needs")
