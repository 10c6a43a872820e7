"""The API side of a service: its blueprints, and OpenAPI 3.1 at `/openapi.json`."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from flask import Flask, Response
from marshmallow import INCLUDE, Schema, fields

from shared import settings
from shared.auth.guard import public
from shared.smorest import Blueprint, UntypedApi


class FieldProblemSchema(Schema):
    """One field that could not be taken."""

    pointer = fields.String(
        required=True,
        metadata={"description": "JSON Pointer (RFC 6901) into what was sent; empty: all of it."},
    )
    detail = fields.String(required=True, metadata={"description": "How to mend it."})


class ProblemSchema(Schema):
    """RFC 9457 problem details."""

    class Meta:
        """Some kinds say more, such as `available_actions`."""

        unknown = INCLUDE

    type = fields.String(required=True, metadata={"description": "A stable address of the kind of problem."})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True, metadata={"description": "A sentence a person can act on."})
    request_id = fields.String(required=True)
    errors = fields.List(fields.Nested(FieldProblemSchema))


class LinkworkApi(UntypedApi):  # type: ignore[misc]
    """flask-smorest's Api with our own error answers."""

    ERROR_SCHEMA = ProblemSchema

    def _register_error_handlers(self) -> None:
        """Errors are answered by `shared.http`, in one form for all services."""

    def description(self) -> dict[str, Any]:
        """The OpenAPI 3.1 document as a dict."""
        described = dict(self.spec.to_dict())
        # The library calls every answer application/json; errors are RFC 9457's own type.
        for error in described["components"].get("responses", {}).values():
            content = error.get("content", {})
            if "application/json" in content:
                content["application/problem+json"] = content.pop("application/json")
        return described


def make_api(app: Flask, title: str, blueprints: tuple[Blueprint, ...]) -> LinkworkApi:
    """Register `blueprints` on `app` and describe them at `/openapi.json`."""
    app.config.update(
        API_TITLE=title,
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=None,
        API_SPEC_OPTIONS={"servers": [{"url": settings.public_url(app.config["LINKWORK_SERVICE"])}]},
    )
    api = LinkworkApi(app)
    for blueprint in blueprints:
        api.register_blueprint(blueprint)
    scheme = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    api.spec.components.security_scheme("bearer", scheme)

    @cache
    def described() -> str:
        return json.dumps(api.description(), indent=2, ensure_ascii=False)

    @app.get("/openapi.json")
    @public
    def openapi_json() -> Response:
        return Response(described(), content_type="application/json")

    return api
