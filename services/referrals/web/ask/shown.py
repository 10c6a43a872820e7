"""The answers of the public pages in words: what fields choose from, and the rows to check."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import url_for
from markupsafe import Markup, escape

from services.referrals.actions.new_referral import NewContact, NewReferral
from services.referrals.domain.sight_facts import Purpose
from services.referrals.domain.under_18 import Under18
from services.referrals.web.ask.applies import age_of, as_for_a_child, asks_under_18, for_another
from services.referrals.web.ask.forms import HERE, NO_ADDRESS, UNSURE
from services.referrals.web.facts import Facts
from services.referrals.web.refer.kept import page_of
from services.referrals.web.words import ACCESS_NEEDS, CHANNELS, LANGUAGES
from shared.clock import now
from shared.web.dates import uk_date

Content = Mapping[str, Any]
UNSURE_WORDS = "Something else, or I do not know yet"
CHILD_WORDS = "They are under 16 and I look after them"


def choices(name: str, content: Content, place: Mapping[str, Any], facts: Facts) -> dict[str, Any]:
    """What the page `name` shows besides its form."""
    if name == "what":
        return {"needs": [_need(need) for need in facts.needs()]}
    if name == "about":
        return {
            "child": as_for_a_child(content),
            "where": [(NO_ADDRESS, "No fixed address"), (HERE, f"Somewhere in {place['name']}")],
            "practices": [("", "Not known, or rather not say"), *facts.practices_in(str(place["id"]))],
            "languages": [("", "English"), *sorted(LANGUAGES.items(), key=lambda each: each[1])],
            "access_needs": [(need, need) for need in ACCESS_NEEDS],
        }
    if name == "last":
        return {
            "young": asks_under_18(content, now()),
            "age": age_of(content, now()),
            "practice": facts.organization_name(
                facts.practice_id(page_of(content, "about").get("gp_practice"))
            ),
        }
    return {}


def _need(need: Mapping[str, str]) -> dict[str, str]:
    words = UNSURE_WORDS if need["value"] == UNSURE else need["hint"] or need["text"]
    return {"value": need["value"], "text": words}


def check_rows(content: Content, asked: NewReferral, code: str, facts: Facts) -> list[dict[str, Any]]:
    """Everything that will be sent, each with the way back to its page."""

    def row(key: str, value: Any, page: str) -> dict[str, Any]:
        # Left out of the address where it is None.
        back = 1 if page == "start" else None
        return {"key": key, "value": value, "change": url_for(f"ask.{page}", code=code, back=back)}

    person, other = asked.person, for_another(content)
    labels = {need["value"]: _need(need)["text"] for need in facts.needs()}
    rows = [
        row("For", "Somebody else" if other else "Me", "start"),
        row("What matters", asked.what_matters, "what"),
        row("What would help", _lines(labels.get(need, need) for need in asked.needs), "what"),
        row("Name", person.given_name, "about"),
        row("Age", _age(asked), "about"),
        row("Home", _home(asked), "about"),
        row("GP surgery", _practice(asked, facts), "about"),
        row("Language", LANGUAGES.get(person.language or "", ""), "about"),
        row("What makes it easier", _lines(person.access_needs), "about"),
        row("Safe ways to reach " + ("them" if other else "me"), _lines(_ways(person.contacts)), "reach"),
    ]
    if other:
        knows = CHILD_WORDS if as_for_a_child(content) else "Yes, they know and want it"
        rows[1:1] = [row("Who asks", _speaker(asked), "them"), row("Do they know?", knows, "them")]
    else:
        rows.append(row("I agree", _lines(_agreed(asked, facts)), "last"))
    if asks_under_18(content, now()):
        said = asked.under_18 or Under18()
        rows.append(row("Must not be told", said.not_to_contact, "last"))
        rows.append(row("Looked after by", said.parental_responsibility, "last"))
    return rows


def _speaker(asked: NewReferral) -> str:
    who = asked.speaker
    return ", ".join(part for part in (who.name, who.relation) if part) if who else ""


def _age(asked: NewReferral) -> str:
    person = asked.person
    if person.date_of_birth:
        return f"Born {uk_date(person.date_of_birth)}"
    return str(person.age_estimate) if person.age_estimate is not None else ""


def _home(asked: NewReferral) -> str:
    if asked.person.no_fixed_abode:
        return "No fixed address"
    return asked.person.postcode or ("In this place" if asked.person.present_in else "")


def _practice(asked: NewReferral, facts: Facts) -> str:
    return facts.organization_name(facts.practice_id(asked.person.gp_practice_ods))


def _ways(contacts: Iterable[NewContact]) -> Iterable[str]:
    for way in contacts:
        notes = [
            way.value,
            f"only {way.hours}" if way.hours else "",
            f"code word {way.code_word}" if way.code_word else "",
            "the team may leave a message" if way.voicemail else "",
            "its number may show" if way.caller_id else "",
        ]
        yield f"{CHANNELS[way.channel]}: {', '.join(note for note in notes if note)}"


def _agreed(asked: NewReferral, facts: Facts) -> Iterable[str]:
    given = {one.purpose for one in asked.agreement if one.agreed}
    if Purpose.KNOW_OF_EACH_OTHER in given:
        yield "Those who help may know of each other"
    if Purpose.FEEDBACK_TO_GP in given:
        yield f"{_practice(asked, facts)} may be told how it goes"


def _lines(lines: Iterable[str]) -> Markup | str:
    found = list(lines)
    return Markup("<br>").join(escape(line) for line in found) if found else ""
