"""Whose turn it is among equals: an order that changes each day and favours nobody for long."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from services.referrals.domain.routing.docs import Service

_PRIME = 2**61 - 1
_Key = tuple[str, str]


def tie_break(service: Service, on: date) -> int:
    """An order among equals that is the same all day for everybody and favours nobody for long."""
    return service.seed * (on.toordinal() * 2 + 1) % _PRIME


class Turns:
    """Services listed under keys, each list in its order of the day.

    A list is put in order when it is first asked for on a day, and kept for that day: there may be thousands
    of services in it of which a request looks at a few.
    """

    def __init__(self, listed: Mapping[_Key, tuple[Service, ...]] | None = None) -> None:
        self._listed = listed or {}
        # Swapped whole: threads that meet at midnight each keep to the day they were asked about.
        self._held: tuple[date, dict[_Key, tuple[Service, ...]]] = (date.min, {})

    def on(self, day: date, keys: Iterable[_Key]) -> Iterator[Service]:
        """All services listed under any of these keys, each once, in the order of the day."""
        lists = [self._of(key, day) for key in keys]
        seen: set[str] = set()
        for service in heapq.merge(*lists, key=lambda service: tie_break(service, day)):
            if service.id not in seen:
                seen.add(service.id)
                yield service

    def _of(self, key: _Key, day: date) -> tuple[Service, ...]:
        listed = self._listed.get(key)
        if listed is None:
            return ()
        held_day, ordered = self._held
        if held_day != day:
            ordered = {}
            self._held = (day, ordered)
        if key not in ordered:
            ordered[key] = tuple(sorted(listed, key=lambda service: tie_break(service, day)))
        return ordered[key]
