"""Signing in by the page: what it tells and does not tell, waits, the second step, and where it leads."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from services.directory.actions.second_factor import new_recovery_codes
from services.directory.domain import passwords
from services.directory.store.database import database
from services.directory.store.identity import Account, AccountEvent, BrowserSession, SignInAttempt
from shared.clock import now
from tests.builders.identity import (
    HOME,
    PASSWORD,
    Browser,
    Someone,
    a_person,
    also_in,
    an_organization,
    rows,
)
from tests.queries import count_queries


def recovery_codes(someone: Someone) -> list[str]:
    with database.transaction() as session:
        return new_recovery_codes(session, session.get_one(Account, someone.id), now())


def test_the_right_password_opens_the_home_page(browser: Browser) -> None:
    someone = a_person("sender")
    answer = browser.sign_in(someone)
    assert (answer.status_code, answer.headers["Location"]) == (303, HOME)
    assert "What would you like to do?" in browser.get("/").text


def test_the_address_may_be_typed_in_capitals_and_with_spaces(browser: Browser) -> None:
    someone = a_person("sender")
    answer = browser.send("/sign-in", email=f"  {someone.email.upper()} ", password=PASSWORD)
    assert answer.status_code == 303


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(browser: Browser) -> None:
    known = browser.send("/sign-in", email=a_person("sender").email, password="wrong but long enough")
    unknown = browser.send("/sign-in", email="nobody@somewhere.example", password="wrong but long enough")
    assert known.status_code == unknown.status_code == 422
    assert "The e-mail address or the password is not right" in known.text

    def without_what_differs(text: str) -> list[str]:
        return [line for line in text.splitlines() if "csrf_token" not in line and "value=" not in line]

    assert without_what_differs(known.text) == without_what_differs(unknown.text)
    assert browser.cookie() is None


@pytest.mark.parametrize("kind", ["unknown", "inactive", "without a password"])
def test_an_address_that_cannot_sign_in_costs_a_whole_password_check(
    browser: Browser, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str | None] = []
    real = passwords.fits

    def watched(stored: str | None, password: str, *, cheap: bool = False) -> bool:
        checked.append(stored)
        return real(stored, password, cheap=cheap)

    monkeypatch.setattr(passwords, "fits", watched)
    email = "nobody-at-all@somewhere.example"
    if kind == "inactive":
        someone = a_person("sender")
        with database.transaction() as session:
            session.get_one(Account, someone.id).active = False
        email = someone.email
    if kind == "without a password":
        email = a_person("sender", password=None).email
    assert browser.send("/sign-in", email=email, password=PASSWORD).status_code == 422
    assert checked == [None]


def test_a_known_and_an_unknown_address_cost_the_same_queries(browser: Browser) -> None:
    someone = a_person("sender")
    counts = []
    for email in (someone.email, "not-one-of-us@somewhere.example"):
        browser.get("/sign-in")
        with count_queries(database.engine) as counted:
            browser.send("/sign-in", email=email, password="wrong but long enough")
        counts.append(len(counted))
    assert counts[0] == counts[1] == 5


def test_every_sign_in_has_a_session_of_its_own(app: Flask) -> None:
    someone = a_person("sender")
    browser = Browser(app)
    browser.set_cookie("something brought along")
    browser.sign_in(someone)
    first = browser.cookie()
    browser.send("/sign-in", page="/account/password", email=someone.email, password=PASSWORD)
    assert first not in (None, "something brought along", browser.cookie())
    sessions = rows(BrowserSession, BrowserSession.account_id == someone.id)
    assert len({s.sid for s in sessions}) == 2
    assert [s.ended_at is None for s in sorted(sessions, key=lambda s: s.started_at)] == [False, True]


def test_the_secret_of_forms_changes_with_signing_in(browser: Browser) -> None:
    browser.get("/sign-in")
    before = browser.cookie("linkwork_csrf_directory")
    browser.sign_in(a_person("sender"))
    browser.get("/account/password")
    assert before
    assert browser.cookie("linkwork_csrf_directory") != before


def test_five_failures_bring_a_wait_that_the_right_password_does_not_shorten(app: Flask) -> None:
    someone = a_person("sender")
    browser = Browser(app)
    for _ in range(5):
        browser.sign_in(someone, password="wrong but long enough")
    answer = browser.sign_in(someone)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 30
    assert "Wait" in answer.text
    assert browser.cookie() is None


def test_an_unknown_address_is_made_to_wait_just_the_same(browser: Browser) -> None:
    answers = [
        browser.send("/sign-in", email="guessed@somewhere.example", password="wrong but long enough")
        for _ in range(6)
    ]
    assert [a.status_code for a in answers] == [422] * 5 + [429]


def test_after_the_wait_the_right_password_opens_and_the_owner_is_told(browser: Browser) -> None:
    someone = a_person("sender")
    for _ in range(5):
        browser.sign_in(someone, password="wrong but long enough")
    with database.transaction() as session:
        for attempt in session.query(SignInAttempt):
            if attempt.locked_until is not None:
                attempt.locked_until -= timedelta(minutes=1)
    assert browser.sign_in(someone).status_code == 303
    told = sorted(rows(AccountEvent, AccountEvent.account_id == someone.id), key=lambda event: event.at)
    assert [event.what for event in told] == ["sign_in_failed", "signed_in"]
    assert "wrong password or code" in browser.get("/account").text


def test_a_network_address_that_fails_for_fifty_people_waits_too(app: Flask) -> None:
    attacker = Browser(app, address="198.51.100.7")
    statuses = [
        attacker.send("/sign-in", email=f"guess-{n}@somewhere.example", password="plum teapot x").status_code
        for n in range(51)
    ]
    assert statuses == [422] * 50 + [429]
    bystander = Browser(app, address="203.0.113.9")
    assert bystander.sign_in(a_person("sender")).status_code == 303


def test_no_network_address_is_stored_anywhere(app: Flask) -> None:
    someone = a_person("sender")
    Browser(app, address="198.51.100.77").sign_in(someone)
    stored = [
        *rows(AccountEvent, AccountEvent.account_id == someone.id),
        *rows(BrowserSession, BrowserSession.account_id == someone.id),
        *rows(SignInAttempt),
    ]
    assert all("198.51.100" not in str(vars(row)) for row in stored)


@pytest.mark.parametrize(
    "target",
    [
        "http://localhost:5002/queue",
        "http://localhost:5003/notices?unread=1",
        "http://localhost:5001/account",
    ],
)
def test_one_is_sent_on_to_our_own_addresses(browser: Browser, target: str) -> None:
    assert browser.sign_in(a_person("sender"), next=target).headers["Location"] == target


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "http://localhost:5001@evil.example/", "/\\evil.example"],
)
def test_one_is_never_sent_on_to_a_strange_address(browser: Browser, target: str) -> None:
    shown = browser.get("/sign-in", query_string={"next": target})
    assert "evil.example" not in shown.text
    someone = a_person("sender")
    assert browser.sign_in(someone, next=target).headers["Location"] == HOME
    again = browser.get("/sign-in", query_string={"next": target})
    assert (again.status_code, again.headers["Location"]) == (302, HOME)


def test_a_page_that_needs_signing_in_comes_back_to_itself(browser: Browser) -> None:
    sent = browser.get("/account").headers["Location"]
    query = parse_qs(urlsplit(sent).query)
    assert browser.sign_in(a_person("sender"), next=query["next"][0]).headers["Location"] == HOME + "account"


def test_with_a_second_step_the_password_alone_opens_nothing(browser: Browser) -> None:
    someone = a_person("sender", second_factor=True)
    assert browser.sign_in(someone).headers["Location"] == "/sign-in/code"
    assert browser.cookie() is None
    assert browser.get("/account").status_code == 302


def test_the_code_opens_once_and_not_again(app: Flask) -> None:
    someone = a_person("sender", second_factor=True)
    code = someone.code(now())
    first, second = Browser(app), Browser(app)
    for each in (first, second):
        each.sign_in(someone, next="http://localhost:5002/queue")
    opened = first.send("/sign-in/code", code=code)
    assert (opened.status_code, opened.headers["Location"]) == (303, "http://localhost:5002/queue")
    assert second.send("/sign-in/code", code=code).status_code == 422
    assert second.cookie() is None


def test_a_recovery_code_opens_once(app: Flask) -> None:
    someone = a_person("sender", second_factor=True)
    codes = recovery_codes(someone)
    for expected in (303, 422):
        browser = Browser(app)
        browser.sign_in(someone)
        assert browser.send("/sign-in/code", code=codes[0].upper()).status_code == expected
    assert "9 of 10 recovery codes left" in signed_in_by(Browser(app), someone, codes[1], left=8)


def signed_in_by(browser: Browser, someone: Someone, code: str, left: int) -> str:
    browser.sign_in(someone)
    browser.send("/sign-in/code", code=code)
    return browser.get("/account").text.replace(f"{left} of 10", f"{left + 1} of 10")


def test_five_wrong_codes_bring_a_wait_that_the_right_one_does_not_shorten(app: Flask) -> None:
    someone = a_person("sender", second_factor=True)
    browser = Browser(app)
    browser.sign_in(someone)
    statuses = [browser.send("/sign-in/code", code="000000").status_code for _ in range(5)]
    assert statuses == [422] * 5
    assert browser.send("/sign-in/code", code=someone.code(now())).status_code == 429
    assert browser.send("/sign-in", email=someone.email, password=PASSWORD).status_code == 303
    assert browser.send("/sign-in/code", code=someone.code(now())).status_code == 429
    assert browser.cookie() is None


def test_without_the_password_there_is_no_page_for_a_code(browser: Browser) -> None:
    assert browser.get("/sign-in/code").headers["Location"] == "/sign-in"
    assert browser.get("/sign-in/set-up").headers["Location"] == "/sign-in"
    browser.set_cookie("made up", "linkwork_step")
    assert browser.get("/sign-in/code").headers["Location"] == "/sign-in"


@pytest.mark.parametrize("role", ["lead", "org_admin", "forum_admin", "safeguarding_lead", "records_steward"])
def test_where_data_may_be_real_leads_and_admins_set_up_a_second_step_first(
    browser: Browser, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.directory.config.second_factor_is_required", lambda: True)
    someone = a_person(role)
    assert browser.sign_in(someone).headers["Location"] == "/sign-in/set-up"
    assert browser.cookie() is None
    page = browser.get("/sign-in/set-up").text
    assert "<svg" in page
    with_key = Someone(someone.id, someone.email, None, key_shown(page))
    assert browser.send("/sign-in/set-up", code="000000").status_code == 422
    done = browser.send("/sign-in/set-up", code=with_key.code(now()))
    assert done.status_code == 200
    assert done.text.count('<li><code class="app-key">') == 10
    assert browser.get("/account").status_code == 200


def key_shown(page: str) -> str:
    return page.split('<code class="app-key">')[1].split("<", maxsplit=1)[0].replace(" ", "")


def test_a_sender_needs_no_second_step_even_where_data_may_be_real(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.directory.config.second_factor_is_required", lambda: True)
    assert browser.sign_in(a_person("sender")).headers["Location"] == HOME


def test_somebody_of_two_organisations_is_asked_whom_they_act_for_and_remembered(app: Flask) -> None:
    first, second = an_organization("Alpha example"), an_organization("Beta example", sector="vcse")
    someone = a_person("sender", organization_id=first)
    also_in(someone, "sender", second)
    browser = Browser(app)
    sent = browser.sign_in(someone, next="http://localhost:5002/refer").headers["Location"]
    assert urlsplit(sent).path == "/acting"
    chosen = browser.send("/acting", organization=str(second), next=parse_qs(urlsplit(sent).query)["next"][0])
    assert chosen.headers["Location"] == "http://localhost:5002/refer"
    assert "Beta example" in browser.get("/").text
    again = Browser(app)
    assert again.sign_in(someone).headers["Location"] == HOME
    assert "Beta example" in again.get("/").text


def test_one_cannot_act_for_somebody_elses_organisation(browser: Browser) -> None:
    browser.sign_in(a_person("sender"))
    answer = browser.send("/acting", organization=str(an_organization()))
    assert answer.status_code == 422
    assert "Choose one of your organisations" in answer.text


def test_a_form_without_its_secret_is_refused(app: Flask) -> None:
    client = app.test_client()
    answer = client.post("/sign-in", base_url=HOME, data={"email": "a@b.example", "password": "x"})
    assert answer.status_code == 403


def test_signing_out_asks_first_and_then_ends_the_session(browser: Browser) -> None:
    browser.sign_in(a_person("sender"))
    kept = browser.cookie()
    assert browser.get("/sign-out").status_code == 200
    assert browser.get("/account").status_code == 200
    browser.send("/sign-out")
    assert browser.cookie() is None
    browser.set_cookie(kept or "")
    assert browser.get("/account").status_code == 302


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/code", "/forgotten"])
def test_a_form_that_is_missing_something_says_what(browser: Browser, path: str) -> None:
    if path == "/sign-in/code":
        browser.sign_in(a_person("sender", second_factor=True))
    answer = browser.send(path)
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert "<title>Error: " in answer.text.replace("\n", "").replace("  ", "")


def test_too_many_tries_from_one_place_are_slowed_whatever_they_are(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RATE_SIGN_IN", "3 per minute")
    browser = Browser(app, address="198.51.100.99")
    statuses = [browser.send("/forgotten", email="x@somewhere.example").status_code for _ in range(4)]
    assert statuses == [303, 303, 303, 429]


def test_sign_ins_that_go_right_are_not_slowed_however_many_come_from_one_place(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RATE_SIGN_IN", "3 per minute")
    someone = a_person("sender")
    address = "198.51.100.98"
    assert [Browser(app, address=address).sign_in(someone).status_code for _ in range(5)] == [303] * 5
    browser = Browser(app, address=address)
    wrong = [
        browser.send("/sign-in", email="x@somewhere.example", password="wrong but long enough").status_code
        for _ in range(4)
    ]
    assert wrong == [422, 422, 422, 429]
