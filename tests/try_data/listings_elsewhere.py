"""The real feed and the real venues, imported and rolled back: `make try-data`."""

from __future__ import annotations

import csv
import json
import os
import re
from collections import Counter
from pathlib import Path

from click.testing import CliRunner
from sqlalchemy import func, select

from services.directory.app import create_app
from services.directory.cli import main
from services.directory.feeds.description import OBJECTS
from services.directory.store.database import database
from services.directory.store.imports import ImportBatch, ImportRow, Provenance
from services.directory.store.organizations import Organization
from services.directory.store.schedules import Schedule
from services.directory.store.services import Service
from tests.builders import listings as build
from tests.builders.feed_schemas import STANDARDS, Reader, faults_of

DATA = Path(os.environ["LINKWORK_TRY_DATA"])


def run(*words: str) -> str:
    done = CliRunner().invoke(main, list(words), catch_exceptions=False)
    print(done.output)  # noqa: T201
    assert done.exit_code == 0, done.output
    return done.output


def there() -> dict[str, int]:
    with database.transaction() as session:
        return {
            table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0
            for table in (Organization, Service, Schedule, Provenance)
        }


def told_again_without_faults() -> None:
    """Told again under /oruk/: every page and every id against the schemas of the standard."""
    reader = Reader(create_app(), STANDARDS["oruk"])
    for name in OBJECTS:
        form = {} if name.startswith("taxonom") else {"full": "true"}
        pages = list(reader.pages(name, per_page=100, **form))
        faults = [fault for page in pages for fault in faults_of("oruk", name, page, page=True)]
        ids = {one["id"] for page in pages for one in page["contents"]}
        for one in ids:
            faults += faults_of("oruk", name, reader.ask(f"{name}/{one}"))
        print(f"/oruk/{name}: {len(pages)} pages, {len(ids)} ids, {len(faults)} faults")  # noqa: T201
        assert not faults, faults[:3]


def test_the_real_feed_comes_in_whole_twice_and_goes_again(directory_database: str, valkey: str) -> None:
    build.words()
    before = there()
    feed = DATA / "oruk" / "north_lincolnshire.json"
    dry = run("import", str(feed), "--source", "North Lincolnshire", "--dry-run")
    assert "Only looked at" in dry
    assert there() == before
    said = run("import", str(feed), "--source", "North Lincolnshire", "--keep-duplicates")
    came = there()
    assert came["service"] == 738
    assert came["organization"] == 239
    items = json.loads(feed.read_text())
    with database.transaction() as session:
        came_from = (Provenance.batch_id == ImportRow.batch_id) & (Provenance.number == ImportRow.number)
        rows = session.scalars(
            select(ImportRow).join(Provenance, came_from).where(ImportRow.kind == "service")
        )
        raw = {row.external_id: row.raw for row in rows}
        descriptions = session.scalars(select(Service.description)).all()
    # Nothing is lost: every item is kept as it came.
    assert [raw[item["id"]] for item in items] == items
    assert not [text for text in descriptions if re.search(r"</?(p|span|li|div|br)\b|&nbsp;|&amp;", text)]
    told_again_without_faults()
    again = run("import", str(feed), "--source", "North Lincolnshire")
    assert re.search(r"services: 0 new, 0 changed, 738 the same", again)
    batch = re.findall(r"rollback ([0-9a-f-]{36})", said)[0]
    again_batch = re.findall(r"rollback ([0-9a-f-]{36})", again)[0]
    run("rollback", again_batch)
    run("rollback", batch)
    assert there() == before


def test_warm_spaces_come_in_from_a_sheet(directory_database: str, valkey: str, tmp_path: Path) -> None:
    build.words()
    venues = json.loads((DATA / "warm_spaces" / "history_union_wakefield.geojson").read_text())["features"]
    sheet = tmp_path / "warm.csv"
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Title", "Address", "Description", "Opening times", "Lat", "Long", "Source"])
        for one in venues:
            said = one["properties"]
            hours = said.get("hours")
            text = hours.get("_text") if isinstance(hours, dict) else hours
            long, lat = one["geometry"]["coordinates"]
            cells = (said.get("title"), said.get("address"), said.get("description"), text, lat, long)
            writer.writerow([*(cell if cell is not None else "" for cell in cells), said.get("_source")])
    run("import", str(sheet), "--source", "Warm spaces", "--report", str(tmp_path / "report.csv"))
    with database.transaction() as session:
        hours = session.scalars(select(Service.hours).where(Service.hours.is_not(None))).all()
        structured = session.scalar(select(func.count(func.distinct(Schedule.service_id))))
        newest = select(ImportBatch.id).order_by(ImportBatch.made_at.desc()).limit(1).scalar_subquery()
        verdicts = Counter(
            session.scalars(
                select(ImportRow.verdict).where(ImportRow.kind == "service", ImportRow.batch_id == newest)
            )
        )
    print(f"{len(venues)} venues, {dict(verdicts)}; {len(hours)} with hours in words, "  # noqa: T201
          f"{structured} of them understood")  # fmt: skip
    assert structured > 0
