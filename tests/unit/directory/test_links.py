"""When a link is over, and why."""

from datetime import UTC, datetime, timedelta

from services.directory.domain.links import LIFE, Ended, LinkKind, ended

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_a_reset_lives_an_hour_and_an_invitation_a_week() -> None:
    assert LIFE[LinkKind.PASSWORD_RESET] == HOUR
    assert LIFE[LinkKind.INVITATION] == timedelta(days=7)


def test_a_link_is_good_until_the_moment_it_expires() -> None:
    assert ended(used_at=None, revoked_at=None, expires_at=NOON + HOUR, at=NOON) is None
    assert ended(used_at=None, revoked_at=None, expires_at=NOON, at=NOON) is Ended.EXPIRED


def test_a_used_link_says_used_even_when_it_is_old() -> None:
    assert ended(used_at=NOON, revoked_at=None, expires_at=NOON, at=NOON + HOUR) is Ended.USED


def test_a_link_taken_back_says_so() -> None:
    assert ended(used_at=None, revoked_at=NOON, expires_at=NOON + HOUR, at=NOON) is Ended.WITHDRAWN
