"""A service of a feed item as fields of our document."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.directory.domain.documents import Telephone, Term
from services.directory.domain.importing.hours_text import parse_hours
from services.directory.domain.importing.reading_bodies import filled
from services.directory.domain.importing.reading_parts import (
    contacts,
    costs,
    languages,
    openings,
    patch,
    telephones,
)
from services.directory.domain.importing.values import LONGEST_NAME, Said
from services.directory.domain.importing.words_said import needs_named, words_of
from services.directory.domain.listings import (
    AreaBasis,
    Ending,
    RouteIn,
    ServiceKind,
    ServiceStatus,
    SupportType,
)
from services.directory.domain.taxonomies import CIRCUMSTANCES

Fields = dict[str, Any]
# Not of the document: the kind a new service gets where its row says none.
GUESSED_KIND = "_kind"
# Of our own object `linkwork`: words that only these may say.
_WORDS = {
    "kind": ServiceKind, "support_type": SupportType, "ending": Ending,
}  # fmt: skip
_LISTS = {"routes_in": RouteIn, "area_basis": AreaBasis}
_TEXTS = ("not_for", "differs", "invitation", "hours")
_FLAGS = ("discreet", "open_to_others", "free")


def service_fields(said: Said, venues: Sequence[tuple[str, UUID, Said]]) -> Fields:
    """What is said of a service, but for whose it is and where it is found.

    `venues` are (id of the service at location, id of the venue, what is said of the service there).
    """
    fields: Fields = {
        "name": said.line("name", most=LONGEST_NAME),
        "alternate_name": said.line("alternate_name", most=LONGEST_NAME),
        "description": said.prose("description"),
        "alert": said.line("alert"),
        "url": said.url("url"),
        "email": said.email("email"),
        "who_for": said.prose("eligibility_description") or _audience(said),
        "application_process": said.prose("application_process") or said.line("attending_access"),
        "accreditations": said.line("accreditations"),
        "interpretation_services": said.line("interpretation_services"),
        "languages": languages(said),
        "funders": _funders(said),
        "costs": tuple(costs(said)),
        "kind": _kind_said(said),
        GUESSED_KIND: _kind_guessed(said),
        "status": _status(said),
        "contact_name": said.line("contact_name", most=LONGEST_NAME),
        "terms": _terms(said),
    }
    fields |= _fees(said) | _ages(said) | _area(said) | _times(said, venues) | _people(said)
    fields |= _own(said.inner("linkwork"))
    return filled(fields)


def _kind_said(said: Said) -> str | None:
    text = (said.line("kind") or "").lower().replace(" ", "_")
    return text if text in list(ServiceKind) else None


def _kind_guessed(said: Said) -> str:
    """Of a new service that says no kind: advice where its name says so, else an activity."""
    hints = f"{said.line('deliverable_type') or ''} {said.line('name') or ''}".lower()
    return ServiceKind.ADVICE if re.search(r"\b(advice|helpline)\b", hints) else ServiceKind.ACTIVITY


def _status(said: Said) -> str:
    text = (said.line("status") or ServiceStatus.ACTIVE).lower()
    if text in list(ServiceStatus):
        return text
    said.note("status", f"“{text[:40]}” is no status: it is kept, not published. Say active or inactive.")
    return ServiceStatus.INACTIVE


def _audience(said: Said) -> str:
    """Whom the words of eligibility of Open Referral 1, and of one vendor's feeds, speak of."""
    words = [one.line("eligibility") for one in said.all("eligibilitys", "eligibilities")]
    words += [one.line("audienceType") for one in said.all("pc_targetAudience")]
    return ", ".join(dict.fromkeys(word.replace(">", ": ") for word in words if word))


def _ages(said: Said) -> Fields:
    old = next(iter(said.all("eligibilitys", "eligibilities")), Said({}))
    low = said.years("minimum_age")
    high = said.years("maximum_age")
    low = old.years("minimum_age") if low is None else low
    high = old.years("maximum_age") if high is None else high
    if low is not None and high is not None and high < low:
        said.note("maximum_age", "The oldest is younger than the youngest: both ages were left out.")
        return {}
    return {"minimum_age": low, "maximum_age": high}


def _fees(said: Said) -> Fields:
    text = said.prose("fees_description") or said.prose("fees")
    if re.fullmatch(r"(?i)free( of charge)?\.?", text):
        return {"free": True}
    return {"fees_description": text, "free": said.yes("free")}


def _funders(said: Said) -> tuple[str, ...]:
    found = [one.line("source") for one in said.all("funding", "fundings")]
    return tuple(dict.fromkeys(one for one in found if one))


def _terms(said: Said) -> frozenset[Term]:
    terms = {word.term for word in words_of(said) if word.taxonomy != CIRCUMSTANCES}
    return frozenset(terms)


def _area(said: Said) -> Fields:
    areas, polygons, words = patch(said)
    return {"areas": areas, "polygons": polygons, "area_words": words}


def _times(said: Said, venues: Sequence[tuple[str, UUID, Said]]) -> Fields:
    by_id = {own: venue for own, venue, _ in venues if own}
    found = list(openings(said, by_id))
    for _, venue, there in venues:
        found += openings(there, by_id, venue)
    hours = said.prose("hours")
    if hours and not found:
        found = list(parse_hours(hours) or ())
    return {"schedules": tuple(dict.fromkeys(found)), "hours": hours}


def _people(said: Said) -> Fields:
    """Contacts and telephones; the first is the one in the service's own row, where that has none yet."""
    phones, people = list(telephones(said)), list(contacts(said))
    fields: Fields = {"phone": said.phone("phone", "telephone")}
    if phones and not fields["phone"]:
        first = phones[0]
        if first == Telephone(first.number):
            fields["phone"] = first.number
            phones = phones[1:]
    return fields | {"phones": tuple(dict.fromkeys(phones)), "contacts": tuple(people)}


def _own(own: Said) -> Fields:
    """Our own additions, where somebody else says them (`linkwork`): only words that are known here."""
    if not own.raw:
        return {}
    fields: Fields = {name: own.prose(name) for name in _TEXTS} | {name: own.yes(name) for name in _FLAGS}
    for name, words in _WORDS.items():
        text = own.line(name)
        fields[name] = text if text in list(words) else None
    for name, known in _LISTS.items():
        fields[name] = tuple(one for one in _texts(own.raw, name) if one in list(known))
    fields["circumstances"] = _texts(own.raw, "circumstances")
    fields["sender_sectors"] = _texts(own.raw, "sender_sectors")
    fields["connector_role"] = own.line("connector_role", most=60)
    days = own.raw.get("working_days")
    # `True` is a 1 to Python, and none to the tables.
    if isinstance(days, list) and all(type(day) is int and day in range(7) for day in days):
        fields["working_days"] = tuple(dict.fromkeys(days))
    fields["funded_until"] = own.day("funded_until")
    return filled(fields)


def _texts(raw: Mapping[str, Any], name: str) -> tuple[str, ...]:
    found = raw.get(name)
    return tuple(one for one in found if isinstance(one, str)) if isinstance(found, list) else ()


def named_needs(said: Said, known: Mapping[str, str]) -> frozenset[Term]:
    """Needs named in a cell of a sheet; those nobody knows are noted."""
    terms, unknown = needs_named(said.line("needs") or "", known)
    if unknown:
        said.note("needs", f"Not known here: {', '.join(unknown)[:200]}. Use a need’s code or name.")
    return frozenset(terms)
