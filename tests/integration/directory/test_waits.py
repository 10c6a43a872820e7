"""Whom waits keep out: those who fail, where they fail, and never somebody else."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from services.directory.actions import links, passwords, signing_in
from services.directory.actions.signing_in import CodeWanted, SignedIn, Visit
from services.directory.domain.sessions import PENDING_TRIES
from services.directory.store.database import database
from services.directory.store.identity import (
    AccountEvent,
    ActionLink,
    KnownBrowser,
    PendingSignIn,
    SignInAttempt,
)
from shared.errors import Invalid, TooMany, Unauthenticated
from tests.builders.identity import (
    HOME,
    NOON,
    PASSWORD,
    VISIT,
    Someone,
    a_person,
    caller_of,
    rows,
)

pytestmark = pytest.mark.usefixtures("app")
WRONG = "wrong but long enough"
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
OFFICE = Visit("198.51.100.20", "Firefox on Windows", HOME)
STRANGER = Visit("203.0.113.66", "Firefox on Linux", HOME)


def enter(someone: Someone, at: datetime, visit: Visit = VISIT, password: str = PASSWORD) -> SignedIn:
    """The whole way in."""
    done = signing_in.sign_in(someone.email, password, visit, at)
    if isinstance(done, CodeWanted):
        done = signing_in.give_code(done.token, someone.code(at), visit, at)
    return done


def wanted(someone: Someone, at: datetime, visit: Visit = VISIT) -> CodeWanted:
    done = signing_in.sign_in(someone.email, PASSWORD, visit, at)
    assert isinstance(done, CodeWanted)
    return done


def guess(someone: Someone, times: int, at: datetime, visit: Visit = STRANGER) -> int:
    """Guess passwords for as long as one may, waits and all; how often it was heard."""
    heard = 0
    for n in range(times):
        try:
            signing_in.sign_in(someone.email, WRONG, visit, at + n * SECOND)
        except Invalid:
            heard += 1
        except TooMany:
            continue
    return heard


def left_with(token: str) -> Visit:
    return Visit("203.0.113.1", "Firefox on Linux", HOME, token)


def events(someone: Someone) -> list[str]:
    with database.transaction() as session:
        return [
            row.what
            for row in session.query(AccountEvent)
            .filter(AccountEvent.account_id == someone.id, AccountEvent.what.like("sign%"))
            .order_by(AccountEvent.id)
        ]


@pytest.mark.parametrize("second_factor", [False, True])
def test_a_stranger_does_not_keep_an_owner_out_of_their_own_browser(second_factor: bool) -> None:
    someone = a_person("sender", second_factor=second_factor)
    own = left_with(enter(someone, NOON).browser_token)
    later = NOON + 60 * MINUTE
    assert guess(someone, 30, later) < 10
    with pytest.raises(TooMany):
        enter(someone, later + 30 * SECOND)
    assert enter(someone, later + 30 * SECOND, own)


def test_coming_in_by_ones_own_browser_frees_no_stranger() -> None:
    someone = a_person("sender")
    own = left_with(enter(someone, NOON).browser_token)
    guess(someone, 6, NOON + MINUTE)
    enter(someone, NOON + 2 * MINUTE, own)
    later = NOON + 3 * MINUTE
    assert guess(someone, 3, later) <= 1


def test_ones_own_browser_is_slowed_all_the_same() -> None:
    someone = a_person("sender")
    own = left_with(enter(someone, NOON).browser_token)
    assert guess(someone, 10, NOON + MINUTE, own) == 5
    with pytest.raises(TooMany):
        enter(someone, NOON + MINUTE + 20 * SECOND, own)


def test_a_browser_known_for_one_account_opens_no_shorter_way_to_another() -> None:
    someone, other = a_person("sender"), a_person("sender")
    known_to_other = left_with(enter(other, NOON).browser_token)
    guess(someone, 6, NOON)
    with pytest.raises(TooMany):
        enter(someone, NOON + 10 * SECOND, known_to_other)


def test_the_right_password_is_no_failure_however_often_no_code_follows() -> None:
    someone = a_person("sender", second_factor=True)
    for n in range(40):
        wanted(someone, NOON + n * SECOND)
    assert enter(someone, NOON + MINUTE)
    assert events(someone) == ["signed_in"]


def test_a_busy_office_behind_one_address_signs_in_rightly_all_morning() -> None:
    people = [a_person("sender", second_factor=True) for _ in range(4)]
    for minute in range(60):
        for someone in people:
            enter(someone, NOON + minute * MINUTE, OFFICE)
    assert all("sign_in_failed" not in events(someone) for someone in people)


def test_an_office_where_somebody_mistypes_each_minute_goes_on_working() -> None:
    people = [a_person("sender") for _ in range(6)]
    for minute in range(0, 240, 2):
        someone = people[minute // 2 % 6]
        assert guess(someone, 1, NOON + minute * MINUTE, OFFICE) == 1
        enter(someone, NOON + (minute + 1) * MINUTE, OFFICE)


def test_who_does_not_know_the_password_cannot_touch_the_codes() -> None:
    someone = a_person("sender", second_factor=True)
    half_done = wanted(someone, NOON)
    guess(someone, 200, NOON)
    for made_up in ("", "x" * 43):
        with pytest.raises(Unauthenticated):
            signing_in.give_code(made_up, "000000", STRANGER, NOON)
    assert signing_in.give_code(half_done.token, someone.code(NOON), VISIT, NOON)


def test_wrong_codes_are_slowed_for_the_account_and_the_right_one_opens_after_the_longest_wait() -> None:
    someone = a_person("sender", second_factor=True)
    half_done, at, waits = wanted(someone, NOON), NOON, []
    for _ in range(9):
        with pytest.raises(Invalid):
            signing_in.give_code(half_done.token, "000000", VISIT, at)
        try:
            signing_in.give_code(half_done.token, "000000", VISIT, at)
        except TooMany as wait:
            waits.append(wait.retry_after)
            half_done = wanted(someone, at)
            at += timedelta(seconds=wait.retry_after)
        except Invalid:
            continue
    assert waits == sorted(waits)
    assert waits[-1] >= 480
    half_done = wanted(someone, at)
    with pytest.raises(Invalid):
        signing_in.give_code(half_done.token, "000000", VISIT, at)
    at += timedelta(minutes=15)
    assert signing_in.give_code(half_done.token, someone.code(at), VISIT, at)


def test_a_half_done_sign_in_takes_only_so_many_codes() -> None:
    someone = a_person("sender", second_factor=True)
    half_done = wanted(someone, NOON)
    with database.transaction() as session:
        for pending in session.query(PendingSignIn).filter_by(account_id=someone.id):
            pending.tries = PENDING_TRIES
    with pytest.raises(Unauthenticated):
        signing_in.give_code(half_done.token, someone.code(NOON), VISIT, NOON)


def test_the_owner_is_told_of_what_failed_once_and_of_nothing_else() -> None:
    someone = a_person("sender", second_factor=True)
    guess(someone, 2, NOON)
    half_done = wanted(someone, NOON + MINUTE)
    with pytest.raises(Invalid):
        signing_in.give_code(half_done.token, "000000", VISIT, NOON + 2 * MINUTE)
    enter(someone, NOON + 3 * MINUTE)
    (told,) = rows(AccountEvent, AccountEvent.account_id == someone.id, AccountEvent.what == "sign_in_failed")
    assert told.at == NOON + 2 * MINUTE
    for n in range(4, 7):
        enter(someone, NOON + n * MINUTE)
    assert events(someone).count("sign_in_failed") == 1


def test_a_sign_in_that_is_still_being_checked_is_no_failure_to_tell_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    someone = a_person("sender")
    real, inner = signing_in.passwords.fits, []

    def meanwhile(stored: str | None, password: str, *, cheap: bool = False) -> bool:
        if not inner:
            inner.append(1)
            enter(someone, NOON)
        return real(stored, password, cheap=cheap)

    monkeypatch.setattr(signing_in.passwords, "fits", meanwhile)
    enter(someone, NOON)
    assert events(someone) == ["signed_in", "signed_in"]


def test_a_new_password_by_link_opens_at_once_whatever_strangers_tried() -> None:
    someone = a_person("sender")
    guess(someone, 20, NOON)
    passwords.forgotten(someone.email, NOON)
    (link,) = rows(ActionLink, ActionLink.account_id == someone.id)
    passwords.reset(links.mint(link.id, NOON).url.rsplit("/", 1)[-1], "kettle walnut harbour", NOON)
    assert enter(someone, NOON + 20 * SECOND, password="kettle walnut harbour")


def test_strangers_do_not_keep_an_owner_from_changing_the_password() -> None:
    someone = a_person("sender")
    enter(someone, NOON)
    guess(someone, 20, NOON)
    passwords.change(caller_of(someone), PASSWORD, "kettle walnut harbour", NOON)
    assert rows(KnownBrowser, KnownBrowser.account_id == someone.id) == []


def test_nothing_counted_names_an_account_or_an_address() -> None:
    someone = a_person("sender")
    guess(someone, 1, NOON, OFFICE)
    stored = str([vars(row) for row in rows(SignInAttempt)])
    assert someone.email not in stored
    assert str(someone.id) not in stored
    assert "198.51" not in stored
