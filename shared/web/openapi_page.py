"""The API to be read by people: `/docs`, made on the server from the OpenAPI 3.1 document itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, render_template

from shared.auth.guard import public
from shared.web.frame import DOCS_ENDPOINT

METHODS = ("get", "post", "put", "patch", "delete")
MEDIA_TYPES = ("application/json", "application/problem+json")
_DEEPEST = 4

Json = Mapping[str, Any]


@dataclass(frozen=True)
class FieldRow:
    """One field of a body, or one parameter: dotted name, type in words, and what is said of it."""

    name: str
    kind: str
    required: bool
    description: str
    place: str = ""


@dataclass(frozen=True)
class Answer:
    """What may come back: the status, what it means, and its fields."""

    status: str
    description: str
    fields: list[FieldRow]


@dataclass(frozen=True)
class Endpoint:
    """One method of one path."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    needs: str
    parameters: list[FieldRow]
    body: list[FieldRow]
    answers: list[Answer]
    errors: list[Answer]
    example: str = ""


@dataclass(frozen=True)
class Group:
    """The endpoints of one tag."""

    name: str
    description: str
    endpoints: list[Endpoint] = field(default_factory=list)

    @property
    def id(self) -> str:
        """For links within the page."""
        return "group-" + "".join(c if c.isalnum() else "-" for c in self.name.lower())


def register(app: Flask, *, spec: Callable[[], dict[str, Any]]) -> None:
    """Show the OpenAPI document that `spec()` returns at `/docs`; the footer then links to it."""

    @app.get("/docs", endpoint=DOCS_ENDPOINT)
    @public
    def docs() -> str:
        document = spec()
        return render_template("linkwork/docs.html", info=document.get("info", {}), groups=read(document))


def read(document: Json) -> list[Group]:
    """The endpoints of an OpenAPI 3.1 document, by tag, in the document's order."""
    groups = {
        str(tag["name"]): Group(str(tag["name"]), str(tag.get("description", "")))
        for tag in document.get("tags", ())
    }
    for path, item in document.get("paths", {}).items():
        for method in METHODS:
            if method in item:
                operation = item[method]
                name = str((operation.get("tags") or ["Other"])[0])
                group = groups.setdefault(name, Group(name, ""))
                group.endpoints.append(_endpoint(document, path, method, item, operation))
    return [group for group in groups.values() if group.endpoints]


def _endpoint(document: Json, path: str, method: str, item: Json, operation: Json) -> Endpoint:
    body = _schema_of(document, operation.get("requestBody", {}))
    answers = [_answer(document, status, answer) for status, answer in operation.get("responses", {}).items()]
    given = [*item.get("parameters", ()), *operation.get("parameters", ())]
    return Endpoint(
        id=f"{method}-" + "".join(c if c.isalnum() else "-" for c in path),
        method=method.upper(),
        path=path,
        summary=str(operation.get("summary", "")),
        description=str(operation.get("description", "")),
        needs=str(operation.get("x-needs", "")),
        parameters=[_parameter(document, _resolve(document, each)) for each in given],
        body=list(_fields(document, body)),
        answers=[answer for answer in answers if answer.status.startswith(("2", "3"))],
        errors=[answer for answer in answers if not answer.status.startswith(("2", "3"))],
        example=_example(operation.get("requestBody", {}), body),
    )


def _parameter(document: Json, given: Json) -> FieldRow:
    schema = _resolve(document, given.get("schema", {}))
    said = str(given.get("description") or schema.get("description", ""))
    return FieldRow(
        str(given.get("name", "")),
        _kind(document, schema),
        bool(given.get("required")),
        said,
        place=str(given.get("in", "")),
    )


def _answer(document: Json, status: str, given: Json) -> Answer:
    answer = _resolve(document, given)
    return Answer(
        str(status),
        str(answer.get("description", "")),
        list(_fields(document, _schema_of(document, answer))),
    )


def _schema_of(document: Json, holder: Json) -> Json:
    content = _resolve(document, holder).get("content", {})
    for media_type in (*MEDIA_TYPES, *content):
        if media_type in content:
            return _resolve(document, content[media_type].get("schema", {}))
    return {}


def _fields(document: Json, schema: Json, prefix: str = "", depth: int = 0) -> Iterator[FieldRow]:
    """The fields of an object, those of inner objects by dotted name; `[]` marks a list."""
    schema = _whole(document, schema)
    if _types(schema) == ["array"]:
        yield from _fields(document, schema.get("items", {}), prefix + "[]", depth)
        return
    required = set(schema.get("required", ()))
    for name, given in schema.get("properties", {}).items():
        inner = _whole(document, given)
        full = f"{prefix}.{name}" if prefix else str(name)
        said = str(given.get("description") or inner.get("description", ""))
        yield FieldRow(full, _kind(document, inner), name in required, _with_example(said, inner))
        if depth < _DEEPEST:
            below = inner
            while "array" in _types(below):
                below, full = _whole(document, below.get("items", {})), full + "[]"
            if below.get("properties"):
                yield from _fields(document, below, full, depth + 1)


def _with_example(said: str, schema: Json) -> str:
    examples = schema.get("examples") or ([schema["example"]] if "example" in schema else [])
    if not examples:
        return said
    shown = examples[0] if isinstance(examples[0], str) else json.dumps(examples[0], ensure_ascii=False)
    return f"{said} Example: {shown}".strip()


def _kind(document: Json, schema: Json) -> str:
    """The type in words: "text (uuid)", "list of text", "one of: yes, no"."""
    schema = _whole(document, schema)
    if "enum" in schema:
        return "one of: " + ", ".join(str(value) for value in schema["enum"] if value is not None)
    choices = schema.get("oneOf") or schema.get("anyOf")
    if choices:
        return " or ".join(dict.fromkeys(_kind(document, choice) for choice in choices))
    words = {"string": "text", "integer": "whole number", "boolean": "true or false", "null": "null"}
    named = [words.get(kind, kind) for kind in _types(schema)]
    if "array" in named:
        inner = _kind(document, schema.get("items", {}))
        named[named.index("array")] = f"list of {inner}"
    limits = [
        f"{word} {schema[key]}"
        for key, word in (
            ("format", ""), ("minLength", "at least"), ("maxLength", "at most"),
            ("minimum", "from"), ("maximum", "to"), ("pattern", "like"),
        )
        if key in schema
    ]  # fmt: skip
    told = ", ".join(limit.strip() for limit in limits)
    return " or ".join(named or ["anything"]) + (f" ({told})" if told else "")


def _types(schema: Json) -> list[str]:
    given = schema.get("type", "object" if "properties" in schema else [])
    return [given] if isinstance(given, str) else list(given)


def _whole(document: Json, schema: Json) -> Json:
    """`schema` with its references followed and its `allOf` parts put together."""
    schema = _resolve(document, schema)
    if "allOf" not in schema:
        return schema
    whole: dict[str, Any] = {key: value for key, value in schema.items() if key != "allOf"}
    for part in schema["allOf"]:
        for key, value in _whole(document, part).items():
            if key == "properties":
                whole["properties"] = {**whole.get("properties", {}), **value}
            elif key == "required":
                whole["required"] = [*whole.get("required", []), *value]
            else:
                whole.setdefault(key, value)
    return whole


def _resolve(document: Json, node: Json) -> Json:
    seen: set[str] = set()
    while "$ref" in node:
        reference = str(node["$ref"])
        if reference in seen or not reference.startswith("#/"):
            return {}
        seen.add(reference)
        extra = {key: value for key, value in node.items() if key != "$ref"}
        found: Any = document
        for step in reference[2:].split("/"):
            found = found.get(step.replace("~1", "/").replace("~0", "~"), {})
        node = {**found, **extra}
    return node


def _example(holder: Json, schema: Json) -> str:
    for media in holder.get("content", {}).values():
        if "example" in media:
            return json.dumps(media["example"], indent=2, ensure_ascii=False)
        for given in media.get("examples", {}).values():
            return json.dumps(given.get("value"), indent=2, ensure_ascii=False)
    if schema.get("example") is not None:
        return json.dumps(schema["example"], indent=2, ensure_ascii=False)
    return ""
