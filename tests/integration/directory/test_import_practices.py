"""GP practices of the NHS file `epraccur`: looked at first, kept as one batch, rolled back whole."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.directory.actions.importing.seeing import Batch
from services.directory.domain.documents import OrganizationDoc
from services.directory.store.database import database
from services.directory.store.organizations import Organization, OrganizationIdentifier
from services.directory.store.postcodes import Postcode
from services.directory.store.queries.documents import organization_documents
from tests.builders import imports as build
from tests.builders import listings
from tests.builders.identity import rows
from tests.builders.practice_files import practice_row

SOURCE = "NHS ODS"


@pytest.fixture(scope="module", autouse=True)
def words(directory_database: str) -> None:
    listings.words()


def check(*practices: list[str]) -> Batch:
    return build.check(build.a_sheet(practices), source=SOURCE)


def practice(ods: str) -> OrganizationDoc:
    (identifier,) = rows(OrganizationIdentifier, OrganizationIdentifier.identifier == ods)
    with database.transaction() as session:
        found = organization_documents(session, [identifier.organization_id])
        return found[identifier.organization_id]


def test_practices_come_with_their_code_their_place_and_whether_they_are_open() -> None:
    place = listings.a_place(authority="E06000077")
    with database.transaction() as session:
        session.add(Postcode(pcds="YO41 4AA", authority="E06000077"))
    batch = check(
        practice_row(c0="Z97001", c9="YO41 4AA"),
        practice_row(c0="Z97002", c1="CLOSED SURGERY", c12="C", c11="20200331"),
        practice_row(c0="Z97003", c25="9"),
        practice_row(c0="Z97004", c1="FAR SURGERY", c9="LS1 1AA"),
    )
    assert batch.counts == {"organization": {"new": 3}}
    assert rows(OrganizationIdentifier, OrganizationIdentifier.identifier == "Z97001") == []
    (noted,) = [one for one in build.rows_of(batch) if one.notes]
    assert (noted.where, noted.notes[0]["detail"]) == (
        "row 4",
        "Its postcode is in no place of this directory.",
    )
    build.apply(batch)
    first, closed = practice("Z97001"), practice("Z97002")
    assert (first.name, first.sector, first.place_id) == ("Example Lane Surgery", "health", place)
    assert (first.status, closed.status, str(closed.closed_on)) == ("active", "closed", "2020-03-31")
    assert build.roll_back(batch).state == "rolled_back"
    assert rows(OrganizationIdentifier, OrganizationIdentifier.identifier == "Z97001") == []


def test_a_known_practice_keeps_what_the_file_does_not_say() -> None:
    build.apply(check(practice_row(c0="Z97010")))
    own = rows(OrganizationIdentifier, OrganizationIdentifier.identifier == "Z97010")[0].organization_id
    with database.transaction() as session:
        session.get_one(Organization, own).phone = "01632 960950"
    before = practice("Z97010")
    after = listings.version()
    again = build.apply(check(practice_row(c0="Z97010")))
    assert again.counts == {"organization": {"same": 1}}
    assert listings.version() == after
    renamed = check(practice_row(c0="Z97010", c1="NEW NAME SURGERY"))
    (row,) = build.rows_of(renamed)
    assert (row.verdict, row.changes) == ("changed", {"name": ["Example Lane Surgery", "New Name Surgery"]})
    build.apply(renamed)
    assert practice("Z97010") == replace(before, name="New Name Surgery")
    build.roll_back(renamed)
    assert practice("Z97010") == before


def test_two_codes_are_two_practices_however_alike() -> None:
    build.apply(check(practice_row(c0="Z97020", c1="TWIN SURGERY", c9="YO41 4AB")))
    batch = check(
        practice_row(c0="Z97021", c1="TWIN SURGERY", c9="YO41 4AB"),
        practice_row(c0="Z97022", c1="TWIN SURGERY", c9="YO41 4AB"),
    )
    assert batch.counts == {"organization": {"new": 2}}


def test_a_practice_that_is_there_without_its_code_may_be_the_same() -> None:
    with database.transaction() as session:
        body = session.get_one(Organization, listings.a_body("Codeless Surgery"))
        body.postal_code = "YO41 4AD"
    batch = check(practice_row(c0="Z97025", c1="CODELESS SURGERY", c9="YO41 4AD"))
    assert batch.counts == {"organization": {"possible_duplicate": 1}}


@pytest.mark.parametrize(
    ("faulty", "words"),
    [
        (["Z97030", "SHORT"], "epraccur has 27 columns, this has 2."),
        (practice_row(c0="Z97031"), "An earlier item has the same id"),
        (practice_row(c0="Z97032", c12="?"), "The status must be A, C, D or P."),
    ],
)
def test_a_faulty_line_is_refused_and_the_others_are_kept(faulty: list[str], words: str) -> None:
    batch = check(practice_row(c0="Z97031"), faulty, practice_row(c0="Z97039", c1="LAST SURGERY"))
    (refused,) = build.rows_of(batch, verdict="refused")
    assert refused.where == "row 2"
    assert words in refused.why[0]["detail"]
    assert len(build.rows_of(batch)) == 3


def test_an_organisations_own_import_brings_no_other_practice() -> None:
    own = listings.a_body("Exampleton council")
    file = build.a_sheet([practice_row(c0="Z97040")])
    batch = build.check(file, source=SOURCE, organization_id=own)
    assert batch.counts == {"organization": {"refused": 1}}
