"""Capacity: what may be said, and how it reads."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.directory.domain.capacity import Capacity, capacity_words, problems, wait_words

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("capacity", "pointers"),
    [
        (Capacity(limit=10, open_places=10), []),
        (Capacity(), []),
        (Capacity(limit=-1), ["/limit"]),
        (Capacity(limit=3, open_places=4), ["/open_places"]),
        (Capacity(open_places=-1), ["/open_places"]),
        (Capacity(declared_wait_days=1001), ["/declared_wait_days"]),
        (Capacity(paused_until=TODAY), []),
        (Capacity(paused_until=TODAY - timedelta(days=1)), ["/paused_until"]),
        (Capacity(paused_until=TODAY + timedelta(days=367)), ["/paused_until"]),
        (Capacity(paused=True, paused_until=TODAY), ["/paused_until"]),
    ],
)
def test_a_capacity_is_refused_by_the_name_of_its_field(capacity: Capacity, pointers: list[str]) -> None:
    assert [problem.pointer for problem in problems(capacity, TODAY)] == pointers


def test_a_pause_holds_on_its_last_day_and_not_after() -> None:
    capacity = Capacity(paused_until=TODAY)
    assert capacity.is_paused(TODAY)
    assert not capacity.is_paused(TODAY + timedelta(days=1))


def test_a_pause_without_an_end_holds() -> None:
    assert Capacity(paused=True).is_paused(TODAY + timedelta(days=1000))


@pytest.mark.parametrize(
    ("capacity", "words"),
    [
        (Capacity(open_places=4), "4 open places"),
        (Capacity(open_places=1, ask_first=True), "1 open place; ask first"),
        (Capacity(open_places=0), "Full just now"),
        (Capacity(paused_until=date(2026, 12, 3), ask_first=True), "Paused until 3 December 2026"),
        (Capacity(paused_until=date(2026, 11, 1), open_places=2), "2 open places"),
        (Capacity(paused=True), "Paused for now"),
        (Capacity(limit=5), "Takes people"),
    ],
)
def test_capacity_reads_in_one_line(capacity: Capacity, words: str) -> None:
    assert capacity_words(capacity, TODAY) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [(None, "Not said"), (0, "No wait"), (1, "About 1 day"), (14, "About 14 days"), (42, "About 6 weeks")],
)
def test_a_wait_reads_in_days_and_then_weeks(days: int | None, words: str) -> None:
    assert wait_words(days) == words
