"""Compares what a case expects with what came of it, and says every difference in words.

An expectation has these parts, all optional but `eligible`:

| part | what it says |
|---|---|
| eligible | exactly these services are eligible, in any order |
| first | this one comes first |
| order | these stand in this order among the eligible |
| chosen | the service an untargeted referral goes to; null for the duty desk |
| not_eligible | service: code of one of its reasons |
| unknown | service: the fields that have to be asked, exactly |
| never_shown | nowhere in the answer |
| says | service: words that stand in one of its reasons |
| never_says | words that stand nowhere in the answer |
| could_not_offer | how many suitable services are paused |
| waits | service: days and basis of the wait that is shown |
| target | what becomes of the service somebody named: eligible, unknown, not_eligible or invitation |
| sees | who: `nothing`, or view and status |
| message_channels | channels the system itself may write on |
| separate_requests | sent by several organisations, each is its own request |
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from services.referrals.domain.routing.answer import Entry, Routes
from services.referrals.domain.scenarios.play import Played
from services.referrals.domain.views import shown_status

Expect = Mapping[str, Any]


def differences(expect: Expect, played: Played) -> tuple[str, ...]:
    """Every difference as a sentence; empty when the case holds. An unknown part raises `KeyError`."""
    return tuple(words for part, wanted in expect.items() for words in _CHECKS[part](wanted, played))


def _ids(entries: tuple[Entry, ...]) -> list[str]:
    return [entry.service.id for entry in entries]


def _eligible(wanted: list[str], played: Played) -> Iterator[str]:
    got = set(_ids(played.routes.eligible))
    for ident in sorted(set(wanted) - got):
        yield f"{ident} should be eligible, but is {_where(ident, played.routes)}"
    for ident in sorted(got - set(wanted)):
        yield f"{ident} should not be eligible, but is"


def _where(ident: str, routes: Routes) -> str:
    for name, entries in (("not eligible", routes.not_eligible), ("unknown", routes.unknown)):
        for entry in entries:
            if entry.service.id == ident:
                return f"{name}: " + "; ".join(reason.text for reason in entry.reasons)
    return "not listed"


def _first(wanted: str, played: Played) -> Iterator[str]:
    got = _ids(played.routes.eligible)
    if got[:1] != [wanted]:
        yield f"{wanted} should come first, but the order is {', '.join(got) or 'empty'}"


def _order(wanted: list[str], played: Played) -> Iterator[str]:
    got = [ident for ident in _ids(played.routes.eligible) if ident in wanted]
    if got != wanted:
        yield f"the order should be {', '.join(wanted)}, but is {', '.join(got)}"


def _chosen(wanted: str | None, played: Played) -> Iterator[str]:
    got = played.chosen.service.id if played.chosen else None
    if got != wanted:
        yield f"{wanted or 'nobody'} should be chosen, but {got or 'nobody'} is"


def _not_eligible(wanted: Mapping[str, str], played: Played) -> Iterator[str]:
    got = {e.service.id: {reason.code for reason in e.reasons} for e in played.routes.not_eligible}
    for ident, code in wanted.items():
        codes = sorted(got.get(ident, set()))
        if code not in codes:
            yield f"{ident} should be refused for {code}, but is {codes or 'not refused'}"


def _unknown(wanted: Mapping[str, list[str]], played: Played) -> Iterator[str]:
    got = {e.service.id: [ask.field for ask in e.asks] for e in played.routes.unknown}
    for ident, fields in wanted.items():
        if sorted(got.get(ident, [])) != sorted(fields):
            asked = got.get(ident)
            yield f"{ident} should ask {fields}, but " + (f"asks {asked}" if asked else "asks nothing")


def _all_entries(routes: Routes) -> tuple[Entry, ...]:
    return routes.eligible + routes.not_eligible + routes.unknown


def _never_shown(wanted: list[str], played: Played) -> Iterator[str]:
    for ident in sorted(set(wanted) & set(_ids(_all_entries(played.routes)))):
        yield f"{ident} should not be shown at all"


def _says(wanted: Mapping[str, str], played: Played) -> Iterator[str]:
    said = {e.service.id: " | ".join(r.text for r in e.reasons) for e in _all_entries(played.routes)}
    for ident, words in wanted.items():
        if words not in said.get(ident, ""):
            yield f"{ident} should say “{words}”, but says “{said.get(ident, 'nothing')}”"


def _never_says(wanted: list[str], played: Played) -> Iterator[str]:
    answer = str(played.routes.as_json())
    for words in wanted:
        if words in answer:
            yield f"the answer should not contain “{words}”"


def _could_not_offer(wanted: int, played: Played) -> Iterator[str]:
    if played.routes.could_not_offer != wanted:
        yield f"{wanted} should be counted as unable to offer a place, not {played.routes.could_not_offer}"


def _waits(wanted: Mapping[str, list[Any]], played: Played) -> Iterator[str]:
    got = {e.service.id: [e.wait.days, e.wait.basis] for e in played.routes.eligible if e.wait}
    for ident, wait in wanted.items():
        if got.get(ident) != wait:
            yield f"{ident} should show a wait of {wait}, but shows {got.get(ident)}"


def _target(wanted: str, played: Played) -> Iterator[str]:
    entry = played.target
    if entry is None:
        got = "not found"
    elif entry.invitation:
        got = "invitation"
    elif entry.wait:
        got = "eligible"
    else:
        got = "unknown" if entry.asks else "not_eligible"
    if got != wanted:
        yield f"the service named should be answered {wanted}, but is {got}"


def _sees(wanted: Mapping[str, str], played: Played) -> Iterator[str]:
    got = {
        who: "nothing" if sight.nothing else f"{sight.view.value}, {shown_status(state, sight.view)}"
        for who, sight, state in played.sights
    }
    for who, words in wanted.items():
        if got.get(who) != words:
            yield f"{who} should see {words}, but sees {got.get(who)}"


def _message_channels(wanted: list[str], played: Played) -> Iterator[str]:
    if list(played.message_channels) != wanted:
        yield f"messages may go by {wanted or 'nothing'}, not by {list(played.message_channels) or 'nothing'}"


def _separate_requests(wanted: list[str], played: Played) -> Iterator[str]:
    keys = [played.keys[org] for org in wanted]
    if not all(keys) or len(frozenset().union(*keys)) != sum(map(len, keys)):
        yield f"{' and '.join(wanted)} should each have their own request"


_CHECKS: dict[str, Callable[[Any, Played], Iterator[str]]] = {
    "eligible": _eligible,
    "first": _first,
    "order": _order,
    "chosen": _chosen,
    "not_eligible": _not_eligible,
    "unknown": _unknown,
    "never_shown": _never_shown,
    "says": _says,
    "never_says": _never_says,
    "could_not_offer": _could_not_offer,
    "waits": _waits,
    "target": _target,
    "sees": _sees,
    "message_channels": _message_channels,
    "separate_requests": _separate_requests,
}
