"""What referrals measured of a service is kept and shown with its day, where it says nothing of anybody."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from services.directory.actions.keeping import receive_events
from services.directory.store.waits import MeasuredWait
from shared.clock import now
from shared.errors import Invalid
from tests.builders import listings as build
from tests.builders.identity import rows

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module", autouse=True)
def _words(app: Flask) -> None:
    build.words()


def measured(service: UUID, at: datetime, **data: Any) -> dict[str, Any]:
    counts = {"open_now": 23, "started": 14, "median_days": 9, "days": 90}
    return {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": "/referrals",
        "type": "capacity.measured.v1",
        "subject": str(service),
        "time": at.isoformat(),
        "data": {"service_id": str(service), **counts, **data},
    }


def capacity(app: Flask, service_id: UUID) -> dict[str, Any]:
    answer = app.test_client().get(f"/api/v1/services/{service_id}").json or {}
    return dict(answer["capacity"])


def test_a_measured_wait_is_shown_with_its_day_before_a_declared_one(app: Flask) -> None:
    service = build.a_service(declared_wait_days=14, name="Measured scheme")
    assert capacity(app, service)["wait"] == {"days": 14, "basis": "declared", "measured_at": None}
    assert "About 14 days, as the service says" in app.test_client().get(f"/services/{service}").text
    after, at = build.version(), now()
    receive_events([measured(service, at)], at)
    shown = capacity(app, service)
    assert (shown["wait"]["days"], shown["wait"]["basis"], shown["open_now"]) == (9, "measured", 23)
    assert datetime.fromisoformat(shown["wait"]["measured_at"]) == at
    page = app.test_client().get(f"/services/{service}").text
    assert "About 9 days, measured on" in page
    assert "over 90 days" in page
    assert "People it helps now" in page
    assert "About 9 days, measured on" in app.test_client().get("/services?q=measured").text
    assert build.version() == after, "the routing snapshot has nothing of it"


def test_a_number_that_could_be_about_somebody_is_not_shown(app: Flask) -> None:
    few, quiet = build.a_service(), build.a_service(discreet=True)
    receive_events([measured(few, now(), started=9, median_days=None, open_now=9)], now())
    receive_events([measured(quiet, now())], now())
    assert capacity(app, few)["wait"] == {"days": None, "basis": "unknown", "measured_at": None}
    assert capacity(app, few)["open_now"] is None
    assert capacity(app, quiet)["open_now"] is None
    for service in (few, quiet):
        assert "People it helps now" not in app.test_client().get(f"/services/{service}").text


def test_the_newest_measure_stands_whatever_the_order(app: Flask) -> None:
    service, at = build.a_service(), now()
    receive_events([measured(service, at, median_days=20)], at)
    receive_events([measured(service, at - HOUR, median_days=3)], at)
    assert capacity(app, service)["wait"]["days"] == 20
    # A clock that goes before ours does not make a measure stand for ever.
    receive_events([measured(service, at + 900 * HOUR, median_days=30)], at + HOUR)
    receive_events([measured(service, at + 2 * HOUR, median_days=40)], at + 2 * HOUR)
    assert capacity(app, service)["wait"]["days"] == 40


def test_a_measure_nobody_renewed_is_not_shown_any_more(app: Flask) -> None:
    service = build.a_service(declared_wait_days=5)
    receive_events([measured(service, now() - timedelta(days=9))], now())
    assert capacity(app, service)["wait"]["basis"] == "declared"
    assert capacity(app, service)["open_now"] is None


def test_an_event_comes_once_and_of_a_service_nobody_knows_nothing_is_kept(app: Flask) -> None:
    service, strange = build.a_service(), uuid4()
    event = measured(service, now())
    assert receive_events([event, measured(strange, now())], now()) == 2
    assert receive_events([event], now()) == 0
    assert rows(MeasuredWait, MeasuredWait.service_id == strange) == []


@pytest.mark.parametrize(
    "data",
    [
        {"service_id": "?"},
        {"open_now": -1},
        {"started": None},
        {"median_days": "soon"},
        {"median_days": None},
    ],
)
def test_a_measure_that_cannot_be_read_is_refused(app: Flask, data: dict[str, Any]) -> None:
    service = build.a_service()
    with pytest.raises(Invalid):
        receive_events([measured(service, now(), **data)], now())
    assert rows(MeasuredWait, MeasuredWait.service_id == service) == []


def test_another_service_measures_nothing(app: Flask) -> None:
    service = build.a_service()
    receive_events([measured(service, now()) | {"source": "/notifications"}], now())
    assert rows(MeasuredWait, MeasuredWait.service_id == service) == []
