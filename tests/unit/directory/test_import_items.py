"""Items of feeds as records: whatever comes has a verdict and stops nobody; nothing that came is lost."""

from __future__ import annotations

import json
from datetime import time
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.directory.domain.documents import LocationDoc, OrganizationDoc, ServiceDoc
from services.directory.domain.importing.codec import from_json, said_from_json, storable, to_json
from services.directory.domain.importing.columns import check_mapping, guess, item_of
from services.directory.domain.importing.feed_items import Source, records_of
from services.directory.domain.importing.matching import match_keys, shared_words
from services.directory.domain.importing.plain_text import plain_text
from services.directory.domain.importing.records import Record, RecordKind, plain_name
from shared.errors import Invalid
from tests.builders.documents import services

SOURCE = Source("Example feed", "vcse")
DOCS = {
    RecordKind.SERVICE: ServiceDoc,
    RecordKind.ORGANIZATION: OrganizationDoc,
    RecordKind.LOCATION: LocationDoc,
}


def only(records: list[Record], kind: RecordKind) -> Record:
    found = [one for one in records if one.kind is kind]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("<p>Hi &amp; <b>bye</b></p><ul><li>one</li><li>two</li></ul>", "Hi & bye\n\n• one\n• two"),
        ("<p>Ask <a href='https://x.example/'>here</a></p>", "Ask here (https://x.example/)"),
        ("<a href='https://x.example'>https://x.example</a>", "https://x.example"),
        ("<script>steal()</script>Words", "Words"),
        ("<a href='javascript:steal()'>Words</a>", "Words"),
        ("under £5 & < 10 people", "under £5 & < 10 people"),
        ("a\u200bb\x07c\u00a0 d", "abc d"),
        ("one\r\n\r\n\r\n\r\ntwo", "one\n\ntwo"),
    ],
)
def test_html_becomes_paragraphs_and_lists(text: str, plain: str) -> None:
    assert plain_text(text) == plain


@given(st.text(max_size=200))
def test_no_tag_is_left_of_any_text(text: str) -> None:
    assert "<script" not in plain_text(f"<p>{text}</p><script>x</script>").replace(text, "")
    json.dumps(plain_text(text)).encode()


V1 = {
    "id": "abc-1",
    "name": " Advice &amp; tea ",
    "description": "<p>Come.</p>",
    "url": "www.tea.example",
    "email": "not an address",
    "status": "active",
    "fees": "",
    "minimum_age": "",
    "attending_access": "Drop-in",
    "pc_targetAudience": [{"audienceType": "Carers "}, {"audienceType": "Low Income>Unemployed "}],
    "organization": {"id": "o1", "name": "Tea body", "description": "", "url": ""},
    "service_at_locations": [
        {"location": {"id": "l1", "name": "Hall", "physical_addresses": [
            {"address_1": "1 Example Road", "city": "York", "postal_code": "yo17hh", "country": "England"}]},
         "regular_schedules": [{"weekday": "Tuesday", "opens_at": "10:00", "closes_at": "12:00:00Z"}]}
    ],
    "eligibilitys": [{"eligibility": "Adults", "minimum_age": 18, "maximum_age": 200}],
    "contacts": [{"phones": [{"number": "01632 960001"}]}],
}  # fmt: skip


def test_an_item_of_open_referral_1_is_read_whole() -> None:
    records = records_of(V1, "item 1", SOURCE)
    service = only(records, RecordKind.SERVICE)
    venue = only(records, RecordKind.LOCATION)
    assert service.name == "Advice & tea"
    assert service.said["url"] == "https://www.tea.example"
    assert "email" not in service.said
    assert service.said["_kind"] == "advice"
    assert service.said["minimum_age"] == 18
    assert "maximum_age" not in service.said
    assert service.said["who_for"] == "Adults, Carers, Low Income: Unemployed"
    assert service.said["application_process"] == "Drop-in"
    opening = service.said["schedules"][0]
    assert (opening.byday, opening.opens_at, opening.location_id) == ("TU", time(10), venue.record_id)
    assert venue.said["postal_code"] == "YO1 7HH"
    assert {one.field for one in service.notes} == {"url", "email", "eligibilitys[0].maximum_age"}
    assert service.raw == V1
    again = only(records_of(V1, "item 9", SOURCE), RecordKind.SERVICE)
    assert again.record_id == service.record_id
    assert (
        only(records_of(V1, "", Source("Another", "vcse")), RecordKind.SERVICE).record_id != service.record_id
    )


@pytest.mark.parametrize("item", [None, [], "x", 3, {}, {"name": ""}, {"name": None, "organization": "x"}])
def test_what_is_no_service_is_refused_with_a_reason(item: Any) -> None:
    service = only(records_of(item, "item 1", SOURCE), RecordKind.SERVICE)
    assert service.problems
    assert all(one.detail for one in service.problems)


names = st.sampled_from([
    "id", "name", "description", "organization", "service_at_locations", "location", "schedules", "byday",
    "opens_at",
    "freq", "interval", "cost_options", "amount", "contacts", "phones", "number", "languages",
    "service_areas", "extent",
    "uri", "attributes", "taxonomy_term", "minimum_age", "maximum_age", "latitude", "longitude", "linkwork",
    "url",
    "addresses", "postal_code", "working_days", "routes_in", "hours", "fees", "status", "as_written",
    "valid_from",
])  # fmt: skip
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(
    ["active", "10:00", "2026-11-22", "MO,TU", "WEEKLY", "1e999", "https://[", "E05001234", "\ud800", "\0"]
)  # fmt: skip
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=6),
    max_leaves=25,
)


@given(st.dictionaries(names, anything, max_size=8) | anything)
def test_any_json_is_read_without_an_error_and_can_be_stored(item: Any) -> None:
    records = records_of(item, "item 1", SOURCE)
    assert any(one.kind is RecordKind.SERVICE for one in records)
    for one in records:
        text = json.dumps([to_json(one.said), one.raw, one.name, one.external_id], allow_nan=False)
        assert "\\u0000" not in text
        text.encode("utf-8")
        if one.kind in DOCS:
            said = {name: value for name, value in one.said.items() if not name.startswith("_")}
            assert said_from_json(DOCS[one.kind], to_json(said)) == said


@given(services(UUID(int=1), [UUID(int=2), UUID(int=3)]))
def test_a_document_written_as_json_comes_back(doc: ServiceDoc) -> None:
    assert from_json(ServiceDoc, json.loads(json.dumps(to_json(doc)))) == doc


def test_what_is_nested_too_deeply_is_kept_in_words() -> None:
    deep: Any = []
    for _ in range(100):
        deep = [deep]
    assert "nested too deeply" in json.dumps(storable(deep))


def test_headings_are_guessed_and_each_field_once() -> None:
    found = guess(["Service Name", "Post Code", "Opening times", "E-mail", "Email address", "Shoe size"])
    assert found == {
        "Service Name": "name", "Post Code": "postcode", "Opening times": "hours", "E-mail": "email",
    }  # fmt: skip
    for wrong in ({"Nowhere": "name"}, {"Post Code": "postcode"}, {"Service Name": "shoe"}):
        with pytest.raises(Invalid):
            check_mapping(wrong, ["Service Name", "Post Code"])


def test_a_row_of_a_sheet_is_an_item() -> None:
    mapping = {
        "What": "name",
        "Where": "address",
        "When": "hours",
        "Who": "organization",
        "No": "charity_number",
    }
    cells = {
        "What": "Choir",
        "Where": "Hall, 1 Road, York YO1 7HH",
        "When": "Mon 7pm-9pm",
        "Who": "Sing",
        "No": "1234567",
    }
    records = records_of(item_of(cells, mapping), "row 2", SOURCE, cells)
    service = only(records, RecordKind.SERVICE)
    assert only(records, RecordKind.LOCATION).said["postal_code"] == "YO1 7HH"
    assert service.said["hours"] == "Mon 7pm-9pm"
    assert service.said["schedules"][0].byday == "MO"
    assert service.raw == cells
    assert {one.identifier for one in only(records, RecordKind.ORGANIZATION).said["identifiers"]} == {
        "1234567"
    }


def test_a_name_alone_makes_no_twin() -> None:
    assert plain_name("The Café & Co. Ltd") == plain_name("cafe co")
    mine = match_keys({"phone": "+44 1632 960001", "url": "http://www.tea.example/"}, ["YO1 7HH"])
    assert shared_words(mine, match_keys({"phone": "01632 960 001"})) == "telephone number"
    assert shared_words(mine, match_keys({"url": "https://tea.example"})) == "web address"
    assert shared_words(mine, match_keys({"email": "a@b.example"})) == ""
