"""How long somebody waits after failing to sign in."""

from datetime import UTC, datetime, timedelta

from services.directory.domain.lockout import BY_ADDRESS, BY_EMAIL, still_counts, wait_after


def seconds(failures: int) -> float | None:
    wait = wait_after(failures, BY_EMAIL)
    return wait.total_seconds() if wait is not None else None


def test_the_first_four_failures_bring_no_wait() -> None:
    assert [seconds(n) for n in range(1, 5)] == [None] * 4


def test_the_wait_doubles_up_to_a_quarter_of_an_hour() -> None:
    assert [seconds(n) for n in range(5, 12)] == [30, 60, 120, 240, 480, 900, 900]
    assert seconds(10_000) == 900


def test_a_network_address_is_given_more_tries_than_a_person() -> None:
    assert wait_after(49, BY_ADDRESS) is None
    assert wait_after(50, BY_ADDRESS) == timedelta(seconds=30)


def test_failures_are_forgotten_after_twelve_quiet_hours() -> None:
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert still_counts(noon - timedelta(hours=11, minutes=59), noon)
    assert not still_counts(noon - timedelta(hours=12), noon)
