"""The parts of a referral's page as rows: what each is called, and what is there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import url_for
from markupsafe import Markup, escape

from services.referrals.actions.views import AgreementView, PersonView, ReferralView
from services.referrals.domain.safe_contact import Way
from services.referrals.web.referral.reaching import as_shown
from services.referrals.web.said import speaker_words, under_18_rows
from services.referrals.web.words import (
    CHANNELS,
    ENDED_BY,
    LANGUAGES,
    LAWFUL_BASIS,
    ROUTE_IN,
    SAFEGUARDING,
    STATES,
    age_words,
    agreement_subject,
    next_words,
)
from shared.web.dates import uk_date, uk_time

Rows = list[tuple[str, Any]]


def facts(view: ReferralView, person: PersonView | None) -> Rows:
    """What stands beside the name: who they are, how long they wait, and what is next."""
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


def warning(view: ReferralView) -> str:
    """The alert on top, for those who work with the person; blank where there is none."""
    if not view.inside or not view.alert:
        return ""
    safeguarding = view.sent.safeguarding if view.sent else view.facts.safeguarding if view.facts else ""
    if safeguarding == "yes":
        return "Alert: a safeguarding concern. Look at this first, and never pass it back because of it."
    return "Alert: words of crisis. Look at this first."


def request_rows(view: ReferralView) -> Rows:
    """What was asked for, by whom and how."""
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


def stands(view: ReferralView) -> Rows:
    """Where it is, who has it, and what is next."""
    rows: Rows = [("State", STATES[view.status]["text"])]
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


def person_rows(person: PersonView, view: ReferralView) -> Rows:
    """Where they live and what else is known of them."""
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


def agreement_row(each: AgreementView) -> tuple[str, str]:
    """What the person said about one recipient and purpose."""
    subject = agreement_subject(each.purpose, each.recipient_name)
    answer = "Yes" if each.agreed else "No"
    if each.withdrawn_at is not None:
        answer = f"Taken back on {uk_date(each.withdrawn_at)}"
    alone = {True: ", alone", False: ", not alone", None: ""}[each.alone]
    return subject, f"{answer} ({uk_date(each.at)}{alone})"


def outcome_rows(view: ReferralView) -> Rows:
    """What became of each need."""
    return [
        (each.need_label, f"{each.outcome_words}{': ' + each.text if each.text else ''}")
        for each in view.outcomes
    ]


def others(view: ReferralView) -> list[dict[str, str]]:
    """Other services that could take them, with their first reasons."""
    if view.routing is None:
        return []
    chosen = str(view.routing.chosen.service_id) if view.routing.chosen else ""
    found = [
        {"name": str(each["name"]), "about": "; ".join(r["text"] for r in each.get("reasons", ())[:3])}
        for each in (*view.routing.eligible, *view.routing.unknown)
        if str(each.get("service_id")) != chosen
    ]
    return found[:8]
