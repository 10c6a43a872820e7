"""The directory as a whole: guarded routes, health, problem answers, logs, tables and background work."""

from __future__ import annotations

import io
import sys
from datetime import timedelta
from uuid import uuid4

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import InternalError, ProgrammingError

from services.directory import tasks
from services.directory.actions import keeping
from services.directory.app import create_app
from services.directory.cli import main
from services.directory.demo.accounts import CLIENTS, PEOPLE
from services.directory.store import migrate
from services.directory.store.database import database
from services.directory.store.identity import Account, AccountEvent, ActionLink, SignInAttempt
from services.directory.store.relay import AccessSeal, Inbox, Outbox
from shared import logs
from shared.auth.guard import guard_of
from shared.clock import now
from shared.demo_ids import demo_id
from shared.settings import MissingSetting
from tests.builders.identity import NOON, Browser, a_person, an_organization, caller_of, rows

# Every route that anybody at all may call; whatever is not here asks who is calling.
PUBLIC = {
    "/",
    "/organizations/<uuid:organization_id>",
    "/sign-in",
    "/sign-in/code",
    "/sign-in/set-up",
    "/sign-out",
    "/forgotten",
    "/forgotten/sent",
    "/reset/<token>",
    "/invitation/<token>",
    "/mailbox/confirm/<token>",
    "/problems",
    "/problems/<slug>",
    "/accessibility",
    "/docs",
    "/openapi.json",
    "/healthz",
    "/readyz",
    "/assets/<version>/<name>",
    "/oauth/token",
    "/.well-known/jwks.json",
    "/.well-known/oauth-authorization-server",
    # Listings.
    "/services",
    "/services/<uuid:service_id>",
    "/help-now",
    "/wards",
    "/wards/<code>",
    "/wards/<code>/booklet.pdf",
    "/maps/wards",
    "/api/v1/needs",
    "/api/v1/services",
    "/api/v1/services/search",
    "/api/v1/services/<uuid:service_id>",
    "/api/v1/places/<string:code>/help-now",
    # The feeds for other systems.
    *(f"/{feed}/{one}" for feed in ("oruk", "hsds") for one in ("", "openapi.json")),
    *(
        f"/{feed}/{name}{one}"
        for feed in ("oruk", "hsds")
        for name in ("services", "organizations", "service_at_locations", "taxonomies", "taxonomy_terms")
        for one in ("", "/<uuid:own_id>")
    ),
}


def test_every_route_says_who_may_call_and_only_the_known_ones_are_open(app: Flask) -> None:
    guards = {str(rule): guard_of(app.view_functions[rule.endpoint]) for rule in app.url_map.iter_rules()}
    assert all(guard is not None for guard in guards.values())
    open_to_all = {rule for rule, guard in guards.items() if guard is not None and guard.is_public}
    assert open_to_all - PUBLIC == set()


def test_whoever_is_not_known_is_let_into_nothing_else(app: Flask) -> None:
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        guard = guard_of(app.view_functions[rule.endpoint])
        if guard is None or guard.is_public:
            continue
        path = str(rule).replace("<uuid:", "<")
        for name in rule.arguments:
            path = path.replace(f"<int:{name}>", "1").replace(f"<{name}>", str(uuid4()))
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            status = client.open(path, method=method).status_code
            # 403: a form without its secret is refused before anybody asks who sent it.
            assert status in ({401} if path.startswith("/api/") else {302, 401, 403}), (method, path, status)


def test_a_missing_secret_stops_the_start_and_is_named(monkeypatch: pytest.MonkeyPatch, app: Flask) -> None:
    for name in ("SECRET_KEYS", "GUARD_KEY", "CSRF_KEY", "SERVICE_JWKS", "REDIS_URL"):
        with monkeypatch.context() as patched:
            patched.delenv(name)
            with pytest.raises(MissingSetting, match=name):
                create_app()


def test_readiness_names_what_is_missing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = app.test_client()
    assert client.get("/healthz").json == {"alive": True}
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "broker" in {missing["what"] for missing in answer.json["missing"]}


def test_the_cookie_is_out_of_scripts_reach_and_in_production_only_for_https(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cookie() -> str:
        answer = Browser(app).sign_in(a_person("sender"))
        return next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("linkwork="))

    here = cookie()
    assert "HttpOnly" in here
    assert "SameSite=Lax" in here
    assert "Domain" not in here
    assert "Secure" not in here
    monkeypatch.setattr(
        "shared.settings.mode", lambda: __import__("shared.settings").settings.Mode.PRODUCTION
    )
    assert "Secure" in cookie()


def test_an_unknown_address_is_a_page_for_people_and_a_problem_for_machines(app: Flask) -> None:
    client = app.test_client()
    assert "Page not found" in client.get("/nothing-here").text
    answer = client.get("/api/v1/nothing-here")
    assert answer.content_type == "application/problem+json"
    slug = answer.json["type"].rsplit("/", 1)[-1]
    assert client.get(f"/problems/{slug}").status_code == 200
    assert client.get("/problems/made-up").status_code == 404
    assert "already-open" in client.get("/problems").text


def test_nothing_that_was_typed_is_logged(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.StringIO()
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", written)
        logs.configure("directory")
        _type_markers_everywhere(app)
    logs.configure("directory")
    logged = written.getvalue()
    assert '"route": "/sign-in"' in logged
    assert "marker" not in logged
    assert "198.51.100" not in logged


def _type_markers_everywhere(app: Flask) -> None:
    someone = a_person("sender", email=f"marker-{uuid4().hex[:6]}@somewhere.example")
    browser = Browser(app, address="198.51.100.23")
    browser.sign_in(someone, password="marker wrong password")
    browser.send("/forgotten", email=someone.email)
    browser.sign_in(someone)
    browser.get("/reset/marker-token")
    browser.get("/people", query_string={"q": "marker-query"})
    app.test_client().post(
        "/oauth/token", data={"client_id": "marker-client", "client_secret": "marker-secret"}
    )


def test_the_tables_are_what_the_migrations_make(app: Flask) -> None:
    assert migrate.differences() == []


@pytest.mark.parametrize("change", ["update access_log set act = 'x'", "delete from access_log"])
def test_the_access_log_only_grows(app: Flask, change: str) -> None:
    refused = pytest.raises((InternalError, ProgrammingError), match="append-only")
    with refused, database.transaction() as session:
        session.execute(text(change))


@pytest.mark.parametrize("change", ["update account_event set what = 'x'", "delete from account_event"])
def test_what_happened_to_an_account_only_grows_while_it_is_young(app: Flask, change: str) -> None:
    someone = a_person("sender")
    with database.transaction() as session:
        session.add(AccountEvent(account_id=someone.id, at=now(), what="joined", browser=""))
    refused = pytest.raises((InternalError, ProgrammingError), match="append-only")
    with refused, database.transaction() as session:
        session.execute(text(change))


def test_what_is_old_is_forgotten_and_what_is_young_is_kept(app: Flask) -> None:
    someone = a_person("sender")
    at = now()
    with database.transaction() as session:
        for days in (500, 1):
            session.add(
                AccountEvent(account_id=someone.id, at=at - timedelta(days=days), what="joined", browser="")
            )
            session.add(
                ActionLink(
                    kind="password_reset",
                    account_id=someone.id,
                    email=someone.email,
                    created_by="x",
                    created_at=at,
                    expires_at=at - timedelta(days=days),
                )
            )
            session.add(
                SignInAttempt(key=bytes([days % 250]), level=1, failed=1, at=at - timedelta(hours=days))
            )
    counts = keeping.clear_old(at)
    assert counts["account_events"] == counts["links"] == counts["attempts"] == 1
    assert len(rows(AccountEvent, AccountEvent.account_id == someone.id)) == 1
    assert len(rows(ActionLink, ActionLink.account_id == someone.id)) == 1


def test_an_event_of_another_service_is_taken_once(app: Flask) -> None:
    event = {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": "/referrals",
        "type": "something.else.v1",
        "data": {},
    }
    for _ in range(2):
        tasks.receive_events([event])
    assert len(rows(Inbox, Inbox.id == event["id"])) == 1


def test_the_log_is_sealed_and_verified_by_the_console(app: Flask) -> None:
    from services.directory.actions import invitations

    admin = a_person("org_admin")
    invitations.invite(
        "sealed@somewhere.example",
        roles=["sender"],
        team_ids=[],
        organization_id=admin.organization_id or uuid4(),
        by=caller_of(admin),
        at=NOON,
    )
    tasks.seal_access_log()
    assert rows(AccessSeal)
    done = CliRunner().invoke(main, ["verify-access-log"])
    assert done.exit_code == 0
    assert "sealed and whole" in done.output


def test_the_first_admin_gets_a_link_or_a_password_at_the_console(app: Flask) -> None:
    name = f"Example forum {uuid4().hex[:6]}"
    an_organization()
    run = CliRunner()
    missing = run.invoke(main, ["first-admin", "--email", "a@somewhere.example", "--organization", name])
    assert missing.exit_code != 0
    assert "--sector" in missing.output
    made = run.invoke(
        main,
        ["first-admin", "--email", "first@somewhere.example", "--organization", name, "--sector", "health"],
    )
    assert made.exit_code == 0, made.output
    path = made.output.strip().splitlines()[-1].removeprefix("http://localhost:5001")
    browser = Browser(app)
    browser.send(path, name="First Person", password="kettle walnut harbour")
    assert (
        browser.send("/sign-in", email="first@somewhere.example", password="kettle walnut harbour")
        .headers["Location"]
        .endswith("/")
    )
    again = ["first-admin", "--email", "second@somewhere.example", "--organization", name, "--name", "Second"]
    words = "kettle walnut harbour\nkettle walnut harbour\n"
    assert run.invoke(main, again, input=words).exit_code == 0
    weak = [*again[:2], "third@somewhere.example", *again[3:]]
    assert run.invoke(main, weak, input="short\nshort\n").exit_code != 0
    assert not rows(Account, Account.email == "third@somewhere.example")


def test_a_systems_secret_is_shown_once_replaced_and_revoked_at_the_console(app: Flask) -> None:
    organization = an_organization()
    run = CliRunner()
    added = run.invoke(
        main,
        ["add-client", "partner", "--name", "P", "--organization", str(organization), "--role", "sender"],
    )
    assert added.exit_code == 0, added.output
    client = app.test_client()

    def status(secret: str) -> int:
        form = {"grant_type": "client_credentials", "client_id": "partner", "client_secret": secret}
        return client.post("/oauth/token", data=form).status_code

    first = added.output.strip().splitlines()[-1]
    second = run.invoke(main, ["rotate-client", "partner"]).output.strip().splitlines()[-1]
    assert [status(first), status(second), status(first + "x")] == [200, 200, 401]
    assert run.invoke(main, ["revoke-client", "partner"]).exit_code == 0
    assert [status(first), status(second)] == [401, 401]
    assert run.invoke(main, ["revoke-client", "partner"]).exit_code != 0


def test_in_production_the_demo_is_loaded_only_when_one_insists(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINKWORK_MODE", "production")
    refused = CliRunner().invoke(main, ["load-demo"])
    assert refused.exit_code != 0
    assert "--yes-this-is-a-demo" in refused.output
    with database.transaction() as session:
        assert session.scalar(select(Account.id).where(Account.id == demo_id("account", "practice"))) is None


def test_the_demo_has_the_people_outside_checks_rely_on() -> None:
    assert {person.local for person in PEOPLE} >= {
        "practice",
        "police",
        "housing",
        "vcse",
        "linkworker",
        "lead",
        "dutydesk",
        "safeguarding",
        "admin",
        "place",
    }
    assert {system.client_id for system in CLIENTS} == {
        "demo-practice",
        "demo-police",
        "demo-housing",
        "demo-vcse",
        "demo-linkworker",
        "demo-admin",
    }


def test_the_demos_people_and_systems_open_with_what_is_printed_for_everybody(app: Flask) -> None:
    run = CliRunner()
    first = run.invoke(main, ["load-demo"])
    assert first.exit_code == 0, first.output
    assert "0 people and 0 systems" in run.invoke(main, ["load-demo"]).output
    for person in PEOPLE:
        answer = Browser(app).send("/sign-in", email=person.email, password="demo-only-password")
        assert answer.status_code == 303, person.email
    client = app.test_client()
    for system in CLIENTS:
        form = {
            "grant_type": "client_credentials",
            "client_id": system.client_id,
            "client_secret": f"{system.client_id}-secret",
        }
        assert client.post("/oauth/token", data=form).status_code == 200, system.client_id
    assert len(rows(Account, Account.password_hash.is_(None))) >= 38


def test_what_waits_in_the_outbox_is_sent_by_the_task(app: Flask) -> None:
    someone = a_person("sender")
    Browser(app).send("/forgotten", email=someone.email)
    assert rows(Outbox, Outbox.relayed_at.is_(None))
    tasks.relay_outbox()
    assert not rows(Outbox, Outbox.relayed_at.is_(None))
