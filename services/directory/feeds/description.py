"""The OpenAPI 3.1 description of a feed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from services.directory.feeds.answering import NDJSON
from services.directory.feeds.parameters import PARAMETERS, TAKEN
from services.directory.feeds.shapes import HSDS_SHAPES, ORUK_SHAPES, PAGE_FIELDS, TEXT, URI
from services.directory.feeds.standards import ORUK, Standard

Json = dict[str, Any]
# Each list, and the object its contents are.
OBJECTS = {
    "services": "service",
    "organizations": "organization",
    "service_at_locations": "service_at_location",
    "taxonomies": "taxonomy",
    "taxonomy_terms": "taxonomy_term",
}
# What one organisation may be asked for with.
OF_ONE = {"organizations": ("full_service",)}
_REQUIRED = ("services",)
_PROBLEM: Json = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object"}},
    },
}


def describe(standard: Standard, address: str) -> Json:
    """The description of the feed at `address`."""
    shapes = ORUK_SHAPES if standard is ORUK else HSDS_SHAPES
    paths: Json = {"/": {"get": _operation("about", "What this feed is.", (), _json("about"))}}
    for name, kind in OBJECTS.items():
        tag = "required" if name in _REQUIRED else "optional"
        title = name.replace("_", " ")
        stream: Json = {NDJSON: {"schema": {}}}
        paths[f"/{name}"] = {
            "get": _operation(
                f"list_{name}", f"A page of {title}.", TAKEN[name], _json(f"{kind}_page") | stream, tag
            )
        }
        paths[f"/{name}/{{id}}"] = {
            "parameters": [
                {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
            ],
            "get": _operation(
                f"one_of_{name}", f"One of the {title}.", OF_ONE.get(name, ()), _json(kind), tag, missing=True
            ),
        }
    pages = {f"{kind}_page": _page(kind) for kind in OBJECTS.values()}
    return {
        "openapi": "3.1.0",
        "info": {"title": f"Linkwork directory: {standard.title}", "version": standard.version},
        "servers": [{"url": address}],
        "paths": paths,
        "components": {"schemas": {**shapes, **pages, "about": _ABOUT, "problem": _PROBLEM}},
    }


_ABOUT: Json = {
    "type": "object",
    "required": ["version", "profile", "openapi_url"],
    "properties": {"version": TEXT, "profile": URI, "openapi_url": URI},
    "additionalProperties": False,
}


def _or_left_empty(schema: Mapping[str, Any]) -> Json:
    """A parameter that is left empty counts as not given."""
    takes_any_text = schema["type"] == "string" and not {"format", "enum", "pattern"} & schema.keys()
    return dict(schema) if takes_any_text else {"anyOf": [dict(schema), {"type": "string", "maxLength": 0}]}


def _page(kind: str) -> Json:
    contents = {"type": "array", "items": {"$ref": f"#/components/schemas/{kind}"}}
    fields = {**PAGE_FIELDS, "contents": contents}
    return {"type": "object", "required": list(fields), "properties": fields, "additionalProperties": False}


def _json(name: str) -> Json:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}


def _operation(
    name: str,
    words: str,
    taken: Iterable[str],
    content: Json,
    tag: str = "required",
    *,
    missing: bool = False,
) -> Json:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/problem"}}}
    refusals = {"400": "A parameter is wrong, and which.", "503": "Ask again later."}
    if missing:
        refusals["404"] = "There is none, or it never was published."
    return {
        "operationId": name,
        "summary": words,
        "tags": [tag],
        "parameters": [
            {
                "name": one,
                "in": "query",
                "required": False,
                "description": PARAMETERS[one].words,
                "schema": _or_left_empty(PARAMETERS[one].schema),
            }
            for one in taken
        ],
        "responses": {
            "200": {"description": words, "content": content},
            "304": {"description": "As it was when the reader got this ETag."},
            **{status: {"description": why, "content": problem} for status, why in refusals.items()},
        },
    }
