"""The API is readable as a page, and the page says what the document says."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from marshmallow import Schema, fields, validate

from shared.api import make_api
from shared.auth.caller import Role
from shared.auth.guard import needs
from shared.http import init_http
from shared.smorest import Blueprint
from shared.web.openapi_page import FieldRow, read
from tests.unit.shared_web.pages import headings, text
from tests.unit.shared_web.sample_app import OPENAPI


def test_the_page_shows_every_endpoint_and_who_may_call_it(client: FlaskClient) -> None:
    page = client.get("/docs")
    words = text(page)
    assert headings(page) == ["For developers Referrals API"]
    assert "POST /api/v1/referrals" in words
    assert "Who may call: any of: sender, worker" in words
    assert "Sent twice, it is one referral." in words
    assert "409 Already open" in words


def test_fields_of_inner_objects_and_lists_are_named_by_their_way() -> None:
    referrals = read(OPENAPI)[0]
    post, get = referrals.endpoints
    assert post.body == [
        FieldRow("person", "object", True, ""),
        FieldRow("person.given_name", "text (at most 100)", True, "Example: Ada"),
        FieldRow("person.date_of_birth", "text or null (date)", False, "Leave out when unknown."),
        FieldRow("needs", "list of text", True, ""),
        FieldRow("safeguarding", "one of: yes, no, not_known", False, ""),
    ]
    assert [row.name for row in post.answers[0].fields] == [
        "id", "available_actions", "available_actions[].act",
    ]  # fmt: skip
    assert get.parameters == [FieldRow("referral_id", "text (uuid)", True, "", place="path")]
    assert [(e.status, e.description) for e in post.errors] == [
        ("409", "Already open"), ("default", "Problem details"),
    ]  # fmt: skip


def test_endpoints_without_a_tag_stand_apart() -> None:
    assert [group.name for group in read(OPENAPI)] == ["Referrals", "Other"]


def test_a_document_that_refers_to_itself_ends() -> None:
    loop = {
        "paths": {
            "/a": {
                "post": {
                    "requestBody": {
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/T"}}}
                    },
                    "responses": {},
                }
            }
        },
        "components": {
            "schemas": {
                "T": {"type": "object", "properties": {"child": {"$ref": "#/components/schemas/T"}}},
                "Ring": {"$ref": "#/components/schemas/Ring"},
            }
        },
    }
    body = read(loop)[0].endpoints[0].body
    assert [row.name for row in body][:2] == ["child", "child.child"]
    assert len(body) < 10


def test_what_our_own_api_says_of_itself_is_read() -> None:
    class Inner(Schema):
        value = fields.String(
            required=True, validate=validate.Length(max=9), metadata={"description": "A value."}
        )

    class Thing(Schema):
        inner = fields.Nested(Inner, required=True)
        many = fields.List(fields.Nested(Inner))
        kind = fields.String(validate=validate.OneOf(["a", "b"]), allow_none=True)

    blueprint = Blueprint("things", __name__, url_prefix="/api/v1/things", description="Things.")

    @blueprint.post("")
    @needs(Role.WORKER)
    @blueprint.arguments(Thing)
    @blueprint.response(201, Thing)
    def post(body: dict[str, object]) -> dict[str, object]:
        """Keep a thing."""
        return body

    app = Flask(__name__)
    init_http(app, "referrals")
    with app.app_context():
        document = make_api(app, "Things", (blueprint,)).spec.to_dict()
    group = read(document)[0]
    endpoint = group.endpoints[0]
    assert (group.name, group.description) == ("things", "Things.")
    assert (endpoint.method, endpoint.path, endpoint.summary) == ("POST", "/api/v1/things", "Keep a thing.")
    assert endpoint.needs == "any of: worker"
    rows = {row.name: row for row in endpoint.body}
    assert rows["inner.value"] == FieldRow("inner.value", "text (at most 9)", True, "A value.")
    assert rows["many[].value"].required
    assert rows["kind"].kind == "one of: a, b"
