"""Whatever a document says, its own copy is read back as the same document by the importer."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.directory.domain import hsds_out
from services.directory.domain.capacity import Capacity
from services.directory.domain.documents import (
    Cost,
    Identifier,
    LocationDoc,
    OrganizationDoc,
    ServiceDoc,
    Telephone,
    Term,
    WayIn,
)
from services.directory.domain.feed import Facts, ServiceEntry, TermFacts
from services.directory.domain.importing.feed_items import Source, records_of
from services.directory.domain.importing.own_copy import CAPACITY, capacity_said
from services.directory.domain.importing.records import Record, RecordKind
from services.directory.domain.taxonomies import NEEDS
from tests.builders import documents as draw

OWNER, SERVICE, HALL, HOUSE = uuid4(), uuid4(), uuid4(), uuid4()
AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SOURCE = Source("Own copy", "vcse")
WORDS = {
    Term(NEEDS, code): TermFacts(uuid4(), uuid4(), NEEDS, "Needs", code, code.title(), "")
    for code in ("food", "loneliness", "housing")
}
ODD = Telephone("01632 960100", "007 or ask", "voice")
odd_words = st.none() | st.sampled_from(["Desk <b>2</b>", " a@b ", "https://x.example/é ü", "a &amp; b"])


def legal(doc: ServiceDoc, link: str | None) -> ServiceDoc:
    """As somebody may keep it; with a link, an address and a telephone that no standard has a form for."""
    found_at = {one.location_id for one in doc.locations}
    return replace(
        doc,
        email=link,
        team_ids=frozenset([OWNER]),
        place_id=HALL,
        schedules=tuple(
            replace(one, schedule_link=link) for one in doc.schedules if one.location_id in {None, *found_at}
        ),
        costs=(*doc.costs, Cost(option="In Paris", currency="EUR")),
        phones=(ODD, *(replace(one, number="01632 960100") for one in doc.phones)),
        contacts=tuple(replace(one, email=link, phones=(ODD,)) for one in doc.contacts),
    )


def records(doc: ServiceDoc, capacity: Capacity | None = None, **more: Any) -> dict[RecordKind, Record]:
    body = OrganizationDoc(name="The Tea Charity", sector="vcse")
    facts = Facts(on=date(2026, 11, 22), **{"organizations": {OWNER: body}, "terms": WORDS} | more)
    entry = ServiceEntry(SERVICE, doc, AT, capacity=capacity or Capacity(), capacity_said_at=AT)
    copy = json.loads(json.dumps(hsds_out.service(entry, facts, whole=True)))
    return {record.kind: record for record in reversed(records_of(copy, "item 1", SOURCE))}


def said(record: Record, kind: type[Any]) -> Any:
    return kind(**{one.name: record.said[one.name] for one in fields(kind)})


@settings(deadline=None, max_examples=150)
@given(draw.services(OWNER, [HALL, HOUSE]), odd_words)
def test_a_service_loses_nothing(doc: ServiceDoc, link: str | None) -> None:
    doc = legal(doc, link)
    halls = {one: LocationDoc(OWNER, "A hall", private=one == HOUSE) for one in (HALL, HOUSE)}
    found = records(doc, locations=halls)[RecordKind.SERVICE]
    assert not found.problems
    assert replace(said(found, ServiceDoc), locations=()) == replace(doc, locations=())
    assert set(found.said["locations"]) == set(doc.locations)


@settings(deadline=None, max_examples=100)
@given(draw.organizations, odd_words, st.sampled_from(["active", "closed"]))
def test_an_organisation_loses_nothing(body: OrganizationDoc, words: str | None, status: str) -> None:
    body = replace(
        body, email=words, address=words, postal_code="YO1 7HH", status=status, host_id=HALL,
        parent_id=HOUSE, place_id=HALL, closed_on=date(2026, 1, 2) if status == "closed" else None,
        identifiers=frozenset([Identifier("GB-CHC", "1234567"), Identifier("LINKWORK", "tea")]),
    )  # fmt: skip
    plain = ServiceDoc(OWNER, "Tea", "group")
    found = records(plain, organizations={OWNER: body})[RecordKind.ORGANIZATION]
    assert said(found, OrganizationDoc) == body


@settings(deadline=None, max_examples=100)
@given(draw.venues(OWNER), odd_words)
def test_a_venue_loses_nothing(hall: LocationDoc, words: str | None) -> None:
    ways = (*hall.accessibility, WayIn(description="A ramp", url=words))
    hall = replace(hall, city=words, accessibility=ways)
    plain = ServiceDoc(OWNER, "Tea", "group", locations=(draw.FoundAt(HALL, main=True),))
    found = records(plain, locations={HALL: hall})[RecordKind.LOCATION]
    assert said(found, LocationDoc) == hall


def test_what_it_can_take_comes_with_it() -> None:
    for capacity in (
        Capacity(limit=20, open_places=3, declared_wait_days=9, ask_first=True),
        Capacity(open_places=2, paused=True),
        Capacity(paused_until=date(2026, 12, 3)),
    ):
        found = records(ServiceDoc(OWNER, "Tea", "group"), capacity)[RecordKind.SERVICE]
        assert capacity_said(found.said[CAPACITY]) == capacity


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("name", ["a"]), ("url", "javascript:alert(1)"), ("minimum_age", 999), ("schedules", "never"),
     ("linkwork", {"kind": "group", "whole": True, "as_written": {"costs": [{"amount": "x"}]}}),
     ("linkwork", {"kind": "group", "whole": True, "as_written": {"polygons": [{"name": 1, "extent": 2}]}}),
     ("linkwork", {"kind": "group", "whole": True, "as_written": {"discreet": "yes"}})],
)  # fmt: skip
def test_a_copy_that_somebody_broke_is_read_as_anybodys_feed(field: str, wrong: Any) -> None:
    item = {"id": str(SERVICE), "organization_id": str(OWNER), "name": "Tea", "status": "active",
            "linkwork": {"kind": "group", "whole": True}, field: wrong}  # fmt: skip
    (service,) = (one for one in records_of(item, "item 1", SOURCE) if one.kind is RecordKind.SERVICE)
    assert CAPACITY not in service.said
    assert service.record_id == UUID(item["id"])
