"""What the practitioners' forum looks at: the cases that try the routing, and the published order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template

from services.referrals.domain import scenarios
from services.referrals.domain.routing.answer import Entry
from services.referrals.domain.routing.ranking import MEASURED_FROM, WEIGHT_WORDS, WEIGHTS
from services.referrals.domain.states import LABELS, MOVES, STATE_WORDS, Landing, Move, State
from shared.auth import public, signed_in

blp = Blueprint("forum", __name__)

_SOMEWHERE = {
    Landing.SAME: "stays as it is",
    Landing.HELD_FROM: "as it was before the hold",
    Landing.BEFORE: "as it was before",
}
_WHO = {
    "sender": "the sender",
    "worker": "a worker",
    "lead": "the team’s lead",
    "duty_desk": "the duty desk",
    "system": "Linkwork itself",
    "person": "the person",
}


@dataclass(frozen=True)
class CaseView:
    """One case as the page shows it; `differences` is empty where it comes out as agreed."""

    number: int
    title: str
    story: str
    passed: bool
    expected: tuple[str, ...]
    outcome: tuple[str, ...]
    refused: tuple[str, ...]
    differences: tuple[str, ...]


@blp.get("/scenarios")
@signed_in
def scenario_bank() -> str:
    """Every case, routed now."""
    cases = [case_view(scenarios.run(case)) for case in scenarios.load()]
    return render_template(
        "referrals/forum/scenarios.html", cases=cases, agreed=sum(case.passed for case in cases)
    )


@blp.get("/how-routing-works")
@public
def how_routing_works() -> str:
    """The published order and the table of moves, both read from the domain."""
    return render_template(
        "referrals/forum/how_routing_works.html",
        weights=[(WEIGHT_WORDS[part], points) for part, points in WEIGHTS.items()],
        measured_from=MEASURED_FROM,
        moves=[_move_words(move) for move in MOVES],
    )


def _move_words(move: Move) -> tuple[str, str, str, str]:
    lands = STATE_WORDS[move.target] if isinstance(move.target, State) else _SOMEWHERE[move.target]
    return (
        LABELS[move.act],
        ", ".join(STATE_WORDS[state] for state in move.sources),
        lands,
        ", ".join(_WHO[who.value] for who in move.who),
    )


def case_view(outcome: scenarios.Outcome) -> CaseView:
    """The outcome of a case in words, with services by name."""
    case = outcome.case
    return CaseView(
        number=case.number,
        title=case.title,
        story=case.story,
        passed=outcome.holds,
        expected=tuple(_expected(case.expect)),
        outcome=tuple(_outcome(outcome)),
        refused=tuple(f"{entry.service.name}: {_reasons(entry)}" for entry in outcome.routes.not_eligible),
        differences=tuple(_named(each) for each in outcome.differences),
    )


def _name(ident: str) -> str:
    service = scenarios.places().services.get(ident)
    organization = scenarios.places().organizations.get(ident)
    found = service or organization
    return found.name if found else ident.replace("_", " ").replace("-", " ")


def _named(sentence: str) -> str:
    """The sentence with the bank's short ids read as names, longest first."""
    bank = scenarios.places()
    known = {ident: one.name for ident, one in bank.services.items()}
    known |= {ident: one.name for ident, one in bank.organizations.items()}
    for ident in sorted(known, key=len, reverse=True):
        sentence = sentence.replace(ident, known[ident])
    return sentence


def _expected(expect: Mapping[str, Any]) -> Iterator[str]:
    eligible = [_name(ident) for ident in expect.get("eligible", ())]
    yield f"Can take them: {', '.join(eligible) or 'nobody for certain'}"
    if expect.get("first"):
        yield f"First: {_name(expect['first'])}"
    if expect.get("order"):
        yield f"In this order: {', '.join(_name(ident) for ident in expect['order'])}"
    if "chosen" in expect:
        yield f"Sent to: {_name(expect['chosen']) if expect['chosen'] else 'the duty desk'}"
    for ident, fields in expect.get("unknown", {}).items():
        yield f"Depends: {_name(ident)} (asks for {', '.join(_field(name) for name in fields)})"
    for ident, code in expect.get("not_eligible", {}).items():
        yield f"Cannot: {_name(ident)} ({code.replace('_', ' ')})"
    for ident in expect.get("never_shown", ()):
        yield f"Not shown: {_name(ident)}"
    for who, sees in expect.get("sees", {}).items():
        yield f"{who[:1].upper()}{who[1:]} sees {sees}"
    if "message_channels" in expect:
        yield f"Messages of the system: {', '.join(expect['message_channels']) or 'none'}"


_FIELDS = {
    "date_of_birth": "the date of birth",
    "postcode": "a postcode",
    "residence_on_date": "where they will live",
    "gp_practice_ods": "the GP practice",
    "wanted_from": "when help is wanted",
}


def _field(name: str) -> str:
    return _FIELDS.get(name, name.removeprefix("circumstances.").partition(":")[0].replace("_", " "))


def _outcome(outcome: scenarios.Outcome) -> Iterator[str]:
    routes = outcome.routes
    if not routes.eligible:
        yield "Can take them: nobody for certain"
    for place, entry in enumerate(routes.eligible, start=1):
        yield f"{place}. {entry.service.name}, {entry.score} points: {_reasons(entry)}"
    for entry in routes.unknown:
        yield f"Depends: {entry.service.name}: {_reasons(entry)}"


def _reasons(entry: Entry) -> str:
    return "; ".join(reason.text.rstrip(".") for reason in entry.reasons)
