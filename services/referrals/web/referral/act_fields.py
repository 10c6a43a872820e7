"""The fields on the small page of each act, and what they choose from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.referrals.actions.list_views import TeamChoice, TeamMember
from services.referrals.actions.record_agreement import AgreementChoice
from services.referrals.actions.views import ReferralView
from services.referrals.domain.reasons import DECLINE, REASONS, Audience, outside_wording
from services.referrals.domain.states import Act
from services.referrals.web.words import CONTACT_MODES, ENDED_BY, HOW_ASKED, OUTCOMES, agreement_subject

Field = dict[str, Any]


@dataclass(frozen=True)
class Choices:
    """What the fields of a page choose from."""

    view: ReferralView
    agreements: Sequence[AgreementChoice] = ()
    members: Sequence[TeamMember] = ()
    teams: Sequence[TeamChoice] = ()


def fields_of(act: str, choices: Choices) -> list[Field]:
    """The fields of the page of `act`, in order."""
    make = _FIELDS.get(act)
    return make(choices) if make else []


def _radios(name: str, label: str, items: Sequence[Any], hint: str = "") -> Field:
    return {"kind": "radios", "name": name, "label": label, "items": items, "small": True, "hint": hint}


def _text(name: str, label: str, hint: str = "", width: int | None = None) -> Field:
    number = "numeric" if width else ""
    return {"kind": "text", "name": name, "label": label, "hint": hint, "width": width, "inputmode": number}


def _words(name: str, label: str, hint: str = "", rows: int = 4) -> Field:
    return {"kind": "textarea", "name": name, "label": label, "hint": hint, "rows": rows}


def _decline(_: Choices) -> list[Field]:
    items = [
        {
            "value": reason.value,
            "text": words.label,
            "hint": f"They read: “{outside_wording(reason, Audience.SENDER_FULL)}”",
        }
        for reason, words in DECLINE.items()
    ]
    hint = (
        "Your reason stays inside. Under each is what the sender reads;"
        " police, housing and employers read only that it is closed."
    )
    note = "Needed for “another reason”. The sender does not see it."
    return [
        _radios("reason", "Why do you pass it back?", items, hint),
        _words("text", "A note for your team", note, rows=3),
    ]


def _members(choices: Choices) -> list[Field]:
    owner = choices.view.owner
    now = owner.assignee.id if owner and owner.assignee else None
    items = [
        {"value": str(each.id), "text": each.name, "hint": member_words(each)}
        for each in choices.members
        if each.id != now
    ]
    return [_radios("assignee_id", "Who takes it on?", items)]


def member_words(member: TeamMember) -> str:
    """`12 of 20 open; away today`, with a warning where it would go over the limit."""
    load = f"{member.open_now} open"
    if member.limit is not None:
        load = f"{member.open_now} of {member.limit} open"
    if member.is_full:
        load += ": this goes over their limit"
    return f"{load}; away today" if member.away else load


def _teams(choices: Choices) -> list[Field]:
    """Those who can take the person first, each with what routing says of it."""
    said = _routing_words(choices.view)
    order = {service: place for place, service in enumerate(said)}
    teams = sorted(
        choices.teams, key=lambda each: (not each.allowed, order.get(str(each.service_id), len(order)))
    )
    return [_radios("team", "Which team?", [_team_item(each, said) for each in teams])]


def _routing_words(view: ReferralView) -> dict[str, str]:
    """Service id → what the router answered, in the router's order."""
    if view.routing is None:
        return {}
    kinds = (
        ("Can take them", view.routing.eligible),
        ("It depends", view.routing.unknown),
        ("Cannot take them", view.routing.not_eligible),
    )
    return {
        str(entry["service_id"]): f"{words}: {'; '.join(r['text'] for r in entry.get('reasons', ()))}"
        for words, entries in kinds
        for entry in entries
    }


def _team_item(each: TeamChoice, said: Mapping[str, str]) -> dict[str, str]:
    value = f"{each.team_id}:{each.service_id}" if each.service_id else str(each.team_id)
    name = each.service_name or each.team_name
    about = [each.organization_name] if each.team_name == name else [each.team_name, each.organization_name]
    hint = ", ".join(about)
    if not each.allowed:
        hint += f". Not possible yet: {each.why_not}"
    elif str(each.service_id) in said:
        hint += f". {said[str(each.service_id)]}"
    return {"value": value, "text": name, "hint": hint}


def _reason(act: Act) -> list[Field]:
    return [
        _radios("reason", "Why?", list(REASONS[act].items())),
        _text("reason_text", "In a few words", "Needed for another reason. It stays inside."),
    ]


def _hold(_: Choices) -> list[Field]:
    return [*_reason(Act.HOLD), {"kind": "date", "name": "review_on", "label": "Look at this again on"}]


def _contact(*, first: bool) -> list[Field]:
    reached = {"kind": "yes_no", "name": "attended", "label": "Did you reach them?"}
    return [
        _radios("mode", "How were you in touch?", list(CONTACT_MODES.items())),
        *([] if first else [reached]),
        {"kind": "date", "name": "on", "label": "On which day?", "hint": "Leave out for today."},
        _text("length", "How many minutes?", width=3),
        _words("note", "Note", "Your team reads this. Do not write about other people."),
    ]


def _agreement(choices: Choices) -> list[Field]:
    items = [
        (f"{each.purpose}:{each.recipient}", agreement_subject(each.purpose, each.recipient_name))
        for each in choices.agreements
    ]
    return [
        _radios("about", "What were they asked about?", items),
        {"kind": "yes_no", "name": "agreed", "label": "What did they say?",
         "hint": "No, too, where they take back what they said before."},
        _radios("how", "How were they asked?", list(HOW_ASKED.items())),
        {"kind": "yes_no", "name": "alone", "label": "Were they alone when they were asked?",
         "not_asked": "Not known"},
        {"kind": "date", "name": "on", "label": "On which day?", "hint": "Leave out for today."},
        _text("asked_by", "Who asked?", "Leave out if it was you."),
    ]  # fmt: skip


def _complete(choices: Choices) -> list[Field]:
    found: list[Field] = []
    needs = choices.view.sent.needs if choices.view.sent else ()
    for place, need in enumerate(needs):
        at = f"outcomes-{place}-"
        found += [
            {"kind": "hidden", "name": f"{at}need"},
            _radios(f"{at}outcome", need.label, list(OUTCOMES.items())),
            _text(f"{at}text", f"A few words about it: {need.label.lower()}"),
        ]
    return [*found, _radios("ended_by", "Who ended it?", list(ENDED_BY.items()))]


def _fail(choices: Choices) -> list[Field]:
    view = choices.view
    hint = (
        f"{view.attempts_made} recorded so far."
        f" This service tries {view.attempts_needed} times before it says so."
    )
    return [_text("made", "How many more attempts were made, not recorded yet?", hint, width=3)]


_FIELDS: Mapping[str, Callable[[Choices], list[Field]]] = {
    "decline": _decline,
    "ask": lambda _: [_words("question", "Your question to the sender")],
    "answer": lambda _: [_words("answer", "Your answer", rows=5)],
    "reassign": _members,
    "route": _teams,
    "redirect": lambda choices: [*_teams(choices), *_reason(Act.REDIRECT)],
    "release": lambda _: _reason(Act.RELEASE),
    "start": lambda _: _contact(first=True),
    "contact": lambda _: _contact(first=False),
    "agreement": _agreement,
    "hold": _hold,
    "complete": _complete,
    "fail": _fail,
    "withdraw": lambda _: _reason(Act.WITHDRAW),
    "void": lambda _: _reason(Act.VOID),
    "reopen": lambda _: _reason(Act.REOPEN),
}
