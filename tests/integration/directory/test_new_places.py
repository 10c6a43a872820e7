"""Browsers somebody signed in with before are known; the owner is told of a new one."""

from __future__ import annotations

from datetime import timedelta
from http.cookies import SimpleCookie

import pytest
from flask import Flask

from services.directory.actions import keeping, links, signing_in
from services.directory.domain.sessions import BROWSER_KEPT, token_hash
from services.directory.store.identity import ActionLink, KnownBrowser
from services.directory.store.relay import Outbox
from shared.clock import now
from tests.builders.identity import HOME, NOON, PASSWORD, VISIT, Browser, Someone, a_person, rows

pytestmark = pytest.mark.usefixtures("app")
COOKIE = "linkwork_browser"


def enter(someone: Someone, token: str = "") -> str:
    """Sign in with a browser that brings `token`; what it is left with."""
    visit = signing_in.Visit(None, "Firefox on Linux", HOME, token)
    done = signing_in.sign_in(someone.email, PASSWORD, visit, NOON)
    assert isinstance(done, signing_in.SignedIn)
    return done.browser_token


def letters(someone: Someone) -> list[ActionLink]:
    found = rows(ActionLink, ActionLink.account_id == someone.id, ActionLink.kind == "signed_in_new_place")
    return list(found)


def known(someone: Someone) -> set[bytes]:
    return {row.token_hash for row in rows(KnownBrowser, KnownBrowser.account_id == someone.id)}


def test_the_first_browser_of_an_account_is_no_news_and_the_second_is_told_of() -> None:
    someone = a_person("sender")
    first = enter(someone)
    assert enter(someone, first) == first
    assert letters(someone) == []
    second = enter(someone)
    (letter,) = letters(someone)
    (event,) = rows(Outbox, Outbox.subject == str(letter.id))
    assert (event.type, event.data["kind"]) == ("account.notice.v1", "signed_in_new_place")
    told = links.mint(letter.id, NOON)
    assert (told.to, told.url, told.template) == (someone.email, HOME + "account", "signed_in_new_place")
    for each in (first, second):
        enter(someone, each)
    assert len(letters(someone)) == 1


def test_what_a_browser_is_known_by_is_stored_only_as_a_hash() -> None:
    someone = a_person("sender")
    token = enter(someone)
    assert known(someone) == {token_hash(token)}
    assert token not in str([vars(row) for row in rows(KnownBrowser)])


def test_a_token_somebody_planted_is_replaced_and_known_to_them_no_more() -> None:
    planter, someone = a_person("sender"), a_person("sender")
    planted = enter(planter)
    left_with = enter(someone, planted)
    assert left_with != planted
    assert known(someone) == known(planter) == {token_hash(left_with)}
    assert enter(planter, left_with) == left_with
    assert letters(planter) == []


def test_a_made_up_token_is_not_taken_over() -> None:
    someone = a_person("sender")
    assert enter(someone, "made up") != "made up"


def test_a_browser_is_left_a_long_lived_cookie_for_the_pages_of_signing_in_alone(app: Flask) -> None:
    someone = a_person("sender")
    browser = Browser(app)
    answer = browser.sign_in(someone)
    (morsel,) = [
        SimpleCookie(header)[COOKIE]
        for header in answer.headers.getlist("Set-Cookie")
        if header.startswith(COOKIE)
    ]
    assert (morsel["path"], morsel["samesite"], morsel["httponly"]) == ("/sign-in", "Lax", True)
    assert int(morsel["max-age"]) == BROWSER_KEPT.total_seconds()
    browser.send("/sign-out")
    browser.sign_in(someone)
    assert letters(someone) == []
    Browser(app).sign_in(someone)
    assert len(letters(someone)) == 1


def test_with_a_second_step_it_is_told_of_once_the_code_was_right(app: Flask) -> None:
    someone = a_person("sender", second_factor=True)
    code = someone.code(now() - timedelta(seconds=30))
    first, second = Browser(app), Browser(app)
    first.sign_in(someone)
    first.send("/sign-in/code", code=code)
    second.sign_in(someone)
    assert letters(someone) == []
    second.send("/sign-in/code", code=someone.code(now()))
    assert len(letters(someone)) == 1


def test_a_browser_is_forgotten_when_its_cookie_is_over() -> None:
    someone = a_person("sender")
    signing_in.sign_in(someone.email, PASSWORD, VISIT, NOON)
    keeping.clear_old(NOON + BROWSER_KEPT)
    assert known(someone)
    keeping.clear_old(NOON + BROWSER_KEPT + timedelta(seconds=1))
    assert not known(someone)
