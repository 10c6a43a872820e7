"""What the feeds say of the example's scheme is what the example files say: to the letter, ids too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from services.directory.app import create_app
from services.directory.store.database import database
from tests.builders.feed_schemas import STANDARDS, Reader, faults_of
from tests.builders.listing_example import an_id, load_example

EXAMPLES = Path(__file__).parent / "examples" / "directory"


@pytest.fixture(scope="module")
def app(directory_database: str, valkey: str) -> Flask:
    made = create_app()
    database.nudge = None
    load_example()
    return made


def example(name: str) -> Any:
    return json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("standard", STANDARDS)
def test_a_service_is_told_as_promised(app: Flask, standard: str) -> None:
    told = Reader(app, STANDARDS[standard]).ask(f"services/{an_id('service')}")
    assert not faults_of(standard, "services", told)
    assert told == example(f"{standard}_service")


def test_a_page_is_told_as_promised(app: Flask) -> None:
    assert Reader(app).ask("services") == example("oruk_services")
