"""A listing written in the standards: whatever a document says, its JSON is what the schemas take."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.directory.domain import hsds_out, oruk_out
from services.directory.domain.capacity import Capacity
from services.directory.domain.documents import (
    ContactPerson,
    Cost,
    FoundAt,
    Identifier,
    LocationDoc,
    Opening,
    OrganizationDoc,
    PatchArea,
    ServiceDoc,
    Telephone,
    Term,
    WayIn,
)
from services.directory.domain.feed import Facts, ServiceEntry, TermFacts, for_everybody
from services.directory.domain.fit import email_address, instant, web_address
from services.directory.domain.part_ids import OWN, part_id, venue_id
from services.directory.domain.taxonomies import ACCESSIBILITY, CIRCUMSTANCES, NEEDS
from tests.builders import documents as draw
from tests.builders.feed_schemas import faults_of, official

OWNER, SERVICE, HALL, HOUSE = uuid4(), uuid4(), uuid4(), uuid4()
AT = datetime(2026, 11, 22, 9, 30, 15, 123987, tzinfo=UTC)
TODAY = date(2026, 11, 22)
PLAIN = ServiceDoc(organization_id=OWNER, name="Tea and talk", kind="group", status="active")
BODY = OrganizationDoc(name="The Tea Charity", sector="vcse")
MADE = settings(deadline=None, max_examples=80)


def term(taxonomy: str, code: str) -> TermFacts:
    return TermFacts(uuid4(), uuid4(), taxonomy, taxonomy.title(), code, code.title(), "")


def facts(**more: Any) -> Facts:
    words = {Term(NEEDS, code): term(NEEDS, code) for code in ("food", "loneliness", "housing")}
    return Facts(on=TODAY, **{"organizations": {OWNER: BODY}, "terms": words} | more)


def told(doc: ServiceDoc, **more: Any) -> dict[str, Any]:
    return oruk_out.service(ServiceEntry(SERVICE, doc, AT), facts(**more))


def wider(doc: ServiceDoc, capacity: Capacity | None = None, **more: Any) -> dict[str, Any]:
    entry = ServiceEntry(SERVICE, doc, AT, capacity=capacity or Capacity(), capacity_said_at=AT)
    return hsds_out.service(entry, facts(**more))


addresses = st.none() | st.text(max_size=40) | st.sampled_from(
    ["https://a.example/x y", "HTTP://A.example", "www.a.example", "http://", "http://é.example/", "//x",
     "https://a.example/%zz", "https://a.example/?q={a}#b#c", "javascript:alert(1)", "mailto:a@b.example"]
)  # fmt: skip
emails = (
    st.none()
    | st.emails()
    | st.text(max_size=30)
    | st.sampled_from(["a@b", "a..b@c.example", "a@-b.example"])
)


@MADE
@given(
    draw.services(OWNER, [HALL, HOUSE]), draw.organizations, draw.venues(OWNER), draw.venues(OWNER),
    addresses, emails,
)  # fmt: skip
def test_whatever_is_said_it_is_what_the_schemas_take(
    doc: ServiceDoc,
    body: OrganizationDoc,
    hall: LocationDoc,
    house: LocationDoc,
    url: str | None,
    email: str | None,
) -> None:
    doc = replace(
        doc,
        url=url,
        email=email,
        schedules=tuple(replace(one, schedule_link=url) for one in doc.schedules),
        contacts=tuple(replace(one, email=email) for one in doc.contacts),
    )
    known = facts(
        organizations={OWNER: replace(body, website=url, email=email, logo=url, uri=url)},
        locations={HALL: hall, HOUSE: house},
        districts={"YO24 3BZ": "York"},
    )
    entry = ServiceEntry(SERVICE, doc, AT, assured_on=TODAY, capacity=Capacity(limit=9, open_places=2))
    for row in (oruk_out.service(entry, known), oruk_out.service_listed(entry, known)):
        assert not faults_of("oruk", "services", row)
    for row in (
        hsds_out.service(entry, known),
        hsds_out.service_listed(entry, known),
        hsds_out.service(entry, known, whole=True),
    ):
        assert not faults_of("hsds", "services", row)


@MADE
@given(addresses)
def test_an_address_on_the_web_is_told_only_as_every_reader_takes_it(text: str | None) -> None:
    found = web_address(text)
    assert found is None or official("service").is_valid(
        {"id": str(SERVICE), "name": "x", "status": "active", "url": found}
    )
    assert found is None or web_address(found) == found


@MADE
@given(emails)
def test_an_email_address_is_told_only_as_every_reader_takes_it(text: str | None) -> None:
    found = email_address(text)
    assert found is None or official("service").is_valid(
        {"id": str(SERVICE), "name": "x", "status": "active", "email": found}
    )


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("https://charity.example/", "https://charity.example/"),
        (" https://charity.example/café menu ", "https://charity.example/caf%C3%A9%20menu"),
        ("https://charity.example/?a=1&b=2#top", "https://charity.example/?a=1&b=2#top"),
        ("www.charity.example", None),
        ("javascript:alert(1)", None),
        ("", None),
        (None, None),
    ],
)
def test_an_address_on_the_web_is_quoted_or_left_out(written: str | None, expected: str | None) -> None:
    assert web_address(written) == expected


def test_nothing_empty_is_told() -> None:
    row = told(replace(PLAIN, description=" ", alert="", accreditations=None))
    assert row.keys() == {"id", "organization_id", "name", "status", "last_modified", "organization"}
    assert row["organization"] == {"id": str(OWNER), "name": BODY.name, "description": BODY.name}


def test_the_text_is_told_as_it_is_kept() -> None:
    words = "<p>Tea & talk</p>\n\n  every “Tuesday”  "
    assert told(replace(PLAIN, description=words))["description"] == words


def test_an_instant_is_cut_to_the_millisecond_and_never_later_than_it_was() -> None:
    assert told(PLAIN)["last_modified"] == "2026-11-22T09:30:15.123Z"
    assert datetime.fromisoformat(instant(AT)) <= AT
    assert instant(AT.astimezone(timezone(timedelta(hours=5)))) == instant(AT)


def test_parts_have_the_same_ids_each_time() -> None:
    doc = replace(
        PLAIN,
        contact_name="Maureen",
        contacts=(ContactPerson(name="Asif", phones=(Telephone("01632 960001"),)),),
        phones=(Telephone("01632 960002"),),
        phone="01632 960003",
        costs=(Cost(option="Adults", amount=Decimal("2.50")),),
        schedules=(Opening(freq="WEEKLY", byday="TU"), Opening(freq="WEEKLY", byday="TH")),
        locations=(FoundAt(HALL, main=True),),
    )
    row = wider(doc, locations={HALL: LocationDoc(OWNER, "A hall")})
    assert [one["id"] for one in row["schedules"]] == [str(part_id(SERVICE, "schedule", n)) for n in (0, 1)]
    assert [one["id"] for one in row["contacts"]] == [
        str(part_id(SERVICE, "contact", OWN)), str(part_id(SERVICE, "contact", 0))
    ]  # fmt: skip
    assert [one["id"] for one in row["phones"]] == [
        str(part_id(SERVICE, "phone", OWN)), str(part_id(SERVICE, "phone", 0))
    ]  # fmt: skip
    assert row["contacts"][1]["phones"][0]["id"] == str(part_id(SERVICE, "phone", 1))
    assert row["cost_options"][0]["id"] == str(part_id(SERVICE, "cost", 0))
    assert row["service_at_locations"][0]["id"] == str(venue_id(SERVICE, HALL))
    kept = uuid4()
    stored = wider(doc, locations={HALL: LocationDoc(OWNER, "A hall")}, venues={(SERVICE, HALL): kept})
    assert stored["service_at_locations"][0]["id"] == str(kept)


def test_areas_are_named_with_where_their_publisher_describes_them() -> None:
    doc = replace(
        PLAIN,
        areas=frozenset([PatchArea("ward", "E05013589"), PatchArea("practice", "B82098")]),
        area_words="Anywhere the number 4 bus goes",
    )
    practice, ward, words = told(doc, area_names={"E05013589": "Micklegate"})["service_areas"]
    assert (ward["name"], ward["uri"][-9:]) == ("Micklegate", "E05013589")
    assert (practice["name"], practice["uri"].rsplit("/", 1)[1]) == ("B82098", "B82098")
    assert (words["service_area"], words["extent_type"]) == ("Anywhere the number 4 bus goes", "text")


def test_a_cost_in_another_currency_is_never_taken_for_pounds() -> None:
    doc = replace(PLAIN, costs=(Cost(amount=Decimal("12.00"), currency="EUR", amount_description="a day"),))
    (cost,) = told(doc)["cost_options"]
    assert "amount" not in cost
    assert cost["amount_description"] == "12.00 EUR; a day"
    (cost,) = wider(doc)["cost_options"]
    assert (cost["amount"], cost["currency"], cost["amount_description"]) == (12.0, "EUR", "a day")


@pytest.mark.parametrize(
    ("free", "words", "expected"),
    [
        (True, None, "Free"),
        (True, "Free for members", "Free for members"),
        (False, None, None),
        (None, None, None),
    ],
)
def test_what_is_free_is_said_to_be(free: bool | None, words: str | None, expected: str | None) -> None:
    assert told(replace(PLAIN, free=free, fees_description=words)).get("fees") == expected


def test_an_address_is_filled_from_its_postcode_or_not_told() -> None:
    hall = LocationDoc(OWNER, "Tea hall", postal_code="YO24 3BZ")
    doc = replace(PLAIN, locations=(FoundAt(HALL, main=True),))

    def address(one: LocationDoc, **more: Any) -> Any:
        place = told(doc, locations={HALL: one}, **more)["service_at_locations"][0]["location"]
        return place.get("addresses")

    (found,) = address(hall, districts={"YO24 3BZ": "York"})
    assert (found["address_1"], found["city"], found["state_province"]) == ("Tea hall", "York", "York")
    assert address(hall) is None
    (found,) = address(replace(hall, address_1="1 Tea Street", city="Acomb"))
    assert (found["address_1"], found["city"], found["state_province"]) == ("1 Tea Street", "Acomb", "Acomb")


def test_words_said_of_a_service_name_their_taxonomy_and_what_is_asked_is_eligibility() -> None:
    carer = term(CIRCUMSTANCES, "carer")
    doc = replace(
        PLAIN,
        terms=frozenset([Term(NEEDS, "food"), Term("other", "unknown")]),
        circumstances=("carer", "tenant"),
    )
    known = {Term(NEEDS, "food"): term(NEEDS, "food"), Term(CIRCUMSTANCES, "carer"): carer}
    found = {one["taxonomy_term"]["term"]: one for one in told(doc, terms=known)["attributes"]}
    assert found.keys() == {"carer", "food"}
    assert found["carer"]["link_type"] == "eligibility"
    assert found["food"]["link_type"] == NEEDS
    assert found["food"]["link_id"] == str(SERVICE)


def test_a_way_in_is_named_by_its_term() -> None:
    ramp = term(ACCESSIBILITY, "ramp")
    hall = LocationDoc(OWNER, "Hall", accessibility=(WayIn(code="ramp", details="At the back"),))
    doc = replace(PLAIN, locations=(FoundAt(HALL, main=True),))
    row = told(doc, locations={HALL: hall}, terms={Term(ACCESSIBILITY, "ramp"): ramp})
    (way,) = row["service_at_locations"][0]["location"]["accessibility"]
    assert (way["accessibility"], way["details"]) == ("Ramp", "At the back")
    assert way["attributes"][0]["taxonomy_term_id"] == str(ramp.id)


@pytest.mark.parametrize(
    ("capacity", "expected"),
    [
        (Capacity(limit=20, open_places=5), (5, 20, "5 open places")),
        (Capacity(limit=20, open_places=5, paused=True), (0, 20, "Paused for now")),
        (Capacity(open_places=5, paused_until=TODAY), (0, None, "Paused until 22 November 2026")),
        (Capacity(open_places=5, paused_until=TODAY - timedelta(days=1)), (5, None, "5 open places")),
        (Capacity(limit=20), None),
        (Capacity(ask_first=True), None),
    ],
)  # fmt: skip
def test_what_a_service_can_take_is_told_where_it_is_said(capacity: Capacity, expected: Any) -> None:
    row = wider(PLAIN, capacity)
    found = row.get("capacities")
    if expected is None:
        assert found is None
        return
    (one,) = found
    assert one["unit"]["name"] == "place"
    assert one["updated"] == instant(AT)
    assert (one["available"], one.get("maximum"), one["description"]) == expected


def test_the_wider_feed_has_telephones_languages_and_our_additions() -> None:
    doc = replace(
        PLAIN,
        who_for="Anyone",
        not_for="Nobody",
        differs="We walk there with you.",
        languages=("en", "pl"),
        phones=(
            Telephone("01632 960100", extension="12", kind="voice", languages=("pl",)),
            Telephone("1", "007"),
        ),
    )
    row = wider(doc)
    assert row["eligibility_description"] == "Anyone"
    assert [one["code"] for one in row["languages"]] == ["en", "pl"]
    assert row["phones"][0]["extension"] == 12
    assert row["phones"][1]["number"] == "1 ext. 007"
    assert (row["linkwork"]["not_for"], row["linkwork"]["differs"]) == ("Nobody", "We walk there with you.")
    assert "languages" not in told(doc)
    assert "phones" not in told(doc)


def test_where_a_refuge_is_and_where_a_discreet_service_is_are_told_to_nobody() -> None:
    doc = replace(
        PLAIN,
        locations=(FoundAt(HOUSE, main=True), FoundAt(HALL, main=False)),
        schedules=(Opening(byday="TU", location_id=HOUSE), Opening(byday="WE", location_id=HALL)),
    )
    public = for_everybody(doc, {HALL})
    assert [one.location_id for one in public.locations] == [HALL]
    assert [one.location_id for one in public.schedules] == [None, HALL]
    discreet = for_everybody(replace(doc, discreet=True), {HALL, HOUSE})
    assert not discreet.locations
    assert [one.location_id for one in discreet.schedules] == [None, None]


def test_what_only_an_operators_own_files_call_an_organisation_is_not_told() -> None:
    body = replace(
        BODY, identifiers=frozenset([Identifier("LINKWORK", "tea"), Identifier("GB-CHC", "1234567")])
    )
    row = told(PLAIN, organizations={OWNER: body})
    (one,) = row["organization"]["organization_identifiers"]
    assert (one["identifier_scheme"], one["identifier_type"]) == ("GB-CHC", "Charity number")


def test_every_id_is_a_uuid_of_its_own() -> None:
    doc = replace(PLAIN, funders=("A", "B"), contact_name="M", contacts=(ContactPerson(name="N"),))
    row = told(doc)
    ids = [one["id"] for part in ("funding", "contacts") for one in row[part]]
    assert len({UUID(one) for one in ids}) == 4
