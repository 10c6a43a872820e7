"""The directory's pages of services and link workers with the demo place, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from shared.clock import now, uk_date
from shared.demo_ids import demo_id
from tests.e2e.conftest import CheckPage
from tests.e2e.directory import directory_at_home, sign_in

pytestmark = pytest.mark.e2e
SCHEME = demo_id("service", "york-gp-link-workers")
WORKER = demo_id("link_worker", "aniela-larkfield")


@pytest.fixture(scope="module")
def home(directory_database: str, valkey: str) -> Iterator[str]:
    """The directory with the demo place, served on a free port; its public address."""
    with directory_at_home(with_demo=True) as address:
        yield address


def test_what_anybody_sees(page: Page, home: str, check_page: CheckPage) -> None:
    paths = {
        "services": "/services",
        "services-found": "/services?q=singing&place=wakefield",
        "services-nothing": "/services?q=xyzzy",
        "service-scheme": f"/services/{SCHEME}",
        "service-group": f"/services/{demo_id('service', 'common-ground-peer-support')}",
        "service-discreet": f"/services/{demo_id('service', 'safe-harbour')}",
        "service-paused": f"/services/{demo_id('service', 'castleford-money-matters')}",
        "help-now": "/help-now",
    }
    for name, path in paths.items():
        page.goto(home + path)
        check_page(page, f"directory-{name}")


def test_finding_help_without_javascript(plain_page: Page, home: str) -> None:
    plain_page.goto(f"{home}/services")
    plain_page.get_by_label("What about").select_option("bereavement")
    plain_page.get_by_text("More to choose from").click()
    plain_page.get_by_label("Place").select_option("york")
    plain_page.get_by_role("button", name="Find").click()
    plain_page.get_by_role("link", name="Guildhall grief café").click()
    expect(plain_page.get_by_role("heading", level=1)).to_contain_text("Guildhall grief café")


def test_a_lead_pauses_the_scheme_and_writes_down_an_absence(
    page: Page, home: str, check_page: CheckPage
) -> None:
    sign_in(page, home, "lead")
    page.goto(f"{home}/services/{SCHEME}")
    page.get_by_role("button", name="Change what you can take").click()
    check_page(page, "directory-capacity")
    page.get_by_label("Open places").fill("900")
    page.get_by_role("button", name="Save").click()
    check_page(page, "directory-capacity-error")
    page.get_by_label("Open places").fill("4")
    page.get_by_label("No, paused until a day").check()
    until = uk_date(now()) + timedelta(days=9)
    for part in ("Day", "Month", "Year"):
        page.get_by_label(part, exact=True).fill(str(getattr(until, part.lower())))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(f"Paused until {until.day} {until:%B %Y}").first).to_be_visible()
    check_page(page, "directory-service-changed")

    page.goto(f"{home}/link-workers")
    check_page(page, "directory-link-workers")
    page.get_by_label("Name, organisation or words such as “Polish”").fill("aniela")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="Aniela Larkfield").click()
    page.get_by_role("button", name="Write down days away").click()
    check_page(page, "directory-absence")
    for name in ("from_on", "to_on"):
        for part in ("day", "month", "year"):
            page.locator(f"#{name}-{part}").fill(str(getattr(until, part)))
    page.get_by_label("Who covers?").select_option(label="Joseph Wrenbury")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("covered by Joseph Wrenbury")).to_be_visible()
    check_page(page, "directory-link-worker")
    page.goto(f"{home}/link-workers/{demo_id('link_worker', 'priya-hollybank')}")
    expect(page.get_by_text("Away until")).to_be_visible()
    check_page(page, "directory-link-worker-away")


@pytest.mark.parametrize("who", ["practice-admin", "admin"])
def test_an_admin_takes_the_organisations_listings_away(
    page: Page, home: str, check_page: CheckPage, who: str
) -> None:
    sign_in(page, home, who)
    page.goto(f"{home}/export")
    check_page(page, f"export-{who}")
    for link, ending in (("A sheet", "csv"), ("Everything", "json")):
        with page.expect_download() as begun:
            page.get_by_role("link", name=link).first.click()
        assert begun.value.suggested_filename == f"services-{uk_date(now()).isoformat()}.{ending}"
        assert begun.value.failure() is None
    expect(page.get_by_role("heading", name="Everybody")).to_have_count(1 if who == "admin" else 0)
