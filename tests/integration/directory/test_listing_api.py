"""A partner's system writes listings by the API, under the rules and marks of the pages."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from services.directory.store.listing_changes import ListingChange
from shared.auth import Role
from tests.builders.identity import rows
from tests.builders.listings import a_body, a_location, a_service, bearer, words

WHOLE: dict[str, Any] = {
    "kind": "scheme", "name": "The kettle", "who_for": "Anyone", "not_for": "Nobody", "differs": "We sit.",
    "support_type": "accompanying", "ending": "by_person", "routes_in": ["professional"],
    "area_basis": ["anywhere"], "terms": [{"taxonomy": "needs", "code": "loneliness"}], "status": "active",
    "languages": ["en", "pl"],
    "schedules": [{"freq": "WEEKLY", "byday": "TU", "opens_at": "18:00", "closes_at": "20:00"}],
    "costs": [{"option": "A session", "amount": "2.50"}],
    "contacts": [{"name": "Maureen", "phones": [{"number": "01632 960100"}]}],
}  # fmt: skip
CAPACITY = {"limit": 10, "open_places": 4}


class Partner:
    """A system of one organisation."""

    def __init__(self, app: Flask, role: Role = Role.ORG_ADMIN) -> None:
        words()
        self.organization = a_body()
        self.client = app.test_client()
        self.headers = bearer(app, role, organization_id=self.organization)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.open(f"/api/v1{path}", method=method, json=body, headers=self.headers | given)

    def whole(self, **fields: Any) -> dict[str, Any]:
        return WHOLE | {"organization_id": str(self.organization)} | fields


@pytest.fixture
def partner(app: Flask) -> Partner:
    return Partner(app)


def test_a_listing_is_added_read_and_changed_by_its_mark(partner: Partner) -> None:
    made = partner.send("POST", "/services", {"listing": partner.whole(), "capacity": CAPACITY})
    assert made.status_code == 201, made.text
    one = (made.json or {})["id"]
    read = partner.send("GET", f"/services/{one}/listing")
    assert read.headers["ETag"] == made.headers["ETag"]
    listing = (read.json or {})["listing"]
    assert listing["schedules"][0]["byday"] == "TU"
    assert listing["costs"][0]["amount"] == "2.50"
    # What is read may be sent back as it is, and says the same.
    same = partner.send("PUT", f"/services/{one}", listing, If_Match=read.headers["ETag"])
    assert same.status_code == 200, same.text
    assert same.headers["ETag"] == read.headers["ETag"]
    assert len(rows(ListingChange, ListingChange.record == one)) == 1
    changed = partner.send(
        "PUT", f"/services/{one}", listing | {"name": "The teapot"}, If_Match=read.headers["ETag"]
    )
    assert changed.status_code == 200
    late = partner.send("PUT", f"/services/{one}", listing, If_Match=read.headers["ETag"])
    assert late.status_code == 409
    assert (late.json or {})["type"].endswith("changed-since")
    public = partner.client.get(f"/api/v1/services/{one}").json or {}
    assert public["name"] == "The teapot"


def test_without_a_mark_nothing_is_changed(partner: Partner) -> None:
    made = partner.send("POST", "/services", {"listing": partner.whole(status="inactive")})
    one = (made.json or {})["id"]
    refused = partner.send("PUT", f"/services/{one}", partner.whole())
    assert refused.status_code == 422
    assert "If-Match" in refused.text


def test_what_is_missing_to_publish_is_named_field_by_field(partner: Partner) -> None:
    answer = partner.send("POST", "/services", {"listing": partner.whole(who_for="", terms=[])})
    assert answer.status_code == 422
    pointers = {problem["pointer"] for problem in (answer.json or {})["errors"]}
    assert {"/who_for", "/needs", "/capacity"} <= pointers


@pytest.mark.parametrize(
    "wrong",
    [
        {"schedules": [{"freq": "WEEKLY", "interval": 2, "byday": "TU"}]},
        {"schedules": [{"byday": "someday"}]},
        {"areas": [{"kind": "ward", "code": "nonsense"}]},
        {"minimum_age": 90, "maximum_age": 10},
        {"costs": [{"amount": "-1"}]},
        {"costs": [{"amount": "1e400"}]},
        {"costs": [{}]},
        {"url": "javascript:alert(1)"},
        {"circumstances": ["nobody_knows"]},
        {"terms": [{"taxonomy": "needs", "code": "nobody_knows"}]},
        {"connector_role": "nobody_knows"},
        {"place_id": str(uuid4())},
        {"team_ids": [str(uuid4())]},
        {"locations": [{"location_id": str(uuid4()), "main": True}]},
        {"polygons": [{"name": "x", "extent": {"type": "Point", "coordinates": [0, 0]}}]},
        {"working_days": [9]},
        {"brand_new": 1},
    ],
)
def test_what_cannot_be_kept_is_refused(partner: Partner, wrong: dict[str, Any]) -> None:
    answer = partner.send("POST", "/services", {"listing": partner.whole(status="inactive", **wrong)})
    assert answer.status_code == 422, answer.text


def test_organisations_and_venues_are_written_by_their_marks(partner: Partner) -> None:
    path = f"/organizations/{partner.organization}"
    read = partner.send("GET", f"{path}/facts")
    facts = (read.json or {})["organization"]
    changed = partner.send(
        "PUT", path, facts | {"website": "https://kettle.example"}, If_Match=read.headers["ETag"]
    )
    assert changed.status_code == 200, changed.text
    assert partner.send("PUT", path, facts, If_Match=read.headers["ETag"]).status_code == 409
    venue = {"organization_id": str(partner.organization), "name": "Mill hall", "private": True,
             "accessibility": [{"code": "ramp"}]}  # fmt: skip
    made = partner.send("POST", "/locations", venue)
    assert made.status_code == 201, made.text
    here = f"/locations/{(made.json or {})['id']}"
    kept = (made.json or {})["location"]
    moved = partner.send("PUT", here, kept | {"name": "Mill"}, If_Match=made.headers["ETag"])
    assert moved.status_code == 200
    assert partner.send("PUT", here, kept, If_Match=made.headers["ETag"]).status_code == 409
    half = partner.send("POST", "/locations", venue | {"latitude": 53.0})
    assert half.status_code == 422


def test_what_is_anothers_is_not_there(app: Flask, partner: Partner) -> None:
    service = a_service(status="inactive")
    venue = a_location(service, private=True)
    mark = '"' + "0" * 24 + '"'
    venue_doc = {"organization_id": str(partner.organization), "name": "x"}
    answers = (
        partner.send("GET", f"/services/{service}/listing"),
        partner.send("PUT", f"/services/{service}", partner.whole(), If_Match=mark),
        partner.send("GET", f"/locations/{venue}"),
        partner.send("PUT", f"/locations/{venue}", venue_doc, If_Match=mark),
        partner.send("POST", "/services", {"listing": partner.whole(organization_id=str(a_body()))}),
        partner.send("GET", f"/organizations/{a_body()}/facts"),
    )
    assert [answer.status_code for answer in answers] == [404] * len(answers)
    worker = Partner(app, Role.WORKER)
    refused = worker.send("POST", "/services", {"listing": worker.whole()})
    assert refused.status_code in (403, 404)
