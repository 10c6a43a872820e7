"""Writing listings in a real browser: every page, and a whole listing without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from shared.demo_ids import demo_id
from tests.builders.identity import PASSWORD as TEST_PASSWORD
from tests.builders.identity import a_person
from tests.e2e.conftest import CheckPage
from tests.e2e.directory import directory_at_home, sign_in

pytestmark = pytest.mark.e2e
BODY = demo_id("organization", "york-west-pcn")
SCHEME = demo_id("service", "york-gp-link-workers")
COFFEE = demo_id("service", "acomb-coffee-morning")


@pytest.fixture(scope="module")
def home(directory_database: str, valkey: str) -> Iterator[str]:
    """The directory with the demo place, served on a free port; its public address."""
    with directory_at_home(with_demo=True) as address:
        yield address


def test_every_page_of_writing(page: Page, home: str, check_page: CheckPage) -> None:
    admin = a_person("org_admin", organization_id=BODY)
    sign_in(page, home, admin.email, TEST_PASSWORD)
    listing = f"/listings/services/{SCHEME}"
    paths = {
        "list": f"/listings/{BODY}",
        "add": f"/listings/{BODY}/add",
        "facts": f"/listings/{BODY}/facts",
        "venue-add": f"/listings/{BODY}/venues/add",
        "venue": f"/listings/venues/{demo_id('location', 'york-gp-link-workers')}",
        "tasks": listing,
        "close": f"{listing}/close",
        "words": f"{listing}/words/person",
        **{
            slug: f"{listing}/{slug}"
            for slug in ("what", "who", "coming", "area", "venues", "when", "cost", "contacts", "languages")
        },
    }
    for name, path in paths.items():
        page.goto(home + path)
        check_page(page, f"listing-{name}")


def test_the_forums_pages_of_words(page: Page, home: str, check_page: CheckPage) -> None:
    forum = a_person("forum_admin", organization_id=BODY)
    sign_in(page, home, forum.email, TEST_PASSWORD)
    for name, path in {
        "find": "/listings?q=york",
        "lists": "/words",
        "needs": "/words/needs",
        "circumstance-add": "/words/circumstances/add",
        "new-list": "/words/new-list",
    }.items():
        page.goto(home + path)
        check_page(page, f"listing-words-{name}")
    page.goto(f"{home}/words/needs")
    page.get_by_role("link", name="Housing", exact=True).click()
    check_page(page, "listing-words-word")


def test_what_readers_see(page: Page, home: str, check_page: CheckPage) -> None:
    for name, path in {
        "service": f"/services/{COFFEE}",
        "organization": f"/organizations/{BODY}",
    }.items():
        page.goto(home + path)
        check_page(page, f"listing-shown-{name}")


def test_a_group_is_listed_without_javascript(plain_page: Page, home: str) -> None:
    page = plain_page
    admin = a_person("org_admin", organization_id=BODY)
    sign_in(page, home, admin.email, TEST_PASSWORD)
    page.goto(f"{home}/listings/{BODY}")
    page.get_by_role("button", name="Add a listing").click()
    page.get_by_label("Group", exact=True).check()
    page.get_by_label("What is it called?").fill("The kettle")
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", name="Before it can be published")).to_be_visible()
    page.get_by_role("link", name="Give a name, a telephone number or an e-mail address to ask.").click()
    page.get_by_label("Whom to ask for").fill("Maureen")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name="How people come").click()
    page.get_by_label("New people are welcome").check()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name="When it is open").click()
    page.get_by_label("How often?").select_option("weekly")
    page.get_by_label("Tuesday").first.check()
    page.get_by_label("From", exact=True).fill("6pm")
    page.get_by_label("To", exact=True).fill("20:00")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("The listing is published.")).to_be_visible()
    page.get_by_role("link", name="See it as others do").click()
    expect(page.get_by_text("Every Tuesday, 6pm to 8pm")).to_be_visible()
