"""Sessions: renewed by use with what a person is now, ended everywhere, and checked by another service."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from flask import Flask

from services.directory.actions import people, sessions
from services.directory.actions.keys import ring
from services.directory.actions.tokens import session_token
from services.directory.store.database import database
from services.directory.store.identity import Account, BrowserSession, Membership, SessionSeen
from services.directory.store.relay import Outbox
from shared.auth import Caller, Kind, Role
from shared.auth.sessions import ENDED, IDLE, Sessions
from shared.auth.tokens import AUDIENCE, read, sign
from shared.clock import now
from shared.errors import NotFound, Unauthenticated, Unavailable
from tests.builders.identity import (
    HOME,
    NOON,
    Browser,
    a_person,
    also_in,
    an_organization,
    caller_of,
    rows,
    signed_in,
)
from tests.queries import count_queries

pytestmark = pytest.mark.usefixtures("app")
MINUTE = timedelta(minutes=1)


def claims_of(token: str) -> dict[str, object]:
    return read(token, ring.find, audience=AUDIENCE, issuer="http://localhost:5001")


def refused(_: str) -> str:
    raise Unauthenticated


def away(_: str) -> str:
    raise Unavailable


def test_a_token_says_who_for_whom_and_until_when() -> None:
    someone = a_person("sender")
    claims = claims_of(signed_in(someone, NOON))
    assert claims == {
        "sub": str(someone.id),
        "kind": "person",
        "org": str(someone.organization_id),
        "sector": "health",
        "memberships": [{"org": str(someone.organization_id), "team": None, "role": "sender"}],
        "name": "Terry Testperson",
        "sid": claims["sid"],
        "iss": "http://localhost:5001",
        "aud": "linkwork",
        "iat": int(NOON.timestamp()),
        "exp": int(NOON.timestamp()) + 900,
        "auth_time": int(NOON.timestamp()),
    }


def test_a_renewed_token_says_what_the_person_is_by_now() -> None:
    someone = a_person("sender")
    token = signed_in(someone, NOON)
    also_in(someone, "org_admin", someone.organization_id or uuid4())
    fresh = claims_of(sessions.renew(token, NOON + 10 * MINUTE))
    assert {m["role"] for m in fresh["memberships"]} == {"sender", "org_admin"}  # type: ignore[attr-defined]
    assert fresh["iat"] == int((NOON + 10 * MINUTE).timestamp())
    assert fresh["auth_time"] == int(NOON.timestamp())


def test_whoever_was_removed_has_nothing_left_after_the_next_renewal() -> None:
    someone = a_person("sender")
    admin = a_person("org_admin", organization_id=someone.organization_id)
    token = signed_in(someone, NOON)
    people.remove(someone.organization_id or uuid4(), someone.id, caller_of(admin), NOON)
    fresh = claims_of(sessions.renew(token, NOON + 6 * MINUTE))
    assert fresh["memberships"] == []
    assert "org" not in fresh


@pytest.mark.parametrize("hours", [8.1, 12.1])
def test_a_token_older_than_eight_hours_is_not_renewed(hours: float) -> None:
    token = signed_in(a_person("sender"), NOON)
    with pytest.raises(Unauthenticated):
        sessions.renew(token, NOON + timedelta(hours=hours))


def test_a_session_ends_twelve_hours_after_the_password_however_much_it_is_used() -> None:
    token = signed_in(a_person("sender"), NOON)
    for hour in range(1, 12):
        token = sessions.renew(token, NOON + timedelta(hours=hour))
    with pytest.raises(Unauthenticated):
        sessions.renew(token, NOON + timedelta(hours=12))


def test_an_account_that_was_closed_is_not_renewed() -> None:
    someone = a_person("sender")
    token = signed_in(someone, NOON)
    with database.transaction() as session:
        session.get_one(Account, someone.id).active = False
    with pytest.raises(Unauthenticated):
        sessions.renew(token, NOON + MINUTE)


def test_a_systems_token_or_a_strange_one_is_not_renewed() -> None:
    kid, key = ring.signing()
    times = {"iss": "http://localhost:5001", "aud": AUDIENCE, "iat": int(NOON.timestamp())}
    client = sign(Caller(sub="x", kind=Kind.CLIENT).to_claims() | times | {"sid": "s"}, key, kid)
    unknown = sign(Caller(sub="x", kind=Kind.PERSON, session="s").to_claims() | times, key, kid)
    for token in (client, unknown, "", "a.b.c", "eyJ.x.y"):
        with pytest.raises(Unauthenticated):
            sessions.renew(token, NOON)


def test_renewing_costs_three_queries() -> None:
    someone = a_person("sender")
    also_in(someone, "sender", an_organization())
    token = signed_in(someone, NOON)
    with count_queries(database.engine) as counted:
        sessions.renew(token, NOON + MINUTE)
    assert len(counted) == 3


def test_the_services_renew_by_api_and_nobody_else(app: Flask, as_service: dict[str, dict[str, str]]) -> None:
    token = signed_in(a_person("sender"), now())
    client = app.test_client()
    for name in ("referrals", "notifications"):
        answer = client.post("/api/v1/sessions/renew", json={"token": token}, headers=as_service[name])
        assert answer.status_code == 200
        assert claims_of(answer.json["token"])["kind"] == "person"
    assert client.post("/api/v1/sessions/renew", json={"token": token}).status_code == 401
    bearer = {"Authorization": f"Bearer {token}"}
    assert client.post("/api/v1/sessions/renew", json={"token": token}, headers=bearer).status_code == 401
    wrong = client.post("/api/v1/sessions/renew", json={"token": "x.y.z"}, headers=as_service["referrals"])
    assert wrong.status_code == 401
    more = client.post(
        "/api/v1/sessions/renew", json={"token": token, "more": 1}, headers=as_service["referrals"]
    )
    assert more.status_code == 422


def another_service(renew: object = None) -> Sessions:
    """How referrals checks: its own table of sessions seen (here the same one), the directory's keys."""
    renewing = renew or (lambda token: sessions.renew(token, now()))
    return Sessions(database, SessionSeen, ring.find, renewing)  # type: ignore[arg-type]


def test_signing_out_everywhere_ends_every_session_and_tells_the_others(app: Flask) -> None:
    someone = a_person("sender")
    first, second = Browser(app), Browser(app)
    first.sign_in(someone)
    second.sign_in(someone)
    cookies = [first.cookie() or "", second.cookie() or ""]
    sids = {str(claims_of(cookie)["sid"]) for cookie in cookies}
    assert first.send("/account/sign-out-everywhere", page="/account").status_code == 303
    told = {
        row.data["sid"] for row in rows(Outbox, Outbox.type == "session.ended.v1") if row.data["sid"] in sids
    }
    assert told == sids
    assert second.get("/account").status_code == 302
    elsewhere = another_service()
    for cookie in cookies:
        with pytest.raises(Unauthenticated):
            elsewhere.check(cookie, now())


def test_another_service_that_heard_of_the_end_refuses_a_young_token_without_asking() -> None:
    someone = a_person("sender")
    at = now()
    token = signed_in(someone, at)
    elsewhere = another_service(renew=away)
    assert elsewhere.check(token, at)[0].sub == str(someone.id)
    elsewhere.end(str(claims_of(token)["sid"]), at)
    with pytest.raises(Unauthenticated):
        elsewhere.check(token, at)


def test_half_an_hour_without_use_ends_a_sign_in() -> None:
    token = signed_in(a_person("sender"), NOON)
    checked = another_service(renew=away)
    checked.check(token, NOON + 29 * MINUTE)
    checked.check(token, NOON + 58 * MINUTE)
    with pytest.raises(Unauthenticated, match="30 minutes"):
        checked.check(token, NOON + 89 * MINUTE)


def test_with_the_directory_away_a_token_serves_on_for_eight_hours_of_use() -> None:
    token = signed_in(a_person("sender"), NOON)
    checked = another_service(renew=away)
    for minutes in range(20, 8 * 60, 20):
        caller, fresh = checked.check(token, NOON + minutes * MINUTE)
        assert caller.has(Role.SENDER)
        assert fresh is None
    with pytest.raises(Unauthenticated):
        checked.check(token, NOON + timedelta(hours=8, minutes=5))


def test_with_the_directory_there_a_token_over_five_minutes_old_is_renewed_or_refused() -> None:
    token = signed_in(a_person("sender"), NOON)
    at = NOON + 6 * MINUTE
    _, fresh = another_service(renew=lambda old: sessions.renew(old, at)).check(token, at)
    assert fresh
    assert claims_of(fresh)["iat"] == int(at.timestamp())
    with pytest.raises(Unauthenticated):
        another_service(renew=refused).check(token, at)


def test_a_page_of_the_directory_renews_its_own_cookie(app: Flask) -> None:
    someone = a_person("sender")
    browser = Browser(app)
    old = signed_in(someone, now() - 10 * MINUTE)
    browser.set_cookie(old)
    assert browser.get("/account").status_code == 200
    assert browser.cookie() not in (None, old)


def test_a_token_of_another_issuer_is_nobodys() -> None:
    kid, key = ring.signing()
    claims = Caller(sub=str(uuid4()), kind=Kind.PERSON, session="s").to_claims()
    claims |= {"iss": "http://evil.example", "aud": AUDIENCE, "iat": int(NOON.timestamp())}
    with pytest.raises(Unauthenticated):
        another_service(renew=away).check(sign(claims, key, kid), NOON)


def test_one_sees_ones_own_sign_ins_and_ends_one(app: Flask) -> None:
    someone = a_person("sender")
    here, there = Browser(app), Browser(app)
    here.sign_in(someone)
    there.sign_in(someone)
    page = here.get("/account").text
    assert page.count("Since ") == 2
    sid = str(claims_of(there.cookie() or "")["sid"])
    here.send("/account/sessions/end", page="/account", sid=sid)
    assert there.get("/account").status_code == 302
    assert here.get("/account").text.count("Since ") == 1


def test_one_cannot_end_anybody_elses_sign_in() -> None:
    me, other = a_person("sender"), a_person("sender")
    sid = str(claims_of(signed_in(other, NOON))["sid"])
    with pytest.raises(NotFound):
        sessions.end_one(caller_of(me), sid, NOON)
    assert [s.ended_at for s in rows(BrowserSession, BrowserSession.sid == sid)] == [None]


def test_switching_the_acting_organisation_changes_the_token() -> None:
    someone = a_person("sender")
    other = an_organization(sector="police")
    also_in(someone, "sender", other)
    token = signed_in(someone, NOON)
    by = caller_of(someone, sid=str(claims_of(token)["sid"]))
    switched = claims_of(sessions.act_for(by, other, NOON + MINUTE))
    assert (switched["org"], switched["sector"]) == (str(other), "police")
    assert claims_of(sessions.renew(token, NOON + 2 * MINUTE))["org"] == str(other)
    with pytest.raises(NotFound):
        sessions.act_for(by, an_organization(), NOON)


def test_acting_for_an_organisation_one_left_falls_back_to_another() -> None:
    someone = a_person("sender")
    other = an_organization()
    also_in(someone, "sender", other)
    token = signed_in(someone, NOON)
    sessions.act_for(caller_of(someone, sid=str(claims_of(token)["sid"])), other, NOON)
    with database.transaction() as session:
        for membership in session.query(Membership).filter_by(organization_id=other):
            membership.ended_at = NOON
    assert claims_of(sessions.renew(token, NOON + MINUTE))["org"] == str(someone.organization_id)


def test_the_account_page_costs_a_fixed_number_of_queries(app: Flask) -> None:
    counts = []
    for further in (0, 3):
        someone = a_person("sender", "org_admin")
        for _ in range(further):
            signed_in(someone, now())
        browser = Browser(app)
        browser.sign_in(someone)
        browser.get("/account")
        with count_queries(database.engine) as counted:
            browser.get("/account")
        counts.append(len(counted))
    assert counts == [6, 6]


def seen_long_ago(browser: Browser, minutes: int) -> None:
    """As if nothing had happened in this browser for so long."""
    sid = str(claims_of(browser.cookie() or "")["sid"])
    issued = now() - minutes * MINUTE
    with database.transaction() as session:
        opened = session.get_one(BrowserSession, sid)
        token = session_token(opened, session.get_one(Account, opened.account_id), [], issued)
        seen = session.get(SessionSeen, sid)
        if seen is not None:
            seen.seen_at = issued
    browser.set_cookie(token)


def test_who_was_away_for_half_an_hour_is_told_so_on_the_sign_in_page(browser: Browser) -> None:
    browser.sign_in(a_person("sender"))
    seen_long_ago(browser, 31)
    sent = browser.get("/account")
    assert sent.headers["Location"].endswith("/sign-in?next=http%3A%2F%2Flocalhost%3A5001%2Faccount&why=idle")
    assert IDLE in unescape(browser.get(sent.headers["Location"].removeprefix(HOME[:-1])).text)
    assert IDLE not in unescape(browser.get("/sign-in").text)


def test_who_was_away_is_told_on_a_public_page_and_by_a_form_too(browser: Browser) -> None:
    for path in ("/", "/sign-in"):
        browser.sign_in(a_person("sender"))
        seen_long_ago(browser, 31)
        assert IDLE in unescape(browser.get(path).text)
    browser.sign_in(a_person("sender"))
    shown = browser.get("/account/password")
    token = shown.text.split('name="csrf_token" value="')[1].split('"', 1)[0]
    seen_long_ago(browser, 31)
    late = browser.client.post("/account/sign-out-everywhere", base_url=HOME, data={"csrf_token": token})
    assert late.status_code == 401
    assert unescape(late.text).count(IDLE) == 1


def test_whose_session_was_ended_elsewhere_is_told_so(browser: Browser) -> None:
    someone = a_person("sender")
    browser.sign_in(someone)
    sessions.sign_out_everywhere(caller_of(someone), now())
    sent = browser.get("/account").headers["Location"]
    assert sent.endswith("&why=ended")
    assert ENDED in browser.get(sent.removeprefix(HOME[:-1])).text


def test_a_strange_reason_in_the_address_says_nothing(browser: Browser) -> None:
    assert "nonsense" not in browser.get("/sign-in?why=nonsense").text
    browser.set_cookie("not one of ours")
    assert "why=" not in browser.get("/account").headers["Location"]
