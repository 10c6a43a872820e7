"""Our own sheet is read back: into the same directory nothing changes, into an emptied one it comes again."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import openpyxl
import pytest
from sqlalchemy import text

from services.directory.actions.export_services import Form, export_for_operator
from services.directory.app import create_app
from services.directory.demo.everything import load_demo
from services.directory.domain.csv_out import COLUMNS
from services.directory.domain.importing.records import RecordKind, Verdict
from services.directory.store.database import database
from tests.builders import imports as build
from tests.builders.listings import NOON

TOLD_ONLY = {"assured_date", "last_modified"}
Cells = dict[str, str]


@pytest.fixture(scope="module")
def sheet(directory_database: str, valkey: str) -> list[Cells]:
    create_app()
    database.nudge = None
    load_demo(NOON - timedelta(days=1))
    return taken()


def taken(of: UUID | None = None) -> list[Cells]:
    text_of = "".join(export_for_operator(of, Form.CSV, at=NOON)).removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text_of, newline="")))


def as_csv(rows: list[Cells]) -> io.BytesIO:
    return build.a_sheet([COLUMNS, *([row[name] for name in COLUMNS] for row in rows)])


def as_xlsx(rows: list[Cells]) -> io.BytesIO:
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.active.append(list(COLUMNS))
    for row in rows:
        book.active.append([int(cell) if cell.isdecimal() else cell for cell in row.values()])
    book.save(file)
    file.seek(0)
    return file


def verdicts(batch: build.Batch) -> dict[str, set[str]]:
    return {kind: set(counts) for kind, counts in batch.counts.items()}


def changed(batch: build.Batch) -> dict[str, object]:
    return {row.kind: row.changes for row in build.rows_of(batch, verdict="changed")}


def carried(rows: list[Cells]) -> list[Cells]:
    return [{name: cell for name, cell in row.items() if name not in TOLD_ONLY} for row in rows]


@pytest.mark.parametrize("written", [as_csv, as_xlsx])
def test_in_the_same_directory_all_is_the_same(
    sheet: list[Cells], written: Callable[[list[Cells]], io.BytesIO]
) -> None:
    before = build.everything()
    batch = build.check(written(sheet), source="Own sheet")
    assert set().union(*verdicts(batch).values()) == {Verdict.SAME}, changed(batch)
    assert not build.rows_of(batch, verdict="noted")
    build.apply(batch)
    assert build.everything() == before


def test_an_organisations_own_sheet_is_the_same_in_its_own_import(sheet: list[Cells]) -> None:
    for own in sorted({UUID(row["organization_id"]) for row in sheet}):
        batch = build.check(as_csv(taken(own)), source="Own sheet", organization_id=own)
        found = set().union(*verdicts(batch).values())
        assert found == {Verdict.SAME}, build.rows_of(batch, verdict="refused")


def test_a_changed_cell_is_told_alone_and_a_blank_one_leaves_what_is_there(sheet: list[Cells]) -> None:
    before = build.everything()["services"]
    row = next(
        one for one in sheet if one["email"] and one["needs"] and len(before[UUID(one["id"])].terms) > 1
    )
    own = UUID(row["id"])
    batch = build.check(as_csv([row | {"alert": "'=New", "description": ""}]), source="Own sheet")
    assert changed(batch) == {"service": {"alert": [before[own].alert, "=New"]}}
    fewer = row["needs"].split("; ")[0]
    batch = build.check(as_csv([row | {"needs": fewer, "open_places": "9999"}]), source="Own sheet")
    (found,) = build.rows_of(batch, verdict="changed")
    assert list(found.changes) == ["terms"]
    assert [note["field"] for note in found.notes] == ["capacity"]


def test_a_changed_venue_is_told_and_further_venues_times_and_texts_stay(sheet: list[Cells]) -> None:
    before = build.everything()
    row = next(
        one
        for one in sheet
        if one["venue_id"] and one["private"] == "no" and before["services"][UUID(one["id"])].schedules
    )
    service, hall = UUID(row["id"]), UUID(row["venue_id"])
    batch = build.check(as_csv([row | {"town": "Elsewhere"}]), source="Own sheet")
    assert changed(batch) == {"location": {"city": [before["locations"][hall].city, "Elsewhere"]}}
    other = {"venue_id": "", "venue": "New hall", "hours": "Mon 9am-5pm"}
    batch = build.check(as_csv([row | other]), source="Own sheet")
    build.apply(batch)
    now = build.everything()["services"][service]
    assert now.locations[0].location_id not in {
        one.location_id for one in before["services"][service].locations
    }
    assert {one.location_id for one in before["services"][service].locations} < {
        one.location_id for one in now.locations
    }
    assert now.schedules == before["services"][service].schedules
    build.roll_back(batch)
    assert build.everything() == before


def test_a_row_without_whose_it_is_is_refused_and_says_so(sheet: list[Cells]) -> None:
    batch = build.check(as_csv([sheet[0] | {"organization_id": ""}]), source="Own sheet")
    (refused,) = [row for row in build.rows_of(batch, verdict="refused") if row.kind == "service"]
    assert [why["field"] for why in refused.why] == ["organization_id"]
    assert not changed(batch)
    assert verdicts(batch)["organization"] == {Verdict.REFUSED}


def test_the_name_of_an_organisation_is_only_told(sheet: list[Cells]) -> None:
    batch = build.check(as_csv([sheet[0] | {"organization": "Renamed"}]), source="Own sheet")
    assert set().union(*verdicts(batch).values()) == {Verdict.SAME}, changed(batch)


def test_a_need_that_is_taken_out_goes(sheet: list[Cells]) -> None:
    row = next(one for one in sheet if "; " in one["needs"])
    batch = build.check(as_csv([row | {"needs": row["needs"].split("; ")[0]}]), source="Own sheet")
    assert list(changed(batch)["service"]) == ["terms"]


def test_what_it_can_take_stays_its_own_word_and_the_row_says_so(sheet: list[Cells]) -> None:
    row = next(one for one in sheet if one["limit"])
    batch = build.check(as_csv([row | {"limit": "77"}]), source="Own sheet")
    assert not changed(batch)
    (noted,) = [one for one in build.rows_of(batch, verdict="noted") if one.kind == "service"]
    assert [note["field"] for note in noted.notes] == ["capacity"]


def test_a_postcode_typed_by_hand_is_the_same_postcode(sheet: list[Cells]) -> None:
    row = next(one for one in sheet if one["postcode"])
    batch = build.check(as_csv([row | {"postcode": row["postcode"].lower().replace(" ", "")}]), source="S")
    assert not changed(batch), changed(batch)


def test_a_column_that_was_deleted_changes_nothing(sheet: list[Cells]) -> None:
    heads = [one for one in COLUMNS if one != "fees_description"]
    file = build.a_sheet([heads, *([row[name] for name in heads] for row in sheet)])
    batch = build.check(file, source="Own sheet")
    assert set().union(*verdicts(batch).values()) == {Verdict.SAME}, batch.counts


def test_a_secret_venue_stays_secret_and_of_whose_it_is(sheet: list[Cells]) -> None:
    row = next(one for one in sheet if one["private"] == "yes")
    batch = build.check(as_csv([row | {"private": "no"}]), source="Own sheet")
    assert set().union(*verdicts(batch).values()) == {Verdict.SAME}


def test_a_row_whose_id_is_not_there_is_new_under_it(sheet: list[Cells]) -> None:
    new = str(uuid4())
    row = sheet[0] | {"id": new, "name": "Altogether another", "phone": "", "email": "", "url": ""}
    batch = build.check(as_csv([row]), source="Own sheet")
    (found,) = (one for one in build.rows_of(batch) if one.kind == RecordKind.SERVICE)
    assert (str(found.record_id), found.verdict) in {(new, Verdict.NEW), (new, Verdict.POSSIBLE_DUPLICATE)}


def test_an_emptied_directory_has_all_that_the_sheet_carries(sheet: list[Cells]) -> None:
    with database.transaction() as session:
        session.execute(text("truncate service, location, organization cascade"))
    batch = build.check(as_csv(sheet), source="Own sheet")
    assert not build.rows_of(batch, verdict="refused")
    build.apply(batch, keep_duplicates=True)
    differing = {
        (row["name"], name): (row[name], again[name])
        for row, again in zip(carried(sheet), carried(taken()), strict=True)
        for name in row
        if row[name] != again[name]
    }
    assert differing == {}
    again = build.check(as_csv(sheet), source="Own sheet")
    assert set().union(*verdicts(again).values()) == {Verdict.SAME}, changed(again)
