"""What a page gives its map: venues that are told, numbered as in the list, and nothing of a refuge."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from flask import Flask

from services.directory.store.database import database
from services.directory.store.places import Area
from services.directory.store.postcodes import Postcode
from tests.builders import listings as build
from tests.builders.identity import Browser
from tests.queries import count_queries


@pytest.fixture(scope="module", autouse=True)
def _words(app: Flask) -> None:
    build.words()


def rows(page: str) -> list[dict[str, Any]]:
    """What the elements with venues say, in the order of the page."""
    found = []
    for tag in re.findall(r"<\w+ [^>]*data-venues=[^>]*>", page):
        data = dict(re.findall(r'data-([a-z]+)="([^"]*)"', tag))
        found.append({name: html.unescape(text) for name, text in data.items()})
        found[-1]["venues"] = json.loads(found[-1]["venues"])
    return found


def group(name: str, **fields: Any) -> Any:
    return build.a_service(name=name, base=build.GROUP, **fields)


def test_what_has_a_place_is_numbered_in_the_order_of_the_list(browser: Browser) -> None:
    for name in ("Quincunx a", "Quincunx b", "Quincunx c"):
        one = group(name)
        if name != "Quincunx b":
            build.a_location(one, name=f"Hall of {name}")
    found = rows(browser.get("/services?q=quincunx").text)
    assert [(one["number"], one["name"]) for one in found] == [("1", "Quincunx a"), ("2", "Quincunx c")]
    assert found[0]["venues"] == [["Hall of Quincunx a", 53.95418, -1.12726]]
    assert found[0]["href"].startswith("/services/")


def test_words_of_people_stay_words(browser: Browser) -> None:
    nasty = """Obelus "><script>alert('1')</script>"""
    build.a_location(group(nasty), name=nasty)
    page = browser.get("/services?q=obelus").text
    (found,) = rows(page)
    assert found["name"] == found["venues"][0][0] == nasty
    assert "<script>alert" not in page


@pytest.mark.parametrize("how", [{"private": True}, {"discreet": True}])
def test_a_refuge_is_in_no_page_of_a_map(browser: Browser, how: dict[str, bool]) -> None:
    name = f"Pilcrow {'house' if 'private' in how else 'advice'}"
    one = group(name, discreet=how.get("discreet", False))
    build.a_location(one, private=how.get("private", False), name="Hidden hall of pilcrows")
    listed, own = browser.get("/services?q=pilcrow").text, browser.get(f"/services/{one}").text
    for page in (listed, own):
        assert name in page
        assert "Hidden hall" not in page
        assert "53.95418" not in page
        assert not rows(page)
    assert "data-map" not in own


def test_a_page_without_a_place_has_no_map(browser: Browser) -> None:
    group("Lozenge by telephone")
    page = browser.get("/services?q=lozenge").text
    assert "Lozenge by telephone" in page
    assert "data-map" not in page
    assert "leaflet" not in page


def test_where_a_service_is_found_is_on_its_page(browser: Browser) -> None:
    one = group("Interrobang choir")
    build.a_location(one, name="Interrobang hall")
    (found,) = rows(browser.get(f"/services/{one}").text)
    assert found["venues"] == [["Interrobang hall", 53.95418, -1.12726]]


def test_a_map_of_many_costs_as_many_queries_as_one_of_few(browser: Browser, app: Flask) -> None:
    costs = []
    for count in (6, 20):
        for n in range(count):
            build.a_location(group(f"Asterism {count} {n}"))
        with count_queries(database.engine) as counted:
            page = browser.get(f"/services?q=asterism+{count}").text
        assert len(rows(page)) >= count
        costs.append(len(counted))
    assert costs[0] == costs[1]


def test_wards_of_places_are_named_about_their_middle(browser: Browser) -> None:
    build.a_place(authority="E06000071")
    with database.transaction() as session:
        for code, name in (("E05000071", "Middle ward"), ("E05000072", "Far ward")):
            session.add(Area(code=code, kind="ward", name=name))
        for n, (authority, ward, lat) in enumerate(
            (("E06000071", "E05000071", 53.0), ("E06000071", "E05000071", 53.2),
             ("E06000072", "E05000072", 54.0), ("E06000071", None, 53.9)),
        ):  # fmt: skip
            session.add(Postcode(pcds=f"ZZ{n} 1AA", authority=authority, ward=ward, lat=lat, lon=-1.5))
    with count_queries(database.engine) as counted:
        answer = browser.get("/maps/wards")
    assert ["Middle ward", 53.1, -1.5] in answer.json
    assert "Far ward" not in answer.text
    assert answer.headers["Cache-Control"] == "public, max-age=86400"
    assert len(counted) == 1
