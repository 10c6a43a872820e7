"""Forgotten and changed passwords: one link, once, to its owner; the same answer to everybody."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask

from services.directory.actions import links, passwords
from services.directory.domain.sessions import token_hash
from services.directory.store.database import database
from services.directory.store.identity import Account, ActionLink, BrowserSession
from services.directory.store.relay import Outbox
from shared.errors import Conflict, Invalid, NotFound
from tests.builders.identity import NOON, PASSWORD, Browser, Someone, a_person, rows, signed_in
from tests.queries import count_queries

pytestmark = pytest.mark.usefixtures("app")
NEW = "kettle walnut harbour"
HOUR = timedelta(hours=1)


def letters_for(someone: Someone, kind: str = "password_reset") -> list[ActionLink]:
    return list(rows(ActionLink, ActionLink.account_id == someone.id, ActionLink.kind == kind))


def a_reset_token(someone: Someone) -> str:
    passwords.forgotten(someone.email, NOON)
    (link,) = letters_for(someone)
    return links.mint(link.id, NOON).url.rsplit("/", 1)[-1]


def test_the_link_goes_to_the_owner_and_its_address_is_made_when_it_is_sent() -> None:
    someone = a_person("sender")
    passwords.forgotten(f" {someone.email.upper()}", NOON)
    (link,) = letters_for(someone)
    assert link.token_hash is None
    (event,) = rows(Outbox, Outbox.subject == str(link.id))
    assert event.type == "account.notice.v1"
    assert event.data == {
        "link_id": str(link.id),
        "account_id": str(someone.id),
        "kind": "password_reset",
        "urgent": True,
    }
    letter = links.mint(link.id, NOON)
    assert (letter.to, letter.template) == (someone.email, "password_reset")
    assert letter.url.startswith("http://localhost:5001/reset/")


def test_only_a_hash_of_the_token_is_stored() -> None:
    someone = a_person("sender")
    token = a_reset_token(someone)
    (link,) = letters_for(someone)
    assert link.token_hash == token_hash(token)
    assert token not in str(vars(link))


def test_a_letter_sent_again_makes_the_older_address_useless() -> None:
    someone = a_person("sender")
    old = a_reset_token(someone)
    new = links.mint(letters_for(someone)[0].id, NOON).url.rsplit("/", 1)[-1]
    with pytest.raises(NotFound):
        passwords.reset(old, NEW, NOON)
    passwords.reset(new, NEW, NOON)


def test_an_unknown_address_is_answered_alike_and_its_letter_goes_nowhere(browser: Browser) -> None:
    someone = a_person("sender")
    answers, counts = [], []
    for email in (someone.email, "nobody-here@somewhere.example"):
        browser.get("/forgotten")
        with count_queries(database.engine) as counted:
            answers.append(browser.send("/forgotten", email=email))
        counts.append(len(counted))
    assert {(a.status_code, a.headers["Location"]) for a in answers} == {(303, "/forgotten/sent")}
    assert counts[0] == counts[1]
    nowhere = [link for link in rows(ActionLink, ActionLink.email == "") if link.account_id is None]
    assert nowhere
    for link in nowhere:
        with pytest.raises(Conflict):
            links.mint(link.id, NOON)
    assert "nobody-here" not in str([vars(row) for row in (*rows(ActionLink), *rows(Outbox))])


def test_asking_again_at_once_sends_no_second_letter_and_later_does() -> None:
    someone = a_person("sender")
    for minutes in (0, 1, 3):
        passwords.forgotten(someone.email, NOON + timedelta(minutes=minutes))
    assert len(letters_for(someone)) == 2


def test_a_reset_link_works_once() -> None:
    someone = a_person("sender")
    token = a_reset_token(someone)
    passwords.reset(token, NEW, NOON)
    signed_in(someone, NOON, NEW)
    with pytest.raises(Conflict, match="used already"):
        passwords.reset(token, "another walnut harbour", NOON)
    signed_in(someone, NOON, NEW)


def test_a_reset_link_is_good_for_an_hour() -> None:
    token = a_reset_token(a_person("sender"))
    assert passwords.reset_link(token, NOON + HOUR - timedelta(seconds=1))
    with pytest.raises(Conflict, match="too old"):
        passwords.reset(token, NEW, NOON + HOUR)


def test_a_reset_link_serves_only_the_address_it_was_sent_to() -> None:
    someone = a_person("sender")
    token = a_reset_token(someone)
    with database.transaction() as session:
        session.get_one(Account, someone.id).email = f"moved-{someone.email}"
    with pytest.raises(Conflict):
        passwords.reset(token, NEW, NOON)


def test_a_new_password_ends_every_session_and_tells_its_owner() -> None:
    someone = a_person("sender")
    signed_in(someone, NOON)
    signed_in(someone, NOON)
    passwords.reset(a_reset_token(someone), NEW, NOON)
    assert all(s.ended_at for s in rows(BrowserSession, BrowserSession.account_id == someone.id))
    (letter,) = letters_for(someone, "password_changed")
    told = links.mint(letter.id, NOON)
    assert (told.to, told.url) == (someone.email, "http://localhost:5001/account")
    with pytest.raises(Invalid):
        signed_in(someone, NOON, PASSWORD)


def test_a_reset_leaves_the_second_step_on() -> None:
    someone = a_person("sender", second_factor=True)
    passwords.reset(a_reset_token(someone), NEW, NOON)
    (account,) = rows(Account, Account.id == someone.id)
    assert account.totp_secret is not None


def test_opening_the_link_changes_nothing_and_sending_the_form_does(app: Flask) -> None:
    from shared.clock import now

    someone = a_person("sender")
    passwords.forgotten(someone.email, now())
    (link,) = letters_for(someone)
    path = links.mint(link.id, now()).url.removeprefix("http://localhost:5001")
    browser = Browser(app)
    for _ in range(3):
        assert browser.get(path).status_code == 200
    weak = browser.send(path, password="short")
    assert weak.status_code == 422
    assert "12 characters" in weak.text
    assert browser.send(path, password=NEW).headers["Location"] == "/sign-in"
    over = browser.get(path)
    assert over.status_code == 410
    assert "used already" in over.text
    assert browser.sign_in(someone, password=NEW).status_code == 303


def test_a_made_up_link_says_what_to_do(browser: Browser) -> None:
    answer = browser.get("/reset/made-up")
    assert answer.status_code == 404
    assert "Send me a new link" in answer.text


def test_changing_the_password_asks_for_the_old_one_and_ends_the_other_sessions(app: Flask) -> None:
    someone = a_person("sender")
    here, there = Browser(app), Browser(app)
    here.sign_in(someone)
    there.sign_in(someone)
    wrong = here.send("/account/password", old="not the one at all", password=NEW)
    assert wrong.status_code == 422
    assert "That is not your password" in wrong.text
    same = here.send("/account/password", old=PASSWORD, password=PASSWORD)
    assert same.status_code == 422
    assert here.send("/account/password", old=PASSWORD, password=NEW).status_code == 303
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 302
    assert len(letters_for(someone, "password_changed")) == 1


def test_guessing_the_old_password_in_an_open_browser_brings_a_wait(app: Flask) -> None:
    someone = a_person("sender")
    browser = Browser(app)
    browser.sign_in(someone)
    answers = [
        browser.send("/account/password", old=f"guess number {n}", password=NEW).text for n in range(6)
    ]
    assert "Too many tries" in answers[-1]
    assert "Too many tries" not in answers[4]


def test_a_second_step_is_set_up_confirmed_and_turned_off_with_the_password(app: Flask) -> None:
    from shared.clock import now

    someone = a_person("sender")
    browser = Browser(app)
    browser.sign_in(someone)
    page = browser.get("/account/second-step").text
    key = page.split('<code class="app-key">')[1].split("<", 1)[0].replace(" ", "")
    known = Someone(someone.id, someone.email, None, key)
    assert browser.send("/account/second-step", code="123").status_code == 422
    shown = browser.send("/account/second-step", code=known.code(now()))
    assert shown.text.count('<li><code class="app-key">') == 10
    assert browser.get("/account/second-step").headers["Location"] == "/account"
    again = browser.send("/account/recovery-codes", password=PASSWORD)
    assert again.text.count('<li><code class="app-key">') == 10
    assert browser.send("/account/second-step/off", password="not the one").status_code == 422
    assert browser.send("/account/second-step/off", password=PASSWORD).status_code == 303
    (account,) = rows(Account, Account.id == someone.id)
    assert account.totp_secret is None


def test_a_lead_cannot_turn_the_second_step_off(app: Flask) -> None:
    from services.directory.actions.second_factor import take_code
    from shared.clock import now

    someone = a_person("lead", second_factor=True)
    browser = Browser(app)
    browser.sign_in(someone)
    browser.send("/sign-in/code", code=someone.code(now()))
    answer = browser.send("/account/second-step/off", password=PASSWORD)
    assert "cannot be turned off" in answer.text
    with database.transaction() as session:
        account = session.get_one(Account, someone.id)
        assert account.totp_secret is not None
        assert not take_code(session, account, someone.code(now()), now())


def test_the_sealed_secret_says_nothing() -> None:
    someone = a_person("sender", second_factor=True)
    (account,) = rows(Account, Account.id == someone.id)
    assert someone.secret
    assert someone.secret.encode() not in account.totp_secret


def test_a_link_nobody_made_is_not_found() -> None:
    with pytest.raises(NotFound):
        links.mint(uuid4(), NOON)
