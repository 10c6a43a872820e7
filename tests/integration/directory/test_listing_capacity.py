"""Capacity is changed by the scheme's lead or its organisation's admin, and routing hears at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from services.directory.actions.change_capacity import change_capacity
from services.directory.domain.capacity import Capacity
from services.directory.store.database import database
from services.directory.store.relay import AccessLog, Outbox
from services.directory.store.services import Service, Verification
from shared.auth import Role
from shared.clock import now, uk_date
from shared.errors import Conflict, Invalid, NotFound
from tests.builders import listings as build
from tests.builders.identity import Browser, a_person, caller_of


@dataclass(frozen=True)
class Scheme:
    """A scheme with its body and team."""

    service: UUID
    body: UUID
    team: UUID


@pytest.fixture(scope="module", autouse=True)
def _words(app: Flask) -> None:
    build.words()


@pytest.fixture
def scheme() -> Scheme:
    body = build.a_body()
    team = build.a_scheme_team(body)
    return Scheme(build.a_service(body, team_ids=[team]), body, team)


def stored(service: UUID) -> Capacity:
    with database.transaction() as session:
        return session.get_one(Service, service).capacity


@pytest.mark.parametrize("role", ["lead", "org_admin"])
def test_a_lead_of_the_team_and_an_admin_of_the_body_may_change_it(scheme: Scheme, role: str) -> None:
    by = caller_of(a_person(role, organization_id=scheme.body, team_id=scheme.team))
    change_capacity(scheme.service, Capacity(limit=9, open_places=3), by=by, at=now())
    assert stored(scheme.service) == Capacity(limit=9, open_places=3)


def test_nobody_else_may_and_nobody_learns_that_it_exists(scheme: Scheme) -> None:
    other = build.a_body()
    elsewhere = build.a_scheme_team(other)
    for by in (
        caller_of(a_person("worker", organization_id=scheme.body, team_id=scheme.team)),
        caller_of(a_person("lead", organization_id=other, team_id=elsewhere)),
        caller_of(a_person("org_admin", organization_id=other)),
        caller_of(a_person("forum_admin", organization_id=scheme.body)),
    ):
        with pytest.raises(NotFound):
            change_capacity(scheme.service, Capacity(limit=1), by=by, at=now())
        with pytest.raises(NotFound):
            change_capacity(uuid4(), Capacity(limit=1), by=by, at=now())
    assert stored(scheme.service) == Capacity(limit=20, open_places=5)


def test_routing_hears_of_it_with_the_same_transaction(scheme: Scheme) -> None:
    by = caller_of(a_person("lead", organization_id=scheme.body, team_id=scheme.team))
    after = build.version()
    until = uk_date(now()) + timedelta(days=7)
    change_capacity(scheme.service, Capacity(limit=20, open_places=0, paused_until=until), by=by, at=now())
    changed = build.snapshot(after)
    doc = changed[("service", str(scheme.service))]
    assert set(changed) == {("service", str(scheme.service))}
    assert doc is not None
    assert doc["capacity"]["paused_until"] == until.isoformat()
    with database.transaction() as session:
        told = session.scalars(select(Outbox.type).order_by(Outbox.seq.desc()).limit(2)).all()
        logged = session.scalars(select(AccessLog).order_by(AccessLog.id.desc()).limit(1)).one()
    assert set(told) == {"routing.changed.v1", "service.updated.v1"}
    assert (logged.act, logged.subjects, logged.actor) == ("change_capacity", [scheme.service], by.sub)


def test_saying_the_same_again_checks_it_and_tells_nobody_of_a_change(scheme: Scheme) -> None:
    by = caller_of(a_person("lead", organization_id=scheme.body, team_id=scheme.team))
    change_capacity(scheme.service, Capacity(limit=20, open_places=5), by=by, at=now())
    with database.transaction() as session:
        told = session.scalars(
            select(Outbox).where(Outbox.type == "service.updated.v1", Outbox.subject == str(scheme.service))
        ).all()
        checked = session.get_one(Verification, (scheme.service, "capacity"))
    assert told == []
    assert checked.verified_by == "The service itself"


def test_a_refused_change_leaves_everything_as_it_was(scheme: Scheme) -> None:
    by = caller_of(a_person("lead", organization_id=scheme.body, team_id=scheme.team))
    after = build.version()
    with pytest.raises(Invalid):
        change_capacity(scheme.service, Capacity(limit=1, open_places=2), by=by, at=now())
    with pytest.raises(Invalid, match="limit or the open places"):
        change_capacity(scheme.service, Capacity(), by=by, at=now())
    assert stored(scheme.service) == Capacity(limit=20, open_places=5)
    assert build.version() == after


def test_a_closed_service_has_no_capacity_to_set(scheme: Scheme) -> None:
    by = caller_of(a_person("lead", organization_id=scheme.body, team_id=scheme.team))
    with database.transaction() as session:
        session.get_one(Service, scheme.service).status = "inactive"
    with pytest.raises(Conflict):
        change_capacity(scheme.service, Capacity(limit=1), by=by, at=now())


def put(app: Flask, scheme: Scheme, header: dict[str, str], **body: Any) -> Any:
    return app.test_client().put(f"/api/v1/services/{scheme.service}/capacity", json=body, headers=header)


def test_by_the_api(app: Flask, scheme: Scheme) -> None:
    lead = build.bearer(app, Role.LEAD, organization_id=scheme.body, team_id=scheme.team)
    answer = put(app, scheme, lead, limit=8, open_places=2, declared_wait_days=7, ask_first=True)
    assert answer.status_code == 200
    assert answer.json["capacity"] == {
        "words": "2 open places; ask first",
        "limit": 8,
        "open_places": 2,
        "declared_wait_days": 7,
        "wait": {"days": 7, "basis": "declared", "measured_at": None},
        "open_now": None,
        "paused": False,
        "paused_until": None,
        "ask_first": True,
    }
    worker = build.bearer(app, Role.WORKER, organization_id=scheme.body, team_id=scheme.team)
    assert put(app, scheme, worker, limit=1).status_code == 404
    stranger = build.bearer(app, Role.LEAD)
    assert put(app, scheme, stranger, limit=1).status_code == 404
    assert put(app, scheme, {}, limit=1).status_code == 401


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"limit": "many"}, "/limit"),
        ({"limit": 99999999999}, "/limit"),
        ({"limit": 1, "open_places": 2}, "/open_places"),
        ({"limit": 1, "paused_until": "tomorrow"}, "/paused_until"),
        ({"limit": 1, "paused_until": "2001-01-01"}, "/paused_until"),
        ({"limit": 1, "surprise": 1}, "/surprise"),
    ],
)
def test_what_cannot_be_taken_is_named(
    app: Flask, scheme: Scheme, body: dict[str, Any], pointer: str
) -> None:
    lead = build.bearer(app, Role.LEAD, organization_id=scheme.body, team_id=scheme.team)
    answer = put(app, scheme, lead, **body)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]


def test_by_the_page(browser: Browser, scheme: Scheme) -> None:
    lead = a_person("lead", organization_id=scheme.body, team_id=scheme.team)
    browser.sign_in(lead)
    assert "Change what you can take" in browser.get(f"/services/{scheme.service}").text
    until = uk_date(now()) + timedelta(days=3)
    day = {
        "paused_until-day": str(until.day),
        "paused_until-month": str(until.month),
        "paused_until-year": str(until.year),
    }
    path = f"/services/{scheme.service}/capacity"
    sent = browser.send(path, pause="until", limit="12", open_places="1", **day)
    assert sent.status_code == 303
    assert stored(scheme.service) == Capacity(limit=12, open_places=1, paused_until=until)
    page = browser.get(f"/services/{scheme.service}").text
    assert "What you can take is changed" in page
    assert f"Paused until {until.day} {until:%B %Y}" in page
    sent = browser.send(path, pause="no", limit="12", open_places="1", ask_first="yes")
    assert sent.status_code == 303
    assert stored(scheme.service) == Capacity(limit=12, open_places=1, ask_first=True)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"pause": "no", "limit": "a few"}, "limit"),
        (
            {"pause": "no", "limit": "1", "open_places": "2"},
            "cannot be more than the limit of 1.",
        ),
        ({"limit": "1"}, "whether you take people"),
        ({"pause": "until", "limit": "1"}, "Enter the last day of the pause"),
        ({"pause": "no"}, "Give a limit or the open places, or ask to be asked first."),
    ],
)
def test_the_page_says_what_to_mend(
    browser: Browser, scheme: Scheme, typed: dict[str, str], words: str
) -> None:
    browser.sign_in(a_person("lead", organization_id=scheme.body, team_id=scheme.team))
    answer = browser.send(f"/services/{scheme.service}/capacity", **typed)
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert words in answer.text
    assert stored(scheme.service) == Capacity(limit=20, open_places=5)


def test_the_page_is_not_there_for_others(browser: Browser, scheme: Scheme) -> None:
    browser.sign_in(a_person("worker", organization_id=scheme.body, team_id=scheme.team))
    assert browser.get(f"/services/{scheme.service}/capacity").status_code == 404
    assert "Change what you can take" not in browser.get(f"/services/{scheme.service}").text
