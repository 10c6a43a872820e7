"""What the product writes it reads back: an own copy into an empty directory, field by field."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, text

from services.directory.actions.export_services import Form, export_for_operator
from services.directory.app import create_app
from services.directory.demo.everything import load_demo
from services.directory.domain.documents import OrganizationDoc, ServiceDoc, changes
from services.directory.domain.feed import for_everybody
from services.directory.domain.importing.records import Verdict
from services.directory.store.database import database
from services.directory.store.services import Service
from tests.builders import imports as build
from tests.builders.feed_schemas import STANDARDS, Reader
from tests.builders.listings import NOON

TABLES = ("services", "organizations", "locations")


class Demo:
    """The demo place: its documents, what its services can take, and both ways in which it leaves."""

    def __init__(self, app: Flask) -> None:
        self.documents = build.everything()
        self.capacities = capacities()
        self.copy = "".join(export_for_operator(None, Form.HSDS, at=NOON))
        self.sheet = "".join(export_for_operator(None, Form.CSV, at=NOON))
        reader = Reader(app, STANDARDS["hsds"])
        self.feed = [reader.ask(f"services/{one}") for one in reader.ids("services")]


def capacities() -> dict[UUID, Any]:
    with database.transaction() as session:
        return {one.id: one.capacity for one in session.scalars(select(Service))}


def emptied(*tables: str) -> None:
    with database.transaction() as session:
        session.execute(text(f"truncate {', '.join(tables)} cascade"))


@pytest.fixture(scope="module")
def demo(directory_database: str, valkey: str) -> Demo:
    app = create_app()
    database.nudge = None
    load_demo(NOON - timedelta(days=1))
    return Demo(app)


def come_in(contents: str) -> build.Batch:
    batch = build.check(io.BytesIO(contents.encode()), source="Own copy")
    assert not build.rows_of(batch, verdict="refused")
    return build.apply(batch, keep_duplicates=True)


def differing(found: Mapping[UUID, Any], expected: Mapping[UUID, Any]) -> dict[Any, Any]:
    """What is not as it was: the fields by name, or None for one that is not there."""
    return {
        own: changes(doc, found[own]) if own in found else None
        for own, doc in expected.items()
        if found.get(own) != doc
    }


def assert_second_is_the_same(contents: str) -> None:
    before = build.everything()
    again = build.check(io.BytesIO(contents.encode()), source="Own copy")
    for kind, counts in again.counts.items():
        assert set(counts) == {Verdict.SAME}, (kind, counts, build.rows_of(again, verdict="changed"))
    build.apply(again)
    assert build.everything() == before


def test_services_come_back_as_they_were_with_their_teams_and_what_they_can_take(demo: Demo) -> None:
    emptied("service", "location")
    come_in(demo.copy)
    now = build.everything()
    assert any(doc.team_ids for doc in now["services"].values())
    for name in TABLES:
        assert not differing(now[name], demo.documents[name]), name
    assert capacities() == demo.capacities
    assert_second_is_the_same(demo.copy)


def test_an_empty_directory_has_all_but_the_teams(demo: Demo) -> None:
    emptied("service", "location", "organization")
    items = json.loads(demo.copy)["contents"]
    exported = {UUID(item["organization_id"]) for item in items}
    come_in(demo.copy)
    now = build.everything()
    teamless = {own: replace(doc, team_ids=frozenset()) for own, doc in demo.documents["services"].items()}
    assert not differing(now["services"], teamless)
    assert not differing(now["locations"], demo.documents["locations"])
    bodies = {own: untied(demo.documents["organizations"][own], exported) for own in exported}
    assert not differing(now["organizations"], bodies)
    assert_second_is_the_same(demo.copy)


def untied(doc: OrganizationDoc, there: set[UUID]) -> OrganizationDoc:
    """Without ties to organisations that have no service: they are not in a copy of services."""
    return replace(
        doc, **{name: None for name in ("host_id", "parent_id") if getattr(doc, name) not in there}
    )


def test_the_feed_for_everybody_brings_all_that_everybody_may_know(demo: Demo) -> None:
    emptied("service", "location", "organization")
    contents = json.dumps({"contents": demo.feed})
    come_in(contents)
    now = build.everything()
    listed = {UUID(item["id"]) for item in demo.feed}
    public = {own for own, doc in demo.documents["locations"].items() if not doc.private}
    told = {own: as_told(demo.documents["services"][own], public) for own in listed}
    came = {own: replace(doc, place_id=None) for own, doc in now["services"].items()}
    assert not differing(came, told)
    assert not [doc for doc in now["locations"].values() if doc.private]
    # The standard requires a street and a county: where none is said, the venue's and the council's names.
    filled_in = {
        name
        for own, doc in now["locations"].items()
        for name, (before, _) in changes(demo.documents["locations"][own], doc).items()
        if before is not None or name not in {"address_1", "city", "state_province"}
    }
    assert not filled_in
    assert_second_is_the_same(contents)


def as_told(doc: ServiceDoc, public: set[UUID]) -> ServiceDoc:
    """What may not leave: private venues, all venues of a discreet service, its place, its teams."""
    told = for_everybody(doc, public)
    first = [replace(one, main=n == 0) for n, one in enumerate(told.locations)]
    return replace(told, place_id=None, team_ids=frozenset(), locations=tuple(first))


def test_a_sheet_of_what_is_there_says_only_the_same(demo: Demo) -> None:
    emptied("service", "location", "organization")
    come_in(demo.copy)
    assert_second_is_the_same(demo.sheet)


def test_a_sheet_brings_back_all_it_has_columns_for(demo: Demo) -> None:
    emptied("service", "location", "organization")
    come_in(demo.sheet)
    again = "".join(export_for_operator(None, Form.CSV, at=NOON))
    assert without(again, BESIDE) == without(demo.sheet, BESIDE)
    assert_second_is_the_same(demo.sheet)


# When it was checked and changed is told, and never taken over.
BESIDE = {"assured_date", "last_modified"}


def without(sheet: str, columns: set[str]) -> list[dict[str, str]]:
    rows = csv.DictReader(io.StringIO(sheet.removeprefix("\ufeff"), newline=""))
    return sorted(
        ({name: cell for name, cell in row.items() if name not in columns} for row in rows),
        key=lambda row: row["id"],
    )
