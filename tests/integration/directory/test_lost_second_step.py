"""Somebody who lost their authenticator is let back in by the console, once an admin made sure who asks."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from services.directory.actions import links, sessions, signing_in
from services.directory.cli import main
from services.directory.store.database import database
from services.directory.store.identity import (
    Account,
    AccountEvent,
    ActionLink,
    BrowserSession,
    Membership,
    RecoveryCode,
)
from services.directory.store.relay import AccessLog, Outbox
from shared.clock import now
from shared.errors import Unauthenticated
from tests.builders.identity import PASSWORD, VISIT, Someone, a_person, rows

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def no_forum() -> None:
    """Nobody else is the forum's admin."""
    with database.transaction() as session:
        for membership in session.query(Membership).filter_by(role="forum_admin", ended_at=None):
            membership.ended_at = now()


def run(someone: Someone, *options: str) -> str:
    said = CliRunner().invoke(main, ["remove-second-step", someone.email.upper(), *options])
    return said.output if said.exit_code == 0 else f"refused: {said.output}"


def half_done(someone: Someone) -> str:
    wanted = signing_in.sign_in(someone.email, PASSWORD, VISIT, now())
    assert isinstance(wanted, signing_in.CodeWanted)
    return wanted.token


def has_one(someone: Someone) -> bool:
    (account,) = rows(Account, Account.id == someone.id)
    return account.totp_secret is not None


@pytest.mark.parametrize("role", ["org_admin", "forum_admin"])
def test_once_an_admin_confirmed_it_is_gone_with_every_session_and_the_owner_is_told(role: str) -> None:
    someone = a_person("sender", second_factor=True)
    admin = a_person(role, organization_id=someone.organization_id if role == "org_admin" else None)
    done = signing_in.give_code(half_done(someone), someone.code(now()), VISIT, now())
    waiting = half_done(someone)
    assert "They sign in with their password" in run(someone, "--confirmed-by", admin.email)
    assert not has_one(someone)
    assert rows(RecoveryCode, RecoveryCode.account_id == someone.id) == []
    assert all(each.ended_at for each in rows(BrowserSession, BrowserSession.account_id == someone.id))
    with pytest.raises(Unauthenticated):
        sessions.renew(done.token, now())
    with pytest.raises(Unauthenticated):
        signing_in.waits_for_set_up(waiting, now())
    assert "second_step_removed" in {
        e.what for e in rows(AccountEvent, AccountEvent.account_id == someone.id)
    }
    (letter,) = rows(
        ActionLink, ActionLink.account_id == someone.id, ActionLink.kind == "second_step_removed"
    )
    assert rows(Outbox, Outbox.subject == str(letter.id))
    assert links.mint(letter.id, now()).template == "second_step_removed"
    (logged,) = [
        each for each in rows(AccessLog, AccessLog.act == "remove_second_step") if someone.id in each.subjects
    ]
    assert logged.subjects == [someone.id, admin.id]
    assert isinstance(signing_in.sign_in(someone.email, PASSWORD, VISIT, now()), signing_in.SignedIn)


def test_it_is_refused_until_somebody_who_may_has_confirmed() -> None:
    someone = a_person("org_admin", second_factor=True)
    a_person("org_admin", organization_id=someone.organization_id)
    colleague = a_person("lead", organization_id=someone.organization_id)
    foreign = a_person("org_admin")
    for options in ([], *(["--confirmed-by", who.email] for who in (someone, colleague, foreign))):
        assert run(someone, *options).startswith("refused")
    assert has_one(someone)


def test_where_nobody_else_could_confirm_whoever_runs_the_place_does() -> None:
    someone = a_person("org_admin", "forum_admin", second_factor=True)
    run(someone)
    assert not has_one(someone)


def test_somebody_unknown_or_without_a_second_step_is_said_so() -> None:
    someone = a_person("sender")
    assert "has no second step" in run(someone)
    said = CliRunner().invoke(main, ["remove-second-step", "nobody@somewhere.example"])
    assert "Nobody has an account" in said.output
