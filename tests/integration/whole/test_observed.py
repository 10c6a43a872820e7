"""What can be seen of the three services from outside: `/metrics`, and the alert rules that read it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from redis import Redis
from sqlalchemy import delete, update
from sqlalchemy.exc import OperationalError

from services.directory.store.database import database as directory
from services.directory.store.outbox import outbox
from services.directory.store.relay import Outbox
from services.notifications.actions import sessions as notifications_sessions
from services.notifications.domain.rules import Channel
from services.notifications.store import providers
from services.notifications.store.database import database as notifications
from services.notifications.store.signin import TrustedKey as NotificationsKey
from services.notifications.store.tables.providers import Provider
from services.referrals.actions import signing_in as referrals_sessions
from services.referrals.store.database import database as referrals
from services.referrals.store.signin import TrustedKey as ReferralsKey
from services.referrals.store.tables import DirectoryState
from shared import settings
from shared.auth import Role
from shared.auth.sessions import COOKIE
from shared.clock import now
from shared.observing import work
from tests.builders.identity import Browser, a_person
from tests.builders.notifications import person
from tests.builders.notifications_browser import KEY
from tests.builders.notifications_browser import token as token_of
from tests.queries import count_queries

TOKEN = "a token of this test"
ALERTS = Path(__file__).resolve().parents[3] / "docs" / "alerts"
DOCS = ALERTS.parent / "observing.md"
COMPOSE = ALERTS.parents[1] / "docker-compose.yml"
DATABASES = {"directory": directory, "referrals": referrals, "notifications": notifications}
QUERIES = {"directory": 1, "referrals": 3, "notifications": 8}
SERVICES = settings.SERVICES


@pytest.fixture(scope="module")
def apps(databases: dict[str, str], valkey: str) -> dict[str, Flask]:
    """The three services, each with something of every kind to tell of."""
    at = now()
    with referrals.transaction() as session:
        copied = {"id": 1, "epoch": uuid4(), "version": 1, "as_of": at, "complete": True}
        session.add(DirectoryState(**copied))
    with notifications.transaction() as session:
        providers.note(session, Channel.EMAIL, answers=True, words="Answers.", at=at)
    for database, keys, table in (
        (referrals, referrals_sessions.keys, ReferralsKey),
        (notifications, notifications_sessions.keys, NotificationsKey),
    ):
        keys._known.clear()
        with database.transaction() as session:
            session.merge(table(kid="test-key", jwk=KEY.as_dict(private=False), fetched_at=at))
    work._noted.clear()
    for service in SERVICES:
        work.note_end(service)
    made = {service: import_module(f"services.{service}.app").create_app() for service in SERVICES}
    for database in DATABASES.values():
        # Nothing is put into a queue but by a test.
        database.nudge = None
    return made


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRICS_TOKEN", TOKEN)


def ask(app: Flask, said: str = f"Bearer {TOKEN}") -> Any:
    return app.test_client().get("/metrics", headers={"Authorization": said} if said else {})


def samples(app: Flask) -> dict[str, list[tuple[dict[str, str], float]]]:
    answer = ask(app)
    assert answer.status_code == 200, answer.text
    found: dict[str, list[tuple[dict[str, str], float]]] = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            found.setdefault(sample.name, []).append((sample.labels, sample.value))
    return found


def value(app: Flask, name: str) -> float:
    ((_, found),) = samples(app)[name]
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_only_whoever_has_the_token_is_told_the_numbers(apps, service, monkeypatch):
    app = apps[service]
    for said in ("", "Bearer", "Bearer another", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer \u00e9"):
        answer = ask(app, said)
        assert answer.status_code == 401, said
        assert answer.content_type == "application/problem+json"
        assert "linkwork_" not in answer.text
    monkeypatch.delenv("METRICS_TOKEN")
    assert ask(app, "Bearer ").status_code == ask(app).status_code == 404


@pytest.mark.parametrize("service", SERVICES)
def test_a_request_is_counted_under_its_rule_and_never_under_its_path_or_query(apps, service):
    app = apps[service]
    client = app.test_client()
    client.get("/accessibility?name=Marker-in-a-query")
    client.get("/marker-in-a-path")
    client.get("/assets/marker-of-a-version/none.css")
    client.open("/marker-in-a-path", method="MARKER")
    client.get("/healthz")
    counted = {
        (labels["method"], labels["route"], labels["status"])
        for labels, _ in samples(app)["linkwork_http_request_seconds_count"]
        if labels["service"] == service
    }
    assert {("GET", "/accessibility", "2xx"), ("GET", "none", "4xx"), ("other", "none", "4xx")} <= counted
    assert not [route for _, route, _ in counted if route in ("/healthz", "/metrics")]
    assert "marker" not in ask(app).text.lower()


@pytest.mark.parametrize("service", SERVICES)
def test_a_scrape_costs_the_same_however_much_waits(apps, service):
    ask(apps[service])
    with count_queries(DATABASES[service].engine) as counted:
        assert ask(apps[service]).status_code == 200
    assert len(counted) == QUERIES[service]


def test_the_outbox_tells_how_much_waits_and_for_how_long(apps):
    at = now()
    app = apps["directory"]
    assert value(app, "linkwork_outbox_events") == value(app, "linkwork_outbox_oldest_seconds") == 0
    with directory.transaction() as session:
        for minutes in (3, 1):
            outbox.add(session, "key.withdrawn.v1", subject="x", at=at - timedelta(minutes=minutes))
        session.info.clear()
    with count_queries(directory.engine) as counted:
        found = samples(app)
    assert len(counted) == QUERIES["directory"]
    assert found["linkwork_outbox_events"][0][1] == 2
    assert 180 <= found["linkwork_outbox_oldest_seconds"][0][1] < 240
    _, words = status_page(apps, "directory", Role.ORG_ADMIN)
    assert "The other services do not hear at once what happens here." in words
    with directory.transaction() as session:
        session.execute(update(Outbox).values(relayed_at=at))
    assert value(app, "linkwork_outbox_events") == 0


def test_a_task_in_the_queue_is_counted_and_its_age_known(apps):
    from services.directory.worker import celery

    app = apps["directory"]
    assert value(app, "linkwork_queue_tasks") == value(app, "linkwork_queue_oldest_seconds") == 0
    try:
        celery.send_task("directory.relay_outbox", queue="directory")
        assert value(app, "linkwork_queue_tasks") == 1
        assert 0 < value(app, "linkwork_queue_oldest_seconds") < 30
    finally:
        with Redis.from_url(settings.redis_url()) as client:
            client.delete("directory")


def test_what_waits_in_the_queue_and_is_not_a_task_is_counted_without_an_age(apps):
    with Redis.from_url(settings.redis_url()) as client:
        client.lpush("directory", "not a task")
        try:
            assert value(apps["directory"], "linkwork_queue_tasks") == 1
            assert value(apps["directory"], "linkwork_queue_oldest_seconds") == 0
        finally:
            client.delete("directory")


@pytest.mark.parametrize("service", SERVICES)
def test_with_the_broker_away_the_rest_is_told(apps, service, monkeypatch):
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    found = samples(apps[service])
    assert found["linkwork_broker_up"][0][1] == 0
    assert found["linkwork_database_up"][0][1] == 1
    assert "linkwork_queue_tasks" not in found


@pytest.mark.parametrize("service", SERVICES)
def test_with_the_database_away_the_rest_is_told(apps, service, monkeypatch):
    def away(_):
        raise OperationalError("select 1", {}, ConnectionError())

    monkeypatch.setattr(type(DATABASES[service]), "transaction", away)
    found = samples(apps[service])
    assert found["linkwork_database_up"][0][1] == 0
    assert found["linkwork_broker_up"][0][1] == 1


def status_page(apps: dict[str, Flask], service: str, *roles: Role) -> tuple[int, str]:
    """What somebody with these roles is shown: the status, and the words of the page."""
    if service == "directory":
        browser = Browser(apps[service])
        browser.sign_in(a_person(*(role.value for role in roles)))
        answer = browser.get("/status")
    else:
        client = apps[service].test_client()
        client.set_cookie(COOKIE, token_of(person(*roles)))
        answer = client.get("/status")
    return answer.status_code, " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


@pytest.mark.parametrize("service", SERVICES)
def test_the_status_page_is_for_admins_and_nobody_else(apps, service):
    assert apps[service].test_client().get("/status").status_code == 302
    assert status_page(apps, service, Role.SENDER, Role.LEAD, Role.DUTY_DESK)[0] == 404
    for role in (Role.ORG_ADMIN, Role.FORUM_ADMIN):
        status, words = status_page(apps, service, role)
        assert status == 200
        assert "Everything works." in words
        assert "The worker and the clock (beat) run." in words


@pytest.mark.parametrize("service", SERVICES)
def test_the_status_page_leads_to_those_of_the_other_services(apps, service):
    _, words = status_page(apps, service, Role.FORUM_ADMIN)
    for other in SERVICES:
        assert (f"{other} stands" in words) is (other != service)


@pytest.mark.parametrize("service", SERVICES)
def test_a_broker_that_is_away_is_told_with_what_to_do(apps, service, monkeypatch):
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    _, words = status_page(apps, service, Role.ORG_ADMIN)
    assert "Something waits." in words
    assert "the broker (Redis) does not answer. Nothing is lost" in words
    assert "What to do: Start the broker" in words


@pytest.mark.parametrize("service", SERVICES)
def test_a_worker_that_stopped_is_told_with_since_when(apps, service, monkeypatch):
    monkeypatch.setattr(work, "QUIET_TOO_LONG", timedelta(0))
    _, words = status_page(apps, service, Role.ORG_ADMIN)
    assert "Nothing is done in the background." in words
    assert "Since " in words


def test_letters_that_wait_are_told_with_when_the_mail_server_last_answered(apps):
    at = now()
    with notifications.transaction() as session:
        providers.note(session, Channel.EMAIL, answers=False, words="Refused.", at=at)
        session.get_one(Provider, Channel.EMAIL).answered_at = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
    try:
        _, words = status_page(apps, "notifications", Role.ORG_ADMIN)
        assert "Letters wait: the mail server does not answer. Nothing is lost" in words
        assert "Since 22 November 2026" in words
        assert "2:05pm" in words
        assert value(apps["notifications"], "linkwork_mail_server_up") == 0
    finally:
        with notifications.transaction() as session:
            providers.note(session, Channel.EMAIL, answers=True, words="Answers.", at=now())
    with notifications.transaction() as session:
        assert session.get_one(Provider, Channel.EMAIL).answered_at >= at


def test_an_old_copy_of_the_directory_is_told_with_its_age_and_where_new_referrals_wait(apps):
    """From the moment when they do: the page and `/readyz` say the same."""
    with referrals.transaction() as session:
        session.get_one(DirectoryState, 1).as_of = now() - timedelta(seconds=70)
    try:
        assert value(apps["referrals"], "linkwork_snapshot_age_seconds") >= 70
        (hindered,) = apps["referrals"].test_client().get("/readyz").json["hindered"]
        _, words = status_page(apps, "referrals", Role.FORUM_ADMIN)
        for said in (words, hindered["why"]):
            assert "New referrals wait at the duty desks until it is fresh" in said
        assert "routed by what it said last" not in words
    finally:
        with referrals.transaction() as session:
            session.get_one(DirectoryState, 1).as_of = now()


def rules() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((ALERTS / "linkwork.rules.yml").read_text())["groups"][0][
        "rules"
    ]
    return found


def names_in(text: str) -> set[str]:
    return set(re.findall(r"\blinkwork_[a-z_]+", text))


def test_every_metric_of_the_alert_rules_and_of_the_docs_is_one_that_is_told(apps):
    told, families = set(), set()
    for app in apps.values():
        app.test_client().get("/accessibility")
        answer = ask(app).text
        told |= {name for name in samples(app) if name.startswith("linkwork_")}
        families |= {family.name for family in text_string_to_metric_families(answer)}
    for rule in rules():
        assert names_in(rule["expr"]) <= told, rule["alert"]
        assert len(rule["annotations"]["todo"].split()) > 4, rule["alert"]
        assert set(re.findall(r"\$labels\.(\w+)", str(rule["annotations"]))) <= {"service"}
    assert len({rule["alert"] for rule in rules()}) == len(rules())
    documented = names_in(DOCS.read_text()) - {"linkwork_inside"}
    # When a series began: told by a process alone, and not where several are added up.
    own = {name for name in families if name.startswith("linkwork_") and not name.endswith("_created")}
    assert documented == own


def test_the_labels_are_few_and_named_in_the_code(apps):
    allowed = {"service", "method", "route", "status", "state", "le"}
    for app in apps.values():
        for name, found in samples(app).items():
            for labels, _ in found:
                assert set(labels) <= allowed, name
                assert "@" not in str(labels), name


def test_the_example_scrape_asks_the_three_services_with_the_token():
    (job,) = yaml.safe_load((ALERTS / "scrape.yml").read_text())["scrape_configs"]
    assert job["authorization"]["type"] == "Bearer"
    assert (ALERTS / "linkwork.rules.yml").exists()
    asked = {f"http://{target}" for target in job["static_configs"][0]["targets"]}
    compose = yaml.safe_load(COMPOSE.read_text())
    assert asked == {compose["x-settings"][f"INTERNAL_URL_{service.upper()}"] for service in SERVICES}
    network = f"{compose['name']}_inside"
    assert "inside" in compose["networks"]
    assert network in (ALERTS / "scrape.yml").read_text()
    assert network in DOCS.read_text()


@pytest.fixture
def nothing_yet(apps: dict[str, Flask]) -> Iterator[None]:
    """No task has ended, nobody has asked the mail server, the directory was not heard of."""
    with referrals.transaction() as session:
        state = session.get_one(DirectoryState, 1)
        kept = {column.name: getattr(state, column.name) for column in DirectoryState.__table__.columns}
        session.delete(state)
    with notifications.transaction() as session:
        session.execute(delete(Provider))
    with Redis.from_url(settings.redis_url()) as client:
        client.delete(*(work._key(service) for service in SERVICES))
    yield
    with referrals.transaction() as session:
        session.add(DirectoryState(**kept))
    with notifications.transaction() as session:
        providers.note(session, Channel.EMAIL, answers=True, words="Answers.", at=now())
    work._noted.clear()
    for service in SERVICES:
        work.note_end(service)


def test_a_rule_speaks_too_where_its_number_is_not_told_at_all(apps, nothing_yet):
    """In PromQL a comparison with nothing is nothing, so a rule would be silent just then."""
    told = {name for app in apps.values() for name in samples(app)}
    for rule in rules():
        for name in names_in(rule["expr"]) - told - {"linkwork_http_request_seconds_bucket"}:
            assert f"_up{'{'}service=" in rule["expr"] or "linkwork_broker_up == 1" in rule["expr"]
            assert f"== 1 unless {name})" in rule["expr"], rule["alert"]
    assert "linkwork_snapshot_age_seconds" not in told
    assert "linkwork_mail_server_up" not in told
    assert "linkwork_task_last_ended_seconds" not in told
    (missing,) = (rule["expr"] for rule in rules() if rule["alert"] == "NoNumbers")
    assert set(re.findall(r'absent\(linkwork_database_up\{service="(\w+)"\}\)', missing)) == set(SERVICES)


def test_every_rule_is_tried_by_the_rules_own_test():
    tried = (ALERTS / "linkwork.test.yml").read_text()
    parts = yaml.safe_load(tried)["tests"]
    firing = {
        label
        for part in parts
        for each in part.get("promql_expr_test", ())
        for sample in each["exp_samples"]
        for label in re.findall(r'alertname="(\w+)"', sample["labels"])
    }
    assert firing == {rule["alert"] for rule in rules()}
    assert names_in(tried) <= {name for rule in rules() for name in names_in(rule["expr"])}
