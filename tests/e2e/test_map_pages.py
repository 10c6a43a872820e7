"""The map beside the list of services: with tiles, with none, without JavaScript; and no refuge on it."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

import pytest
from flask import Flask, Response
from playwright.sync_api import Browser, Page, ViewportSize, expect

from shared.auth.guard import public
from shared.demo_ids import demo_id
from tests.e2e.conftest import CheckPage, open_tab
from tests.e2e.directory import directory_at_home
from tests.e2e.serving import served

pytestmark = pytest.mark.e2e
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
NARROW: ViewportSize = {"width": 375, "height": 800}
MAP = "Map of what is listed on this page"


@pytest.fixture(scope="module")
def home(directory_database: str, valkey: str) -> Iterator[str]:
    """The directory with the demo place, and no tiles; its public address."""
    with directory_at_home(with_demo=True) as address:
        yield address


@pytest.fixture
def tiles() -> Iterator[tuple[str, list[str]]]:
    """A server of tiles: its address, and what was asked of it."""
    app, asked = Flask("tiles"), []

    @app.get("/<int:z>/<int:x>/<int:y>.png")
    @public
    def tile(z: int, x: int, y: int) -> Response:
        asked.append(f"{z}/{x}/{y}")
        return Response(PIXEL, mimetype="image/png")

    with served(app) as port:
        yield f"http://localhost:{port}", asked


@pytest.fixture
def home_with_tiles(
    home: str, tiles: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """A second directory over the same listings, drawn on tiles."""
    monkeypatch.setenv("MAP_TILES_URL", tiles[0] + "/{z}/{x}/{y}.png")
    monkeypatch.setenv("MAP_TILES_ATTRIBUTION", "Example mapmakers https://maps.example/thanks")
    with directory_at_home(with_demo=False) as address:
        yield address


def markers(page: Page) -> list[str]:
    return page.locator(".app-marker .app-pin").all_inner_texts()


def test_the_list_is_whole_without_javascript(plain_page: Page, home: str) -> None:
    plain_page.goto(f"{home}/services?q=allotment")
    expect(plain_page.get_by_role("link", name="Holgate shared allotment")).to_be_visible()
    expect(plain_page.get_by_role("region", name=MAP)).to_have_count(0)
    expect(plain_page.get_by_role("button", name="Show map")).to_have_count(0)


def test_what_is_listed_is_on_plain_ground_with_names_of_wards(
    page: Page, home: str, check_page: CheckPage
) -> None:
    page.goto(f"{home}/services")
    expect(page.get_by_role("region", name=MAP)).to_be_visible()
    expect(page.locator(".app-marker").first).to_be_visible()
    expect(page.locator(".app-map__name").first).to_be_visible()
    rows = page.locator("li[data-venues]")
    numbers = [text for label in markers(page) for text in re.findall(r"\d+", label.partition("+")[0])]
    assert set(numbers) <= {str(n + 1) for n in range(rows.count())}
    expect(rows.first.get_by_role("button")).to_have_text("1")
    expect(page.locator(".leaflet-tile")).to_have_count(0)
    check_page(page, "map-plain")


def test_a_marker_is_reached_by_keyboard_and_its_bubble_leads_to_the_service(page: Page, home: str) -> None:
    page.goto(f"{home}/services?q=allotment")
    marker = page.get_by_role("button", name=re.compile(r"^1\b.*: Holgate shared allotment"))
    marker.focus()
    page.keyboard.press("Enter")
    link = page.locator(".leaflet-popup").get_by_role("link", name="1. Holgate shared allotment")
    expect(link).to_be_focused()
    expect(page.locator("li.app-row--on").first).to_contain_text("Holgate shared allotment")
    page.keyboard.press("Escape")
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    expect(marker).to_be_focused()
    page.keyboard.press("Space")
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Holgate shared allotment")


def test_the_number_of_a_result_shows_it_on_the_map(page: Page, home: str, check_page: CheckPage) -> None:
    page.goto(f"{home}/services?q=allotment")
    number = page.get_by_role("button", name="1: show Holgate shared allotment on the map")
    number.click()
    expect(page.locator(".leaflet-popup").get_by_role("link")).to_be_focused()
    page.keyboard.press("Escape")
    expect(number).to_be_focused()
    expect(page.locator(".app-marker--on")).to_have_count(1)
    number.click()
    check_page(page, "map-bubble")


def test_on_a_telephone_the_map_is_shown_when_it_is_asked_for(page: Page, home: str) -> None:
    page.set_viewport_size(NARROW)
    page.goto(f"{home}/services?q=allotment")
    toggle = page.get_by_role("button", name="Show map")
    expect(toggle).to_have_attribute("aria-expanded", "false")
    expect(page.locator(".app-marker")).to_have_count(0)
    toggle.click()
    expect(page.locator(".app-marker").first).to_be_visible()
    page.get_by_role("button", name="Hide map").click()
    expect(page.locator(".app-marker").first).to_be_hidden()
    page.get_by_role("button", name="1: show Holgate shared allotment on the map").click()
    expect(page.locator(".leaflet-popup").get_by_role("link")).to_be_visible()


def test_a_window_made_narrow_still_shows_every_marker(page: Page, home: str) -> None:
    page.goto(f"{home}/services?q=allotment")
    expect(page.locator(".app-marker").first).to_be_visible()
    page.set_viewport_size(NARROW)
    page.get_by_role("button", name="Show map").click()
    page.locator("[data-ground]").scroll_into_view_if_needed()
    for marker in page.locator(".app-marker").all():
        expect(marker).to_be_in_viewport(ratio=1)


def test_tiles_come_from_the_one_place_that_was_chosen(
    page: Page, home_with_tiles: str, tiles: tuple[str, list[str]], check_page: CheckPage
) -> None:
    address, asked = tiles
    answer = page.goto(f"{home_with_tiles}/services")
    assert answer is not None
    assert f"img-src 'self' data: {address};" in answer.headers["content-security-policy"]
    expect(page.locator(".leaflet-tile-loaded").first).to_be_visible()
    expect(page.get_by_role("link", name="Example mapmakers")).to_have_attribute(
        "href", "https://maps.example/thanks"
    )
    expect(page.locator(".app-map__name")).to_have_count(0)
    assert asked
    check_page(page, "map-tiles")


def test_where_tiles_do_not_come_names_take_their_place(
    page: Page, home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAP_TILES_URL", "http://localhost:9/{z}/{x}/{y}.png")
    monkeypatch.setenv("MAP_TILES_ATTRIBUTION", "Nobody")
    with directory_at_home(with_demo=False) as address:
        page.goto(f"{address}/services")
        expect(page.locator(".app-map__name").first).to_be_visible()
        expect(page.locator(".app-marker").first).to_be_visible()


def test_nothing_moves_for_who_wants_it_still(browser: Browser, home: str) -> None:
    context = browser.new_context(reduced_motion="reduce", viewport={"width": 1280, "height": 900})
    page = open_tab(context)
    page.goto(f"{home}/services?q=allotment")
    expect(page.locator(".app-marker").first).to_be_visible()
    expect(page.locator(".leaflet-zoom-anim, .leaflet-fade-anim")).to_have_count(0)
    context.close()


def test_where_a_service_meets_is_on_a_map_of_its_page(page: Page, home: str, check_page: CheckPage) -> None:
    page.goto(f"{home}/services?q=allotment")
    page.get_by_role("link", name="Holgate shared allotment").first.click()
    expect(page.get_by_role("region", name="Map of where it is")).to_be_visible()
    expect(page.locator(".app-marker")).to_have_count(1)
    check_page(page, "map-service")


def test_a_refuge_is_on_no_map(page: Page, home: str) -> None:
    page.goto(f"{home}/services?q=safe+harbour+advocates")
    refuge = page.locator("li.app-row", has=page.get_by_role("link", name="Safe Harbour", exact=False)).first
    expect(refuge).to_be_visible()
    expect(refuge).not_to_have_attribute("data-venues", re.compile("."))
    assert "Safe Harbour house" not in page.content()
    page.goto(f"{home}/services/{demo_id('service', 'safe-harbour-advocates')}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("region", name="Map of where it is")).to_have_count(0)
    assert "data-venues" not in page.content()
