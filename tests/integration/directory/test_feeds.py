"""The feeds as a neighbouring system meets them: what is told, at what cost, and what never is."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import time, timedelta
from importlib import import_module
from typing import Any
from uuid import UUID, uuid4

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from flask import Flask
from sqlalchemy import delete, select, update

from services.directory.actions.keep_services import keep_service, read_for_change
from services.directory.domain.documents import Opening, Polygon
from services.directory.domain.part_ids import taxonomy_id
from services.directory.domain.taxonomies import NEEDS
from services.directory.feeds import asking
from services.directory.feeds.standards import HSDS
from services.directory.store.database import database
from services.directory.store.organizations import Organization
from services.directory.store.places import Area
from services.directory.store.postcodes import Postcode
from services.directory.store.queries import feed_pages, feed_reading
from services.directory.store.queries.feed_pages import Told
from services.directory.store.queries.feed_selection import Asked
from services.directory.store.services import Service, Verification
from services.directory.store.taxonomy import Taxonomy, TaxonomyTerm
from shared import logs
from shared.clock import now
from shared.streams import SLOTS
from tests.builders import listings as build
from tests.builders.feed_schemas import Reader
from tests.queries import count_queries

LATER = build.NOON + timedelta(days=1)
HALL = (53.95418, -1.12726)
# A kilometre and a half to the north of the hall.
NORTH = (53.96767, -1.12726)


@pytest.fixture(scope="module")
def reader(app: Flask) -> Reader:
    build.words()
    with database.transaction() as session:
        session.add(Area(code="E06000099", kind="authority", name="Exampleton"))
        for pcds, (lat, lon) in {"YO24 3BZ": HALL, "YO24 1AA": NORTH}.items():
            session.add(Postcode(pcds=pcds, authority="E06000099", ward="E05099999", lat=lat, lon=lon))
        session.add(Postcode(pcds="LS1 1AA", authority="E08000099", lat=None, lon=None))
    return Reader(app)


def change(service_id: UUID, at: Any = LATER, **fields: Any) -> None:
    with database.transaction() as session:
        doc = read_for_change(session, service_id)
        assert doc is not None
        keep_service(session, service_id, replace(doc, **fields), at=at)


def erase(service_id: UUID) -> None:
    with database.transaction() as session:
        session.execute(delete(Service).where(Service.id == service_id))


def test_a_draft_is_told_to_nobody(reader: Reader) -> None:
    draft = str(build.a_service(status="inactive"))
    assert draft not in reader.ids("services")
    assert draft not in reader.ids("services", modified_after="2000-01-01T00:00:00Z")
    reader.ask(f"services/{draft}", 404)
    erase(UUID(draft))
    assert draft not in reader.ids("services", modified_after="2000-01-01T00:00:00Z")
    reader.ask(f"services/{draft}", 404)


@pytest.mark.parametrize("status", ["inactive", "defunct"])
def test_whoever_asks_what_changed_hears_that_a_service_is_no_longer_published(
    reader: Reader, status: str
) -> None:
    one = build.a_service(description="What it was", name="Once a week")
    change(one, status=status)
    assert str(one) not in reader.ids("services")
    found = {row["id"]: row for row in reader.all("services", full="true", modified_after=LATER.isoformat())}
    expected = {"id", "organization_id", "name", "status", "last_modified"}
    assert found[str(one)].keys() == expected
    assert (found[str(one)]["name"], found[str(one)]["status"]) == ("Once a week", status)
    assert reader.ask(f"services/{one}") == found[str(one)]


def test_whoever_asks_what_changed_hears_of_a_service_that_was_deleted(reader: Reader) -> None:
    owner, before = build.a_body(), now()
    one = build.a_service(owner, name="Helen’s kitchen")
    erase(one)
    for query in ({}, {"organization_id": owner}, {"search": "nothing of that name"}):
        rows = reader.all("services", modified_after=before.isoformat(), **query)
        (row,) = [row for row in rows if row["id"] == str(one)]
        assert (row["name"], row["status"]) == ("No longer listed", "defunct")
        assert row["organization_id"] == str(owner)
    assert reader.ask(f"services/{one}") == row
    others = reader.ids("services", modified_after=before.isoformat(), organization_id=uuid4())
    assert str(one) not in others
    assert str(one) not in reader.ids("services")
    build.a_service(owner, id=one)
    assert reader.ask(f"services/{one}")["status"] == "active"


def test_a_service_that_was_deleted_and_is_a_draft_now_is_told_once_as_what_it_is(reader: Reader) -> None:
    owner, before = build.a_body(), now() - timedelta(days=2)
    one = build.a_service(owner)
    erase(one)
    build.a_service(owner, id=one, status="inactive")
    assert reader.ask(f"services/{one}")["status"] == "inactive"
    rows = reader.all("services", organization_id=owner, modified_after=before.isoformat())
    assert [(row["id"], row["status"]) for row in rows] == [(str(one), "inactive")]
    assert reader.ids("services", organization_id=owner) == set()


def test_a_service_that_is_closed_for_a_time_is_told_with_that_status(reader: Reader) -> None:
    one = build.a_service(status="temporarily closed")
    assert reader.ask(f"services/{one}")["status"] == "temporarily closed"
    assert str(one) in reader.ids("services")


def test_modified_after_is_on_or_after_what_the_feed_itself_says(reader: Reader) -> None:
    owner = build.a_body()
    one = build.a_service(owner)
    change(one, at=LATER.replace(microsecond=123456), alert="Closed on Friday")
    said = reader.ask(f"services/{one}")["last_modified"]
    assert said.endswith(".123Z")
    assert str(one) in reader.ids("services", modified_after=said)
    after = (LATER + timedelta(seconds=1)).isoformat()
    assert str(one) not in reader.ids("services", modified_after=after)
    with database.transaction() as session:
        session.execute(
            update(Organization).where(Organization.id == owner).values(last_modified=LATER + timedelta(1))
        )
    assert str(one) in reader.ids("services", modified_after=after), (
        "its organisation changed, which it shows"
    )


def test_a_refuge_is_told_with_whom_to_ask_and_never_where_it_is(reader: Reader, app: Flask) -> None:
    marked = {"name": "MARKED HOUSE", "private": True}
    refuge = build.a_service(name="A refuge", phone="01632 960111", email="help@refuge.example")
    where = build.a_location(refuge, **marked)
    change(
        refuge,
        at=LATER,
        schedules=(
            Opening(freq="WEEKLY", byday="TU", opens_at=time(9), closes_at=time(10), location_id=where),
        ),
    )
    walk = build.a_service(name="A discreet walk", discreet=True)
    build.a_location(walk, name="MARKED HALL")
    for feed in (reader, Reader(app, HSDS)):
        told = json.dumps(
            [
                feed.all("services", full="true"),
                feed.all("service_at_locations", full="true"),
                feed.all("organizations", full_service="true"),
                feed.ask(f"services/{refuge}"),
                feed.ask(f"services/{walk}"),
            ]
        )
        assert "MARKED" not in told
        assert str(where) not in told
        assert feed.ask(f"services/{refuge}")["email"] == "help@refuge.example"
        near = feed.ids("services", postcode="YO24 3BZ", proximity=100000)
        assert not {str(refuge), str(walk)} & near
        assert {str(refuge), str(walk)} <= feed.ids("services")
    with database.transaction() as session:
        ids = list(session.scalars(select(build.ServiceAtLocation.id)))
    answers = [reader.client.get(f"/oruk/service_at_locations/{one}") for one in ids]
    assert not any("MARKED" in answer.text for answer in answers)


def test_who_checked_a_listing_is_not_told_and_when_is_by_its_oldest_check(reader: Reader) -> None:
    one = build.a_service(checked=build.NOON)
    with database.transaction() as session:
        session.add(
            Verification(
                service_id=one,
                field_group="hours",
                verified_at=build.NOON - timedelta(days=30),
                verified_by="maintainer@private.example",
                source="visit",
                valid_until=build.NOON.date(),
            )
        )
    row = reader.ask(f"services/{one}")
    assert row["assured_date"] == "2026-10-23"
    assert "private.example" not in json.dumps(row)
    assert "assurer_email" not in row


def test_a_service_at_a_location_is_found_by_the_id_that_is_told(reader: Reader) -> None:
    one = build.a_service()
    build.a_location(one, name="A hall")
    (venue,) = reader.ask(f"services/{one}")["service_at_locations"]
    assert reader.ask(f"service_at_locations/{venue['id']}")["location"]["name"] == "A hall"
    assert venue["id"] in reader.ids("service_at_locations")
    change(one, status="defunct")
    reader.ask(f"service_at_locations/{venue['id']}", 404)
    assert venue["id"] not in reader.ids("service_at_locations")


def test_pages_have_all_and_nothing_twice(reader: Reader) -> None:
    pages = list(reader.pages("services", per_page=3))
    ids = [one["id"] for page in pages for one in page["contents"]]
    assert ids == sorted(set(ids))
    assert len(ids) == pages[0]["total_items"]
    assert [page["page_number"] for page in pages] == list(range(1, pages[0]["total_pages"] + 1))
    assert [page["first_page"] for page in pages].count(True) == 1
    assert [page["last_page"] for page in pages].count(True) == 1
    beyond = reader.ask("services", page=1000)
    assert (beyond["empty"], beyond["size"], beyond["contents"], beyond["last_page"]) == (True, 0, [], True)
    none = reader.ask("services", search="zzzzzzzzzzzz")
    assert (none["total_items"], none["total_pages"], none["first_page"], none["last_page"]) == (
        0,
        0,
        True,
        True,
    )


def test_everything_comes_as_lines_of_the_same_things(reader: Reader) -> None:
    answer = reader.client.get("/oruk/services?format=ndjson&full=true")
    assert answer.content_type == "application/x-ndjson"
    rows = [json.loads(line) for line in answer.text.splitlines()]
    assert rows == reader.all("services", full="true")


def test_only_so_many_read_everything_at_once(reader: Reader) -> None:
    held = [SLOTS.acquire(blocking=False) for _ in range(2)]
    assert all(held)
    try:
        refused = reader.client.get("/oruk/services?format=ndjson")
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "30")
        assert reader.client.head("/oruk/services?format=ndjson").status_code == 200
        assert reader.ask("services")["page_number"] == 1
    finally:
        for _ in held:
            SLOTS.release()
    for _ in range(5):
        with reader.client.get("/oruk/services?format=ndjson") as answer:
            assert answer.status_code == 200


def test_a_stream_reads_a_few_at_a_time_as_it_was_at_one_moment(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_pages, "AT_ONCE", 2)
    there = sorted(reader.ids("services"))
    each = feed_pages.each_of(feed_pages.SERVICES, Asked(), Told(now(), whole=True))
    with count_queries(database.engine) as counted:
        first = next(each)
        begun = len(counted)
        late = build.a_service()
        rest = [thing.id for thing, _ in each]
    assert [str(first[0].id), *map(str, rest)] == there
    assert str(late) not in there
    assert begun < 30
    assert len(counted) > begun * 3


def test_minimal_is_everything_in_one_answer(reader: Reader) -> None:
    page = reader.ask("services", minimal="true")
    assert page["size"] == page["total_items"] == len(reader.ids("services"))
    assert all(row.keys() == {"id", "name", "status", "last_modified"} for row in page["contents"])


@pytest.mark.parametrize("feed", ["oruk", "hsds"])
@pytest.mark.parametrize(
    ("name", "query", "most"),
    [
        ("services", "", 7), ("services", "&full=true", 28), ("organizations", "&full=true", 7),
        ("service_at_locations", "&full=true", 14), ("taxonomy_terms", "", 3), ("taxonomies", "", 4),
    ],
)  # fmt: skip
def test_a_page_costs_the_same_few_queries_however_much_is_on_it(
    reader: Reader, feed: str, name: str, query: str, most: int
) -> None:
    asked = []
    for size in (1, 50):
        with count_queries(database.engine) as counted:
            assert reader.client.get(f"/{feed}/{name}?per_page={size}{query}").status_code == 200
        asked.append(len(counted))
    assert asked[0] <= asked[1] <= most, asked


def test_whoever_has_it_already_is_told_so(reader: Reader) -> None:
    first = reader.client.get("/oruk/services?full=true")
    again = reader.client.get("/oruk/services?full=true", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Access-Control-Allow-Origin"] == "*"
    build.a_service()
    other = reader.client.get("/oruk/services?full=true", headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200
    assert other.headers["ETag"] != first.headers["ETag"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/oruk/", 200), ("GET", "/oruk/services", 200), ("GET", "/hsds/openapi.json", 200),
        ("GET", "/oruk/services?page=0", 400), ("GET", f"/oruk/services/{UUID(int=1)}", 404),
        ("GET", "/oruk/nothing", 404), ("POST", "/hsds/services", 405), ("OPTIONS", "/oruk/services", 200),
        ("GET", "/oruk/services/not-an-id", 404),
    ],
)  # fmt: skip
def test_every_answer_may_be_read_from_any_site(reader: Reader, method: str, path: str, status: int) -> None:
    answer = reader.client.open(path, method=method, headers={"Origin": "https://reader.example"})
    assert answer.status_code == status
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Set-Cookie" not in answer.headers
    if status >= 400:
        assert answer.content_type == "application/problem+json"


def test_other_answers_of_the_directory_may_not_be_read_from_other_sites(reader: Reader) -> None:
    assert "Access-Control-Allow-Origin" not in reader.client.get("/api/v1/services").headers


@pytest.mark.parametrize(
    ("name", "query", "field"),
    [
        ("services", "page=0", "page"), ("services", "page=two", "page"),
        ("services", "page=1&page=2", "page"),
        ("services", "page=99999999999999999999", "page"), ("services", "per_page=201", "per_page"),
        ("services", "per_page=%C2%B2", "per_page"), ("services", "format=xml", "format"),
        ("services", "full=yes", "full"), ("services", "taxonomy_id=1", "taxonomy_id"),
        ("services", "modified_after=yesterday", "modified_after"),
        ("services", "minimum_age=old", "minimum_age"),
        ("services", "minimum_age=nan", "minimum_age"), ("services", "day=someday", "day"),
        ("services", "start_time=9", "start_time"), ("services", "end_time=25:00", "end_time"),
        ("services", "postcode=nowhere", "postcode"),
        ("services", "postcode=SW1A1AA", "postcode"),
        ("services", "proximity=100", "proximity"),
        ("services", "postcode=YO243BZ&proximity=inf", "proximity"),
        ("services", "top_only=true", "top_only"), ("services", "taxonomy_termid=1", "taxonomy_termid"),
        ("taxonomies", "modified_after=2026-01-01", "modified_after"),
        ("organizations", "modified_after=2026-01-01", "modified_after"),
        ("services", "search=" + "a" * 201, "search"),
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_named_with_how_to_mend_it(
    reader: Reader, name: str, query: str, field: str
) -> None:
    answer = reader.client.get(f"/oruk/{name}?{query}")
    assert answer.status_code == 400
    (wrong,) = answer.get_json()["errors"]
    assert wrong["pointer"] == f"/{field}"
    assert wrong["detail"]


@pytest.mark.parametrize(
    "query",
    [
        "modified_after=2026-01-01", "modified_after=2026-01-01T00:00:00",
        "modified_after=2026-01-01T00:00:00Z",
        "modified_after=2026-01-01T00:00:00+01:00", "modified_after=2026-01-01T00:00:00.123%2B01:00",
        "search=a%00b", "search=", "page=&per_page=", "day=mo", "day=Monday", "start_time=09:00:00",
        "postcode=yo243bz", "postcode=YO24 3BZ&proximity=1500.5", "postcode=LS1 1AA&proximity=10",
    ],
)  # fmt: skip
def test_what_readers_send_is_taken(reader: Reader, query: str) -> None:
    assert reader.client.get(f"/oruk/services?{query}").status_code == 200


def test_services_are_found_by_what_is_said_of_them(reader: Reader) -> None:
    owner = build.a_body(f"Kettlewick Trust {uuid4().hex[:6]}")
    young = build.a_service(owner, name="Zymurgy club", needs=("food",), minimum_age=12, maximum_age=17)
    old = build.a_service(owner, name="Otherwise", needs=("housing",), minimum_age=50)
    with database.transaction() as session:
        terms = {t.code: t for t in session.scalars(select(TaxonomyTerm)).all()}
        taxonomy = session.scalars(select(Taxonomy).where(Taxonomy.code == NEEDS)).one()
    found = {
        "search=zymurgy": {young},
        "search=Kettlewick": {young, old},
        f"taxonomy_term_id={terms['food'].id}": {young},
        f"taxonomy_id={taxonomy.id}": {young, old},
        f"taxonomy_id={uuid4()}": set(),
        f"taxonomy_id={uuid4()}&taxonomy_term_id={terms['food'].id}": set(),
        "minimum_age=12": {young, old},
        "minimum_age=13": {old},
        "maximum_age=17": {young},
        "maximum_age=16.5": set(),
    }
    for query, ids in found.items():
        rows = reader.client.get(f"/oruk/services?organization_id={owner}&{query}").get_json()["contents"]
        assert {row["id"] for row in rows} == {str(one) for one in ids}, query
    assert reader.ids("services", organization_id=uuid4()) == set()


def test_services_are_found_by_when_they_are_open(reader: Reader) -> None:
    owner = build.a_body()
    evening = Opening(freq="WEEKLY", byday="TU", opens_at=time(18), closes_at=time(20, 30))
    one = build.a_service(owner, schedules=(evening,))
    for query, there in {
        "day=TU": True, "day=tuesday": True, "day=WE": False, "start_time=18:00": True,
        "start_time=18:01": False,
        "end_time=20:30": True, "end_time=20:29": False, "day=TU&start_time=17:00&end_time=21:00": True,
        "day=WE&start_time=17:00": False,
    }.items():  # fmt: skip
        rows = reader.client.get(f"/oruk/services?organization_id={owner}&{query}").get_json()["contents"]
        assert [row["id"] for row in rows] == ([str(one)] if there else []), query


def test_services_are_found_by_the_area_they_say(reader: Reader) -> None:
    owner = build.a_body()
    square = {
        "type": "Polygon",
        "coordinates": [[[-1.13, 53.95], [-1.12, 53.95], [-1.12, 53.96], [-1.13, 53.96], [-1.13, 53.95]]],
    }
    made = {
        "ward": build.a_service(owner, areas=(("ward", "E05099999"),)),
        "elsewhere": build.a_service(owner, areas=(("ward", "E05099998"),)),
        "practice": build.a_service(owner, areas=(("practice", "B82098"),)),
        "anywhere": build.a_service(owner, areas=(("ward", "E05099998"),), area_basis=["anywhere"]),
        "unsaid": build.a_service(owner, areas=(), base=build.GROUP, area_basis=[]),
        "drawn": build.a_service(owner, areas=(), polygons=(Polygon("Round the hall", square),)),
    }
    found = reader.ids("services", organization_id=owner, postcode="YO24 3BZ")
    assert found == {str(made[name]) for name in ("ward", "anywhere", "unsaid", "drawn")}
    found = reader.ids("services", organization_id=owner, postcode="YO24 1AA")
    assert found == {str(made[name]) for name in ("ward", "anywhere", "unsaid")}


def test_services_are_found_by_metres_from_a_postcode(reader: Reader) -> None:
    owner = build.a_body()
    one = build.a_service(owner)
    build.a_location(one)
    build.a_service(owner)
    near = {"organization_id": owner, "postcode": "YO24 1AA"}
    assert reader.ids("services", **near, proximity=1499) == set()
    assert reader.ids("services", **near, proximity=1501) == {str(one)}
    venues = reader.all("service_at_locations", **near, proximity="1501")
    assert [row["service_id"] for row in venues] == [str(one)]
    assert reader.ids("services", organization_id=owner, postcode="LS1 1AA", proximity=1000000) == set()


def test_organisations_are_those_with_something_published_and_those_above_them(reader: Reader) -> None:
    top, middle, owner, idle = (build.a_body(name) for name in ("Top", "Middle", "Owner", "Idle"))
    with database.transaction() as session:
        session.execute(update(Organization).where(Organization.id == middle).values(parent_id=top))
        session.execute(update(Organization).where(Organization.id == owner).values(parent_id=middle))
    one = build.a_service(owner)
    build.a_service(idle, status="inactive")
    ids = reader.ids("organizations")
    assert {str(top), str(middle), str(owner)} <= ids
    assert str(idle) not in ids
    reader.ask(f"organizations/{idle}", 404)
    assert "services" not in reader.ask(f"organizations/{owner}")
    (service,) = reader.ask(f"organizations/{owner}", full_service="true")["services"]
    assert service["id"] == str(one)
    assert service == reader.ask(f"services/{one}")


def test_organisations_with_their_services_come_few_to_a_page_and_each_with_its_first(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, other = build.a_body("Many"), build.a_body("One")
    many = sorted(str(build.a_service(owner)) for _ in range(4))
    one = build.a_service(other)
    monkeypatch.setattr(feed_reading, "MOST_SERVICES_OF_ONE", 3)
    monkeypatch.setattr(asking, "MOST_WITH_SERVICES", 2)
    pages = list(reader.pages("organizations", full_service="true", per_page=200))
    assert len(pages) > 1
    assert {page["size"] for page in pages[:-1]} == {2}
    told = {each["id"]: each for page in pages for each in page["contents"]}
    assert set(told) == reader.ids("organizations")
    assert [each["id"] for each in told[str(owner)]["services"]] == many[:3]
    assert [each["id"] for each in told[str(other)]["services"]] == [str(one)]
    of_one = reader.ask(f"organizations/{owner}", full_service="true")["services"]
    assert [each["id"] for each in of_one] == many[:3]
    assert reader.ids("services", organization_id=owner) == set(many)
    stream = reader.client.get("/oruk/organizations?full_service=true&format=ndjson").text.splitlines()
    assert {each["id"]: each for each in map(json.loads, stream)} == told


def test_terms_are_found_by_their_taxonomy_and_what_is_above_them(reader: Reader) -> None:
    with database.transaction() as session:
        session.add(Taxonomy(code="shapes", name="Shapes", description="", uri="http://shapes.example/"))
        session.flush()
        top = TaxonomyTerm(taxonomy="shapes", code="round", name="Round", plain="Round", position=0)
        session.add(top)
        session.flush()
        below = TaxonomyTerm(
            taxonomy="shapes", code="oval", name="Oval", plain="Oval", position=1, parent_id=top.id
        )
        session.add(below)
        session.flush()
        ids, taxonomy = (str(top.id), str(below.id)), taxonomy_id("shapes")
    assert reader.ids("taxonomy_terms", taxonomy_id=taxonomy) == set(ids)
    assert reader.ids("taxonomy_terms", taxonomy_id=taxonomy, top_only="true") == {ids[0]}
    assert reader.ids("taxonomy_terms", parent_id=ids[0]) == {ids[1]}
    assert reader.ids("taxonomy_terms", search="oval") == {ids[1]}
    whole = reader.ask(f"taxonomies/{taxonomy}")
    assert [term["id"] for term in whole["taxonomy_terms"]] == list(ids)
    assert (whole["description"], whole["uri"]) == ("Shapes", "http://shapes.example/")
    assert reader.ask(f"taxonomy_terms/{ids[1]}")["parent_id"] == ids[0]
    assert reader.ids("taxonomies", search="shapes") == {str(taxonomy)}


def test_a_taxonomy_of_before_gets_the_id_it_has_everywhere_and_keeps_its_terms(reader: Reader) -> None:
    with database.transaction() as session:
        session.execute(update(Taxonomy).where(Taxonomy.code == NEEDS).values(id=uuid4()))
    before = reader.ids("taxonomy_terms", taxonomy_id=taxonomy_id(NEEDS))
    migration = import_module("services.directory.store.migrations.versions.0014_ids_of_taxonomies")
    with database.engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        migration.upgrade()
    assert before == set()
    whole = reader.ask(f"taxonomies/{taxonomy_id(NEEDS)}")
    assert {term["taxonomy_id"] for term in whole["taxonomy_terms"]} == {whole["id"]}
    assert len(reader.ids("taxonomy_terms", taxonomy_id=taxonomy_id(NEEDS))) == len(whole["taxonomy_terms"])


def test_openapi_describes_every_list_and_every_parameter_it_takes(reader: Reader) -> None:
    described = reader.ask("openapi.json")
    assert described["openapi"] == "3.1.0"
    for name in ("services", "organizations", "service_at_locations", "taxonomies", "taxonomy_terms"):
        listed = described["paths"][f"/{name}"]["get"]["parameters"]
        assert {"search", "page", "per_page", "format"} <= {one["name"] for one in listed}
        assert f"/{name}/{{id}}" in described["paths"]


def test_what_is_asked_for_is_not_in_the_log(reader: Reader, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("directory")
    reader.client.get("/oruk/services?postcode=YO24%203BZ&search=secretword")
    said = capsys.readouterr()
    assert "/oruk/services" in said.err + said.out
    assert "secretword" not in said.err + said.out
    assert "3BZ" not in said.err + said.out
