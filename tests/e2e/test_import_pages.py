"""The pages of imports, from the file to the roll back, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from services.directory.actions.importing.work import work_on_all
from services.directory.actions.load_postcodes import load_postcodes
from services.directory.web import imports
from shared.clock import now
from tests.builders.imports import a_file, a_sheet, an_item
from tests.e2e.conftest import CheckPage
from tests.e2e.directory import directory_at_home, sign_in

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def home(directory_database: str, valkey: str) -> Iterator[str]:
    """The directory with the demo place, served on a free port; its public address."""
    with directory_at_home(with_demo=True) as address:
        yield address


@pytest.fixture(autouse=True)
def stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of an import at work does not look again by itself while a test looks at it."""
    monkeypatch.setattr(imports, "SECONDS_TO_LOOK_AGAIN", "3600")


def begin(page: Page, home: str, path: Path, source: str) -> None:
    page.goto(f"{home}/imports/new")
    page.get_by_label("Where the listings come from").fill(source)
    page.get_by_label("A file", exact=True).set_input_files(path)
    page.get_by_role("button", name="Read and check it").click()


def at_work() -> datetime:
    at = now()
    work_on_all(at)
    return at


def test_a_feed_is_looked_at_kept_and_rolled_back(
    page: Page, home: str, check_page: CheckPage, tmp_path: Path
) -> None:
    feed = tmp_path / "feed.json"
    feed.write_bytes(a_file([an_item(1), an_item(2, name=""), an_item(3, url="listings.example")]).getvalue())
    sign_in(page, home, "admin")
    page.goto(f"{home}/imports")
    check_page(page, "imports-none")
    page.goto(f"{home}/imports/new")
    check_page(page, "import-new")
    page.get_by_role("button", name="Read and check it").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter a name for where the listings come from")
    expect(page.get_by_role("alert")).to_contain_text("Choose a file, or give an address: one of the two")
    check_page(page, "import-new-wrong")
    begin(page, home, feed, "Example feed")
    expect(page.get_by_text("Being read").first).to_be_visible()
    check_page(page, "import-reading")
    at_work()
    page.reload()
    expect(page.get_by_text("Checked, nothing kept yet")).to_be_visible()
    check_page(page, "import-checked")
    address = page.url
    page.get_by_role("link", name="(no name)").click()
    expect(page.get_by_text("It has no name. Say what it is called.")).to_be_visible()
    check_page(page, "import-row")
    page.goto(address)
    page.get_by_role("link", name="Example group 1").click()
    expect(page.get_by_text("Every Tuesday, 10am to noon")).to_be_visible()
    check_page(page, "import-row-new")
    page.goto(address)
    page.get_by_role("button", name="Keep these listings").click()
    expect(page.get_by_text("Being kept").first).to_be_visible()
    at_work()
    page.reload()
    expect(page.get_by_text("Roll it back", exact=True)).to_be_visible()
    check_page(page, "import-kept")
    page.goto(f"{home}/services?q=Example+group")
    expect(page.get_by_role("link", name="Example group 1")).to_be_visible()
    page.goto(address)
    page.get_by_text("Roll it back", exact=True).click()
    page.get_by_role("button", name="Yes, roll it back").click()
    at_work()
    page.reload()
    expect(page.get_by_text("Rolled back").first).to_be_visible()
    check_page(page, "import-rolled-back")
    page.goto(f"{home}/services?q=Example+group")
    expect(page.get_by_role("heading", level=1)).to_have_text("Find help")
    expect(page.get_by_role("link", name="Example group 1")).to_have_count(0)
    page.goto(f"{home}/imports")
    check_page(page, "imports")


def test_the_columns_of_a_sheet_are_confirmed_without_scripts(
    plain_page: Page, home: str, tmp_path: Path
) -> None:
    sheet = tmp_path / "groups.csv"
    sheet.write_bytes(
        a_sheet([["Group name", "Town", "Weather"], ["Sheet choir", "York", "fine"]]).getvalue()
    )
    sign_in(plain_page, home, "admin")
    begin(plain_page, home, sheet, "A sheet")
    expect(plain_page.get_by_role("heading", level=1)).to_contain_text("Which column says what?")
    expect(plain_page.get_by_label("Town")).to_have_value("city")
    plain_page.get_by_label("Town").select_option("name")
    plain_page.get_by_role("button", name="Read and check it").click()
    expect(plain_page.get_by_text("Two columns say “Name of the service”")).to_be_visible()
    plain_page.get_by_label("Town").select_option("city")
    plain_page.get_by_role("button", name="Read and check it").click()
    expect(plain_page.get_by_text("Being read").first).to_be_visible()
    at_work()
    plain_page.reload()
    expect(plain_page.get_by_role("link", name="Sheet choir")).to_be_visible()
    expect(plain_page.get_by_text("Weather")).to_be_visible()


def test_the_page_of_columns(page: Page, home: str, check_page: CheckPage, tmp_path: Path) -> None:
    sheet = tmp_path / "groups.csv"
    sheet.write_bytes(
        a_sheet([["Group name", "Town", "Weather"], ["Sheet choir", "York", "fine"]]).getvalue()
    )
    sign_in(page, home, "admin")
    begin(page, home, sheet, "A sheet")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Which column says what?")
    check_page(page, "import-columns")


def test_a_load_of_postcodes_has_its_page_and_is_rolled_back_there(
    page: Page, home: str, check_page: CheckPage
) -> None:
    lines = ["pcds,oslaua,osward,lsoa21,lat,long", "YO62 9ZX,E06000014,,,,", "NOWHERE,E06000014,,,,"]
    done = load_postcodes(lines, at=now(), origin="onspd.csv")
    sign_in(page, home, "admin")
    page.goto(f"{home}/imports")
    page.get_by_role("link", name="ONS Postcode Directory").click()
    expect(page.get_by_role("rowheader", name="Postcodes")).to_be_visible()
    expect(page.get_by_text("Row 3: pcds is not a postcode.")).to_be_visible()
    check_page(page, "import-postcodes")
    page.get_by_text("Roll it back", exact=True).click()
    page.get_by_role("button", name="Yes, roll it back").click()
    at_work()
    page.goto(f"{home}/imports/{done.batch_id}")
    expect(page.get_by_text("Rolled back").first).to_be_visible()


def test_the_page_of_an_import_at_work_looks_again_by_itself(
    page: Page, home: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "SECONDS_TO_LOOK_AGAIN", "1")
    feed = tmp_path / "feed.json"
    feed.write_bytes(a_file([an_item(7)]).getvalue())
    sign_in(page, home, "admin")
    begin(page, home, feed, "Another feed")
    expect(page.get_by_text("Being read").first).to_be_visible()
    at_work()
    expect(page.get_by_text("Checked, nothing kept yet")).to_be_visible(timeout=60_000)
