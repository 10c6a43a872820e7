"""Loading published files by the console command: whole or not at all, twice as good as once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import delete

from services.directory.cli import main
from services.directory.store.database import database
from services.directory.store.places import Area
from services.directory.store.postcodes import Postcode
from services.directory.store.queries.snapshot import read_snapshot
from tests.builders import listings as build
from tests.builders.identity import rows

HEAD = "pcds,oslaua,osward,lsoa11,lat,long,doterm\n"
YORK = "YO24 3BZ,E06000014,E05010330,E01013445,53.95418,-1.12726,\n"
ACOMB = "YO24 4LH,E06000014,E05010311,E01013335,53.9564,-1.1227,\n"


@pytest.fixture(scope="module", autouse=True)
def _words(app: Flask) -> None:
    build.words()


def run(tmp_path: Path, command: str, content: str | bytes, *options: str) -> Result:
    file = tmp_path / "file.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return CliRunner().invoke(main, [command, str(file), *options])


def stored(pcds: str) -> Postcode | None:
    found = rows(Postcode, Postcode.pcds == pcds)
    return found[0] if found else None


def test_postcodes_are_loaded_and_are_in_the_snapshot_with_names_of_their_areas(tmp_path: Path) -> None:
    after = build.version()
    areas = "WD24CD,WD24NM,LAD24CD,LAD24NM\nE05010330,Westfield,E06000014,York\n"
    assert "2 names of areas are new" in run(tmp_path, "load-areas", areas).output
    done = run(tmp_path, "load-postcodes", HEAD + YORK + ACOMB)
    assert done.exit_code == 0
    assert "Loaded: 2 rows, 2 new, 0 changed, 0 ended, 0 refused." in done.output
    assert build.snapshot(after)[("postcode", "YO24 3BZ")] == {
        "id": "YO24 3BZ",
        "authority": "E06000014",
        "authority_name": "York",
        "ward": "E05010330",
        "ward_name": "Westfield",
        "lsoa": "E01013445",
        "lat": 53.95418,
        "lon": -1.12726,
    }


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    run(tmp_path, "load-postcodes", HEAD + YORK)
    after = build.version()
    assert "0 new, 0 changed, 0 ended" in run(tmp_path, "load-postcodes", HEAD + YORK).output
    assert build.version() == after


def test_a_changed_row_alone_is_sent_again(tmp_path: Path) -> None:
    run(tmp_path, "load-postcodes", HEAD + YORK + ACOMB)
    after = build.version()
    moved = YORK.replace("E05010330", "E05010311")
    assert "0 new, 1 changed, 0 ended" in run(tmp_path, "load-postcodes", HEAD + moved + ACOMB).output
    assert set(build.snapshot(after)) == {("postcode", "YO24 3BZ")}


def test_a_terminated_postcode_is_taken_out(tmp_path: Path) -> None:
    run(tmp_path, "load-postcodes", HEAD + YORK)
    after = build.version()
    ended = YORK.replace(",\n", ",202401\n")
    assert "0 new, 0 changed, 1 ended" in run(tmp_path, "load-postcodes", HEAD + ended).output
    assert stored("YO24 3BZ") is None
    assert build.snapshot(after) == {("postcode", "YO24 3BZ"): None}


def test_newer_column_names_and_a_byte_order_mark_are_taken(tmp_path: Path) -> None:
    head = "\ufeffPCDS,OSLAUA,OSWARD,LSOA21,LAT,LONG\n"
    assert run(tmp_path, "load-postcodes", head + "YO1 7HH,E06000014,,E01013366,,\n").exit_code == 0
    row = stored("YO1 7HH")
    assert row is not None
    assert (row.lsoa, row.ward, row.lat) == ("E01013366", None, None)


def test_a_dry_run_says_the_same_and_keeps_nothing(tmp_path: Path) -> None:
    after = build.version()
    line = ACOMB.replace("YO24 4LH", "YO24 4LJ")
    assert "Only looked at: 1 rows, 1 new" in run(tmp_path, "load-postcodes", HEAD + line, "--dry-run").output
    assert stored("YO24 4LJ") is None
    assert build.version() == after


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("NOWHERE,E06000014,,,,,", "Row 3: pcds is not a postcode"),
        ("YO1 9TN,York,,,,,", "Row 3: oslaua is not an ONS area code"),
        ("YO1 9TN,E06000014,,,north,0,", "Row 3: lat is not a number"),
        ("yo19tl,E06000014,,,,,", "YO1 9TL is in the file more than once: the first holds."),
        ("YO1 9TN,E06000014,,,,,,surplus", "more cells than the first row"),
    ],
)
def test_a_row_with_a_fault_is_refused_by_name_and_the_others_are_kept(
    tmp_path: Path, line: str, words: str
) -> None:
    with database.transaction() as session:
        session.execute(delete(Postcode).where(Postcode.pcds.like("YO1 9T%")))
    done = run(tmp_path, "load-postcodes", HEAD + f"YO1 9TL,E06000014,,,53.9,-1.1,\n{line}\n")
    assert done.exit_code == 0
    assert "2 rows, 1 new, 0 changed, 0 ended, 1 refused" in done.output
    assert words in done.output
    kept = stored("YO1 9TL")
    assert kept is not None
    assert kept.lat == 53.9
    assert stored("YO1 9TN") is None


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (HEAD + "NOWHERE,E06000014,,,,,\n", "Row 2: pcds is not a postcode"),
        ("pcds,lat,long\nYO1 9TL,1,1\n", "no column oslaua, osward, lsoa21 or lsoa11"),
        ("", "no column pcds"),
        (b"pcds\xff\xfe,oslaua\n", "not written in UTF-8"),
    ],
)
def test_a_file_of_which_nothing_can_be_taken_is_refused(
    tmp_path: Path, lines: str | bytes, words: str
) -> None:
    done = run(tmp_path, "load-postcodes", lines)
    assert done.exit_code == 1
    assert words in done.output


def test_a_load_of_postcodes_is_rolled_back_whole_the_last_first(tmp_path: Path) -> None:
    lives, ends, comes = "YO31 7AA", "YO31 7AB", "YO31 7AD"
    run(tmp_path, "load-postcodes", HEAD + "".join(f"{one},E06000014,,,,,\n" for one in (lives, ends)))
    before = sorted((one.pcds, one.authority) for one in rows(Postcode, Postcode.pcds.like("YO31 7A%")))
    report = tmp_path / "report.csv"
    content = HEAD + f"{lives},E06000015,,,,,\n{ends},E06000014,,,,,202401\n{comes},E06000014,,,,,\n"
    done = run(tmp_path, "load-postcodes", content, "--report", str(report))
    assert report.read_text().splitlines()[1:] == [
        f"{lives},changed,authority,E06000014,E06000015",
        f"{ends},ended,,,",
        f"{comes},added,,,",
    ]
    (first,) = re.findall(r"rollback (\S+)", done.output)
    again = run(tmp_path, "load-postcodes", HEAD + f"{comes},E06000016,,,,,\n")
    (second,) = re.findall(r"rollback (\S+)", again.output)
    refused = CliRunner().invoke(main, ["rollback", first, "--even-changed"])
    assert refused.exit_code == 1
    assert "roll the later load back first" in refused.output
    after = build.version()
    for batch in (second, first):
        assert CliRunner().invoke(main, ["rollback", batch]).exit_code == 0
    now = rows(Postcode, Postcode.pcds.like("YO31 7A%"))
    assert sorted((one.pcds, one.authority) for one in now) == before
    assert {("postcode", one) for one in (lives, ends, comes)} <= set(build.snapshot(after))
    assert CliRunner().invoke(main, ["rollback", second]).exit_code == 0


def test_a_renamed_area_sends_its_postcodes_again(tmp_path: Path) -> None:
    line = "YO30 6AA,E06000014,E05010313,E01013361,,,\n"
    run(tmp_path, "load-postcodes", HEAD + line)
    after = build.version()
    assert "1 names" in run(tmp_path, "load-areas", "ward24_code,ward24_name\nE05010313,Clifton\n").output
    doc = build.snapshot(after)[("postcode", "YO30 6AA")]
    assert doc is not None
    assert doc["ward_name"] == "Clifton"
    assert [area.name for area in rows(Area, Area.code == "E05010313")] == ["Clifton"]


@pytest.mark.parametrize("lines", ["a,b\n1,2\n", "ward24_code,ward24_name\nWard one,Clifton\n"])
def test_a_file_without_areas_is_refused(tmp_path: Path, lines: str) -> None:
    assert run(tmp_path, "load-areas", lines).exit_code == 1


def test_a_new_epoch_is_begun_by_command() -> None:
    before = read_snapshot(0, 1).epoch
    done = CliRunner().invoke(main, ["new-epoch"])
    assert done.exit_code == 0
    assert str(read_snapshot(0, 1).epoch) in done.output
    assert read_snapshot(0, 1).epoch != before
