"""What a feed finds by words is what the pages find by them."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from services.directory.actions.seed_thesaurus import put_thesaurus
from services.directory.domain.search import Moment, Wanted
from services.directory.store.database import database
from services.directory.store.queries.search import search_services
from tests.builders import listings as build
from tests.builders.feed_schemas import Reader
from tests.integration.directory.test_feeds import LATER, change
from tests.queries import count_queries


@pytest.fixture(scope="module")
def reader(app: Flask) -> Reader:
    build.words()
    with database.transaction() as session:
        put_thesaurus(session, build.NOON)
    return Reader(app)


@pytest.fixture(scope="module")
def owner(reader: Reader) -> UUID:
    owner = build.a_body("Kettlewick Trust")
    build.a_service(owner, name="Debt clinic", needs=("money_debt",))
    build.a_service(owner, name="Singing for all", needs=("arts_culture",), description="A choir.")
    build.a_service(owner, name="Walks", needs=("physical_activity",), not_for="Anglers")
    return owner


def on_page(owner: UUID, q: str) -> set[str]:
    hits = search_services(Wanted(q=q, limit=100), Moment(build.NOON.date(), 600)).hits
    return {str(hit.view.service.id) for hit in hits if hit.view.organization.id == owner}


@pytest.mark.parametrize(
    ("q", "count"),
    [
        ("debt", 1), ("debts", 1), ("dbet", 1), ("money worries", 1), ("choirs", 1),
        ("kettlewick", 3), ("singing, please!", 1), ("anglers", 0), ("&|!", 0), ("the", 3), ("", 3),
    ],
)  # fmt: skip
def test_a_feed_is_searched_as_the_pages_are(reader: Reader, owner: UUID, q: str, count: int) -> None:
    found = reader.ids("services", search=q, organization_id=owner)
    assert found == on_page(owner, q)
    assert len(found) == count


def test_a_feed_finds_what_says_all_the_words_and_never_what_only_says_some(
    reader: Reader, owner: UUID
) -> None:
    found = reader.ids("services", search="kettlewick singing", organization_id=owner)
    assert len(found) == 1
    assert found < on_page(owner, "kettlewick singing")


def test_no_word_of_a_private_or_discreet_place_finds_anything(reader: Reader) -> None:
    refuge = build.a_service(name="A refuge")
    build.a_location(refuge, name="Zanzibar house", private=True)
    walk = build.a_service(name="A walk", discreet=True)
    build.a_location(walk, name="Quixote hall")
    open_to_all = build.a_service(name="A club")
    build.a_location(open_to_all, name="Xylophone rooms")
    for name in ("services", "service_at_locations"):
        assert reader.ids(name, search="zanzibar") == reader.ids(name, search="quixote") == set()
    assert reader.ids("services", search="xylophone") == {str(open_to_all)}
    (venue,) = reader.all("service_at_locations", search="xylophone")
    assert venue["service_id"] == str(open_to_all)


def test_what_is_closed_for_a_time_is_found_in_a_feed_and_not_on_a_page(reader: Reader) -> None:
    owner = build.a_body()
    one = build.a_service(owner, name="Bagatelle evenings")
    change(one, status="temporarily closed")
    assert reader.ids("services", search="bagatelle") == {str(one)}
    assert on_page(owner, "bagatelle") == set()
    page = search_services(Wanted(q="bagatelle"), Moment(build.NOON.date(), 600), facets=True)
    assert (page.total, page.facets.counts if page.facets else None, page.misses) == (0, {}, ())
    change(one, status="active")
    assert on_page(owner, "bagatelle") == {str(one)}


def test_whoever_follows_a_search_hears_that_something_is_no_longer_published(reader: Reader) -> None:
    one, other = build.a_service(name="Tombola"), build.a_service(name="Skittles")
    query: dict[str, Any] = {"search": "tombola", "modified_after": LATER.isoformat()}
    assert not {str(one), str(other)} & reader.ids("services", **query)
    change(one, status="inactive")
    change(other)
    found = reader.ids("services", **query)
    assert str(one) in found
    assert str(other) not in found


def test_searching_costs_a_page_of_a_feed_one_query_more_and_three_where_a_word_is_misspelt(
    reader: Reader, owner: UUID
) -> None:
    def cost(query: str) -> int:
        with count_queries(database.engine) as counted:
            path = f"/oruk/services?organization_id={owner}&{query}"
            assert reader.client.get(path).get_json()["contents"]
        return len(counted)

    plain = cost("per_page=1")
    assert cost("search=kettlewick&per_page=1") == cost("search=kettlewick&per_page=50") == plain + 1
    assert cost("search=kettelwick") == plain + 3
    assert reader.ids("services", search="kettlewick", organization_id=uuid4()) == set()
