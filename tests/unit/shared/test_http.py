"""Errors, request ids and limits, as every service answers them."""

import json

import pytest
from flask import Flask
from marshmallow import Schema, fields

from shared.api import make_api
from shared.auth import public
from shared.auth.guard import check_every_route
from shared.errors import Conflict, Invalid, NotFound, TooMany
from shared.http import init_http
from shared.smorest import Blueprint


class InnerSchema(Schema):
    name = fields.String(required=True)


class ThingSchema(Schema):
    person = fields.Nested(InnerSchema, required=True)


blp = Blueprint("things", __name__, url_prefix="/api/v1")


@blp.post("/things")
@public
@blp.arguments(ThingSchema)
@blp.response(201, ThingSchema)
def make_thing(body):
    """Make a thing."""
    return body


class NoteSchema(Schema):
    text = fields.String()


@blp.post("/notes")
@public
@blp.arguments(NoteSchema)
@blp.response(201, NoteSchema)
def make_note(body):
    """Make a note."""
    return body


@blp.get("/conflict")
@public
def conflict():
    raise Conflict("Already open.", slug="already-open", existing={"reference": "LW-1"})


@blp.get("/broken")
@public
def broken():
    raise ValueError("SECRET MARKER in a library's message")


@blp.get("/often")
@public
def often():
    raise TooMany(retry_after=7)


@pytest.fixture
def client():
    app = Flask(__name__, static_folder=None)
    init_http(app, "directory")
    make_api(app, "Tests", (blp,))
    check_every_route(app)
    return app.test_client()


def test_an_unknown_field_is_refused_and_named(client):
    answer = client.post("/api/v1/things", json={"person": {"name": "A", "age": 3}})
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert [e["pointer"] for e in answer.json["errors"]] == ["/person/age"]


def test_a_missing_field_is_named_where_it_is_missing(client):
    answer = client.post("/api/v1/things", json={"person": {}})
    assert [e["pointer"] for e in answer.json["errors"]] == ["/person/name"]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"",
        b" ",
        b"\xff\xfe",
        b"[1",
        b'{"a": NaN}',
        b'{"a": [-Infinity]}',
        b"9" * 5000,
        b"-" + b"9" * 5000,
    ],
)
def test_a_body_that_is_not_json_is_malformed(client, body):
    answer = client.post("/api/v1/things", data=body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json["type"].endswith("/malformed")


def test_a_name_given_twice_in_one_object_is_named(client):
    body = b'{"person": {"name": "A", "name": "B"}}'
    answer = client.post("/api/v1/things", data=body, content_type="application/json")
    assert answer.status_code == 400
    assert "“name”" in answer.json["detail"]


def test_an_empty_body_will_do_where_nothing_is_required(client):
    for given in ({}, {"content_type": "application/json"}, {"json": {}}):
        assert client.post("/api/v1/notes", **given).status_code == 201
    assert client.post("/api/v1/things").status_code == 400


@pytest.mark.parametrize(
    "kind", ["application/fhir+json", "text/plain", "application/x-www-form-urlencoded", ""]
)
def test_a_body_of_another_kind_is_not_taken_for_json(client, kind):
    answer = client.post("/api/v1/things", data=b'{"person": {"name": "A"}}', content_type=kind)
    assert answer.status_code == 415
    assert "application/json" in answer.json["detail"]
    named = client.post(
        "/api/v1/things", data=b'{"person": {"name": "A"}}', content_type="application/json; charset=utf-8"
    )
    assert named.status_code == 201


@pytest.mark.parametrize("body", [[], "text", 7, None])
def test_what_is_wrong_with_the_whole_body_has_the_pointer_of_the_whole(client, body):
    answer = client.post("/api/v1/things", data=json.dumps(body), content_type="application/json")
    assert answer.status_code == 422
    assert answer.json["errors"] == [{"pointer": "", "detail": "Give an object, as in {…}."}]


def test_a_body_nested_beyond_reason_is_malformed(client):
    deep = b"[" * 50_000 + b"]" * 50_000
    answer = client.post("/api/v1/things", data=deep, content_type="application/json")
    assert answer.status_code == 400


@pytest.mark.parametrize("bad", ["\x00", "\ud83d"])
def test_text_no_database_holds_is_refused_where_it_stands_keys_included(client, bad):
    body = {"person": {"name": [f"a{bad}", {"x/y": bad}], f"k{bad}": 1}, "ok": "\U0001f98a"}
    answer = client.post("/api/v1/things", json=body)
    assert answer.status_code == 422
    pointers = [e["pointer"] for e in answer.json["errors"]]
    assert pointers == [f"/person/k{bad}", "/person/name/0", "/person/name/1/x~1y"]


def test_a_body_over_256_kib_is_too_large(client):
    answer = client.post("/api/v1/things", json={"person": {"name": "x" * 300_000}})
    assert answer.status_code == 413
    assert answer.json["title"] == "That is too large"


def test_a_conflict_carries_its_own_type_and_what_exists(client):
    answer = client.get("/api/v1/conflict")
    assert answer.status_code == 409
    assert answer.json["type"].endswith("/problems/already-open")
    assert answer.json["existing"] == {"reference": "LW-1"}


def test_an_unexpected_error_tells_nothing_of_its_inside(client, capsys):
    answer = client.get("/api/v1/broken")
    assert answer.status_code == 500
    assert "SECRET" not in answer.text
    assert answer.json["request_id"] == answer.headers["X-Request-Id"]


def test_a_wrong_method_says_what_is_allowed(client):
    answer = client.delete("/api/v1/conflict")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_too_many_says_when_to_come_back(client):
    assert client.get("/api/v1/often").headers["Retry-After"] == "7"


@pytest.mark.parametrize(
    ("sent", "kept"), [("abc-123", True), ("x" * 65, False), ("a b", False), ("é", False)]
)
def test_a_sane_request_id_is_carried_and_another_is_replaced(client, sent, kept):
    answer = client.get("/api/v1/conflict", headers={"X-Request-Id": sent})
    assert (answer.headers["X-Request-Id"] == sent) is kept


def test_the_description_is_openapi_3_1_and_says_who_may_call(client):
    described = json.loads(client.get("/openapi.json").text)
    assert described["openapi"] == "3.1.0"
    assert described["paths"]["/api/v1/things"]["post"]["x-needs"] == "anybody"


def test_a_route_without_a_guard_does_not_start():
    app = Flask(__name__, static_folder=None)
    app.add_url_rule("/open", view_func=lambda: "open")
    with pytest.raises(RuntimeError, match="/open"):
        check_every_route(app)


def test_an_invalid_answer_lists_every_field():
    error = Invalid.field("/a", "Say what a is.")
    assert error.detail == "Say what a is."
    assert NotFound().status == 404
