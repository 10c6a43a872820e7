"""Listings at an address, read over HTTP from a real server: feeds page by page, and a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from click.testing import CliRunner
from flask import Flask, Response, jsonify, request

from services.directory.app import create_app
from services.directory.cli import main
from services.directory.demo.everything import load_demo
from services.directory.store.database import database
from tests.builders import imports as build
from tests.builders.imports import an_item
from tests.builders.listings import NOON
from tests.e2e.serving import served

Answer = Callable[[int], object]


@pytest.fixture(scope="module")
def directory(directory_database: str, valkey: str) -> Flask:
    """The demo place, so that its own feeds have something to tell."""
    app = create_app()
    database.nudge = None
    load_demo(NOON)
    return app


@contextmanager
def reachable(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """`app` at an address that imports may reach."""
    with served(app) as port:
        monkeypatch.setenv("OUTBOUND_ALLOWED", f"127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"


def a_feed(answer: Answer) -> Flask:
    """A feed elsewhere; `answer` makes page n."""
    app = Flask("elsewhere")

    @app.get("/services")
    def services() -> object:
        return answer(request.args.get("page", 1, type=int))

    return app


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["import", *words])
    return done.exit_code, done.output


@pytest.mark.parametrize("feed", ["oruk/", "hsds/", "oruk/services?per_page=7"])
def test_a_directory_that_reads_its_own_feed_has_all_of_it_already(
    directory: Flask, monkeypatch: pytest.MonkeyPatch, feed: str
) -> None:
    before = build.everything()
    with reachable(directory, monkeypatch) as here:
        code, said = run(f"{here}/{feed}", "--source", feed)
    assert code == 0, said
    (services,) = [line for line in said.splitlines() if line.startswith("services:")]
    assert "0 new" in services
    assert "0 possible duplicates, 0 refused" in services
    after = build.everything()
    assert after["services"].keys() == before["services"].keys()
    if feed == "hsds/":
        assert after == before


def test_a_feed_is_read_to_its_last_page(directory: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = {n: [an_item(10 * n + k) for k in range(3)] for n in (1, 2, 3)}
    tries: list[int] = []

    def answer(n: int) -> object:
        tries.append(n)
        if tries.count(2) == 1 and n == 2:
            return Response("busy", 503)
        return jsonify({"total_pages": 3, "contents": pages[n]})

    with reachable(a_feed(answer), monkeypatch) as there:
        code, said = run(f"{there}/services", "--source", "Elsewhere", "--dry-run")
    assert code == 0, said
    assert "services: 9 new" in said
    assert tries == [1, 1, 2, 2, 3]


def test_a_feed_of_the_first_version_is_a_list(directory: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with reachable(a_feed(lambda _: jsonify([an_item(51), an_item(52)])), monkeypatch) as there:
        code, said = run(f"{there}/services", "--source", "Version one", "--dry-run")
    assert code == 0, said
    assert "services: 2 new" in said


@pytest.mark.parametrize(
    ("second", "words"),
    [
        (Response("gone", 500), "answered 500"),
        (Response("", 302, {"Location": "http://listings.example/"}), "sends on to another"),
    ],
)
def test_a_feed_that_breaks_off_brings_nothing(
    directory: Flask, monkeypatch: pytest.MonkeyPatch, second: Response, words: str
) -> None:
    before = build.everything()

    def answer(n: int) -> object:
        return jsonify({"total_pages": 2, "contents": [an_item(61)]}) if n == 1 else second

    with reachable(a_feed(answer), monkeypatch) as there:
        code, said = run(f"{there}/services", "--source", "Breaks off")
    assert code == 1
    assert words in said
    assert "Nothing was imported" in said
    assert build.everything() == before


def test_an_address_of_the_private_network_is_not_asked(
    directory: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    with reachable(a_feed(lambda n: asked.append(n) or jsonify([])), monkeypatch) as there:
        monkeypatch.delenv("OUTBOUND_ALLOWED")
        code, said = run(f"{there}/services", "--source", "Private")
    assert code == 1
    assert "not on the public network" in said
    assert asked == []
