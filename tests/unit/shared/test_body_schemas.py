"""Schemas of what comes in."""

from __future__ import annotations

from typing import Any

from flask import Flask
from marshmallow import Schema, fields

from shared.smorest import Blueprint


def test_a_schema_is_made_when_the_route_is_and_not_for_every_request() -> None:
    made: list[Schema] = []

    class Body(Schema):
        word = fields.String(required=True)

        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            made.append(self)

    blueprint = Blueprint("words", __name__)

    @blueprint.post("/words")
    @blueprint.arguments(Body)
    def words(body: dict[str, str]) -> dict[str, str]:
        return body

    app = Flask(__name__)
    app.register_blueprint(blueprint)
    before = len(made)
    for word in ("one", "two"):
        answer = app.test_client().post("/words", json={"word": word})
        assert answer.json == {"word": word}
    assert before == len(made) == 1
