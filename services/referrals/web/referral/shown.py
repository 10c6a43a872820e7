"""What the page of a referral shows: the view of the actions, put into words and rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from markupsafe import Markup, escape

from services.referrals.actions.views import AgreementView, HistoryItem, PersonView, ReferralView
from services.referrals.domain.safe_contact import Way
from services.referrals.domain.states import Act, State
from services.referrals.web.referral.reaching import Reach, as_shown, reach_of
from services.referrals.web.said import speaker_words, under_18_rows
from services.referrals.web.words import (
    CHANNELS,
    CONTACT_MODES,
    ENDED_BY,
    LANGUAGES,
    LAWFUL_BASIS,
    PURPOSES,
    ROUTE_IN,
    SAFEGUARDING,
    age_words,
    next_words,
    states_for,
)
from shared import settings
from shared.web.dates import uk_date, uk_time

# Posted by one press, with nothing to fill in; every other act opens its own small page.
AT_ONCE = frozenset({Act.ACCEPT.value, Act.RESUME.value})
# A conversation or an attempt: the team's own record, no move of the referral.
CONTACT = "contact"
ORDER = (
    *(act.value for act in (Act.ANSWER, Act.ROUTE, Act.ACCEPT, Act.START, Act.RESUME)),
    CONTACT,
    *(act.value for act in (Act.ASK, Act.COMPLETE, Act.HOLD, Act.REASSIGN, Act.REDIRECT, Act.RELEASE)),
    *(act.value for act in (Act.DECLINE, Act.FAIL, Act.REOPEN, Act.WITHDRAW, Act.VOID)),
)
"""The order of buttons; what is not in it (sending, taking in, undoing) has no button of its own."""
_FORWARDS = frozenset(ORDER[: ORDER.index(CONTACT) + 1])
_WORKED = frozenset({State.ACCEPTED.value, State.IN_PROGRESS.value, State.ON_HOLD.value})
_TEAM_ACTS = frozenset({Act.COMPLETE.value, Act.RELEASE.value})
_DONE_WORDS = {"accepted": "Accepted.", "rejected": "Passed back.", "completed": "Closed with outcomes."}

Rows = list[tuple[str, Any]]


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
    outcomes: Rows
    contacts: list[dict[str, Any]]
    history: list[HistoryItem]
    others: list[dict[str, str]]
    told_url: str


def referral_page(view: ReferralView, history: list[HistoryItem], *, back: str | None) -> ReferralPage:
    """The page of one referral for one reader."""
    person = view.sent.person if view.sent else None
    return ReferralPage(
        back=back,
        heading=person.full_name if person else f"Referral {view.reference}",
        facts=_facts(view, person),
        warning=_warning(view),
        buttons=buttons_of(view),
        undo=undo_of(view),
        story=view.sent is not None,
        reach=reach(view),
        outside=view.outside if not view.inside else None,
        request=_request(view),
        stands=_stands(view),
        person=_person(person, view) if person else [],
        agreements=[_agreement(each) for each in view.agreements],
        outcomes=_outcomes(view),
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
        others=_others(view),
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


def _facts(view: ReferralView, person: PersonView | None) -> Rows:
    facts: Rows = []
    if person is not None:
        born = person.date_of_birth
        known = age_words(person.age, person.age_is_estimate)
        facts.append(("Born", f"{uk_date(born)} ({known})") if born else ("Age", known))
        if person.nhs_number:
            facts.append(("NHS number", person.nhs_number))
    elif view.facts is not None:
        facts.append(("Age", age_words(view.facts.age, view.facts.age_is_estimate)))
        facts.append(("Lives", view.facts.area or "Not known"))
    facts.append(("Reference", view.reference))
    facts.append(("Waiting" if view.closed_at is None else "Waited", _days(view.wait_days)))
    if view.next_action_at is not None:
        facts.append(("Next", _next(view)))
    if view.owner is not None and view.owner.assignee is not None:
        facts.append(("Worker", view.owner.assignee.name))
    return facts


def _next(view: ReferralView) -> str:
    late = " – overdue" if view.overdue else ""
    return f"{next_words(view.status, view.next_action_by)} by {uk_date(view.next_action_at)}{late}"


def _days(days: int) -> str:
    return "since today" if days == 0 else "1 day" if days == 1 else f"{days} days"


def _warning(view: ReferralView) -> str:
    if not view.inside or not view.alert:
        return ""
    safeguarding = view.sent.safeguarding if view.sent else view.facts.safeguarding if view.facts else ""
    if safeguarding == "yes":
        return "Alert: a safeguarding concern. Look at this first, and never pass it back because of it."
    return "Alert: words of crisis. Look at this first."


def _request(view: ReferralView) -> Rows:
    source = view.sent or view.facts
    if source is None:
        return [("Sent", uk_date(view.submitted_at)), ("From", view.sender_name)]
    rows: Rows = [("Needs", _needs(source.needs)), ("From", _from(view))]
    if view.sent is not None and view.sent.speaker is not None:
        rows.append(("Who spoke", speaker_words(view.sent.speaker)))
    rows.append(("How they came", ROUTE_IN.get(source.route_in, source.route_in)))
    if view.sent is not None:
        sooner = view.sent.priority == "sooner"
        rows.append(("When", f"Sooner, because {view.sent.priority_reason}" if sooner else "In turn"))
    else:
        rows.append(("When", "Sooner" if source.priority == "sooner" else "In turn"))
    if source.wanted_from:
        rows.append(("Help wanted from", uk_date(source.wanted_from)))
    rows.append(("Safeguarding concern", SAFEGUARDING.get(source.safeguarding, source.safeguarding)))
    if view.routing is not None and view.routing.chosen is not None:
        rows.append(("For", view.routing.chosen.name))
    if view.sent is not None:
        rows.append(("Lawful basis", LAWFUL_BASIS.get(view.sent.lawful_basis, (view.sent.lawful_basis,))[0]))
        if view.sent.restricted:
            rows.append(("Restricted", "Only the author and named staff see this"))
    if view.separate_from is not None:
        rows.append(("Sent beside", _link(view.separate_from.reference, view.separate_from.id)))
    return rows


def _needs(needs: Any) -> Markup | str:
    if not needs:
        return "Not said"
    return Markup("<br>").join(escape(need.label) for need in needs)


def _from(view: ReferralView) -> str:
    sent = view.sent
    who = (sent.referrer_name or sent.author_name) if sent else None
    role = f", {sent.referrer_role}" if sent and sent.referrer_role else ""
    return f"{who}{role}, {view.sender_name}" if who else view.sender_name


def _link(text: str, referral_id: Any) -> Markup:
    return Markup('<a href="{}">{}</a>').format(url_for("referral.show", referral_id=referral_id), text)


def _stands(view: ReferralView) -> Rows:
    rows: Rows = [("State", states_for(inside=view.inside)[view.status]["text"])]
    if view.owner is not None:
        rows.append(("Team", view.owner.team_name))
        if view.owner.assignee is not None:
            rows.append(("Worker", view.owner.assignee.name))
    if view.next_action_at is not None:
        rows.append(("Next", _next(view)))
    if view.review_on is not None:
        rows.append(("On hold until", uk_date(view.review_on)))
    if view.inside and view.attempts_made:
        rows.append(("Attempts to reach them", f"{view.attempts_made} of {view.attempts_needed}"))
    rows.append(("Sent", f"{uk_date(view.submitted_at)} at {uk_time(view.submitted_at)}"))
    if view.closed_at is not None:
        rows.append(("Ended", uk_date(view.closed_at)))
    if view.ended_by:
        rows.append(("Ended by", ENDED_BY.get(view.ended_by, view.ended_by)))
    return rows


def _person(person: PersonView, view: ReferralView) -> Rows:
    home = [*person.address_lines, *([person.postcode] if person.postcode else [])]
    if person.no_fixed_abode:
        home.append("No fixed address")
    rows: Rows = [("Lives", Markup("<br>").join(escape(line) for line in home) if home else "Not known")]
    if person.residence_postcode:
        rows.append(("Will live", f"{person.residence_postcode} from {uk_date(person.residence_from)}"))
    if view.sent is not None:
        rows += under_18_rows(view.sent.under_18, view.sent.asks)
    rows.append(("GP practice", person.gp_practice_name or person.gp_practice_ods or "Not known"))
    if person.language:
        rows.append(("Language", LANGUAGES.get(person.language, person.language)))
    if not view.inside and view.sent is not None:
        rows.append(("Ways to reach them", _ways(view.sent.contacts)))
        rows.append(("Access needs", ", ".join(person.access_needs)))
    return rows


def _ways(ways: Iterable[Way]) -> Markup | str:
    """What the sender wrote about reaching them, as short as they wrote it."""
    answers = {True: "safe", False: "not safe", None: "not asked"}
    lines = [
        f"{CHANNELS[way.contact.channel.value]}: {as_shown(way.contact)} ({answers[way.contact.safe]})"
        for way in ways
    ]
    return Markup("<br>").join(escape(line) for line in lines) if lines else "None given"


def _agreement(each: AgreementView) -> tuple[str, str]:
    subject = PURPOSES[each.purpose]
    if each.purpose == "share_referral":
        subject = f"{each.recipient_name} {subject}"
    answer = "Yes" if each.agreed else "No"
    if each.withdrawn_at is not None:
        answer = f"Taken back on {uk_date(each.withdrawn_at)}"
    alone = {True: ", alone", False: ", not alone", None: ""}[each.alone]
    return subject, f"{answer} ({uk_date(each.at)}{alone})"


def _outcomes(view: ReferralView) -> Rows:
    return [
        (each.need_label, f"{each.outcome_words}{': ' + each.text if each.text else ''}")
        for each in view.outcomes
    ]


def _others(view: ReferralView) -> list[dict[str, str]]:
    if view.routing is None:
        return []
    chosen = str(view.routing.chosen.service_id) if view.routing.chosen else ""
    found = [
        {"name": str(each["name"]), "about": "; ".join(r["text"] for r in each.get("reasons", ())[:3])}
        for each in (*view.routing.eligible, *view.routing.unknown)
        if str(each.get("service_id")) != chosen
    ]
    return found[:8]
