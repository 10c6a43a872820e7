"""The guard: who passes which route, and with what."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import ECKey

from shared.auth import (
    Caller,
    Kind,
    Membership,
    Role,
    current_caller,
    needs,
    needs_service,
    public,
    signed_in,
)
from shared.auth.guard import check_every_route, guard_of, init_auth, needs_token
from shared.auth.tokens import AUDIENCE, service_token, sign
from shared.clock import now
from shared.errors import Unauthenticated
from shared.http import init_http
from shared.web import frame

KEY = ECKey.generate_key("P-256", {"kid": "directory-1"})
SENDER = (Membership(UUID(int=1), Role.SENDER),)


class FakeSessions:
    """Knows two cookies; `fresh` is renewed on use."""

    find_key = staticmethod({"directory-1": KEY}.get)

    def check(self, token: str, at: object) -> tuple[Caller, str | None]:  # noqa: ARG002
        if token not in ("good", "due"):
            raise Unauthenticated
        caller = Caller(sub="7", kind=Kind.PERSON, memberships=SENDER, session="s")
        return caller, "renewed" if token == "due" else None


@pytest.fixture
def client() -> FlaskClient:
    app = Flask(__name__)
    init_http(app, "referrals")

    def answer() -> dict[str, Any]:
        return {"sub": current_caller().sub}

    routes = {
        "open": public(lambda: {"open": True}),
        "anyone": signed_in(answer),
        "sender": needs(Role.SENDER, Role.WORKER)(answer),
        "lead": needs(Role.LEAD)(answer),
        "service": needs_service("directory")(answer),
        "machine": needs_token("A_TOKEN_SETTING")(lambda: {"open": True}),
    }
    for name, view in routes.items():
        app.add_url_rule(f"/{name}", f"page_{name}", view)
        app.add_url_rule(f"/api/v1/{name}", f"api_{name}", view)
    frame(app, service="referrals", nav=(), who=lambda: None, csrf_key="a key for this test")
    init_auth(app, "referrals", FakeSessions())  # type: ignore[arg-type]
    check_every_route(app)
    return app.test_client()


def token(
    kind: Kind = Kind.CLIENT, roles: tuple[Membership, ...] = SENDER, lasts: int = 900
) -> dict[str, str]:
    issued = int(now().timestamp())
    claims = Caller(sub="c", kind=kind, memberships=roles, session="s").to_claims()
    claims |= {"iss": "http://localhost:5001", "aud": AUDIENCE, "iat": issued, "exp": issued + lasts}
    return {"Authorization": f"Bearer {sign(claims, KEY, 'directory-1')}"}


def test_a_public_route_is_open_to_all(client: FlaskClient) -> None:
    assert client.get("/open").status_code == client.get("/api/v1/open").status_code == 200


def test_a_page_sends_whoever_is_not_known_to_sign_in_and_back(client: FlaskClient) -> None:
    sent = client.get("/sender?name=never+in+an+address").headers["Location"]
    parts = urlsplit(sent)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == "http://localhost:5001/sign-in"
    assert parse_qs(parts.query) == {"next": ["http://localhost:5002/sender"]}


def test_the_api_answers_whoever_is_not_known_with_a_problem(client: FlaskClient) -> None:
    answer = client.get("/api/v1/sender")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.content_type == "application/problem+json"


def test_a_role_opens_its_routes_and_others_are_not_there(client: FlaskClient) -> None:
    client.set_cookie("linkwork", "good")
    assert client.get("/sender").json == {"sub": "7"}
    assert client.get("/anyone").status_code == 200
    assert client.get("/lead").status_code == client.get("/service").status_code == 404
    assert client.get("/api/v1/sender", headers=token()).json == {"sub": "c"}
    assert client.get("/api/v1/lead", headers=token()).status_code == 404


def test_the_api_takes_no_cookie_and_a_page_no_token(client: FlaskClient) -> None:
    assert client.get("/sender", headers=token()).status_code == 302
    client.set_cookie("linkwork", "good")
    assert client.get("/api/v1/sender").status_code == 401


def test_a_persons_token_is_not_taken_by_the_api(client: FlaskClient) -> None:
    assert client.get("/api/v1/sender", headers=token(Kind.PERSON)).status_code == 401


def test_an_ended_token_says_where_the_next_one_is(client: FlaskClient) -> None:
    answer = client.get("/api/v1/sender", headers=token(lasts=-60))
    assert answer.status_code == 401
    assert "/oauth/token" in answer.json["detail"]


def test_a_service_passes_its_own_routes_and_no_persons(client: FlaskClient) -> None:
    directory = {"Authorization": f"Bearer {service_token('directory', 'referrals', now())}"}
    other = {"Authorization": f"Bearer {service_token('notifications', 'referrals', now())}"}
    assert client.get("/api/v1/service", headers=directory).json == {"sub": "directory"}
    assert client.get("/api/v1/service", headers=other).status_code == 404
    for path in ("anyone", "sender"):
        assert client.get(f"/api/v1/{path}", headers=directory).status_code == 404
    as_client = token(roles=(Membership(UUID(int=1), Role.FORUM_ADMIN),))
    assert client.get("/api/v1/service", headers=as_client).status_code == 404


def test_a_machine_of_the_operators_passes_with_the_settings_token_and_nobody_else(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = "/api/v1/machine"
    with_token = {"Authorization": "Bearer machine-token"}
    for setting in ("", " "):
        monkeypatch.setenv("A_TOKEN_SETTING", setting)
        assert client.get(path, headers=with_token).status_code == 404
        assert client.get(path, headers={"Authorization": "Bearer "}).status_code == 404
    monkeypatch.setenv("A_TOKEN_SETTING", "machine-token")
    assert client.get(path, headers=with_token).json == {"open": True}
    as_admin = token(roles=(Membership(UUID(int=1), Role.FORUM_ADMIN),))
    as_service = {"Authorization": f"Bearer {service_token('directory', 'referrals', now())}"}
    for headers in ({}, {"Authorization": "Basic machine-token"}, as_admin, as_service):
        assert client.get(path, headers=headers).status_code == 401
    client.set_cookie("linkwork", "good")
    assert client.get(path).status_code == 401


def test_a_cookie_that_is_over_is_taken_away(client: FlaskClient) -> None:
    client.set_cookie("linkwork", "over")
    assert client.get("/open").status_code == 200
    assert client.get_cookie("linkwork") is None


def test_a_cookie_that_is_due_is_renewed(client: FlaskClient) -> None:
    client.set_cookie("linkwork", "due")
    answer = client.get("/sender")
    (cookie,) = [c for c in answer.headers.getlist("Set-Cookie") if c.startswith("linkwork=")]
    assert cookie.startswith("linkwork=renewed; ")
    assert "HttpOnly" in cookie


def test_a_route_that_says_nothing_stops_the_start() -> None:
    app = Flask(__name__, static_folder=None)
    app.add_url_rule("/forgotten-guard", view_func=lambda: "")
    with pytest.raises(RuntimeError, match="/forgotten-guard"):
        check_every_route(app)


def test_the_description_says_who_may_call() -> None:
    guard = guard_of(needs(Role.WORKER, Role.LEAD)(lambda: None))
    assert guard is not None
    assert guard.words() == "any of: lead, worker"


def test_the_api_says_that_a_token_is_bad_only_where_one_was_sent(client: FlaskClient) -> None:
    none = client.get("/api/v1/sender")
    bad = client.get("/api/v1/sender", headers={"Authorization": "Bearer not-a-token"})
    assert none.headers["WWW-Authenticate"] == 'Bearer realm="linkwork"'
    assert bad.status_code == 401
    assert bad.headers["WWW-Authenticate"] == 'Bearer realm="linkwork", error="invalid_token"'
