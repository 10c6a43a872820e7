"""Whatever a service says that a sheet has a column for, the sheet is read back as the same."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.directory.domain.capacity import Capacity
from services.directory.domain.csv_out import COLUMNS, apart, as_said, joined, row
from services.directory.domain.documents import FoundAt, LocationDoc, OrganizationDoc, ServiceDoc, Term
from services.directory.domain.feed import Facts, ServiceEntry
from services.directory.domain.importing.feed_items import Source, records_of
from services.directory.domain.importing.own_copy import CAPACITY
from services.directory.domain.importing.own_sheet import OwnRow, is_own
from services.directory.domain.importing.records import Record, RecordKind
from services.directory.domain.taxonomies import NEEDS
from tests.builders import documents as draw

OWNER, SERVICE, HALL = uuid4(), uuid4(), uuid4()
AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
# What the sheet says of a service: the rest of a document stands in no column of it.
SAID = (
    "name", "alternate_name", "kind", "status", "description", "alert", "url", "phone", "contact_name",
    "connector_role", "support_type", "who_for", "not_for", "differs", "routes_in", "ending", "discreet",
    "open_to_others", "invitation", "application_process", "accreditations", "free", "fees_description",
    "hours", "interpretation_services", "languages", "working_days", "funders", "funded_until", "minimum_age",
    "maximum_age", "area_basis", "area_words", "circumstances", "sender_sectors", "areas",
)  # fmt: skip
nasty = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=12)
values = st.lists(nasty.filter(bool), max_size=4).map(tuple)


def written(cells: list[str]) -> dict[str, str]:
    """The cells as a sheet is written and read."""
    sheet = io.StringIO(newline="")
    csv.writer(sheet).writerow(cells)
    sheet.seek(0)
    (read,) = csv.reader(sheet)
    return {name: cell for name, cell in zip(COLUMNS, read, strict=True) if cell}


def records(cells: dict[str, str]) -> dict[RecordKind, Record]:
    found = records_of(OwnRow(cells), "row 2", Source("Own sheet", "vcse"))
    return {one.kind: one for one in reversed(found)}


def row_of(doc: ServiceDoc, hall: LocationDoc | None = None, capacity: Capacity | None = None) -> list[str]:
    facts = Facts(
        on=AT.date(),
        organizations={OWNER: OrganizationDoc(name="=The Tea Charity; Ltd", sector="vcse")},
        locations={HALL: hall} if hall else {},
    )
    return row(ServiceEntry(SERVICE, doc, AT, capacity=capacity or Capacity(), capacity_said_at=AT), facts)


@settings(max_examples=500)
@example((" a", "; ", "\\"))
@given(values)
def test_values_in_one_cell_are_taken_apart_as_they_were(many: tuple[str, ...]) -> None:
    assert apart(joined(many)) == many


def test_values_typed_by_hand_need_no_blank_between() -> None:
    assert apart("food;housing; ;loneliness;") == ("food", "housing", "loneliness")


@settings(deadline=None, max_examples=200)
@given(draw.services(OWNER, [HALL]), st.sampled_from(["", "'", "=1+1", "+44 1632 960100", "a;b\\"]), values)
def test_a_sheet_says_what_the_service_said(doc: ServiceDoc, odd: str, funders: tuple[str, ...]) -> None:
    doc = replace(
        doc,
        who_for=odd + "Anybody" if odd else doc.who_for,
        description=odd,
        funders=funders,
        terms=frozenset(one for one in doc.terms if one.taxonomy == NEEDS),
    )
    cells = row_of(doc)
    found = records(written(cells))[RecordKind.SERVICE]
    assert not found.problems
    came = {name: found.said.get(name, getattr(ServiceDoc, name, ())) for name in SAID}
    assert came == {name: getattr(doc, name) for name in SAID}
    assert found.said.get("terms", frozenset()) == doc.terms
    assert (found.record_id, found.said["organization_id"]) == (SERVICE, OWNER)
    assert records(written(cells))[RecordKind.ORGANIZATION].name == "=The Tea Charity; Ltd"


@settings(deadline=None, max_examples=100)
@given(draw.venues(OWNER))
def test_a_sheet_says_where_it_is_found(hall: LocationDoc) -> None:
    doc = ServiceDoc(OWNER, "Choir", "group", locations=())
    facts = Facts(on=AT.date(), organizations={}, locations={HALL: hall})
    entry = ServiceEntry(SERVICE, replace(doc, locations=(FoundAt(HALL, main=True),)), AT)
    found = records(written(row(entry, facts)))[RecordKind.LOCATION]
    assert not found.problems
    names = ("name", "address_1", "city", "postal_code", "latitude", "longitude", "private")
    assert {name: found.said.get(name) for name in names} == {name: getattr(hall, name) for name in names}
    assert found.record_id == HALL


def test_what_it_can_take_counts_for_one_that_comes_new() -> None:
    capacity = Capacity(limit=20, open_places=0, ask_first=True, paused_until=date(2027, 1, 4))
    found = records(written(row_of(ServiceDoc(OWNER, "Choir", "group"), capacity=capacity)))
    assert found[RecordKind.SERVICE].said[CAPACITY] == {
        "limit": 20, "open_places": 0, "ask_first": True, "paused": False, "paused_until": "2027-01-04",
    }  # fmt: skip


def test_a_blank_cell_says_nothing() -> None:
    cells = written(row_of(ServiceDoc(OWNER, "Choir", "group", discreet=True, free=False)))
    for name in ("discreet", "free", "status"):
        del cells[name]
    said = records(cells)[RecordKind.SERVICE].said
    assert not {"discreet", "free", "status"} & said.keys()


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("free", "perhaps", "Write yes or no."),
        ("minimum_age", "eighteen", "Write a whole number."),
        ("funded_until", "next year", "Write a day as 2026-11-30."),
        ("latitude", "north", "Write degrees as a decimal number."),
        ("areas", "county E06000014", "is no area"),
        ("url", "not an address", ""),
    ],
)
def test_a_cell_that_cannot_be_read_refuses_its_row_and_is_named(column: str, cell: str, words: str) -> None:
    cells: dict[str, Any] = written(row_of(ServiceDoc(OWNER, "Choir", "group")))
    problems = records(cells | {column: cell})[RecordKind.SERVICE].problems
    assert [one.field for one in problems] == [column]
    assert words in problems[0].detail


def test_a_sheet_is_ours_though_columns_are_left_out_or_added() -> None:
    assert is_own([*COLUMNS, "My notes"])
    assert is_own(["id", "organization_id", "name", "who_for", "not_for", "routes_in"])
    assert not is_own(COLUMNS[1:])
    assert not is_own(["name", "organization", "phone"])
    # The `services` of a tabular HSDS have many columns of the same names.
    assert not is_own(
        [
            "id",
            "organization_id",
            "name",
            "description",
            "url",
            "email",
            "status",
            "alert",
            "fees_description",
            "minimum_age",
            "maximum_age",
            "assured_date",
            "last_modified",
        ]
    )


def test_an_apostrophe_that_somebody_typed_stays() -> None:
    assert as_said("'Tea'") == "'Tea'"
    assert (
        Term(NEEDS, "food")
        in records(
            written(row_of(ServiceDoc(OWNER, "Choir", "group", terms=frozenset([Term(NEEDS, "food")]))))
        )[RecordKind.SERVICE].said["terms"]
    )
