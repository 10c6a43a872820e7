"""The rules of a service's own policy besides area: age, route in, sector, circumstances, needs, pause."""

from __future__ import annotations

from datetime import date

from services.referrals.domain.life import RouteIn
from services.referrals.domain.routing.docs import SELF_ROUTES, Service
from services.referrals.domain.routing.person import BIRTHDAY_SOON_DAYS, PersonFacts
from services.referrals.domain.routing.snapshot import Snapshot
from services.referrals.domain.routing.verdicts import Answer, Ask, No, Reason, Unsure, Yes, written_day

ASK_AGE = Ask("date_of_birth", "What is their date of birth, or roughly how old are they?")
_PROFESSIONAL_ROUTES = (RouteIn.PROFESSIONAL, RouteIn.INTRODUCTION)

CIRCUMSTANCES: dict[str, tuple[str, str]] = {
    "no_fixed_abode": ("have no fixed abode", "Do they have no fixed abode?"),
    "leaving_prison": ("are leaving prison or have left it lately", "Are they leaving prison?"),
    "carer": ("care for somebody", "Do they look after somebody?"),
    "veteran": ("have served in the armed forces", "Have they served in the armed forces?"),
    "leaving_hospital": ("are leaving hospital", "Are they leaving hospital?"),
    "care_leaver": ("have been in care", "Have they been in care?"),
    "tenant": ("are tenants", "Are they a tenant?"),
}
"""What a circumstance is called in a sentence ("for people who ...") and the question that settles it, where
the directory has not said its own words."""

_OF_AN_ORGANIZATION = {"tenant": ("are tenants of {organization}", "Are they a tenant of {organization}?")}
_ITS_NAME = "{organization}"


def known_circumstances(snapshot: Snapshot) -> dict[str, tuple[str, str]]:
    """What may be said of a person: the circumstances above, and whatever else a service asks about."""
    codes = (*CIRCUMSTANCES, *sorted(snapshot.circumstances))
    return {code: circumstance_words(code, snapshot) for code in codes}


def circumstance_words(code: str, snapshot: Snapshot) -> tuple[str, str]:
    """As in `CIRCUMSTANCES`, in the directory's words where it has them.

    A code that only a service knows is asked about by its name.
    """
    kind, _, ident = code.partition(":")
    said = _said(kind, snapshot)
    if not ident or kind not in _OF_AN_ORGANIZATION:
        plain = code.replace("_", " ")
        fallback = CIRCUMSTANCES.get(code, (f"meet “{plain}”", f"Does “{plain}” apply to them?"))
        # Words that want a name say nothing of nobody in particular.
        return said if said and not any(_ITS_NAME in words for words in said) else fallback
    owner = snapshot.organizations.get(ident)
    name = owner.name if owner is not None and owner.name else "the organisation that offers the service"
    who, question = said if said and all(_ITS_NAME in words for words in said) else _OF_AN_ORGANIZATION[kind]
    return who.replace(_ITS_NAME, name), question.replace(_ITS_NAME, name)


def _said(code: str, snapshot: Snapshot) -> tuple[str, str] | None:
    term = snapshot.circumstance_terms.get(code)
    return (term.who, term.question) if term is not None and term.who and term.question else None


def right_age(service: Service, person: PersonFacts, on: date) -> Answer:
    """Age is worked out on the day help is wanted. A birthday soon is asked about before saying no."""
    low, high = service.criteria.min_age, service.criteria.max_age
    if low is None and high is None:
        return Yes()
    day = person.day(on)
    ages = person.ages(day)
    if ages is None:
        return Unsure(
            Reason("age_not_known", f"It depends on their age: takes {_ages(low, high)}."), (ASK_AGE,)
        )
    youngest, oldest = ages
    floor, ceiling = low if low is not None else 0, high if high is not None else 200
    if floor <= youngest and oldest <= ceiling:
        return Yes(Reason("age", f"Takes {_ages(low, high)}"))
    if oldest < floor or youngest > ceiling:
        return _wrong_age(low, high, person, on)
    return Unsure(
        Reason("age_not_known", f"The age is only roughly known: takes {_ages(low, high)}."), (ASK_AGE,)
    )


def _wrong_age(low: int | None, high: int | None, person: PersonFacts, on: date) -> Answer:
    birthday = person.birthday(low) if low is not None else None
    if birthday and person.wanted_from is None and 0 < (birthday - on).days <= BIRTHDAY_SOON_DAYS:
        text = f"They turn {low} on {written_day(birthday)}: it depends on when help is wanted."
        ask = Ask("wanted_from", f"Is help wanted before or after {written_day(birthday)}?")
        return Unsure(Reason("age_on_the_day", text), (ask,))
    known = f"the person is {person.age_words(person.day(on))} on that day"
    return No(Reason("age", f"{known}; this service takes {_ages(low, high)}"))


def _ages(low: int | None, high: int | None) -> str:
    if low is not None and high is not None:
        return f"people from {low} to {high}"
    return f"people of {low} and over" if low is not None else f"people up to {high}"


def right_route(service: Service, person: PersonFacts) -> Answer:
    """How the person may come to this service.

    A professional may refer where referrals are taken and introduce where introductions are. A service that
    people can only come to by themselves is refused by this route, with an invitation to pass on.
    """
    takes = service.routes_in
    if person.route_in in _PROFESSIONAL_ROUTES:
        if person.route_in in takes or not takes:
            return Yes(_ROUTE_WORDS.get(person.route_in))
        if takes & set(_PROFESSIONAL_ROUTES):
            other = RouteIn.INTRODUCTION if "introduction" in takes else RouteIn.PROFESSIONAL
            return Yes(_ROUTE_WORDS[other])
        return No(Reason("self_only", "People come to this service by themselves: pass on the invitation"))
    if person.route_in is RouteIn.SELF:
        if "self" in takes or not takes:
            return Yes(Reason("route_self", "Takes people who ask for themselves"))
        return No(Reason("no_self_route", "Takes people through somebody who works with them, not directly"))
    return (
        Yes() if takes & SELF_ROUTES or not takes else No(Reason("no_self_route", "Takes no invited people"))
    )


_ROUTE_WORDS = {
    RouteIn.PROFESSIONAL: Reason("route_professional", "Takes referrals"),
    RouteIn.INTRODUCTION: Reason("route_introduction", "Takes introductions: no eligibility to pass"),
}


def way_in(service: Service, person: PersonFacts) -> RouteIn:
    """The route by which this service would receive the person: an introduction where it takes only those."""
    takes = service.routes_in
    if person.route_in not in _PROFESSIONAL_ROUTES or person.route_in in takes or not takes:
        return person.route_in
    return RouteIn.INTRODUCTION if "introduction" in takes else RouteIn.PROFESSIONAL


def right_sector(service: Service, person: PersonFacts) -> Answer:
    """Some services take referrals only from some sectors; a person asking for themself has none."""
    sectors, sector = service.criteria.sectors, person.sender.sector
    if not sectors or sector is None or sector in sectors:
        return Yes()
    named = ", ".join(code.replace("_", " ") for code in sectors)
    return No(Reason("sector", f"Takes referrals from: {named}"))


def circumstances(service: Service, person: PersonFacts, snapshot: Snapshot) -> list[Answer]:
    """All circumstances a service asks for; each is unknown until somebody has asked."""
    return [_circumstance(code, person.circumstance(code), snapshot) for code in service.circumstances]


def _circumstance(code: str, known: bool | None, snapshot: Snapshot) -> Answer:
    who, question = circumstance_words(code, snapshot)
    if known is None:
        reason = Reason("circumstance_not_known", f"For people who {who}: nobody has asked yet.")
        return Unsure(reason, (Ask(f"circumstances.{code}", question),))
    if known:
        return Yes(Reason("circumstance", f"For people who {who}"))
    return No(Reason("circumstance", f"this service is for people who {who}"))


def matched(service: Service, person: PersonFacts) -> frozenset[str]:
    """The person's needs this service names; `other` fits every service that takes anything."""
    return person.needs & service.needs


def suits(service: Service, person: PersonFacts) -> bool:
    """At least one need in common, where both sides name any. A discreet service has to be asked for."""
    if service.discreet:
        return not person.needs.isdisjoint(service.needs)
    if not service.needs or not person.needs or person.needs == {"other"}:
        return True
    return not person.needs.isdisjoint(service.needs)


def right_needs(service: Service, person: PersonFacts, snapshot: Snapshot) -> Answer:
    """What the service helps this person with, or what it helps with instead (see `suits`)."""
    if not suits(service, person):
        others = "" if service.discreet else f": {snapshot.need_words(sorted(service.needs)[:4])}"
        return No(Reason("other_needs", f"Helps with other things{others}"))
    if not service.needs:
        return Yes(Reason("needs", "Takes any need"))
    met = matched(service, person)
    return Yes(Reason("needs", f"Helps with {snapshot.need_words(sorted(met))}")) if met else Yes()


def open_now(service: Service, person: PersonFacts, on: date) -> Answer:
    """Not closed and not paused. A pause that ends before help is wanted stands in nobody's way."""
    if service.status != "active":
        return No(Reason("not_open", "This service is not open"))
    if not service.capacity.is_paused(person.day(on)):
        return Yes()
    until = service.capacity.paused_until
    when = f" until {written_day(until)}" if until else ""
    return No(Reason("paused", f"Paused{when}: could not offer a place"))
