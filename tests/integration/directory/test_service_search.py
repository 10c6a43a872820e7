"""The one search: by words and what people mean by them, by place, patch, times and more; and why."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from sqlalchemy import select, text

from services.directory.actions.change_capacity import change_capacity
from services.directory.actions.keep_bodies import keep_locations
from services.directory.actions.keep_services import keep_service
from services.directory.actions.seed_thesaurus import put_thesaurus
from services.directory.domain.capacity import Capacity
from services.directory.domain.documents import FoundAt, LocationDoc, Opening, Polygon, ServiceDoc, WayIn
from services.directory.domain.opening import hours_of, open_at
from services.directory.domain.search import Facets, Moment, Wanted
from services.directory.store import search_refresh
from services.directory.store.database import database
from services.directory.store.organizations import Organization
from services.directory.store.pcns import Pcn, PracticeInPcn
from services.directory.store.places import Area
from services.directory.store.postcodes import Postcode
from services.directory.store.queries.documents import service_documents
from services.directory.store.queries.open_now import OPEN_AT, open_given
from services.directory.store.queries.search import Found, search_services
from services.directory.store.search import SearchState, ServiceSearch
from services.directory.store.services import Service, Verification
from services.directory.store.taxonomy import TaxonomyTerm
from shared.auth import Caller, Kind, Membership, Role
from shared.errors import Invalid
from tests.builders import documents as draw
from tests.builders import listings as build
from tests.queries import count_queries

TUESDAY = date(2026, 11, 24)
MOMENT = Moment(TUESDAY, 10 * 60)
HOME = "YO24 3BZ"
# Three kilometres east of it, and thirty.
NEAR, FAR = (53.95418, -1.0815), (53.95418, -0.6700)
WARD, AUTHORITY, LSOA = "E05010330", "E06000014", "E01013445"


@pytest.fixture(scope="module", autouse=True)
def _place(app: Flask) -> None:
    build.words()
    with database.transaction() as session:
        put_thesaurus(session, build.NOON)
        session.add(
            Postcode(pcds=HOME, authority=AUTHORITY, ward=WARD, lsoa=LSOA, lat=53.95418, lon=-1.12726)
        )
        session.add(Area(code=WARD, kind="ward", name="Westfield"))


def search(q: str = "", **more: Any) -> Found:
    return search_services(Wanted(q=q, limit=200, **more), MOMENT)


def names(q: str = "", **more: Any) -> list[str]:
    return [hit.view.service.name for hit in search(q, **more).hits]


def change(service_id: UUID, **fields: Any) -> None:
    with database.transaction() as session:
        doc = service_documents(session, [service_id])[service_id]
        keep_service(session, service_id, ServiceDoc(**{**vars(doc), **fields}), at=build.NOON)


def a_venue(service_id: UUID, point: tuple[float, float] | None, name: str = "Hall", **more: Any) -> UUID:
    """Another venue of a service, not its main one where it has one."""
    venue = uuid4()
    with database.transaction() as session:
        doc = service_documents(session, [service_id])[service_id]
        latitude, longitude = point or (None, None)
        place = LocationDoc(doc.organization_id, name, latitude=latitude, longitude=longitude, **more)
        keep_locations(session, {venue: place}, at=build.NOON)
        found = (*doc.locations, FoundAt(venue, main=not doc.locations))
        keep_service(session, service_id, ServiceDoc(**{**vars(doc), "locations": found}), at=build.NOON)
    return venue


def group(name: str, **fields: Any) -> UUID:
    return build.a_service(name=name, base=build.GROUP, needs=fields.pop("needs", ("other",)), **fields)


def test_other_words_for_the_same_are_found_after_the_words_themselves() -> None:
    group("Oakum money worries desk")
    group("Oakum debt desk")
    assert names("oakum debt") == ["Oakum debt desk", "Oakum money worries desk"]
    assert names("oakum money worries") == ["Oakum money worries desk", "Oakum debt desk"]
    why = [reason.text for reason in search("oakum debt").hits[1].reasons]
    assert why == ["Says “oakum”", "Says “money worries”, which is near to “debt”"]


def test_words_of_one_way_lead_one_way() -> None:
    group("Pewter tai chi")
    group("Pewter falls prevention")
    assert names("pewter balance classes") == ["Pewter falls prevention", "Pewter tai chi"]
    assert names("pewter tai chi")[:1] == ["Pewter tai chi"]
    assert names("pewter tai chi", as_typed=True).count("Pewter falls prevention") <= 1


def test_plurals_accents_and_signs_do_not_matter() -> None:
    group("Sorrel cafés")
    assert names("sorrel CAFE") == names("sorrels café’s") == ["Sorrel cafés"]


def test_a_misspelt_word_is_mended_and_said_unless_it_is_meant() -> None:
    group("Marzipan evening")
    found = search("marzapin")
    assert found.understood.mended == "marzipan"
    assert [hit.view.service.name for hit in found.hits] == ["Marzipan evening"]
    assert names("marzapin", as_typed=True) == []
    assert search("marzipan").understood.mended is None


def test_the_beginning_of_a_word_is_enough_where_no_word_is_so() -> None:
    group("Quilting at dawn")
    found = search("quil")
    assert found.understood.mended is None
    assert [hit.view.service.name for hit in found.hits] == ["Quilting at dawn"]


def test_what_says_all_the_words_comes_before_what_says_some() -> None:
    group("Vellum tin whistle")
    group("Vellum trombone")
    found = search("vellum whistle")
    assert found.some_words
    assert [hit.view.service.name for hit in found.hits] == ["Vellum tin whistle", "Vellum trombone"]
    assert names("vellum ostrich trombone") == ["Vellum trombone"]


def test_words_people_put_round_what_they_look_for_are_not_looked_for() -> None:
    group("Nutmeg circle")
    assert names("where can I get some help near me with nutmeg please") == ["Nutmeg circle"]


def test_whom_it_is_not_for_is_no_word_it_is_found_by() -> None:
    build.a_service(name="Grown only", not_for="Marmalade makers", needs=("food",))
    assert names("marmalade") == []


def test_a_new_name_of_its_organisation_or_of_a_need_is_found_at_once() -> None:
    body = build.a_body("Gillyflower Trust")
    group("Saturday thing", organization_id=body)
    assert names("gillyflower") == ["Saturday thing"]
    with database.transaction() as session:
        session.get_one(Organization, body).name = "Hollyhock Trust"
    assert names("hollyhock") == ["Saturday thing"]
    assert names("gillyflower", as_typed=True) == []
    with database.transaction() as session:
        term = session.scalars(select(TaxonomyTerm).where(TaxonomyTerm.code == "transport")).one()
        term.name = "Wayfaring"
    group("Cart and donkey", needs=("transport",))
    assert "Cart and donkey" in names("wayfaring")


def test_filters_narrow_and_are_counted() -> None:
    body = build.a_body("Filter body", sector="housing")
    wanted = group(
        "Juniper one", organization_id=body, needs=("food",), languages=["pl"], free=True, minimum_age=18,
        maximum_age=30, routes_in=["self"],
    )  # fmt: skip
    a_venue(wanted, NEAR, accessibility=(WayIn(code="ramp"),))
    build.a_service(name="Juniper two", needs=("transport",))
    for narrow in (
        {"need": "food"},
        {"language": "pl"},
        {"free": True},
        {"route": "self"},
        {"sector": "housing"},
        {"access": "ramp"},
        {"kind": "group"},
    ):
        assert names("juniper", **narrow) == ["Juniper one"], narrow
    assert names("juniper", age=17) == ["Juniper two"]
    assert sorted(names("juniper", age=30)) == ["Juniper one", "Juniper two"]
    found = search_services(Wanted(q="juniper"), MOMENT, facets=True)
    assert found.facets is not None
    assert found.facets.counts["kind"] == {"group": 1, "scheme": 1}
    assert found.facets.of("lang")["pl"] == 1
    assert found.total == 2


def counts_of(**wanted: Any) -> Facets:
    facets = search_services(Wanted(q="marigold", **wanted), MOMENT, facets=True).facets
    assert facets is not None
    return facets


def test_each_value_of_a_facet_is_counted_as_if_it_were_chosen() -> None:
    evening = (Opening(freq="WEEKLY", byday="TU", opens_at=time(18), closes_at=time(20)),)
    food = group("Marigold food", needs=("food",), languages=["pl"], free=True, schedules=evening)
    both = group("Marigold both", needs=("food", "housing"), languages=["ur"])
    group("Marigold housing", needs=("housing",), languages=["pl"])
    assert counts_of().of("need") == {"food": 2, "housing": 2}
    assert counts_of(need="food").of("need") == {"food": 2, "housing": 2}
    assert counts_of(need="food").of("lang") == {"pl": 1, "ur": 1}
    two = counts_of(need="food", language="pl")
    assert (two.of("need"), two.of("lang")) == ({"food": 1, "housing": 1}, {"pl": 1, "ur": 1})
    for name, facet in (("need", "need"), ("language", "lang"), ("kind", "kind")):
        for value, count in counts_of(language="pl").of(facet).items():
            narrow: dict[str, Any] = {"language": "pl"} | {name: value}
            assert search_services(Wanted(q="marigold", **narrow), MOMENT).total == count, (name, value)
    assert counts_of(open_day=2).of("open") == {"tue": 1, "tue-evening": 1}
    assert counts_of(free=True).of("cost") == {"free": 1}
    found = search_services(Wanted(q="marigold", need="food"), MOMENT).hits
    assert {hit.view.service.id for hit in found} == {food, both}


def test_a_postcode_leaves_out_what_does_not_serve_it_and_says_how_far_the_rest_is() -> None:
    served = build.a_service(name="Cobalt here", areas=[("ward", WARD)])
    build.a_service(name="Cobalt there", areas=[("ward", "E05010320")])
    anywhere = group("Cobalt anywhere", areas=[])
    a_venue(anywhere, NEAR)
    build.a_service(
        name="Cobalt surgery", areas=[("practice", "B82999")], area_basis=["registered"], needs=("food",)
    )
    hits = {hit.view.service.name: hit for hit in search("cobalt", postcode=HOME).hits}
    assert set(hits) == {"Cobalt here", "Cobalt anywhere", "Cobalt surgery"}
    assert hits["Cobalt here"].metres is None
    assert 2900 < (hits["Cobalt anywhere"].metres or 0) < 3100
    assert "Serves Westfield" in [reason.text for reason in hits["Cobalt here"].reasons]
    assert any("ask whether" in reason.text for reason in hits["Cobalt surgery"].reasons)
    a_venue(served, (53.95418, -1.12726))
    assert names("cobalt", postcode=HOME, sort="nearest")[:2] == ["Cobalt here", "Cobalt anywhere"]


def test_an_area_finds_what_serves_it_by_its_authority_network_and_drawing_too() -> None:
    build.a_service(name="Umber council", areas=[("authority", AUTHORITY)])
    build.a_service(name="Umber elsewhere", areas=[("ward", "E05010320")])
    with database.transaction() as session:
        session.add(Pcn(code="U99991", name="Umber network"))
        session.flush()
        session.add(PracticeInPcn(practice_ods="B82777", pcn_code="U99991"))
    build.a_service(name="Umber network scheme", areas=[("pcn", "U99991")], area_basis=["registered"])
    drawn = build.a_service(name="Umber drawn", areas=[("ward", "E05010320")])
    ring = [[-1.13, 53.95], [-1.12, 53.95], [-1.12, 53.96], [-1.13, 53.96], [-1.13, 53.95]]
    area = Polygon("Round us", {"type": "Polygon", "coordinates": [ring]})
    change(drawn, areas=frozenset(), polygons=(area,))
    assert set(names("umber", area=WARD)) == {"Umber council", "Umber network scheme"}
    assert set(names("umber", area=LSOA)) == {"Umber council", "Umber network scheme"}
    assert names("umber", area="B82777") == ["Umber network scheme"]
    assert "Umber drawn" in names("umber", postcode=HOME)
    assert "Umber elsewhere" not in names("umber", postcode=HOME)


def test_a_radius_counts_the_nearest_venue_and_leaves_in_what_has_none() -> None:
    near = group("Saffron two halls", areas=[])
    a_venue(near, FAR)
    a_venue(near, NEAR)
    far = group("Saffron far", areas=[])
    a_venue(far, FAR)
    group("Saffron by telephone", areas=[])
    assert set(names("saffron", postcode=HOME, within=5000)) == {"Saffron two halls", "Saffron by telephone"}
    assert len(names("saffron", postcode=HOME, within=50_000)) == 3


def test_a_postcode_nobody_knows_is_named() -> None:
    with pytest.raises(Invalid, match="postcode"):
        search(postcode="AB1 0AA")


def test_private_and_discreet_places_are_in_no_word_distance_or_miss() -> None:
    for number, fields in enumerate(({"private": True}, {})):
        service = group(f"Indigo refuge {number}", areas=[], discreet=not fields)
        a_venue(service, NEAR, f"Larkspur {number}", city="Hidden Vale", **fields)
    assert names("larkspur", as_typed=True) == names("hidden vale", as_typed=True) == []
    found = search("indigo", postcode=HOME, within=50)
    assert [hit.metres for hit in found.hits] == [None, None]
    assert search("larkspar").understood.mended is None
    missed = search("indigo", postcode=HOME, open_now=True)
    assert [(miss.without, miss.nearest) for miss in missed.misses] == [("open_now", None)]
    with database.transaction() as session:
        row = session.execute(
            select(ServiceSearch.spots, ServiceSearch.labels).where(
                ServiceSearch.name.startswith("indigo refuge")
            )
        ).all()
        assert all(not spots for spots, _ in row)
        words = session.scalar(text("select count(*) from search_word where word = 'larkspur'"))
        points = session.scalar(
            text("select count(*) from search_point p join service s on s.id = service_id"
                 " where s.name like 'Indigo refuge%'")
        )  # fmt: skip
    assert (words, points) == (0, 0)


def test_a_venue_that_becomes_private_is_forgotten_at_once() -> None:
    service = group("Ochre club", areas=[])
    venue = a_venue(service, NEAR, "Foxglove barn")
    assert names("foxglove") == ["Ochre club"]
    with database.transaction() as session:
        organization_id = session.get_one(Service, service).organization_id
        doc = LocationDoc(organization_id, "Foxglove barn", latitude=NEAR[0], longitude=NEAR[1], private=True)
        keep_locations(session, {venue: doc}, at=build.NOON)
    assert names("foxglove", as_typed=True) == []
    assert [hit.metres for hit in search("ochre", postcode=HOME).hits] == [None]


def test_open_on_a_day_at_a_time_and_now() -> None:
    service = group("Teal evening")
    weekly = Opening(freq="WEEKLY", byday="TU", opens_at=time(18), closes_at=time(20))
    change(service, schedules=(weekly,))
    assert names("teal", open_day=1) == names("teal", open_day=1, open_part="evening") == ["Teal evening"]
    assert names("teal", open_day=1, open_minute=19 * 60) == ["Teal evening"]
    for wrong in (
        {"open_day": 2}, {"open_day": 1, "open_part": "morning"}, {"open_day": 1, "open_minute": 20 * 60},
        {"open_now": True},
    ):  # fmt: skip
        assert names("teal", **wrong) == [], wrong
    evening = search_services(Wanted(q="teal", open_now=True), Moment(TUESDAY, 19 * 60))
    assert [reason.text for reason in evening.hits[0].reasons] == ["Says “teal”", "Open now"]


OPEN_ON = " and ".join(("select true from service_search r where r.service_id = :id", OPEN_AT.format("at")))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(draw.openings(), draw.days)
def test_the_database_says_open_when_the_domain_does(schedule: Opening, day: date) -> None:
    service = group("Hours of any kind")
    change(service, schedules=(schedule,))
    hours = hours_of(schedule)
    minutes = {0, 719, 1439} | {m for one in hours for m in (one.opens, one.closes - 1, one.closes % 1440)}
    with database.transaction() as session:
        for on in (day + timedelta(days=n) for n in range(0, 36, 5)):
            for minute in minutes:
                asked = text(OPEN_ON)
                found = session.scalar(asked, {"id": service} | open_given("at", on, minute))
                assert (found is not None) == open_at(hours, on, minute), (on, minute, hours)


def lead(service: UUID) -> Caller:
    with database.transaction() as session:
        organization_id = session.get_one(Service, service).organization_id
    return Caller(
        sub=str(uuid4()), kind=Kind.PERSON,
        memberships=(Membership(org=organization_id, team=None, role=Role.ORG_ADMIN),),
    )  # fmt: skip


def test_a_change_of_capacity_is_seen_by_the_next_search() -> None:
    service = build.a_service(name="Cerise scheme", open_places=3)
    at = datetime.combine(TUESDAY, time(9), build.NOON.tzinfo)
    assert names("cerise", has_capacity=True) == ["Cerise scheme"]
    for capacity in (
        Capacity(limit=20, open_places=0),
        Capacity(limit=20, open_places=2, paused=True),
        Capacity(limit=20, open_places=2, paused_until=TUESDAY),
    ):
        change_capacity(service, capacity, by=lead(service), at=at)
        assert names("cerise", has_capacity=True) == []
        assert names("cerise") == ["Cerise scheme"]
    change_capacity(service, Capacity(limit=20, open_places=2), by=lead(service), at=at)
    assert names("cerise", has_capacity=True) == ["Cerise scheme"]


def test_checked_lately_comes_first_and_how_large_a_body_is_counts_nothing() -> None:
    small, large = build.a_body("Cerulean few"), build.a_body("Cerulean many")
    with database.transaction() as session:
        session.get_one(Organization, small).income_band = "none"
        session.get_one(Organization, large).income_band = ">=100k"
    group("Azure b", organization_id=large)
    group("Azure a", organization_id=small)
    old = group("Azure 0", checked=build.NOON - timedelta(days=900))
    assert names("azure") == ["Azure a", "Azure b", "Azure 0"]
    with database.transaction() as session:
        row = session.get_one(Verification, (old, "contact"))
        row.verified_at, row.valid_until = build.NOON, TUESDAY
    assert names("azure") == ["Azure 0", "Azure a", "Azure b"]


def test_nothing_found_says_which_filter_stands_in_the_way() -> None:
    far = group("Magenta far", areas=[], needs=("food",))
    a_venue(far, FAR)
    found = search("magenta", postcode=HOME, within=1000, need="food")
    assert found.total == 0
    (first, *_) = found.misses
    assert (first.without, first.count) == ("within", 1)
    assert 29_000 < (first.nearest or 0) < 31_000


@pytest.mark.parametrize("more", [{"q": "paged"}, {"q": "paged ruby"}, {"postcode": HOME, "q": "paged"}])
def test_pages_are_whole_and_without_doubles_whatever_was_asked(more: dict[str, Any]) -> None:
    if not names("paged"):
        for number in range(9):
            group(f"Paged {'ruby ' if number < 3 else ''}{number % 4}", areas=[])
    seen: list[UUID] = []
    cursor = None
    while True:
        page = search_services(Wanted(**more, limit=2, cursor=cursor), MOMENT)
        seen += [hit.view.service.id for hit in page.hits]
        assert page.total == 9
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 9


def test_the_search_costs_a_fixed_number_of_queries() -> None:
    group("Counted crimson", needs=("food",))

    def cost(wanted: Wanted, facets: bool = False) -> int:
        with count_queries(database.engine) as counted:
            search_services(wanted, MOMENT, facets=facets)
        return len(counted)

    whole = Wanted(q="crimson", postcode=HOME, within=9000, need="food", age=30, has_capacity=True)
    before = [cost(Wanted()), cost(whole), cost(whole, True), cost(Wanted(q="crimsin"))]
    for number in range(30):
        group(f"Counted crimson {number}", needs=("food",))
    assert [cost(Wanted()), cost(whole), cost(whole, True), cost(Wanted(q="crimsin"))] == before
    assert before[0] == 3
    assert max(before) <= 7


def test_rows_written_by_other_rules_are_written_anew_by_migrating() -> None:
    group("Rewritten puce")
    with database.transaction() as session:
        session.execute(text("delete from service_search"))
        session.merge(SearchState(single=True, version=0))
    assert names("puce", as_typed=True) == []
    with database.transaction() as session:
        assert search_refresh.bring_up(session)
        assert not search_refresh.bring_up(session)
    assert names("puce") == ["Rewritten puce"]


def test_hours_that_ended_and_words_that_occur_no_more_are_forgotten() -> None:
    service = group("Lilac zumbathon")
    weekly = Opening(
        freq="WEEKLY", byday="TU", opens_at=time(9), closes_at=time(11), valid_to=TUESDAY - timedelta(days=1)
    )
    change(service, schedules=(weekly,))
    change(service, name="Lilac hour")
    with database.transaction() as session:
        assert session.scalar(text("select count(*) from search_word where word = 'zumbathon'")) == 1
        assert search_refresh.forget_ended(session, TUESDAY) >= 1
    with database.transaction() as session:
        assert session.scalar(text("select count(*) from search_word where word = 'zumbathon'")) == 0
        assert session.scalar(text("select count(*) from search_word where word = 'lilac'")) == 1
