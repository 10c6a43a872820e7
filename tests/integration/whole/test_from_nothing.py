"""From an empty database to the first referral that is routed, in production mode, by commands alone."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import responses
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from services.directory import app as directory_app
from services.directory.actions.keys import ring
from services.directory.cli import main
from services.directory.store.database import database as directory_database
from services.directory.store.organizations import Organization
from services.directory.store.queries.snapshot import read_snapshot
from services.referrals import app as referrals_app
from services.referrals.actions.refresh_directory import directory_is_known, refresh_directory
from services.referrals.actions.signing_in import refresh_keys
from services.referrals.store.directory import forget
from shared.clock import now
from shared.settings import internal_url
from tests.builders.bodies import referral_body
from tests.builders.identity import Browser
from tests.builders.practice_files import practice_row

EXAMPLE = Path(__file__).resolve().parents[3] / "docs" / "listings" / "example"
POSTCODES = (
    "pcds,oslaua,osward,lsoa21,lat,long\n"
    "YO24 3BZ,E06000014,E05010330,E01013445,53.95418,-1.12726\n"
    "YO24 4LH,E06000014,E05010311,E01013335,53.9564,-1.1227\n"
)
PASSWORD = "kettle walnut harbour"


@pytest.fixture(autouse=True)
def _production(databases: dict[str, str], valkey: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LINKWORK_MODE", "production")
    ring.forget()
    forget()
    yield
    ring.forget()
    forget()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "listings"))


def run(*words: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(main, list(words), input=typed)


def well(*words: str, typed: str | None = None) -> str:
    done = run(*words, typed=typed)
    assert done.exit_code == 0, done.output
    return done.output


def in_file(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


def practices(*rows: list[str]) -> str:
    return "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in rows)


def answers_from(app: Flask) -> None:
    """What referrals asks the directory's address is answered by the directory in this process."""

    def answer(request: object) -> tuple[int, dict[str, str], bytes]:
        parts = urlsplit(request.url)  # type: ignore[attr-defined]
        done = app.test_client().get(
            f"{parts.path}?{parts.query}",
            headers={"Authorization": request.headers.get("Authorization", "")},  # type: ignore[attr-defined]
        )
        return done.status_code, {"Content-Type": done.content_type}, done.data

    responses.add_callback(responses.GET, re.compile(re.escape(internal_url("directory"))), callback=answer)


def test_an_unseeded_directory_says_what_to_do_first(tmp_path: Path, folder: Path) -> None:
    lines = in_file(tmp_path, "epraccur.csv", practices(practice_row(c0="Z98001")))
    refused = run("import", lines)
    assert refused.exit_code == 1
    assert "has run linkwork-directory seed" in refused.output
    assert isinstance(refused.exception, SystemExit)
    admin = ("first-admin", "--email", "a@somewhere.example", "--organization", "X", "--sector", "health")
    refused = run(*admin)
    assert refused.exit_code == 1
    assert "linkwork-directory seed" in refused.output
    missing = well("what-is-missing")
    assert missing.index("linkwork-directory seed") < missing.index("load-postcodes") < missing.index("place")
    refused = run("load-listings", str(folder))
    assert refused.exit_code == 1
    assert "organizations.csv line 2: exampleton-council: refused. sector:" in refused.output


@responses.activate
def test_from_an_empty_database_to_the_first_referral_routed(tmp_path: Path, folder: Path) -> None:
    assert "came new" in well("seed")
    assert well("seed").startswith("0 ")
    well("load-postcodes", in_file(tmp_path, "onspd.csv", POSTCODES))
    well(
        "first-admin", "--email", "first@exampleton-council.example", "--organization", "Exampleton Council",
        "--sector", "local_authority", "--name", "First Person", typed=f"{PASSWORD}\n{PASSWORD}\n",
    )  # fmt: skip
    tried = well("load-listings", str(folder), "--dry-run")
    assert "Only looked at" in tried
    assert "0 refused" in tried
    assert "There is no place" in well("what-is-missing")

    loaded = well("load-listings", str(folder))
    assert "services.csv line 2: exampleton-link-workers: new." in loaded
    assert "Nobody works in Exampleton link workers yet" in loaded
    in_team = ("--role", "worker", "--team", "exampleton-link-workers")
    link = well(
        "first-admin", "--email", "jo@exampleton-pcn.example", "--organization", "exampleton-pcn", *in_team
    ).strip().splitlines()[-1]  # fmt: skip
    assert run("first-admin", "--email", "x@x.example", "--organization", "exampleton-pcn",
               "--role", "worker", "--team", "no-such-team").exit_code == 1  # fmt: skip
    with directory_database.transaction() as session:
        councils = session.scalars(
            select(Organization).where(Organization.name == "Exampleton Council")
        ).all()
    assert len(councils) == 1
    epraccur = practices(
        practice_row(c0="Z98001", c1="MILL LANE SURGERY"), practice_row(c0="Z98002", c9="LS1 1AA")
    )
    done = well("import", in_file(tmp_path, "epraccur.csv", epraccur), "--source", "NHS ODS")
    assert "organisations: 1 new, 1 changed, 0 the same, 0 possible duplicates, 0 refused" in done
    assert "Something was mended or left out in: 1 postal_code" in done

    directory = directory_app.create_app()
    directory_database.nudge = None
    page = Browser(directory)
    there = page.send("/sign-in", email="first@exampleton-council.example", password=PASSWORD)
    assert (there.status_code, there.headers["Location"]) == (303, "/sign-in/set-up")
    Browser(directory).send(urlsplit(link).path, name="Jo Worker", password="harbour saddle lemon")
    assert "Nobody works in Exampleton link workers" not in well("what-is-missing")
    secret = well(
        "add-client", "mill-lane", "--name", "Mill Lane's record system",
        "--organization", "mill-lane-surgery", "--role", "sender",
    ).strip().splitlines()[-1]  # fmt: skip
    token = directory.test_client().post(
        "/oauth/token",
        data={"grant_type": "client_credentials", "client_id": "mill-lane", "client_secret": secret},
    )
    assert token.status_code == 200

    answers_from(directory)
    assert directory_is_known() is None
    refresh_directory(at=now())
    refresh_keys()
    referrals = referrals_app.create_app()
    sent = referrals.test_client().post(
        "/api/v1/referrals",
        json=referral_body(),
        headers={"Authorization": f"Bearer {(token.json or {})['access_token']}"},
    )
    assert sent.status_code == 201, json.dumps(sent.json)
    body = sent.json or {}
    assert (body["status"], body["routing"]["state"]) == ("received", "routed")
    assert body["owner"]["team_name"] == "Exampleton link workers"


def test_the_same_files_again_change_nothing_and_what_changes_is_said(folder: Path) -> None:
    before = read_snapshot(0, 1).version, versions()
    again = well("load-listings", str(folder))
    assert "0 new, 0 changed" in again
    assert (read_snapshot(0, 1).version, versions()) == before
    file = folder / "teams.csv"
    file.write_text(file.read_text().replace("Monday to Friday, 9am to 5pm", "Monday to Thursday"))
    changed = well("load-listings", str(folder))
    assert "teams.csv line 3: exampleton-link-workers: changed." in changed
    assert "0 new, 1 changed" in changed


def versions() -> int:
    after = 0
    while (page := read_snapshot(after, 5000)).items:
        after = page.version
    return after


def test_what_a_service_can_take_stays_its_own_word(folder: Path) -> None:
    from services.directory.store.services import Service

    with directory_database.transaction() as session:
        one = session.scalars(select(Service).where(Service.name == "Exampleton link workers")).one()
        one.open_places, one.paused = 3, True
    assert "services.csv" not in well("load-listings", str(folder))
    with directory_database.transaction() as session:
        one = session.scalars(select(Service).where(Service.name == "Exampleton link workers")).one()
        assert (one.open_places, one.paused) == (3, True)


@pytest.mark.parametrize(
    ("file", "old", "new", "verdict"),
    [
        ("organizations.csv", ",health,", ",heath,", "line 3: mill-lane-surgery: refused. sector:"),
        ("organizations.csv", "tea-and-talk,Tea", "river-trust,Tea", "river-trust: refused. Line 5 is about"),
        ("organizations.csv", ",exampleton,Z98001", ",nowhere,Z98001", "place: There is no place 'nowhere'"),
        ("organizations.csv", "Z98001", "z9", "refused. ods_code: This is not an ODS code."),
        ("teams.csv", "pcn,scheme,exampleton", "pcn,duty_desk,exampleton", "has a duty desk"),
        ("teams.csv", "exampleton-pcn,scheme", "no-such-body,scheme", "'no-such-body': There is none"),
        ("services.csv", "loneliness mental_wellbeing", "lonelines", "These needs are not known here"),
        ("services.csv", "We can talk with the GP the same day.", "", "Say how it differs from what others"),
        ("services.csv", "exampleton-link-workers,16,", "no-team,16,", "teams: There is no team 'no-team'"),
        ("services.csv", ",16,,", ",16,12,", "refused. It breaks a rule of the tables: "),
        ("services.csv", ",60,12,", ",60,61,", "services.csv line 2"),
        ("agreements.csv", "2028-12-31,", "2025-12-31,", "before the day it begins"),
        ("places.csv", "E06000014", "York", "authorities: Give ONS codes"),
        ("services.csv", "yes,en,wed", "perhaps,en,wed", "open_to_others: Say yes or no."),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_taken_is_named_and_nothing_is_kept(
    folder: Path, file: str, old: str, new: str, verdict: str
) -> None:
    before = versions()
    path = folder / file
    assert old in path.read_text()
    # As something new: capacity, for one, is read for a new service alone.
    path.write_text(path.read_text().replace(old, new, 1).replace("exampleton-link-workers,Ex", "other,Ex"))
    refused = run("load-listings", str(folder))
    assert refused.exit_code == 1, refused.output
    assert verdict in refused.output
    assert "Nothing was kept" in refused.output
    assert versions() == before


@pytest.mark.parametrize(
    ("first_line", "words"),
    [
        ("code,name\n", "places.csv line 1: The first line has no column authorities."),
        ("code,name,authorities,colour\n", "places.csv line 1: No column is called 'colour'."),
        ("code,name,authorities,name\n", "A column is named twice."),
        ('code,name,authorities\nx,"y,z\n', "cannot be read as CSV"),
        ("code,name,authorities\nx,y,E06000014,1\n", "Line 2 has more cells than the first line."),
    ],
)
def test_a_file_with_wrong_columns_is_refused(folder: Path, first_line: str, words: str) -> None:
    (folder / "places.csv").write_text(first_line)
    refused = run("load-listings", str(folder))
    assert refused.exit_code == 1
    assert words in refused.output


def test_the_guide_names_every_file_and_every_column() -> None:
    from services.directory.actions.loading.run import SHEETS

    guide = (EXAMPLE.parent / "README.md").read_text(encoding="utf-8")
    for name, (columns, _) in SHEETS.items():
        part = guide.partition(f"## {name}\n")[2].partition("\n## ")[0]
        assert all(f"**{column}**" in part for column in columns.required), name
        assert all(f"`{column}`" in part for column in columns.optional), name
        head = (EXAMPLE / name).read_text(encoding="utf-8").splitlines()[0].split(",")
        assert set(head) <= {*columns.required, *columns.optional}


def test_secrets_are_made_for_an_environment_file() -> None:
    import shlex

    from services.directory import config

    made = dict(word.split("=", 1) for word in shlex.split(well("make-secrets")))
    assert {name for name in config.REQUIRED if "URL" not in name} <= set(made)
    assert {"SERVICE_KEY_REFERRALS", "SERVICE_KEY_NOTIFICATIONS"} <= set(made)
    kids = {key["kid"] for key in json.loads(made["SERVICE_JWKS"])["keys"]}
    assert kids == {"directory", "referrals", "notifications"}
    assert json.loads(made["SERVICE_KEY_DIRECTORY"])["kid"] == "directory"
