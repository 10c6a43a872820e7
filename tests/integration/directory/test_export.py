"""Listings taken away: by whom, which, and that nothing is lost or told that may not be."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner
from flask import Flask

from services.directory.actions.export_services import Form, export_services, what_may_be_exported
from services.directory.cli import main
from services.directory.domain.csv_out import COLUMNS, as_said
from shared.auth import Caller, Kind, Role
from shared.auth.caller import Membership
from shared.errors import NotFound
from tests.builders import listings as build
from tests.builders.feed_schemas import faults_of

LATER = build.NOON + timedelta(hours=1)


class World:
    """Two organisations: one with a service, a draft and a refuge; another with a draft of its own."""

    def __init__(self) -> None:
        build.words()
        self.own, self.other = build.a_body("Own charity"), build.a_body("Other charity")
        self.listed = build.a_service(self.own, name="=Listed", phone="+44 1632 960100")
        self.draft = build.a_service(self.own, status="inactive")
        self.refuge = build.a_service(self.own, name="A refuge")
        build.a_location(self.refuge, private=True, name="MARKED HOUSE")
        self.theirs = build.a_service(self.other)
        build.a_location(self.theirs, private=True, name="MARKED ELSEWHERE")
        self.their_draft = build.a_service(self.other, status="inactive")


@pytest.fixture(scope="module")
def world(app: Flask) -> World:
    return World()


def admin(of: UUID, role: Role = Role.ORG_ADMIN) -> Caller:
    return Caller(sub=str(uuid4()), kind=Kind.PERSON, org=of, memberships=(Membership(of, role),))


def taken(of: UUID | None, by: Caller, form: Form = Form.HSDS) -> str:
    return "".join(export_services(of, form, by=by, at=LATER))


def ids(text: str) -> set[UUID]:
    return {UUID(row["id"]) for row in json.loads(text)["contents"]}


def rows(text: str) -> list[dict[str, str]]:
    read = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    return [{name: as_said(cell) for name, cell in row.items()} for row in read]


def test_an_admin_takes_all_of_its_own_organisation(world: World) -> None:
    text = taken(world.own, admin(world.own))
    page = json.loads(text)
    assert ids(text) == {world.listed, world.draft, world.refuge}
    assert (page["total_items"], page["size"], page["first_page"], page["last_page"]) == (3, 3, True, True)
    assert not [fault for row in page["contents"] for fault in faults_of("hsds", "services", row)]
    (refuge,) = [row for row in page["contents"] if row["id"] == str(world.refuge)]
    (venue,) = refuge["service_at_locations"]
    assert (venue["location"]["name"], venue["location"]["linkwork"]["private"]) == ("MARKED HOUSE", True)


@pytest.mark.parametrize("form", Form)
def test_nobody_takes_what_another_organisation_has(world: World, form: Form) -> None:
    for by in (admin(world.own), admin(world.own, Role.FORUM_ADMIN), admin(world.own, Role.WORKER)):
        with pytest.raises(NotFound):
            taken(world.other, by, form)
    with pytest.raises(NotFound):
        taken(world.own, admin(world.own, Role.SENDER), form)
    with pytest.raises(NotFound):
        taken(None, admin(world.own), form)


def test_the_forums_admin_takes_what_everybody_sees_and_its_own(world: World) -> None:
    text = taken(None, admin(world.own, Role.FORUM_ADMIN))
    assert {world.listed, world.draft, world.refuge, world.theirs} <= ids(text)
    assert world.their_draft not in ids(text)
    assert "MARKED HOUSE" in text
    assert "MARKED ELSEWHERE" not in text
    sheet = taken(None, admin(world.own, Role.FORUM_ADMIN), Form.CSV)
    assert "MARKED ELSEWHERE" not in sheet
    assert len(rows(sheet)) == len(ids(text))


def test_a_sheet_says_the_same_and_no_cell_is_a_formula(world: World) -> None:
    sheet = taken(world.own, admin(world.own), Form.CSV)
    assert sheet.startswith("\ufeff" + ",".join(COLUMNS))
    cells = [cell for line in csv.reader(io.StringIO(sheet.removeprefix("\ufeff"))) for cell in line]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    (row,) = [row for row in rows(sheet) if row["id"] == str(world.listed)]
    assert (row["name"], row["phone"], row["status"]) == ("=Listed", "+44 1632 960100", "active")
    assert (row["needs"], row["areas"]) == ("loneliness", "authority E06000099")
    assert (row["limit"], row["open_places"], row["ask_first"]) == ("20", "5", "no")
    assert row["organization"] == "Own charity"


def test_somebody_is_offered_what_they_may_take(world: World) -> None:
    own = what_may_be_exported(admin(world.own))
    assert (own.organizations, own.everybody) == (((world.own, "Own charity"),), False)
    assert what_may_be_exported(admin(world.own, Role.FORUM_ADMIN)).everybody
    assert what_may_be_exported(admin(world.own, Role.WORKER)).organizations == ()


def test_whoever_runs_the_directory_takes_everything_from_a_terminal(world: World, tmp_path: Any) -> None:
    done = CliRunner().invoke(main, ["export"])
    assert done.exit_code == 0, done.output
    assert {world.draft, world.their_draft} <= ids(done.output)
    file = tmp_path / "own.csv"
    done = CliRunner().invoke(
        main, ["export", str(file), "--organization", str(world.own), "--format", "csv"]
    )
    assert done.exit_code == 0, done.output
    assert len(rows(file.read_text("utf-8"))) == 3


def test_an_organisation_with_nothing_takes_an_empty_list(world: World) -> None:
    empty = build.a_body("Nothing yet")
    assert json.loads(taken(empty, admin(empty)))["empty"] is True
    assert rows(taken(empty, admin(empty), Form.CSV)) == []
