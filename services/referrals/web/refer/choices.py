"""What the fields of *Refer someone* choose from, as fits who is asking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from services.referrals.domain.intake import INTRODUCTION, Intake, Question, intake_of
from services.referrals.domain.life import RouteIn
from services.referrals.domain.sight_facts import Purpose
from services.referrals.web.facts import Facts
from services.referrals.web.refer.body import PLACE, practice_of, target
from services.referrals.web.refer.forms import NO_FIXED_ABODE, NOT_REGISTERED
from services.referrals.web.refer.kept import page_of
from services.referrals.web.words import (
    ACCESS_NEEDS,
    HOW_ASKED,
    LANGUAGES,
    LAWFUL_BASIS,
    ROUTE_IN_CHOICES,
)
from shared.auth import Caller, Role

WAYS: tuple[dict[str, Any], ...] = (
    {"channel": "phone", "label": "Phone call", "value_label": "Number to ring",
     "safe_label": "Is it safe to ring them?"},
    {"channel": "text", "label": "Text message", "value_label": "Number to text",
     "safe_label": "Is it safe to text them?"},
    {"channel": "email", "label": "E-mail", "value_label": "E-mail address",
     "safe_label": "Is it safe to e-mail them?", "wide": True},
    {"channel": "post", "label": "Letter", "value_label": "Address for letters",
     "safe_label": "Is it safe to write to them?", "wide": True},
    {"channel": "visit", "label": "Visit", "value_label": "Address to visit",
     "safe_label": "Is it safe to visit them?", "wide": True},
    {"channel": "via", "label": "Through somebody or at a place", "value_label": "Who or where",
     "safe_label": "Is it safe to reach them this way?", "wide": True},
)  # fmt: skip


def usual_route(by: Caller) -> str:
    """A community group introduces; everybody else refers."""
    return "introduction" if by.sector == "vcse" else "professional"


def route_of(wanted: str | None) -> str:
    """The way in that was asked for, where there is such a one."""
    return wanted if wanted in ROUTE_IN_CHOICES else RouteIn.PROFESSIONAL.value


def asked_of(questions: Iterable[Mapping[str, Any]], intake: Intake) -> list[dict[str, Any]]:
    """What this form asks of what routing would like to know: of somebody introduced, where they live."""
    return [dict(each) for each in questions if intake.asks(Question.AGE) or each["name"] == "postcode"]


def usual_basis(by: Caller) -> str:
    """The lawful basis an organisation of this sector has as a rule."""
    public = ("health", "social_care", "local_authority", "police", "fire", "education")
    return "public_task" if by.sector in public else "legitimate_interests"


def routes_in(by: Caller) -> list[dict[str, str]]:
    """Those who work with people themselves also type in what came by phone or at the door. Somebody is
    introduced by a shorter form of its own."""
    shown = dict(ROUTE_IN_CHOICES)
    del shown["introduction"]
    if not by.has(Role.WORKER, Role.LEAD, Role.DUTY_DESK):
        del shown["self"]
    return [{"value": code, "text": text, "hint": hint} for code, (text, hint) in shown.items()]


def where(facts: Facts) -> list[tuple[str, str]]:
    """Where somebody lives of whom there is no postcode."""
    places = [(f"{PLACE}{authority}", f"Somewhere in {name}") for authority, name in facts.places()]
    return [("", "There is a postcode"), (NO_FIXED_ABODE, "No fixed address"), *places]


def practices(facts: Facts) -> list[tuple[str, str]]:
    """GP practices, not known first."""
    return [("", "Not known"), (NOT_REGISTERED, "Not registered with a GP"), *facts.practices()]


def intake_for(content: Mapping[str, Any], by: Caller) -> Intake:
    """The short form of this draft: by how the person comes, and by the sector of whoever sends."""
    return intake_of(by.sector, str(page_of(content, "start").get("route_in") or usual_route(by)))


def ways_of(intake: Intake) -> list[Mapping[str, Any]]:
    """The ways of contact this form asks about, in its order."""
    return [way for channel in intake.channels for way in WAYS if way["channel"] == channel]


def ways_to_show(
    ways: Iterable[Mapping[str, Any]],
    given: Mapping[str, Any],
    about: Mapping[str, Any],
    content: Mapping[str, Any],
) -> list[dict[str, Any]]:
    """One row for each way, with what is known already; the answers about safety are never filled in."""
    kept = {way["channel"]: way for way in given.get("contacts") or ()}
    start = content.get("start") or {}
    address = ", ".join(
        part for part in (about.get("address"), about.get("postcode") or start.get("postcode")) if part
    )
    known = {"phone": about.get("phone"), "text": about.get("phone")}
    if about.get("address"):
        known |= {"post": address, "visit": address}
    return [
        kept.get(way["channel"]) or {"channel": way["channel"], "value": known.get(way["channel"])}
        for way in ways
    ]


def contact_choices(content: Mapping[str, Any], facts: Facts, by: Caller) -> dict[str, Any]:
    """Access needs, languages, agreements and lawful bases for page 4."""
    service = facts.service(target(content))
    team = facts.organization_name(service.get("organization_id")) if service else ""
    own = facts.organization_name(by.org) or "we"
    gp = facts.practice_id(practice_of(content))
    intake = intake_for(content, by)
    asked = {
        "share_referral": (f"May {team or 'the team that helps'} see this referral?", ""),
        "know_of_each_other": (
            "May those who help them know of each other?",
            "So that they are not asked everything twice.",
        ),
        "feedback_to_sender": (f"May {own} be told how it goes?", ""),
        "feedback_to_gp": (f"May {facts.organization_name(gp)}, their GP practice, be told how it goes?", ""),
    }
    if intake is INTRODUCTION:
        asked["share_referral"] = (
            "Have they said yes to being introduced?",
            "If they said no, nothing is sent: delete what you typed.",
        )
    return {
        "access_needs": [(need, need) for need in ACCESS_NEEDS],
        "languages": [("", "English, or not asked"), *sorted(LANGUAGES.items(), key=lambda each: each[1])],
        "how_asked": list(HOW_ASKED.items()),
        "lawful_basis": [
            {"value": code, "text": text, "hint": hint} for code, (text, hint) in LAWFUL_BASIS.items()
        ],
        "agreements": [
            (purpose, *asked[purpose])
            for purpose in intake.purposes
            if gp or purpose != Purpose.FEEDBACK_TO_GP
        ],
    }  # fmt: skip
