"""What the page of a referral shows: the view of the actions, put into words and rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from services.referrals.actions.views import HistoryItem, ReferralView
from services.referrals.domain.states import Act, State
from services.referrals.domain.views import Part
from services.referrals.web.referral import rows
from services.referrals.web.referral.reaching import Reach, reach_of
from services.referrals.web.referral.rows import Rows
from services.referrals.web.words import CONTACT_MODES, LANGUAGES
from shared import settings

# Posted by one press, with nothing to fill in; every other act opens its own small page.
AT_ONCE = frozenset({Act.ACCEPT.value, Act.RESUME.value})
# A conversation or an attempt: the team's own record, no move of the referral.
CONTACT = "contact"
# An answer of the person, written down after sending; no move of the referral either.
AGREEMENT = "agreement"
RECORDING = frozenset({Part.SENDER, Part.HOLDER, Part.DUTY_DESK})
ORDER = (
    *(act.value for act in (Act.ANSWER, Act.ROUTE, Act.ACCEPT, Act.START, Act.RESUME)),
    CONTACT,
    *(act.value for act in (Act.ASK, Act.COMPLETE, Act.HOLD, Act.REASSIGN, Act.REDIRECT, Act.RELEASE)),
    *(act.value for act in (Act.DECLINE, Act.FAIL, Act.FORGET, Act.REOPEN, Act.WITHDRAW)),
    Act.VOID.value,
)
"""The order of buttons; what is not in it (sending, taking in, undoing) has no button of its own."""
_FORWARDS = frozenset(ORDER[: ORDER.index(CONTACT) + 1])
_WORKED = frozenset({State.ACCEPTED.value, State.IN_PROGRESS.value, State.ON_HOLD.value})
_TEAM_ACTS = frozenset({Act.COMPLETE.value, Act.RELEASE.value})
_DONE_WORDS = {"accepted": "Accepted.", "rejected": "Passed back.", "completed": "Closed with outcomes."}


@dataclass(frozen=True)
class Button:
    """One thing the reader may do now."""

    act: str
    label: str
    url: str
    at_once: bool
    first: bool


@dataclass(frozen=True)
class Undo:
    """The last act, which can still be taken back."""

    text: str
    until: datetime
    url: str


@dataclass(frozen=True)
class ReferralPage:
    """Everything `referral/show.html` needs besides the view itself."""

    back: str | None
    heading: str
    facts: Rows
    warning: str
    buttons: tuple[Button, ...]
    undo: Undo | None
    story: bool
    reach: Reach | None
    outside: str | None
    request: Rows
    stands: Rows
    person: Rows
    agreements: Rows
    may_record: bool
    outcomes: Rows
    contacts: list[dict[str, Any]]
    history: list[HistoryItem]
    added: list[HistoryItem]
    others: list[dict[str, str]]
    told_url: str


def referral_page(view: ReferralView, history: list[HistoryItem], *, back: str | None) -> ReferralPage:
    """The page of one referral for one reader."""
    person = view.sent.person if view.sent else None
    return ReferralPage(
        back=back,
        heading=person.full_name if person else f"Referral {view.reference}",
        facts=rows.facts(view, person),
        warning=rows.warning(view),
        buttons=buttons_of(view),
        undo=undo_of(view),
        story=view.sent is not None,
        reach=reach(view),
        outside=view.outside if not view.inside else None,
        request=rows.request_rows(view),
        stands=rows.stands(view),
        person=rows.person_rows(person, view) if person else [],
        may_record=may_record(view),
        agreements=[rows.agreement_row(each) for each in view.agreements],
        outcomes=rows.outcome_rows(view),
        contacts=[
            {
                "mode_words": CONTACT_MODES.get(each.mode, each.mode),
                "at": each.at,
                "length": each.length,
                "attended": each.attended,
                "by": each.by,
                "note": each.note,
            }
            for each in view.contacts_made
        ],
        history=history,
        added=[each for each in history if each.act == Act.ADD.value and each.content],
        others=rows.others(view),
        told_url=f"{settings.public_url('notifications')}/messages?referral_id={view.id}",
    )


def buttons_of(view: ReferralView) -> tuple[Button, ...]:
    """The reader's acts, the natural next step first; only a step forwards stands out."""
    labels = {action["act"]: action["label"] for action in view.available_actions}
    if view.status in _WORKED and _TEAM_ACTS & labels.keys():
        labels[CONTACT] = "Record a contact"
    acts = [act for act in ORDER if act in labels]
    return tuple(
        Button(
            act=act,
            label=labels[act],
            url=url_for("referral.act", referral_id=view.id, act=act),
            at_once=act in AT_ONCE,
            first=place == 0 and act in _FORWARDS,
        )
        for place, act in enumerate(acts)
    )


def may_record(view: ReferralView) -> bool:
    """Whether the reader may write down what the person agreed to (`domain.recording` has the last word)."""
    return bool(view.parts & RECORDING) and view.status != State.ENTERED_IN_ERROR


def undo_of(view: ReferralView) -> Undo | None:
    """The offer to take back the reader's last act, while it lasts."""
    if view.undo_until is None:
        return None
    text = _DONE_WORDS.get(view.status, "Done.")
    return Undo(text, view.undo_until, url_for("referral.undo", referral_id=view.id))


def reach(view: ReferralView) -> Reach | None:
    """How to reach them, for those who work with the person."""
    if view.sent is None or not view.inside:
        return None
    person = view.sent.person
    return reach_of(
        view.sent.contacts,
        person.access_needs,
        LANGUAGES.get(person.language or "", ""),
        not_to_contact=view.sent.under_18.not_to_contact if view.sent.under_18 else None,
        may_ask_sender=any(action["act"] == Act.ASK for action in view.available_actions),
    )
