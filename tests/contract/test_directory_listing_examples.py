"""What the directory says of listings is what the examples say; the router copes with it and with more."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from services.directory.actions.keeping import receive_events
from services.directory.app import create_app
from services.directory.store.database import database
from services.referrals.domain.routing.criteria import circumstance_words
from services.referrals.domain.routing.snapshot import Snapshot
from shared.auth import Role
from shared.auth.tokens import service_token
from shared.clock import now
from tests.builders.listing_example import AT, an_id, load_example
from tests.builders.listings import bearer

EXAMPLES = Path(__file__).parent / "examples" / "directory"


@pytest.fixture(scope="module")
def app(directory_database: str, valkey: str) -> Flask:
    made = create_app()
    database.nudge = None
    load_example()
    return made


def example(name: str) -> Any:
    return json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def without_moments(answer: dict[str, Any]) -> dict[str, Any]:
    """The snapshot without what is another each time: its epoch, version and time."""
    kept = {key: answer[key] for key in ("more", "items")}
    assert set(answer) == {*kept, "epoch", "version", "as_of"}
    return kept


def with_more(value: Any) -> Any:
    """The same with a field nobody promised in every object."""
    if isinstance(value, dict):
        return {key: with_more(inner) for key, inner in value.items()} | {"brand_new": {"nested": [1]}}
    return [with_more(inner) for inner in value] if isinstance(value, list) else value


def test_the_routing_snapshot_is_as_promised(app: Flask) -> None:
    header = {"Authorization": f"Bearer {service_token('referrals', 'directory', now())}"}
    answer = app.test_client().get("/api/v1/routing-snapshot?limit=1000", headers=header).json or {}
    # One of the needs stands for all, and one of the circumstances.
    answer["items"] = [
        item
        for item in answer["items"]
        if item["kind"] not in ("need", "circumstance") or item["id"] in ("loneliness", "carer")
    ]
    assert without_moments(answer) == without_moments(example("routing_snapshot"))


def test_services_are_as_promised(app: Flask) -> None:
    # A measure holds for a week.
    measured = json.loads((EXAMPLES.parent / "referrals" / "capacity_measured.json").read_text())
    assert receive_events([with_more(measured) | {"time": now().isoformat()}], now()) == 1
    answer = app.test_client().get("/api/v1/services?q=example").json or {}
    for item in answer["items"]:
        # Whether it is current depends on the day.
        assert item["checked"].pop("freshness") in ("current", "overdue")
        assert item["capacity"]["wait"].pop("measured_at").startswith(str(now().date()))
    promised = example("services")
    assert [item["checked"].pop("freshness") for item in promised["items"]] == ["current"]
    assert promised["items"][0]["capacity"]["wait"].pop("measured_at")
    assert answer == promised


def test_link_workers_are_as_promised(app: Flask) -> None:
    header = bearer(app, Role.SENDER, organization_id=an_id("surgery"))
    answer = app.test_client().get("/api/v1/link-workers", headers=header).json
    assert answer == example("link_workers")


def test_needs_are_as_promised(app: Flask) -> None:
    assert app.test_client().get("/api/v1/needs").json == example("needs")


def test_whom_to_ring_is_as_promised(app: Flask) -> None:
    answer = app.test_client().get("/api/v1/places/exampleton/help-now").json
    assert answer == example("help_now")


@pytest.mark.parametrize("change", [lambda items: items, with_more], ids=["as promised", "with more"])
def test_the_router_reads_the_promised_snapshot(change: Any) -> None:
    snapshot = Snapshot.of(change(example("routing_snapshot")["items"]), AT)
    service = snapshot.services[str(an_id("service"))]
    assert service.routes_in == {"professional", "self"}
    assert service.sessions[0].weekday == 2
    assert service.area.postcodes == {"YO24 3BZ"}
    assert service.area.practices == {"Z99098", "Z99099"}
    assert circumstance_words("carer", snapshot) == ("care for somebody", "Do they look after somebody?")
    assert snapshot.team_of(service) == str(an_id("team"))
    assert snapshot.places[str(an_id("place"))].duty_team_id == str(an_id("desk"))
    assert str(an_id("network")) in snapshot.partners(str(an_id("surgery")), AT.date())
    (away,) = [m for m in snapshot.team_members[str(an_id("team"))] if m.absence(AT.date())]
    assert away.account_id == str(an_id("worker"))
    assert snapshot.postcodes["YO24 3BZ"].authority == "E06000099"
