"""Tokens for systems (RFC 6749), the keys that sign them, and their rotation."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from click.testing import CliRunner
from flask import Flask
from joserfc.jwk import ECKey
from sqlalchemy import delete

from services.directory.actions import clients, keys
from services.directory.actions.keys import (
    KeyRing,
    ensure_key,
    published_keys,
    replace_keys,
    ring,
    rotate_keys,
)
from services.directory.actions.sealing import CannotOpen, seal, unseal
from services.directory.cli import main
from services.directory.store.database import database
from services.directory.store.identity import ClientSecret, SigningKey
from services.directory.store.relay import AccessLog, Outbox
from shared.auth import Caller, Kind, Role
from shared.auth.sessions import COOKIE
from shared.auth.tokens import AUDIENCE, key_id, read, service_token
from shared.clock import now
from shared.errors import Conflict, Invalid, NotFound, Unauthenticated
from tests.builders.identity import NOON, a_person, a_team, an_organization, rows, signed_in
from tests.queries import count_queries

pytestmark = pytest.mark.usefixtures("app")
BY = Caller(sub="terminal", kind=Kind.SERVICE)
FORM = {"grant_type": "client_credentials"}


def a_client(*roles: Role, client_id: str = "", **more: object) -> tuple[str, str]:
    """A fresh system's id and secret."""
    name = client_id or f"system-{uuid4().hex[:8]}"
    organization = more.pop("organization_id", None) or an_organization()
    secret = clients.add_client(
        name,
        name="Example system",
        organization_id=organization,  # type: ignore[arg-type]
        roles=roles or (Role.SENDER,),
        team_id=more.get("team_id"),  # type: ignore[arg-type]
        by=BY,
        at=NOON,
    )
    return name, secret


def claims_of(token: str) -> dict[str, object]:
    return read(token, ring.find, audience=AUDIENCE, issuer="http://localhost:5001")


def basic(client_id: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()}


def test_a_system_gets_a_token_by_basic_and_by_form(app: Flask) -> None:
    client_id, secret = a_client(Role.SENDER, Role.WORKER)
    client = app.test_client()
    by_header = client.post("/oauth/token", data=FORM, headers=basic(client_id, secret))
    by_form = client.post("/oauth/token", data={**FORM, "client_id": client_id, "client_secret": secret})
    for answer in (by_header, by_form):
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.json.keys() == {"access_token", "token_type", "expires_in", "scope"}
        assert (answer.json["token_type"], answer.json["expires_in"]) == ("Bearer", 900)
        assert answer.json["scope"] == "sender worker"


def test_the_token_says_for_which_organisation_and_in_which_roles(app: Flask) -> None:
    organization = an_organization(sector="police")
    team = a_team(organization)
    client_id, secret = a_client(Role.WORKER, organization_id=organization, team_id=team)
    answer = app.test_client().post("/oauth/token", data=FORM, headers=basic(client_id, secret))
    claims = claims_of(answer.json["access_token"])
    assert claims["kind"] == "client"
    assert (claims["org"], claims["sector"]) == (str(organization), "police")
    assert claims["memberships"] == [{"org": str(organization), "team": str(team), "role": "worker"}]
    assert float(str(claims["exp"])) - float(str(claims["iat"])) == 900


def test_a_system_may_ask_for_less_and_never_for_more(app: Flask) -> None:
    client_id, secret = a_client(Role.SENDER, Role.WORKER)
    client, header = app.test_client(), basic(client_id, secret)
    less = client.post("/oauth/token", data={**FORM, "scope": "sender"}, headers=header)
    assert less.json["scope"] == "sender"
    assert len(claims_of(less.json["access_token"])["memberships"]) == 1  # type: ignore[arg-type]
    more = client.post("/oauth/token", data={**FORM, "scope": "sender forum_admin"}, headers=header)
    assert (more.status_code, more.json["error"]) == (400, "invalid_scope")


@pytest.mark.parametrize("wrong", ["secret", "client", "none", "garbled", "no colon", "empty"])
def test_a_system_that_does_not_prove_itself_is_told_invalid_client_and_no_more(
    app: Flask, wrong: str
) -> None:
    client_id, secret = a_client()
    headers = {
        "secret": basic(client_id, secret + "x"),
        "client": basic("nobody", secret),
        "none": {},
        "garbled": {"Authorization": "Basic !!!"},
        "no colon": {"Authorization": "Basic " + base64.b64encode(b"abc").decode()},
        "empty": basic(client_id, ""),
    }[wrong]
    answer = app.test_client().post("/oauth/token", data=FORM, headers=headers)
    assert (answer.status_code, answer.json["error"]) == (401, "invalid_client")
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": ["client_credentials", "client_credentials"]}, "invalid_request"),
        ({"grant_type": "client_credentials", "client_secret": "twice"}, "invalid_request"),
        ({"grant_type": "client_credentials", "scope": "a\0b"}, "invalid_request"),
    ],
)
def test_a_wrong_request_is_answered_as_the_standard_says(
    app: Flask, data: dict[str, object], error: str
) -> None:
    client_id, secret = a_client()
    answer = app.test_client().post("/oauth/token", data=data, headers=basic(client_id, secret))
    assert (answer.status_code, answer.json["error"]) == (400, error)


def test_a_token_costs_three_queries(app: Flask) -> None:
    client_id, secret = a_client()
    client = app.test_client()
    client.post("/oauth/token", data=FORM, headers=basic(client_id, secret))
    with count_queries(database.engine) as counted:
        client.post("/oauth/token", data=FORM, headers=basic(client_id, secret))
    assert len(counted) == 3


def test_asking_for_tokens_too_often_is_slowed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RATE_TOKEN", "2 per minute")
    client = app.test_client()
    statuses = [
        client.post("/oauth/token", data=FORM, environ_overrides={"REMOTE_ADDR": "198.51.100.3"}).status_code
        for _ in range(3)
    ]
    assert statuses == [401, 401, 429]


def test_a_replaced_secret_works_on_for_seven_days_beside_the_new() -> None:
    client_id, old = a_client()
    new = clients.rotate_client(client_id, BY, NOON)
    for secret in (old, new):
        assert clients.grant_token(client_id, secret, None, NOON + timedelta(days=6))
    with pytest.raises(clients.UnknownClient):
        clients.grant_token(client_id, old, None, NOON + timedelta(days=7))
    assert clients.grant_token(client_id, new, None, NOON + timedelta(days=7))


def test_a_revoked_system_gets_no_token() -> None:
    client_id, secret = a_client()
    clients.revoke_client(client_id, BY, NOON)
    with pytest.raises(clients.UnknownClient):
        clients.grant_token(client_id, secret, None, NOON)
    with pytest.raises(NotFound):
        clients.rotate_client(client_id, BY, NOON)


def test_a_secret_is_stored_only_as_a_hash_and_changes_are_logged() -> None:
    _, secret = a_client()
    assert all(secret.encode() not in row.secret_hash for row in rows(ClientSecret))
    assert rows(AccessLog, AccessLog.act == "add_client")


def test_a_taken_name_a_strange_team_or_organisation_is_refused() -> None:
    client_id, _ = a_client()
    with pytest.raises(Conflict):
        a_client(client_id=client_id)
    with pytest.raises(Invalid):
        a_client(organization_id=uuid4())
    with pytest.raises(Invalid):
        a_client(team_id=a_team(an_organization()))


def test_a_persons_or_services_token_is_no_systems_token(app: Flask) -> None:
    client = app.test_client()
    for token in (service_token("referrals", "notifications", now()), "x.y.z"):
        answer = client.post(
            "/api/v1/accounts/lookup", json={"ids": []}, headers={"Authorization": f"Bearer {token}"}
        )
        assert answer.status_code == 401
        assert answer.content_type == "application/problem+json"


def test_the_keys_are_published_with_an_etag_and_without_their_private_part(app: Flask) -> None:
    client = app.test_client()
    answer = client.get("/.well-known/jwks.json")
    assert answer.status_code == 200
    assert "max-age=300" in answer.headers["Cache-Control"]
    assert all(key["kty"] == "EC" and "d" not in key for key in answer.json["keys"])
    unchanged = client.get("/.well-known/jwks.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert unchanged.status_code == 304


def test_the_metadata_names_the_issuer_and_where_tokens_and_keys_are(app: Flask) -> None:
    found = app.test_client().get("/.well-known/oauth-authorization-server").json
    assert found["issuer"] == "http://localhost:5001"
    assert found["token_endpoint"] == "http://localhost:5001/oauth/token"
    assert found["jwks_uri"] == "http://localhost:5001/.well-known/jwks.json"
    assert found["response_types_supported"] == []


@pytest.fixture
def one_key() -> Iterator[str]:
    """The first key and no other, before and after."""
    with database.transaction() as session:
        session.execute(delete(SigningKey))
    ring.forget()
    yield ensure_key(now())
    with database.transaction() as session:
        session.execute(delete(SigningKey))
    ring.forget()


def clock(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    monkeypatch.setattr(keys, "now", lambda: at)
    ring.forget()


def published_at(at: datetime) -> set[str]:
    return {key["kid"] for key in published_keys(at)[0]["keys"]}


@pytest.mark.usefixtures("one_key")
def test_a_new_key_is_published_before_it_signs_for_longer_than_anybody_keeps_the_keys(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, at = ring.signing()[0], now()
    kid, signs_from = rotate_keys(at)
    kept = app.test_client().get("/.well-known/jwks.json").cache_control.max_age
    assert signs_from - at > 2 * timedelta(seconds=kept)
    assert {kid, old} <= published_at(at)
    clock(monkeypatch, signs_from - timedelta(seconds=1))
    assert ring.signing()[0] == old
    clock(monkeypatch, signs_from)
    assert ring.signing()[0] == kid
    ring.forget()


@pytest.mark.usefixtures("one_key")
def test_two_rotations_in_a_row_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    at = now() + timedelta(days=1)
    (first, from_first), (second, from_second) = rotate_keys(at), rotate_keys(at + timedelta(minutes=5))
    for when, kid in ((from_first, first), (from_second, second), (from_second + timedelta(days=2), second)):
        clock(monkeypatch, when)
        assert ring.signing()[0] == kid
    ring.forget()


@pytest.mark.usefixtures("one_key")
def test_after_rotation_new_tokens_have_the_new_key_and_old_ones_are_still_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client_id, secret = a_client()
    at = now() + timedelta(days=3)
    clock(monkeypatch, at)
    before = clients.grant_token(client_id, secret, None, at).access_token
    kid, signs_from = rotate_keys(at)
    clock(monkeypatch, signs_from)
    in_another_process = KeyRing(database)
    assert in_another_process.signing()[0] == kid
    after = clients.grant_token(client_id, secret, None, signs_from).access_token
    assert key_id(after) == kid != key_id(before)
    for token in (before, after):
        assert claims_of(token)
    assert {kid, key_id(before)} <= published_at(signs_from)
    ring.forget()


def test_a_process_that_knows_only_the_old_key_finds_the_new_one_when_it_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    elsewhere = KeyRing(database)
    elsewhere.signing()
    kid, _ = rotate_keys(now())
    monkeypatch.setattr(keys, "_LOOK_FOR_UNKNOWN", 0.0)
    assert elsewhere.find(kid) is not None
    assert elsewhere.find("made-up") is None


@pytest.mark.usefixtures("one_key")
def test_an_old_key_is_published_for_a_day_after_its_last_token_and_then_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at = now() + timedelta(days=10)
    clock(monkeypatch, at)
    old = ring.signing()[0]
    _, signs_from = rotate_keys(at)
    day = timedelta(hours=24)
    assert old in published_at(signs_from + day - timedelta(seconds=1))
    assert old not in published_at(signs_from + day)
    keys.remove_old_keys(signs_from + day - timedelta(seconds=1))
    assert old in {row.kid for row in rows(SigningKey)}
    keys.remove_old_keys(signs_from + day)
    assert old not in {row.kid for row in rows(SigningKey)}
    ring.forget()


@pytest.mark.usefixtures("one_key")
def test_the_command_says_when_the_new_key_signs() -> None:
    said = CliRunner().invoke(main, ["rotate-keys"])
    assert said.exit_code == 0
    (newest,) = rows(SigningKey, SigningKey.retired_at.is_(None))
    assert newest.kid in said.output
    assert f"from {newest.signs_from.astimezone(UTC):%H:%M} UTC on" in said.output


@pytest.mark.usefixtures("one_key")
def test_after_a_leak_no_old_key_is_published_or_trusted_and_the_others_are_told(app: Flask) -> None:
    client_id, secret = a_client()
    leaked, (waiting, _) = ring.signing()[0], rotate_keys(now())
    token = clients.grant_token(client_id, secret, None, now()).access_token
    assert key_id(token) == leaked
    said = CliRunner().invoke(main, ["rotate-keys", "--now"])
    assert said.exit_code == 0, said.output
    (left,) = rows(SigningKey)
    assert left.kid in said.output
    assert left.kid not in (leaked, waiting)
    jwks = app.test_client().get("/.well-known/jwks.json").json
    assert [key["kid"] for key in jwks["keys"]] == [left.kid]
    told = rows(Outbox, Outbox.type == "key.withdrawn.v1")
    assert {row.data["kid"] for row in told} >= {leaked, waiting}
    assert left.kid not in {row.data["kid"] for row in told}
    in_another_process = KeyRing(database)
    assert in_another_process.find(leaked) is None
    assert in_another_process.signing()[0] == left.kid
    ring.forget()
    with pytest.raises(Unauthenticated):
        claims_of(token)
    again = clients.grant_token(client_id, secret, None, now()).access_token
    assert claims_of(again)["kind"] == "client"


@pytest.mark.usefixtures("one_key")
def test_after_a_leak_browsers_sign_in_again(app: Flask) -> None:
    browser = app.test_client()
    browser.set_cookie(COOKIE, signed_in(a_person(), now()))
    assert browser.get("/account").status_code == 200
    replace_keys(now())
    ring.forget()
    answer = browser.get("/account")
    assert answer.status_code == 302
    assert "/sign-in" in answer.location


def test_processes_that_start_at_once_make_one_first_key_between_them() -> None:
    with database.transaction() as session:
        session.execute(delete(SigningKey))
    made: list[str] = []
    ready = threading.Barrier(6)

    def start() -> None:
        ready.wait()
        made.append(ensure_key(now()))

    threads = [threading.Thread(target=start) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 6
    assert len(set(made)) == 1
    assert [row.kid for row in rows(SigningKey)] == made[:1]
    ring.forget()


def test_the_private_key_is_sealed_and_opens_with_an_older_secret_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import os

    from cryptography.fernet import Fernet

    ensure_key(now())
    (row, *_) = rows(SigningKey)
    assert b'"d"' not in row.private_key
    monkeypatch.setenv("SECRET_KEYS", f"{Fernet.generate_key().decode()},{os.environ['SECRET_KEYS']}")
    assert '"d"' in unseal(row.private_key)
    newly = seal("something")
    monkeypatch.setenv("SECRET_KEYS", Fernet.generate_key().decode())
    for sealed in (row.private_key, newly):
        with pytest.raises(CannotOpen):
            unseal(sealed)


def test_a_published_key_verifies_what_we_sign() -> None:
    client_id, secret = a_client()
    token = clients.grant_token(client_id, secret, None, now()).access_token
    found = {key["kid"]: ECKey.import_key(key) for key in published_keys(now())[0]["keys"]}
    assert read(token, found.get, audience=AUDIENCE, issuer="http://localhost:5001")["kind"] == "client"
