"""What a document must keep to whoever wrote it, finished or not; each refusal says how to mend it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from services.directory.domain.documents import (
    ContactPerson,
    Cost,
    LocationDoc,
    Opening,
    OrganizationDoc,
    ServiceDoc,
    Telephone,
)
from services.directory.domain.listings import AreaKind, Frequency
from services.directory.domain.opening import DAYS
from services.directory.domain.polygons import outline
from shared.errors import FieldProblem, Invalid

MOST_PARTS = 50
MOST_AREAS = 2_000
_ODS = re.compile(r"[A-Z0-9]{3,9}")
_GSS = re.compile(r"[EWSN][0-9]{8}")
_BYDAY = re.compile(r"[+-]?[1-5]?(?:MO|TU|WE|TH|FR|SA|SU)")
_WEB = re.compile(r"https?://[^\s/?#@]+\.[^\s@]+", re.IGNORECASE)
_CHARITY = re.compile(r"[0-9]{6,7}(-[0-9]+)?")
_AREA_KINDS = frozenset(str(kind) for kind in AreaKind)
_FREQUENCIES = frozenset(str(freq) for freq in Frequency)
_MOST_MONEY = Decimal("99999999.99")

Problems = Iterator[FieldProblem]


def check_service(doc: ServiceDoc) -> None:
    """Raise Invalid, naming each field that cannot be kept as it is."""
    _raise(_service(doc))


def check_location(doc: LocationDoc) -> None:
    """As `check_service`, of a venue."""
    _raise(_location(doc))


def check_organization(doc: OrganizationDoc) -> None:
    """As `check_service`, of an organisation."""
    _raise(_organization(doc))


def _raise(problems: Problems) -> None:
    found = list(problems)
    if found:
        raise Invalid(found)


def _service(doc: ServiceDoc) -> Problems:
    yield from _named(doc.name)
    yield from _web("/url", doc.url)
    low, high = doc.minimum_age, doc.maximum_age
    for pointer, age in (("/minimum_age", low), ("/maximum_age", high)):
        if age is not None and not 0 <= age <= 120:
            yield FieldProblem(pointer, "Give an age from 0 to 120.")
    if low is not None and high is not None and high < low:
        yield FieldProblem("/maximum_age", "The oldest age must not be below the youngest.")
    if any(day not in range(7) for day in doc.working_days):
        yield FieldProblem("/working_days", "Give days of the week, Monday as 0.")
    yield from _areas(doc)
    yield from _parts(doc)
    yield from _venues(doc)


def _areas(doc: ServiceDoc) -> Problems:
    if len(doc.areas) > MOST_AREAS:
        yield FieldProblem("/areas", f"Name at most {MOST_AREAS} areas; a whole council may be one.")
    for area in doc.areas:
        pattern = _ODS if area.kind in (AreaKind.PRACTICE, AreaKind.PCN) else _GSS
        if area.kind not in _AREA_KINDS or not pattern.fullmatch(area.code):
            yield FieldProblem("/areas", f"“{area.code}” is no code of a {area.kind}.")
    for n, polygon in enumerate(doc.polygons):
        yield from _named(polygon.name, f"/polygons/{n}/name")
        try:
            outline(polygon.extent, f"/polygons/{n}/extent")
        except Invalid as wrong:
            yield from wrong.errors


def _parts(doc: ServiceDoc) -> Problems:
    for name, parts in (
        ("polygons", doc.polygons), ("schedules", doc.schedules), ("costs", doc.costs),
        ("contacts", doc.contacts), ("phones", doc.phones), ("locations", doc.locations),
    ):  # fmt: skip
        if len(parts) > MOST_PARTS:
            yield FieldProblem(f"/{name}", f"Give at most {MOST_PARTS}.")
    for n, schedule in enumerate(doc.schedules):
        yield from _schedule(schedule, f"/schedules/{n}")
    for n, cost in enumerate(doc.costs):
        yield from _cost(cost, f"/costs/{n}")
    for n, contact in enumerate(doc.contacts):
        yield from _contact(contact, f"/contacts/{n}")
    for n, phone in enumerate(doc.phones):
        yield from _phone(phone, f"/phones/{n}")


def _venues(doc: ServiceDoc) -> Problems:
    ids = [venue.location_id for venue in doc.locations]
    if len(set(ids)) < len(ids):
        yield FieldProblem("/locations", "Name each venue once.")
    if ids and sum(venue.main for venue in doc.locations) != 1:
        yield FieldProblem("/locations", "Say which one of the venues is the main one.")


def _schedule(one: Opening, at: str) -> Problems:
    if one.freq is not None and one.freq not in _FREQUENCIES:
        yield FieldProblem(f"{at}/freq", "Choose WEEKLY or MONTHLY.")
    if not 1 <= one.interval <= 52:
        yield FieldProblem(f"{at}/interval", "Give a number from 1 to 52.")
    elif one.interval > 1 and one.dtstart is None:
        yield FieldProblem(f"{at}/dtstart", "Give the first day: every other one is counted from it.")
    if one.byday and not all(_BYDAY.fullmatch(day) for day in one.byday.split(",")):
        yield FieldProblem(f"{at}/byday", f"Give days such as {DAYS[1]},{DAYS[3]} or 2MO.")
    if one.byday and len(one.byday) > 60:
        yield FieldProblem(f"{at}/byday", "Give each day once.")
    if one.bymonthday and not re.fullmatch(r"-?[0-9]{1,2}(,-?[0-9]{1,2})*", one.bymonthday):
        yield FieldProblem(f"{at}/bymonthday", "Give days of the month such as 1,15.")
    if one.bymonthday and len(one.bymonthday) > 120:
        yield FieldProblem(f"{at}/bymonthday", "Give each day once.")
    if one.valid_from and one.valid_to and one.valid_to < one.valid_from:
        yield FieldProblem(f"{at}/valid_to", "The last day must not be before the first.")


def _cost(one: Cost, at: str) -> Problems:
    if one.option is None and one.amount is None and one.amount_description is None:
        yield FieldProblem(f"{at}/option", "Say what it is for, or how much it is.")
    if one.amount is not None and not (one.amount.is_finite() and 0 <= one.amount <= _MOST_MONEY):
        yield FieldProblem(f"{at}/amount", "Give an amount such as 2.50.")
    elif one.amount is not None and one.amount != round(one.amount, 2):
        yield FieldProblem(f"{at}/amount", "Give an amount in pounds and pence, such as 2.50.")
    if not re.fullmatch(r"[A-Z]{3}", one.currency):
        yield FieldProblem(f"{at}/currency", "Give a currency such as GBP.")
    if one.valid_from and one.valid_to and one.valid_to < one.valid_from:
        yield FieldProblem(f"{at}/valid_to", "The last day must not be before the first.")


def _contact(one: ContactPerson, at: str) -> Problems:
    if not (one.name or one.title or one.department or one.email):
        yield FieldProblem(f"{at}/name", "Give a name, what they do, or an e-mail address.")
    for n, phone in enumerate(one.phones):
        yield from _phone(phone, f"{at}/phones/{n}")


def _phone(one: Telephone, at: str) -> Problems:
    if sum(letter.isdigit() for letter in one.number) < 3:
        yield FieldProblem(f"{at}/number", "Give a telephone number.")


def _location(doc: LocationDoc) -> Problems:
    yield from _named(doc.name)
    if (doc.latitude is None) != (doc.longitude is None):
        yield FieldProblem("/latitude", "Give both latitude and longitude, or neither.")
    for name, degrees, most in (("latitude", doc.latitude, 90), ("longitude", doc.longitude, 180)):
        if degrees is not None and not -most <= degrees <= most:
            yield FieldProblem(f"/{name}", f"Give degrees from -{most} to {most}.")
    if (doc.external_identifier is None) != (doc.external_identifier_type is None):
        yield FieldProblem("/external_identifier", "Give the identifier and what kind it is, or neither.")
    if not re.fullmatch(r"[A-Z]{2}", doc.country):
        yield FieldProblem("/country", "Give a country such as GB.")
    if len(doc.accessibility) > MOST_PARTS:
        yield FieldProblem("/accessibility", f"Give at most {MOST_PARTS}.")
    for n, way in enumerate(doc.accessibility):
        if not (way.code or way.description or way.details or way.url):
            yield FieldProblem(f"/accessibility/{n}/description", "Say what there is.")


def _organization(doc: OrganizationDoc) -> Problems:
    yield from _named(doc.name)
    for pointer, address in (("/website", doc.website), ("/logo", doc.logo), ("/uri", doc.uri)):
        yield from _web(pointer, address)
    if doc.closed_on is not None and doc.status != "closed":
        yield FieldProblem("/closed_on", "Only a closed organisation has a day on which it closed.")
    schemes = [one.scheme for one in doc.identifiers]
    for one in doc.identifiers:
        if one.scheme == "GB-NHS" and not _ODS.fullmatch(one.identifier):
            yield FieldProblem("/identifiers", "An ODS code has 3 to 9 capital letters and figures.")
        if one.scheme == "GB-CHC" and not _CHARITY.fullmatch(one.identifier):
            yield FieldProblem("/identifiers", "A charity number has 6 or 7 figures.")
        if not one.identifier.strip() or not one.scheme.strip():
            yield FieldProblem("/identifiers", "Give the identifier and its scheme.")
    if len(schemes) > MOST_PARTS:
        yield FieldProblem("/identifiers", f"Give at most {MOST_PARTS}.")


def _named(name: str, pointer: str = "/name") -> Problems:
    if not name.strip():
        yield FieldProblem(pointer, "Say what it is called.")


def _web(pointer: str, address: str | None) -> Problems:
    # Shown as a link: nothing but the web, and no address that would run a script.
    if address and not _WEB.fullmatch(address):
        yield FieldProblem(pointer, "Give a web address, like https://www.example.org.")
