"""Every page and every id of the demo place is what the standard says: its schemas, and no field besides."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from services.directory.app import create_app
from services.directory.demo.everything import load_demo
from services.directory.feeds.description import OBJECTS
from services.directory.store.database import database
from tests.builders.feed_schemas import STANDARDS, Reader, faults_of, official
from tests.builders.listings import NOON

FORMS = {
    "services": ({}, {"full": "true"}, {"minimal": "true"}, {"modified_after": "2000-01-01T00:00:00Z"}),
    "organizations": ({}, {"full": "true"}, {"full_service": "true"}),
    "service_at_locations": ({}, {"full": "true"}),
    "taxonomies": ({},),
    "taxonomy_terms": ({}, {"top_only": "true"}),
}


@pytest.fixture(scope="module")
def app(directory_database: str, valkey: str) -> Flask:
    made = create_app()
    database.nudge = None
    load_demo(NOON - timedelta(days=1))
    return made


@pytest.mark.parametrize("standard", STANDARDS)
@pytest.mark.parametrize("name", OBJECTS)
def test_every_page_is_valid(app: Flask, standard: str, name: str) -> None:
    reader = Reader(app, STANDARDS[standard])
    for form in FORMS[name]:
        pages = list(reader.pages(name, per_page=7, **form))
        assert len(pages) > 1 or name == "taxonomies"
        wrong = [fault for page in pages for fault in faults_of(standard, name, page, page=True)]
        assert not wrong, (form, wrong[:5])
        assert sum(page["size"] for page in pages) == pages[0]["total_items"]


@pytest.mark.parametrize("standard", STANDARDS)
@pytest.mark.parametrize("name", OBJECTS)
def test_every_id_is_valid(app: Flask, standard: str, name: str) -> None:
    reader = Reader(app, STANDARDS[standard])
    ids = reader.ids(name)
    assert ids
    for one in ids:
        assert not faults_of(standard, name, reader.ask(f"{name}/{one}")), one


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("id", "1"), ("url", "not an address"), ("email", "nobody"), ("last_modified", "yesterday")],
)
def test_the_schemas_are_enforced_with_their_formats(app: Flask, field: str, wrong: str) -> None:
    reader = Reader(app)
    whole = reader.ask("services/" + next(iter(reader.ids("services"))))
    assert official("service").is_valid(whole)
    assert not official("service").is_valid(whole | {field: wrong})
    assert not faults_of("oruk", "services", whole)
    assert faults_of("oruk", "services", whole | {"kind": "scheme"})
    assert faults_of("oruk", "services", whole | {"alert": ""})


def test_the_first_answer_says_which_standard_it_is(app: Flask) -> None:
    said = Reader(app).ask("")
    assert official("api_details").is_valid(said)
    assert said["version"] == "HSDS-UK-3.0"
    assert said["openapi_url"].endswith("/oruk/openapi.json")
