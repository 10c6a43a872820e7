"""What the small page of each act says and asks, in the words of product.md."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.referrals.actions.views import ReferralView, TeamChoice, TeamMember
from services.referrals.domain.reasons import DECLINE, REASONS, Audience, outside_wording
from services.referrals.domain.states import Act
from services.referrals.web.words import ACT_LABELS, CONTACT_MODES, ENDED_BY, OUTCOMES

Field = dict[str, Any]


@dataclass(frozen=True)
class ActPage:
    """`needs_reach` shows access needs and safe contact first; `harmful` colours the button as a warning."""

    code: str
    title: str
    button: str
    lead: str = ""
    warning: str = ""
    needs_reach: bool = False
    harmful: bool = False


@dataclass(frozen=True)
class Choices:
    """What the fields of a page choose from."""

    view: ReferralView
    members: Sequence[TeamMember] = ()
    teams: Sequence[TeamChoice] = ()
    ended_by: Sequence[str] = tuple(ENDED_BY)


def _page(code: str, button: str = "", **told: Any) -> ActPage:
    title = told.pop("title", "") or ACT_LABELS.get(code, "")
    return ActPage(code, title, button or title, **told)


PAGES: Mapping[str, ActPage] = {
    page.code: page
    for page in (
        _page("accept", needs_reach=True, lead="They become one of your people. Nobody is told for a minute: until then you can undo it."),
        _page("decline", lead="This is not the end of it: say what the sender can do next. Nobody is told for a minute: until then you can undo it."),
        _page("ask", "Send the question", lead="The referral stays with you, and the person’s wait goes on. Ask only what you need, and name nobody else who may be helping."),
        _page("answer", "Send the answer"),
        _page("route", "Give it to this team"),
        _page("reassign", "Give it to them"),
        _page("redirect", "Pass it on", lead="The team you choose gets it in its queue. The person’s wait goes on."),
        _page("release", "Give it back", lead="It goes back to your team’s queue, and the person’s wait goes on."),
        _page("start", "Save", needs_reach=True, lead="Ask again which ways of contact are safe, and what they would like to be called."),
        _page("contact", "Save", title="Record a contact or an attempt", needs_reach=True),
        _page("hold", "Put on hold", lead="The person’s wait goes on. On the day you give, it comes back to the top of your list."),
        _page("resume"),
        _page("complete", "Close it", lead="Say what became of each need. Nobody is told for a minute: until then you can undo it."),
        _page("fail", "Close it", harmful=True, lead="The sender reads only that this team was not able to take it forward. No letter is sent."),
        _page("withdraw", "Withdraw it", harmful=True, title="Withdraw this referral", warning="The team stops. What it has written stays in its own record."),
        _page("void", "It was sent in error", harmful=True, title="Sent in error", warning="The referral is hidden from every list. It is not deleted: a record stays of what was done."),
        _page("reopen", "Open it again", lead="It goes back to the team’s queue. Its outcomes are taken away; the history keeps them."),
    )
}  # fmt: skip


def fields_of(act: str, choices: Choices) -> list[Field]:
    """The fields of the page of `act`, in order."""
    make = _FIELDS.get(act)
    return make(choices) if make else []


def _decline(_: Choices) -> list[Field]:
    items = [
        {
            "value": reason.value,
            "text": words.label,
            "hint": f"They read: “{outside_wording(reason, Audience.SENDER_FULL)}”",
        }
        for reason, words in DECLINE.items()
    ]
    return [
        {
            "kind": "radios", "name": "reason", "label": "Why do you pass it back?", "items": items,
            "small": True,
            "hint": "Your reason stays inside. Under each is what the sender reads; police, housing and"
            " employers read only that it is closed.",
        },
        {
            "kind": "textarea", "name": "text", "label": "A note for your team", "rows": 3,
            "hint": "Needed for “another reason”. The sender does not see it.",
        },
    ]  # fmt: skip


def _ask(_: Choices) -> list[Field]:
    return [{"kind": "textarea", "name": "question", "label": "Your question to the sender", "rows": 4}]


def _answer(_: Choices) -> list[Field]:
    return [{"kind": "textarea", "name": "answer", "label": "Your answer", "rows": 5}]


def _members(choices: Choices) -> list[Field]:
    owner = choices.view.owner
    now = owner.assignee.id if owner and owner.assignee else None
    items = [
        {"value": str(each.id), "text": each.name, "hint": member_words(each)}
        for each in choices.members
        if each.id != now
    ]
    return [
        {"kind": "radios", "name": "assignee_id", "label": "Who takes it on?", "items": items, "small": True}
    ]


def member_words(member: TeamMember) -> str:
    """`12 of 20 open; away today`, with a warning where it would go over the limit."""
    load = (
        f"{member.open_now} of {member.limit} open" if member.limit is not None else f"{member.open_now} open"
    )
    if member.is_full:
        load += ": this goes over their limit"
    return f"{load}; away today" if member.away else load


def _teams(choices: Choices) -> list[Field]:
    items = [_team_item(each) for each in choices.teams]
    return [{"kind": "radios", "name": "team", "label": "Which team?", "items": items, "small": True}]


def _team_item(each: TeamChoice) -> dict[str, str]:
    name = each.service_name or each.team_name
    value = f"{each.team_id}:{each.service_id}" if each.service_id else str(each.team_id)
    about = f"{each.team_name}, {each.organization_name}" if each.service_name else each.organization_name
    if not each.allowed:
        about += f". Not possible yet: {each.why_not}"
    return {"value": value, "text": name, "hint": about}


def _reason(act: Act, label: str = "Why?") -> list[Field]:
    return [
        {"kind": "radios", "name": "reason", "label": label, "items": list(REASONS[act].items()), "small": True},
        {"kind": "text", "name": "reason_text", "label": "In a few words", "hint": "Needed for another reason. It stays inside."},
    ]  # fmt: skip


def _hold(_: Choices) -> list[Field]:
    return [*_reason(Act.HOLD), {"kind": "date", "name": "review_on", "label": "Look at this again on"}]


def _contact(choices: Choices, *, first: bool) -> list[Field]:
    found: list[Field] = [
        {"kind": "radios", "name": "mode", "label": "How were you in touch?", "items": list(CONTACT_MODES.items()), "small": True},
    ]  # fmt: skip
    if not first:
        found.append({"kind": "yes_no", "name": "attended", "label": "Did you reach them?"})
    return [
        *found,
        {"kind": "date", "name": "on", "label": "On which day?", "hint": "Leave out for today."},
        {"kind": "text", "name": "length", "label": "How many minutes?", "width": 3, "inputmode": "numeric"},
        {"kind": "textarea", "name": "note", "label": "Note", "hint": "Your team reads this. Do not write about other people."},
    ]  # fmt: skip


def _complete(choices: Choices) -> list[Field]:
    found: list[Field] = []
    needs = choices.view.sent.needs if choices.view.sent else ()
    for place, need in enumerate(needs):
        at = f"outcomes-{place}-"
        found += [
            {"kind": "hidden", "name": f"{at}need"},
            {"kind": "radios", "name": f"{at}outcome", "label": need.label, "items": list(OUTCOMES.items()), "small": True},
            {"kind": "text", "name": f"{at}text", "label": f"A few words about it: {need.label.lower()}"},
        ]  # fmt: skip
    ended = [(code, ENDED_BY[code]) for code in choices.ended_by]
    return [
        *found,
        {"kind": "radios", "name": "ended_by", "label": "Who ended it?", "items": ended, "small": True},
    ]


def _fail(choices: Choices) -> list[Field]:
    view = choices.view
    hint = f"{view.attempts_made} recorded so far. This service tries {view.attempts_needed} times before it says so."
    return [{"kind": "text", "name": "made", "label": "How many more attempts were made, not recorded yet?", "hint": hint, "width": 3, "inputmode": "numeric"}]  # fmt: skip


_FIELDS: Mapping[str, Callable[[Choices], list[Field]]] = {
    "decline": _decline,
    "ask": _ask,
    "answer": _answer,
    "reassign": _members,
    "route": _teams,
    "redirect": lambda choices: [*_teams(choices), *_reason(Act.REDIRECT)],
    "release": lambda _: _reason(Act.RELEASE),
    "start": lambda choices: _contact(choices, first=True),
    "contact": lambda choices: _contact(choices, first=False),
    "hold": _hold,
    "complete": _complete,
    "fail": _fail,
    "withdraw": lambda _: _reason(Act.WITHDRAW),
    "void": lambda _: _reason(Act.VOID),
    "reopen": lambda _: _reason(Act.REOPEN),
}
