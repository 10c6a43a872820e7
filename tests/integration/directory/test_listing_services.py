"""Published services, found by page and by API."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from marshmallow.fields import Nested

from services.directory.api.listing_schemas import WholeServiceSchema
from services.directory.api.search_schemas import ServiceFoundSchema, ServiceListSchema
from services.directory.domain.search import Moment, Wanted
from services.directory.store.database import database
from services.directory.store.places import Place
from services.directory.store.queries.search import search_services
from services.directory.store.services import Service
from shared.errors import Invalid
from tests.builders import listings as build
from tests.builders.identity import Browser
from tests.queries import count_queries

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module", autouse=True)
def _words(app: Flask) -> None:
    build.words()


def found(q: str = "", **more: Any) -> list[str]:
    hits = search_services(Wanted(q=q, limit=200, **more), Moment(TODAY, 600)).hits
    return [hit.view.service.name for hit in hits]


def test_words_are_found_in_name_text_organisation_and_need() -> None:
    body = build.a_body("Quernstone Trust")
    build.a_service(body, name="Heron walks", who_for="People who like kingfishers", needs=("bereavement",))
    assert found("heron") == found("KINGFISH heron") == found("quernstone") == ["Heron walks"]
    assert "Heron walks" in found("bereavement")
    assert found("ostrich") == []


def test_misspelt_words_are_found_all_the_same() -> None:
    build.a_service(name="Photography by the river")
    assert "Photography by the river" in found("fotography")


def test_signs_that_mean_something_in_a_pattern_mean_nothing_here() -> None:
    build.a_service(name="Save 50% club")
    assert found("50%") == ["Save 50% club"]
    assert found("%%%%") == found("__") == found("\\") == []


def test_a_name_comes_before_a_text_and_a_checked_entry_before_an_old_one() -> None:
    build.a_service(name="Zither evenings", checked=build.NOON)
    build.a_service(name="Another evening", who_for="People who play the zither")
    build.a_service(name="Bass and zither", checked=build.NOON - timedelta(days=800))
    build.a_service(name="Cello and zither", checked=None)
    assert found("zither") == ["Zither evenings", "Bass and zither", "Cello and zither", "Another evening"]


def test_need_kind_and_place_narrow_the_list() -> None:
    place = build.a_place()
    with database.transaction() as session:
        code = session.get_one(Place, place).code
    build.a_service(name="Narrow scheme", needs=("food",), place_id=place)
    build.a_service(name="Narrow group", base=build.GROUP, needs=("transport",), place_id=place)
    everywhere = build.a_service(name="Narrow everywhere", needs=("food",))
    assert found("narrow", need="food") == ["Narrow everywhere", "Narrow scheme"]
    assert found("narrow", kind="group") == ["Narrow group"]
    assert found("narrow", place=code) == ["Narrow everywhere", "Narrow group", "Narrow scheme"]
    assert everywhere


def test_what_is_not_published_is_found_by_nobody(app: Flask) -> None:
    service = build.a_service(name="Gone fishing")
    with database.transaction() as session:
        session.get_one(Service, service).status = "inactive"
    assert found("gone fishing") == []
    assert app.test_client().get(f"/api/v1/services/{service}").status_code == 404
    assert app.test_client().get(f"/services/{service}").status_code == 404


def test_pages_of_the_api_are_whole_and_without_doubles(app: Flask) -> None:
    for number in range(7):
        build.a_service(name=f"Paging {number % 3}")
    client, seen, cursor = app.test_client(), [], ""
    while True:
        answer = client.get(f"/api/v1/services?q=paging&limit=2{cursor}").json or {}
        seen += [item["id"] for item in answer["items"]]
        if answer["next_cursor"] is None:
            break
        cursor = f"&cursor={answer['next_cursor']}"
    assert len(seen) == len(set(seen)) == 7


def test_a_private_location_is_on_no_page_and_in_no_answer(app: Flask) -> None:
    service = build.a_service(name="Quiet house", discreet=True)
    build.a_location(service, private=True, name="Larkspur cottage")
    client = app.test_client()
    pages = [
        client.get(path).text
        for path in (
            f"/api/v1/services/{service}",
            "/api/v1/services?q=quiet+house",
            f"/services/{service}",
            "/services?q=quiet+house",
        )
    ]
    assert all("Quiet house" in page for page in pages)
    assert not any("Larkspur" in page or "YO24" in page or "53.95" in page for page in pages)


def test_what_is_answered_is_what_its_schema_describes(app: Flask) -> None:
    service = build.a_service(name="Described fully", open_places=3, paused_until=TODAY)
    build.a_location(service)
    client = app.test_client()
    found = client.get("/api/v1/services?q=described&facets=true").json or {}
    whole = client.get(f"/api/v1/services/{service}").json or {}
    for schema, answer in ((ServiceListSchema(), found), (WholeServiceSchema(), whole)):
        schema.load(answer)
        assert answer.keys() == schema.fields.keys()
    (item,) = found["items"]
    assert item.keys() == ServiceFoundSchema().fields.keys()
    for name, field in ServiceFoundSchema().fields.items():
        if isinstance(field, Nested) and item[name] is not None:
            assert item[name].keys() == field.schema.fields.keys(), name


def test_a_discreet_service_is_left_quickly(app: Flask) -> None:
    service = build.a_service(name="Quick way out", discreet=True)
    page = app.test_client().get(f"/services/{service}").text
    assert "Exit this page" in page
    assert "<title>Linkwork</title>" in " ".join(page.split()).replace("<title> ", "<title>").replace(
        " </title>", "</title>"
    )


@pytest.mark.parametrize(
    ("query", "status", "pointer"),
    [
        ("need=tea", 422, "/need"),
        ("place=atlantis", 422, "/place"),
        ("kind=boat", 422, "/kind"),
        ("limit=0", 422, "/limit"),
        ("limit=many", 422, "/limit"),
        ("wrong=1", 422, "/wrong"),
        ("q=%00", 422, "/q"),
        ("cursor=!!!", 400, None),
        ("cursor=WzAsMCwiYSIsIngiXQ", 400, None),
    ],
)
def test_a_search_that_cannot_be_taken_is_named(
    app: Flask, query: str, status: int, pointer: str | None
) -> None:
    answer = app.test_client().get(f"/api/v1/services?{query}")
    assert answer.status_code == status
    if pointer:
        assert [error["pointer"] for error in (answer.json or {})["errors"]] == [pointer]


@pytest.mark.parametrize("query", ["need=tea", "kind=boat", "place=atlantis", "q=%00%25", "q=" + "x" * 5000])
def test_the_page_answers_whatever_is_typed(app: Flask, query: str) -> None:
    page = app.test_client().get(f"/services?{query}")
    assert page.status_code == 200
    assert "Find help" in page.text


def test_the_page_of_a_service_says_what_a_referrer_needs(browser: Browser) -> None:
    service = build.a_service(
        name="Telling page",
        who_for="Tall people",
        not_for="Short people",
        differs="We have ladders.",
        minimum_age=18,
        maximum_age=25,
        declared_wait_days=10,
        circumstances=["carer"],
        languages=["en", "pl"],
        working_days=[0, 2],
    )
    page = browser.get(f"/services/{service}").text
    for words in (
        "Tall people",
        "Short people",
        "We have ladders.",
        "18 to 25",
        "5 open places",
        "About 10 days",
        "people who care for somebody",
        "Polish, English",
        "Monday and Wednesday",
        "A professional refers",
        "Last checked on 22 November 2026",
    ):
        assert words in page
    assert "Change what you can take" not in page


def test_a_landlords_page_names_whose_tenants_it_is_for(browser: Browser) -> None:
    landlord = build.a_body("Harbour Homes", sector="housing")
    service = build.a_service(landlord, name="Tenancy help", circumstances=["tenant", "night_worker"])
    page = browser.get(f"/services/{service}").text
    assert "tenants of Harbour Homes, night worker" in page
    assert "this landlord" not in page


def test_an_empty_search_says_what_to_do_next(browser: Browser) -> None:
    page = browser.get("/services?q=xyzzyxyzzy").text
    assert "Nothing found" in page
    assert "Show everything" in page


def test_lists_and_pages_cost_a_fixed_number_of_queries(app: Flask) -> None:
    client = app.test_client()
    service = build.a_service(name="Counted")

    def cost(path: str) -> int:
        with count_queries(database.engine) as counted:
            assert client.get(path).status_code == 200
        return len(counted)

    few = cost("/api/v1/services?limit=1")
    for _ in range(12):
        build.a_service()
    assert cost("/api/v1/services?limit=100") == few == 3
    assert cost(f"/api/v1/services/{service}") == 2 + 16
    assert cost("/services") == 9
    assert cost(f"/services/{service}") == 5 + 16
    assert cost("/api/v1/needs") == 1
    assert cost("/help-now") <= 2


def publish(**fields: Any) -> UUID:
    return build.a_service(name="Candidate", checked=None, **fields)


def test_a_scheme_without_its_words_is_not_published() -> None:
    with pytest.raises(Invalid) as refused:
        publish(differs="", needs=())
    assert [problem.pointer for problem in refused.value.errors] == ["/differs", "/needs"]


def test_an_unknown_need_is_named() -> None:
    with pytest.raises(Invalid, match="tea"):
        publish(needs=("loneliness", "tea"))


def test_publishing_again_replaces_needs_and_patch() -> None:
    service = publish(needs=("loneliness", "food"))
    publish(id=service, needs=("food", "transport"), areas=[("ward", "E05010330")])
    doc = build.snapshot()[("service", str(service))]
    assert doc is not None
    assert doc["needs"] == ["food", "transport"]
    assert doc["area"] == {
        "authorities": [],
        "wards": ["E05010330"],
        "lsoas": [],
        "practices": [],
        "postcodes": [],
    }


def test_needs_are_public_and_in_their_order(app: Flask) -> None:
    items = (app.test_client().get("/api/v1/needs").json or {})["items"]
    assert len(items) == 25
    assert items[0] == {
        "code": "loneliness",
        "name": "Loneliness and isolation",
        "plain": "I would like more company",
        "sensitive": False,
        "retired": False,
    }
    assert items[-1]["code"] == "other"


def test_whom_to_ring_is_public(app: Flask) -> None:
    place = build.a_place("Ringham")
    with database.transaction() as session:
        code = session.get_one(Place, place).code
    answer = app.test_client().get(f"/api/v1/places/{code}/help-now")
    assert answer.json == {
        "place": {"code": code, "name": "Ringham"},
        "numbers": [{"name": "Ambulance", "number": "999", "when": "Now", "what": "Ring."}],
    }
    assert app.test_client().get("/api/v1/places/atlantis/help-now").status_code == 404
