"""Whose turn it is among equals."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.referrals.domain.routing.docs import Service
from services.referrals.domain.routing.turns import Turns, tie_break
from tests.builders.routing import ON, a_service

NEEDS = ("loneliness", "food", "housing")
SERVICES = [Service.of(a_service(f"group-{number}")) for number in range(12)]
KEYS = [("york", need) for need in NEEDS]

listings = st.fixed_dictionaries({key: st.lists(st.sampled_from(SERVICES), unique=True) for key in KEYS})


@given(listings, st.sets(st.sampled_from([*KEYS, ("nowhere", "food")])), st.lists(st.integers(0, 3)))
def test_lists_asked_for_together_are_one_list_in_the_order_of_each_day(listed, keys, days) -> None:
    turns = Turns({key: tuple(found) for key, found in listed.items()})
    for on in (ON + timedelta(days=number) for number in days):
        wanted = {service.id: service for key in keys for service in listed.get(key, ())}
        in_order = sorted(wanted.values(), key=lambda service: tie_break(service, on))
        assert list(turns.on(on, keys)) == in_order


def test_an_order_is_made_once_a_day_however_often_it_is_asked_for(monkeypatch) -> None:
    counted: list[date] = []

    def counting(service: Service, on: date) -> int:
        counted.append(on)
        return tie_break(service, on)

    monkeypatch.setattr("services.referrals.domain.routing.turns.tie_break", counting)
    turns = Turns({KEYS[0]: tuple(SERVICES)})
    first = next(turns.on(ON, KEYS[:1]))
    counted.clear()
    assert next(turns.on(ON, KEYS[:1])) == first
    assert len(counted) < len(SERVICES)
    next(turns.on(ON + timedelta(days=1), KEYS[:1]))
    assert counted.count(ON + timedelta(days=1)) >= len(SERVICES)
