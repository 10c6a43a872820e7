"""The acts of the pages: the action each calls with the answers of its form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from services.referrals.actions import ending, helping, questions, take_up
from services.referrals.actions.forget_introduction import forget_introduction
from services.referrals.actions.new_referral import NewAgreement
from services.referrals.actions.record_agreement import record_agreement
from services.referrals.actions.views import Done
from services.referrals.web.referral.act_forms import OTHER, team_choice
from shared.auth import Caller
from shared.clock import UK, uk_date

Do = Callable[..., Done]


def do(act: str, referral_id: UUID, data: Mapping[str, Any], *, by: Caller, at: datetime) -> Done:
    """Call the action of `act` with the form's answers. Raises what the action raises."""
    return _ACTIONS[act](referral_id, by=by, at=at, **_ARGUMENTS.get(act, _as_given)(data, at))


_ACTIONS: Mapping[str, Do] = {
    "accept": take_up.accept_referral,
    "decline": take_up.decline_referral,
    "ask": questions.ask_question,
    "answer": questions.answer_question,
    "route": take_up.route_referral,
    "reassign": take_up.reassign_referral,
    "redirect": take_up.redirect_referral,
    "release": take_up.release_referral,
    "start": helping.start_referral,
    "contact": helping.record_contact,
    "agreement": record_agreement,
    "hold": helping.hold_referral,
    "resume": helping.resume_referral,
    "complete": helping.complete_referral,
    "fail": helping.fail_referral,
    "withdraw": ending.withdraw_referral,
    "void": ending.void_referral,
    "reopen": ending.reopen_referral,
    "forget": forget_introduction,
}


def _as_given(data: Mapping[str, Any], _at: datetime) -> dict[str, Any]:
    return dict(data)


def _why(data: Mapping[str, Any], _at: datetime) -> dict[str, Any]:
    return {"reason": data["reason_text"] if data["reason"] == OTHER else data["reason"]}


def _contact(data: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    contact = helping.NewContactMade(
        mode=data["mode"],
        attended=data["attended"] is True,
        length=data.get("length"),
        note=data.get("note"),
        at=_when(data.get("on"), at),
    )
    return {"contact": contact}


def _agreement(data: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    purpose, _, recipient = data["about"].partition(":")
    answer = NewAgreement(
        recipient=recipient,
        purpose=purpose,
        agreed=data["agreed"] is True,
        how=data["how"],
        alone=data.get("alone"),
        asked_by=data.get("asked_by"),
        at=_when(data.get("on"), at),
    )
    return {"agreement": [answer]}


def _when(on: date | None, at: datetime) -> datetime | None:
    """Midday of an earlier day, for the hour was not asked; now where it is today."""
    if on is None or on == uk_date(at):
        return None
    return datetime.combine(on, time(12), tzinfo=UK).astimezone(UTC)


def _complete(data: Mapping[str, Any], _at: datetime) -> dict[str, Any]:
    outcomes = [helping.NewOutcome(one["need"], one["outcome"], one.get("text")) for one in data["outcomes"]]
    return {"outcomes": outcomes, "ended_by": data["ended_by"]}


_ARGUMENTS: Mapping[str, Callable[[Mapping[str, Any], datetime], dict[str, Any]]] = {
    "route": lambda data, _at: team_choice(data["team"]),
    "redirect": lambda data, at: {**team_choice(data["team"]), **_why(data, at)},
    "release": _why,
    "withdraw": _why,
    "void": _why,
    "reopen": _why,
    "hold": lambda data, at: {**_why(data, at), "review_on": data["review_on"]},
    "start": _contact,
    "contact": _contact,
    "agreement": _agreement,
    "complete": _complete,
}
