"""What it is, who it is for, how people come, its languages: sections made of words and ticks."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.directory.domain import listing_sections as sections
from services.directory.domain.documents import ServiceDoc, Term
from services.directory.domain.languages import LANGUAGES
from services.directory.domain.listings import (
    ENDING_WORDS,
    ROUTE_WORDS,
    SUPPORT_WORDS,
    Ending,
    RouteIn,
    ServiceKind,
    SupportType,
)
from services.directory.domain.taxonomies import ACCESSIBILITY, CIRCUMSTANCES, NEEDS, ORGANIZATION_HERE
from services.directory.store.queries import listings
from services.directory.store.queries.further_words import further_words, named_words
from services.directory.web.listing.form_fields import chosen, line, lines_of, words
from services.directory.web.listing.section_page import SectionPage, Values
from services.directory.web.listing_words import KINDS
from shared.errors import Invalid
from shared.web.fields import DateParts

_WHAT_LINES = ("name", "alternate_name", "kind", "description", "alert", "url", "differs", "accreditations")
_CHOICES = ("support_type", "connector_role", "ending")


class WhatSchema(Schema):
    """What it is."""

    name = line("what it is called", required=True)
    alternate_name = line("another name")
    kind = fields.String(
        required=True,
        validate=validate.OneOf([str(kind) for kind in ServiceKind]),
        metadata={"label": "what kind of thing it is"},
    )
    description = words("what it does", absent="")
    alert = words("what is different just now", most=1_000)
    url = line("its web address", most=1_000)
    needs = chosen("what it helps with")
    differs = words("how it differs", absent="")
    support_type = fields.String(
        load_default=None,
        validate=validate.OneOf(list(SupportType)),
        metadata={"label": "the kind of support"},
    )
    connector_role = line("the role")
    ending = fields.String(
        load_default=None, validate=validate.OneOf(list(Ending)), metadata={"label": "how it ends"}
    )
    further = chosen("words of other lists")
    add_further = words("words to add", most=2_000)
    accreditations = words("accreditations", most=2_000)
    funders = words("who pays for it", most=2_000)
    funded_until = DateParts(load_default=None, metadata={"label": "the day until which it is paid for"})


def _shown_what(doc: ServiceDoc) -> Values:
    further = [f"{term.taxonomy}:{term.code}" for term in doc.terms if term.taxonomy != NEEDS]
    return {
        **{name: getattr(doc, name) for name in (*_WHAT_LINES, *_CHOICES)},
        "needs": doc.codes(NEEDS),
        "further": sorted(further),
        "funders": "\n".join(doc.funders),
        "funded_until": doc.funded_until,
    }


def _meant_what(data: Values, doc: ServiceDoc) -> Values:
    kept = {f"{term.taxonomy}:{term.code}": term for term in doc.terms if term.taxonomy != NEEDS}
    terms = {Term(NEEDS, code) for code in data["needs"]}
    terms |= {kept[one] for one in data["further"] if one in kept}
    for name in lines_of(data["add_further"]):
        terms.add(_further(name))
    return {
        **{name: data[name] for name in (*_WHAT_LINES, *_CHOICES)},
        "terms": frozenset(terms),
        "funders": lines_of(data["funders"]),
        "funded_until": data["funded_until"],
    }


def _further(name: str) -> Term:
    found = named_words(name, besides=(NEEDS, CIRCUMSTANCES, ACCESSIBILITY))
    if len(found) == 1:
        return Term(found[0].taxonomy, found[0].code)
    if not found:
        raise Invalid.field("/add_further", f"No list has the word “{name}”: take it out, or ask the forum.")
    named = "; ".join(f"{one.name} ({one.code})" for one in found[:4])
    raise Invalid.field("/add_further", f"“{name}” is in more than one list: give its code. {named}")


def _what_choices(doc: ServiceDoc) -> Values:
    return {
        "kinds": [
            {"value": value, "text": text, "hint": sections.KIND_HINTS[value]} for value, text in KINDS
        ],
        "needs": [(one.code, one.name) for one in listings.words_to_choose(NEEDS, doc.codes(NEEDS))],
        "supports": [(str(kind), text) for kind, text in SUPPORT_WORDS.items()],
        "roles": [
            ("", "None of these"),
            *((r.code, r.name) for r in listings.roles_to_choose(doc.connector_role)),
        ],
        "endings": [(str(kind), text) for kind, text in ENDING_WORDS.items()],
        "further": further_words(term for term in doc.terms if term.taxonomy != NEEDS),
    }


class WhoSchema(Schema):
    """Who it is for, and who not."""

    who_for = words("who it is for", absent="")
    not_for = words("who it is not for", absent="")
    minimum_age = fields.Integer(load_default=None, metadata={"label": "the youngest age"})
    maximum_age = fields.Integer(load_default=None, metadata={"label": "the oldest age"})
    circumstances = chosen("for whom alone it is")
    sender_sectors = chosen("who may send people")


_WHO = ("who_for", "not_for", "minimum_age", "maximum_age", "circumstances", "sender_sectors")


def _shown_who(doc: ServiceDoc) -> Values:
    return {name: getattr(doc, name) for name in _WHO}


def _meant_who(data: Values, _doc: ServiceDoc) -> Values:
    return data | {name: tuple(data[name]) for name in ("circumstances", "sender_sectors")}


def _who_choices(doc: ServiceDoc) -> Values:
    labels = listings.words_to_choose(CIRCUMSTANCES, doc.circumstances)
    known = {one.code for one in labels}
    others = [(code, code.replace("_", " ")) for code in doc.circumstances if code not in known]
    said = [
        (one.code, f"People who {one.description}".replace(ORGANIZATION_HERE, "this organisation"))
        for one in labels
    ]
    return {
        "circumstances": [*said, *others],
        "sectors": [(one.code, one.name) for one in listings.sectors_to_choose(doc.sender_sectors)],
    }


class ComingSchema(Schema):
    """How people come."""

    routes_in = fields.List(
        fields.String(validate=validate.OneOf(list(RouteIn))),
        load_default=list,
        metadata={"label": "how people come"},
    )
    invitation = words("the invitation", most=2_000)
    application_process = words("what happens first", most=2_000)
    open_to_others = fields.Boolean(load_default=False)
    discreet = fields.Boolean(load_default=False)
    team_ids = fields.List(fields.UUID(), load_default=list, metadata={"label": "whose queue it is"})


def _shown_coming(doc: ServiceDoc) -> Values:
    return {
        **{name: getattr(doc, name) for name in ("routes_in", "invitation", "application_process")},
        "open_to_others": "yes" if doc.open_to_others else "",
        "discreet": "yes" if doc.discreet else "",
        "team_ids": sorted(map(str, doc.team_ids)),
    }


def _meant_coming(data: Values, _doc: ServiceDoc) -> Values:
    return data | {"routes_in": tuple(data["routes_in"]), "team_ids": frozenset(data["team_ids"])}


def _coming_choices(doc: ServiceDoc) -> Values:
    return {
        "routes": [(str(route), text) for route, text in ROUTE_WORDS.items()],
        "teams": listings.teams_of(doc.organization_id),
    }


class LanguagesSchema(Schema):
    """Languages."""

    languages = chosen("languages")
    interpretation_services = words("interpreters", most=1_000)


def _shown_languages(doc: ServiceDoc) -> Values:
    return {"languages": doc.languages, "interpretation_services": doc.interpretation_services}


def _meant_languages(data: Values, doc: ServiceDoc) -> Values:
    if set(data["languages"]) - set(LANGUAGES) - set(doc.languages):
        raise Invalid.field("/languages", "Choose languages from the list.")
    return data | {"languages": tuple(data["languages"])}


def _languages_choices(doc: ServiceDoc) -> Values:
    others = [(code, code) for code in doc.languages if code not in LANGUAGES]
    return {"languages": [*sorted(LANGUAGES.items(), key=lambda pair: pair[1]), *others]}


PAGES = (
    SectionPage(sections.WHAT, WhatSchema, _shown_what, _meant_what, _what_choices, {"/needs": "needs"}),
    SectionPage(sections.WHO, WhoSchema, _shown_who, _meant_who, _who_choices),
    SectionPage(sections.COMING, ComingSchema, _shown_coming, _meant_coming, _coming_choices),
    SectionPage(sections.LANGUAGES, LanguagesSchema, _shown_languages, _meant_languages, _languages_choices),
)
