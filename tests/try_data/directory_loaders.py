"""Real files, loaded once: `make try-data`. `LINKWORK_TRY_DATA` names the folder that holds them."""

from __future__ import annotations

import os
import re
from pathlib import Path

from click.testing import CliRunner
from flask import Flask

from services.directory.app import create_app
from services.directory.cli import main
from services.directory.store.queries.snapshot import read_snapshot
from tests.builders import listings as build

DATA = Path(os.environ["LINKWORK_TRY_DATA"])


def run(command: str, file: str) -> dict[str, int]:
    done = CliRunner().invoke(main, [command, str(DATA / file)])
    assert done.exit_code == 0, done.output
    return {word: int(number) for number, word in re.findall(r"(\d+) (\w+)", done.output)}


def test_the_files_of_york_and_wakefield_load_whole_and_twice(directory_database: str, valkey: str) -> None:
    app: Flask = create_app()
    assert app.name
    build.words()
    assert run("load-areas", "geo/lsoa21_ward24_ltla24_york_wakefield.csv")["names"] > 300
    first = run("load-postcodes", "postcodes/onspd_york_wakefield.csv")
    assert (first["rows"], first["new"]) == (32062, 32062)
    again = run("load-postcodes", "postcodes/onspd_york_wakefield.csv")
    assert (again["rows"], again["new"], again["changed"]) == (32062, 0, 0)
    practices = run("import", "ods/epraccur_YO_WF.csv")
    assert practices["new"] > 100
    assert run("import", "ods/epraccur_YO_WF.csv")["new"] == 0
    seen, after, more = 0, 0, True
    while more:
        page = read_snapshot(after, 2000)
        assert not any(item["deleted"] for item in page.items)
        seen, after, more = seen + len(page.items), page.version, page.more
    assert seen > 32062 + practices["new"]
