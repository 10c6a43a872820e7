"""What a feed says, judged: by the standard's own schemas, and by ours, which allow no field besides."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from jsonschema_rs import Draft202012Validator, Registry

from services.directory.feeds.description import OBJECTS, describe
from services.directory.feeds.standards import HSDS, ORUK, Standard

SCHEMAS = Path(__file__).parents[1] / "contract" / "oruk-3.0"
_ADDRESS = "https://openreferraluk.org/specifications/3.0/schema/"
STANDARDS = {"oruk": ORUK, "hsds": HSDS}


@cache
def official(name: str) -> Draft202012Validator:
    """The validator of one of the standard's schemas, such as `service_list`; formats are enforced."""
    registry = Registry(
        [(_ADDRESS + file.name, json.loads(file.read_text())) for file in sorted(SCHEMAS.glob("*.json"))]
    )
    schema = json.loads((SCHEMAS / f"{name}.json").read_text())
    return Draft202012Validator(schema, validate_formats=True, registry=registry, offline=True)


@cache
def exact(standard: str, name: str) -> Draft202012Validator:
    """The validator of an object as the feed describes it: those fields, nothing empty."""
    schemas = describe(STANDARDS[standard], "http://localhost")["components"]["schemas"]
    text = json.dumps(schemas).replace("#/components/schemas/", "#/$defs/")
    return Draft202012Validator({"$defs": json.loads(text), "$ref": f"#/$defs/{name}"}, validate_formats=True)


def faults_of(standard: str, name: str, body: Any, *, page: bool = False) -> list[str]:
    """What is wrong with an object, or a page of them; by the official schema only of Open Referral UK."""
    kind = OBJECTS[name]
    judges = [exact(standard, f"{kind}_page" if page else kind)]
    if standard == "oruk":
        judges.append(official(f"{kind}_list" if page else kind))
    return [
        f"{error.instance_path}: {error.message}" for judge in judges for error in judge.iter_errors(body)
    ]


class Reader:
    """A neighbouring system that reads a feed of the directory in this process."""

    def __init__(self, app: Flask, standard: Standard = ORUK) -> None:
        self.client = app.test_client()
        self.path = standard.path

    def ask(self, name: str, status: int = 200, **query: Any) -> Any:
        """The JSON of one answer."""
        answer = self.client.get(f"/{self.path}/{name}?{urlencode(query)}")
        assert answer.status_code == status, (name, query, answer.text[:500])
        return answer.get_json()

    def pages(self, name: str, **query: Any) -> Iterator[dict[str, Any]]:
        """Every page."""
        number = 1
        while True:
            page = self.ask(name, page=number, **query)
            yield page
            if page["last_page"]:
                return
            number += 1

    def all(self, name: str, **query: Any) -> list[dict[str, Any]]:
        """The contents of every page."""
        return [one for page in self.pages(name, per_page=200, **query) for one in page["contents"]]

    def ids(self, name: str, **query: Any) -> set[str]:
        """The ids on every page."""
        return {one["id"] for one in self.all(name, **query)}
