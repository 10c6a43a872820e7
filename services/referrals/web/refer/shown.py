"""The draft in words: what is known, the rows to check, what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import url_for
from markupsafe import Markup, escape

from services.referrals.actions.new_referral import NewContact, NewPerson, NewReferral
from services.referrals.actions.views import ReferralView
from services.referrals.domain.identifiers import age_on, show_nhs_number
from services.referrals.domain.intake import INTRODUCTION, Intake, Question, must_say_needs
from services.referrals.web.facts import Facts
from services.referrals.web.refer.body import ANY
from services.referrals.web.refer.kept import page_of
from services.referrals.web.said import speaker_words, under_18_rows
from services.referrals.web.words import (
    CHANNELS,
    HOW_ASKED,
    LANGUAGES,
    LAWFUL_BASIS,
    PURPOSES,
    ROUTE_IN,
    SAFEGUARDING,
    wait_words,
    working_days,
)
from shared.clock import uk_date as uk_day
from shared.web.dates import uk_date

Rows = list[dict[str, Any]]
ANSWERS = {True: "yes", False: "no", None: "not asked"}


def reached(content: Mapping[str, Any]) -> frozenset[str]:
    """The pages of the draft that can be opened: those answered, and the one after."""
    order = [("start", "start"), ("choice", "who"), ("about", "about"), ("contact", "contact")]
    open_pages = {"start"}
    for place, (part, page) in enumerate(order):
        open_pages.add(page)
        if not content.get(part):
            break
        if place == len(order) - 1:
            open_pages.add("check")
    return frozenset(open_pages)


def known_words(person: NewPerson, needs: Iterable[str], labels: Mapping[str, str], at: datetime) -> str:
    """`74, YO24 3BZ, loneliness`: what the list was made from. Shown on the page only."""
    parts = [_age(person, at), _home(person)]
    parts.append(", ".join(labels.get(code, code).lower() for code in needs))
    words = "; ".join(part for part in parts if part)
    return f"{words[:1].upper()}{words[1:]}." if words else ""


def _age(person: NewPerson, at: datetime) -> str:
    if person.date_of_birth is not None:
        return f"{age_on(person.date_of_birth, uk_day(at))} years old"
    return f"about {person.age_estimate} years old" if person.age_estimate is not None else "age not known"


def _home(person: NewPerson) -> str:
    if person.no_fixed_abode:
        return "no fixed address"
    return person.postcode or ("only the place is known" if person.present_in else "address not known")


def offers(entries: Iterable[Mapping[str, Any]], facts: Facts) -> list[dict[str, Any]]:
    """Entries of the routes answer as the page shows them, with wait and capacity in words."""
    return [_offer(entry, facts) for entry in entries]


def _offer(entry: Mapping[str, Any], facts: Facts) -> dict[str, Any]:
    doc = facts.service(entry["service_id"]) or {}
    wait = entry.get("wait") or {}
    organization = entry.get("organization_name") or facts.organization_name(doc.get("organization_id"))
    invitation = entry.get("invitation")
    return {
        "service_id": str(entry["service_id"]),
        "name": entry["name"],
        "organisation": organization,
        "reasons": entry.get("reasons") or (),
        "wait": wait_words(wait.get("days"), str(wait.get("basis", ""))),
        "capacity": capacity_words(doc.get("capacity") or {}, ask_first=bool(doc.get("ask_first"))),
        "invitation": invitation["text"] if isinstance(invitation, Mapping) else invitation,
        "contact": contact_words(doc.get("contact") or {}),
        "discreet": bool(entry.get("discreet") or doc.get("discreet")),
    }


def capacity_words(capacity: Mapping[str, Any], *, ask_first: bool) -> str:
    """Places as the service tells them."""
    places = capacity.get("open_places")
    if places is None:
        said = ""
    elif places <= 0:
        said = "no open places just now"
    else:
        said = "1 open place" if places == 1 else f"{places} open places"
    return f"{said}, ask first" if said and ask_first else "ask first" if ask_first else said


def contact_words(contact: Mapping[str, Any]) -> str:
    """How a service is reached by the person themself."""
    return ", ".join(str(contact[key]) for key in ("phone", "email", "url") if contact.get(key))


def check_parts(
    content: Mapping[str, Any], asked: NewReferral, draft_id: UUID, facts: Facts, intake: Intake
) -> list[dict[str, Any]]:
    """The cards of *Check the answers*: what the form asked, each row leading back to its page."""

    def row(key: str, value: Any, page: str) -> dict[str, Any]:
        return {"key": key, "value": value, "change": url_for(f"refer.{page}", draft_id=draft_id)}

    def asked_row(question: Question, key: str, value: Any, page: str = "about") -> Rows:
        return [row(key, value, page)] if intake.asks(question) else []

    person, contact = asked.person, page_of(content, "contact")
    return [
        {
            "title": "About them",
            "rows": [
                *asked_row(Question.WHAT_MATTERS, "What matters to them", asked.what_matters),
                *([row("Who spoke", speaker_words(asked.speaker), "about")] if asked.speaker else []),
                row("Name", _name(person), "about"),
                *(
                    [row("Date of birth", _born(person), "about" if not person.date_of_birth else "start")]
                    if intake.asks(Question.AGE)
                    else []
                ),
                *asked_row(Question.NHS_NUMBER, "NHS number", _number(person.nhs_number)),
                row(
                    "Address",
                    _address(person) or _somewhere(person, facts),
                    "about" if intake.asks(Question.ADDRESS) else "start",
                ),
                *asked_row(Question.GP_PRACTICE, "GP practice", _practice(person, facts)),
                *asked_row(Question.SAFEGUARDING, "Safeguarding concern", SAFEGUARDING[asked.safeguarding]),
                *asked_row(Question.INTRODUCED_BY, "Who introduces them", _referrer(asked)),
            ],
        },
        {
            "title": "What is asked for",
            "rows": [
                *asked_row(
                    Question.NEEDS,
                    "Needs",
                    _lines(facts.need_labels().get(code, code) for code in asked.needs),
                    "start",
                ),
                row("Who should take them", choice_words(content, facts), "who"),
                row("How they come", ROUTE_IN[asked.route_in], "start"),
                *asked_row(Question.PRIORITY, "When", _when(asked)),
            ],
        },
        {
            "title": "Contact and agreement",
            "rows": [
                row("Ways to reach them", _lines(_way(way) for way in person.contacts), "contact"),
                *asked_row(Question.ACCESS, "Access needs", ", ".join(person.access_needs), "contact"),
                *asked_row(
                    Question.ACCESS,
                    "Language",
                    LANGUAGES.get(person.language or "", person.language),
                    "contact",
                ),
                row("What they agreed to", _lines(_agreements(asked, intake)), "contact"),
                row("How they were asked", _how(contact), "contact"),
                {
                    **row("Lawful basis", LAWFUL_BASIS.get(asked.lawful_basis or "", ("",))[0], "contact"),
                    **({} if intake.asks(Question.BASIS) else {"change": ""}),
                },
                *(row(key, value, "contact") for key, value in under_18_rows(asked.under_18)),
                row("Restricted", "Only me and named staff" if asked.restricted else "No", "contact"),
            ],
        },
    ]


def choice_words(content: Mapping[str, Any], facts: Facts) -> str:
    """The service chosen, by name."""
    choice = page_of(content, "choice").get("choice")
    if not choice:
        return ""
    if choice == ANY:
        return "Linkwork finds the right one"
    found = facts.service(choice)
    return str(found["name"]) if found else "A service that is no longer listed"


def missing(asked: NewReferral, draft_id: UUID) -> list[dict[str, str]]:
    """What must be there before a referral can be sent, each with a link to its page."""
    gaps = []
    if must_say_needs(asked.route_in) and not asked.needs and not asked.what_matters:
        gaps.append(("start", "Say what they would like help with, or what matters to them"))
    if not asked.lawful_basis:
        gaps.append(("contact", "Choose the lawful basis"))
    return [{"url": url_for(f"refer.{page}", draft_id=draft_id), "text": text} for page, text in gaps]


def remark(asked: NewReferral) -> str:
    """What the sender should know before pressing the button."""
    if not any(way.safe for way in asked.person.contacts):
        return "No way to reach them is marked as safe, so the team has to ask you before it does anything."
    return ""


def next_steps(view: ReferralView, days: Mapping[str, int]) -> list[str]:
    """What happens after sending, by when, and what the sender is told of it."""
    team = view.owner.team_name if view.owner else "the duty desk"
    look = working_days(int(days.get("received", 2)))
    if view.routing is not None and view.routing.state == "unrouted":
        first = f"{team} has it, and chooses who can help within {look}."
    else:
        first = f"{team} has it in its queue and looks at it within {look}"
        first += f", by {uk_date(view.next_action_at)}." if view.next_action_at else "."
    told = "Somebody takes it on, asks you a question, or passes it back with what to do next."
    told += " You are told each time."
    if view.view == "coarse":
        told = "Somebody takes it on. You are told that it was received, and when it is closed."
    return [
        first,
        told,
        "They reach the person only in the ways you marked as safe.",
    ]


def _name(person: NewPerson) -> str:
    return " ".join(part for part in (person.given_name, person.family_name) if part) or "Not known"


def _born(person: NewPerson) -> str:
    if person.date_of_birth:
        return uk_date(person.date_of_birth)
    return f"About {person.age_estimate} years old" if person.age_estimate is not None else "Not known"


def _number(number: str | None) -> str:
    digits = "".join(char for char in number or "" if char.isdigit())
    return show_nhs_number(digits) if digits else ""


def _address(person: NewPerson) -> Markup | str:
    lines = [*person.address_lines, *([person.postcode] if person.postcode else [])]
    return _lines([*lines, "No fixed address"] if person.no_fixed_abode else lines)


def _somewhere(person: NewPerson, facts: Facts) -> str:
    """Where they live of whom only the place is known."""
    name = dict(facts.places()).get(person.present_in or "")
    return f"Somewhere in {name}" if name else ""


def _practice(person: NewPerson, facts: Facts) -> str:
    if person.registered is False:
        return "Not registered with a GP"
    return dict(facts.practices()).get(person.gp_practice_ods or "", person.gp_practice_ods or "Not known")


def _when(asked: NewReferral) -> str:
    words = f"Sooner, because {asked.priority_reason}" if asked.priority == "sooner" else "In turn"
    return f"{words}; from {uk_date(asked.wanted_from)}" if asked.wanted_from else words


def _way(way: NewContact) -> str:
    words = f"{CHANNELS[way.channel]}: {way.value} ({ANSWERS[way.safe] if way.safe is not True else 'safe'}"
    if way.safe is False:
        words = words.replace("(no", "(not safe")
    if way.channel == "phone" and way.safe:
        words += f"; voicemail {ANSWERS[way.voicemail]}; number shown {ANSWERS[way.caller_id]}"
    if way.hours:
        words += f"; {way.hours}"
    return words + ("; code word given)" if way.code_word else ")")


def _agreements(asked: NewReferral, intake: Intake) -> list[str]:
    said = {one.purpose: one.agreed for one in asked.agreement}
    words = {**PURPOSES, "share_referral": "The team may see this referral"}
    if intake is INTRODUCTION:
        words["share_referral"] = "They said yes to being introduced"
    return [f"{words[purpose]}: {ANSWERS[said.get(purpose)]}" for purpose in intake.purposes]


def _referrer(asked: NewReferral) -> str:
    who = asked.referrer
    return ", ".join(part for part in (who.name, who.role) if part) if who else "You"


def _how(contact: Mapping[str, Any]) -> str:
    if not contact.get("how"):
        return "Not asked"
    alone = {True: ", alone", False: ", not alone", None: ""}[contact.get("alone")]
    return HOW_ASKED[contact["how"]] + alone


def _lines(lines: Iterable[str]) -> Markup | str:
    found = [line for line in lines if line]
    return Markup("<br>").join(escape(line) for line in found) if found else ""
