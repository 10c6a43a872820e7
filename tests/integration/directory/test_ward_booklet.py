"""What there is for the people of a ward: to read, and on paper; never a private place."""

from __future__ import annotations

import re
import zlib
from datetime import date
from uuid import UUID, uuid4

import pytest
from flask import Flask

from services.directory.actions.keep_bodies import keep_locations
from services.directory.actions.keep_services import keep_service
from services.directory.domain.documents import FoundAt, LocationDoc, PatchArea, Polygon, ServiceDoc, Term
from services.directory.store.database import database
from services.directory.store.places import Area
from services.directory.store.postcodes import Postcode
from services.directory.store.queries import wards as ward_pages
from services.directory.store.queries.wards import ward_listing, wards
from services.directory.web.booklet import chapters
from tests.builders import listings as build
from tests.queries import count_queries

HERE, THERE = "E05099991", "E05099992"
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[-1.2, 53.9], [-1.0, 53.9], [-1.0, 54.0], [-1.2, 54.0], [-1.2, 53.9]]],
}


@pytest.fixture(scope="module", autouse=True)
def _world(app: Flask) -> None:
    build.words()
    build.a_place("Exampleton", "E06000099")
    with database.transaction() as session:
        for code, name in ((HERE, "Example Hill"), (THERE, "Example Moor")):
            session.add(Area(code=code, kind="ward", name=name))
        for pcds, ward, lat, lon in (
            ("YO24 3BZ", HERE, 53.95, -1.1),
            ("YO24 3BY", HERE, 53.95, -1.1),
            ("WF10 2AA", THERE, 53.72, -1.33),
        ):
            session.add(
                Postcode(pcds=pcds, authority="E06000099", ward=ward, lsoa=f"{ward[:8]}9", lat=lat, lon=lon)
            )


def group(name: str, **more: object) -> ServiceDoc:
    return ServiceDoc(
        **{
            "organization_id": build.a_body(),
            "name": name,
            "kind": "group",
            "status": "active",
            "contact_name": "Maureen",
            "phone": "01632 960100",
            "open_to_others": True,
            "terms": frozenset({Term("needs", "loneliness")}),
            **more,
        }  # type: ignore[arg-type]
    )


def keep(doc: ServiceDoc) -> UUID:
    service_id = uuid4()
    with database.transaction() as session:
        keep_service(session, service_id, doc, at=build.NOON)
    return service_id


def venue(postcode: str, *, private: bool = False, name: str = "A hall") -> FoundAt:
    hall = uuid4()
    doc = LocationDoc(build.a_body(), name, postal_code=postcode, private=private)
    with database.transaction() as session:
        keep_locations(session, {hall: doc}, at=build.NOON)
    return FoundAt(hall, main=True)


def listed(code: str = HERE) -> set[str]:
    found = ward_listing(code)
    assert found is not None
    return {one.doc.name for one in found.services}


def text_of(pdf: bytes) -> str:
    """Which glyphs are drawn, well enough to compare two papers; fonts are cut to what is used."""
    return "".join(
        zlib.decompress(part).decode("latin-1")
        for part in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
        if part[:1] == b"x"
    )


def test_the_wards_of_places_are_listed() -> None:
    assert {(ward.code, ward.name, ward.place) for ward in wards()} == {
        (HERE, "Example Hill", "Exampleton"),
        (THERE, "Example Moor", "Exampleton"),
    }


def test_what_covers_the_ward_meets_there_or_takes_people_from_anywhere_is_in_it() -> None:
    place = build.a_place("Elsewhere", "E06000098")
    keep(group("Of the ward", area_basis=("resident",), areas=frozenset({PatchArea("ward", HERE)})))
    keep(
        group("Of the town", area_basis=("resident",), areas=frozenset({PatchArea("authority", "E06000099")}))
    )
    keep(group("Drawn", area_basis=("resident",), polygons=(Polygon("The hill", SQUARE),)))
    keep(group("Meets here", locations=(venue("YO24 3BZ"),)))
    keep(group("From anywhere", area_basis=("anywhere",)))
    keep(group("Of the moor", area_basis=("resident",), areas=frozenset({PatchArea("ward", THERE)})))
    keep(group("From anywhere elsewhere", area_basis=("anywhere",), place_id=place))
    keep(group("A draft", status="inactive", area_basis=("anywhere",)))
    inside = {"Of the ward", "Of the town", "Drawn", "Meets here", "From anywhere"}
    assert inside <= listed()
    assert listed().isdisjoint({"Of the moor", "From anywhere elsewhere", "A draft"})
    assert {"Of the moor", "Of the town"} <= listed(THERE)
    assert listed(THERE).isdisjoint({"Of the ward", "Drawn", "Meets here"})


def test_a_private_venue_lists_nothing_and_is_nowhere(app: Flask) -> None:
    hidden = venue("YO24 3BY", private=True, name="Quiet House")
    keep(group("Refuge support", locations=(hidden,)))
    keep(group("Known support", area_basis=("anywhere",), locations=(venue("YO24 3BY", private=True),)))
    assert "Refuge support" not in listed()
    assert "Known support" in listed()
    page = app.test_client().get(f"/wards/{HERE}").text
    assert "Known support" in page
    assert "Quiet House" not in page
    assert "YO24 3BY" not in page


def test_where_a_discreet_service_meets_is_told_to_nobody(app: Flask) -> None:
    keep(group("Discreet circle", discreet=True, locations=(venue("YO24 3BZ", name="Side Door"),)))
    assert "Discreet circle" not in listed()
    keep(
        group(
            "Discreet anywhere",
            discreet=True,
            area_basis=("anywhere",),
            locations=(venue("YO24 3BZ", name="Side Door"),),
        )
    )
    assert "Discreet anywhere" in listed()
    assert "Side Door" not in app.test_client().get(f"/wards/{HERE}").text


def test_the_booklet_is_a_pdf_kept_until_something_changes(app: Flask) -> None:
    client = app.test_client()
    first = client.get(f"/wards/{HERE}/booklet.pdf")
    assert first.status_code == 200
    assert first.mimetype == "application/pdf"
    assert first.data.startswith(b"%PDF-")
    assert 'filename="Example-Hill-' in first.headers["Content-Disposition"]
    again = client.get(f"/wards/{HERE}/booklet.pdf", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    keep(group("Świetlica Łąka", area_basis=("anywhere",)))
    later = client.get(f"/wards/{HERE}/booklet.pdf", headers={"If-None-Match": first.headers["ETag"]})
    assert later.status_code == 200
    assert text_of(later.data) != text_of(first.data)


def test_no_ward_of_ours_is_not_found(app: Flask) -> None:
    assert app.test_client().get("/wards/E05000001").status_code == 404
    assert app.test_client().get("/wards/E05000001/booklet.pdf").status_code == 404


def test_a_ward_costs_as_many_queries_however_much_there_is() -> None:
    def cost() -> int:
        with count_queries(database.engine) as counted:
            ward_listing(HERE)
            ward_pages.ward_page(HERE, 1)
        return len(counted.statements)

    before = cost()
    for n in range(5):
        keep(group(f"One more {n}", area_basis=("anywhere",), locations=(venue("YO24 3BZ"),)))
    assert cost() == before


def test_the_page_of_a_ward_is_paged_by_need_and_name(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(group("Zither circle", area_basis=("anywhere",), terms=frozenset()))
    money = Term("needs", "food")
    keep(group("Both", area_basis=("anywhere",), terms=frozenset({money, Term("needs", "loneliness")})))
    monkeypatch.setattr(ward_pages, "ON_A_PAGE", 3)
    client = app.test_client()
    first = client.get(f"/wards/{HERE}").text
    whole = ward_listing(HERE)
    assert whole is not None
    pages = -(-len(whole.services) // 3)
    assert f"{len(whole.services)} things that help" in first
    assert f"Page 1 of {pages}." in first
    assert "Earlier in the list" not in first
    seen: list[str] = []
    for number in range(1, pages + 1):
        text = client.get(f"/wards/{HERE}?page={number}").text
        shown = re.findall(r'app-row__title"><a href="/services/([0-9a-f-]{36})"', text)
        assert 1 <= len(shown) <= 3
        assert ("Further down the list" in text) == (number < pages)
        seen += shown
    assert len(seen) == len(set(seen))
    assert set(seen) == {str(one.id) for one in whole.services}
    by_chapter = [one for _, services, _ in chapters(whole) for one in services]
    assert seen == [str(one.id) for one in by_chapter]
    assert "Zither circle" in client.get(f"/wards/{HERE}?page={pages}").text
    for odd in ("0", "x", "-1", "1e3", "٣"):
        assert client.get(f"/wards/{HERE}?page={odd}").text == first
    assert client.get(f"/wards/{HERE}?page=999999999").text == text


def test_of_a_service_of_several_needs_the_others_are_said(app: Flask) -> None:
    place = build.a_place("Exampleton", "E06000099")
    both = frozenset({Term("needs", "food"), Term("needs", "loneliness")})
    keep(group("Tea and advice", area_basis=("anywhere",), place_id=place, terms=both))
    assert "Helps also with:" in app.test_client().get(f"/wards/{HERE}").text


def test_stale_is_said(app: Flask) -> None:
    keep(group("Unchecked", area_basis=("anywhere",)))
    found = ward_listing(HERE)
    assert found is not None
    assert {one.freshness(date(2026, 11, 22)) for one in found.services} == {"never_checked"}
    assert "Not checked lately: ring first." in app.test_client().get(f"/wards/{HERE}").text
