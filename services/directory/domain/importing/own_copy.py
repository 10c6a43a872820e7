"""Listings read back out of what this product writes itself (HSDS with `linkwork`), exactly as they were.

An own copy (`linkwork.whole`) says all of a document, so it is taken over field by field; what the standard's
fields could not say as it was stands in `as_written`. The feed for everybody says only part: what it leaves
out is not blanked. Whatever cannot be read so is None, and read as anybody's feed is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from datetime import date, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.directory.domain.capacity import Capacity
from services.directory.domain.document_checks import check_location, check_organization, check_service
from services.directory.domain.documents import (
    ContactPerson,
    Cost,
    FoundAt,
    Identifier,
    LocationDoc,
    Opening,
    OrganizationDoc,
    PatchArea,
    Polygon,
    ServiceDoc,
    Telephone,
    Term,
    WayIn,
)
from services.directory.domain.importing.codec import fits, said_from_json, storable, to_json
from services.directory.domain.importing.reading_bodies import filled
from services.directory.domain.listings import AreaKind
from services.directory.domain.part_ids import OWN, area_id, part_id
from services.directory.domain.taxonomies import ACCESSIBILITY
from shared.errors import Invalid

Json = Mapping[str, Any]
Fields = dict[str, Any]
WHOLE = "whole"
# Not of the document: what a service can take, of one that comes new.
CAPACITY = "_capacity"
# Of others than its owner nobody is told.
_NOT_FOR_EVERYBODY = frozenset({"place_id", "team_ids"})
_SAME = ("name", "status", "alternate_name", "alert", "application_process", "accreditations", "url", "email",
         "interpretation_services", "fees_description", "minimum_age", "maximum_age")  # fmt: skip
_OURS = ("kind", "connector_role", "support_type", "ending", "discreet", "open_to_others", "invitation",
         "free", "hours")  # fmt: skip
_OURS_TEXT = ("not_for", "differs")
_OURS_MANY = ("routes_in", "area_basis", "circumstances", "sender_sectors", "working_days")
_OPENING_TEXTS = ("freq", "byday", "bymonthday", "description", "schedule_link", "attending_type", "notes")
_BODY_SAME = ("name", "alternate_name", "email", "website", "logo", "uri")
_BODY_OURS = ("sector", "income_band", "address", "postal_code")
_VENUE_SAME = ("name", "transportation", "external_identifier", "external_identifier_type",
               "latitude", "longitude")  # fmt: skip
_ADDRESS = ("address_1", "city", "state_province", "postal_code")
_UNREADABLE = (KeyError, ValueError, TypeError, AttributeError, ArithmeticError, Invalid)


def is_ours(item: Json) -> bool:
    """Whether it is a service as this product tells it."""
    own = item.get("linkwork")
    return isinstance(own, Mapping) and isinstance(own.get("kind"), str)


def is_whole(item: Json) -> bool:
    """Whether it is an own copy of a service."""
    return is_ours(item) and item["linkwork"].get(WHOLE) is True


def service_fields(item: Json) -> Fields | None:
    """What is said of a service, with `CAPACITY`."""
    if not is_ours(item):
        return None
    found = _fields(item, read_service, check_service, whole=is_whole(item))
    if found is not None:
        found[CAPACITY] = _capacity(item)
    return found


def organization_fields(item: Json, *, whole: bool) -> Fields | None:
    """What is said of an organisation that such a service names."""
    return _fields(item, read_organization, check_organization, whole=whole)


def location_fields(item: Json, *, whole: bool) -> Fields | None:
    """What is said of a venue where such a service is found."""
    return _fields(item, read_location, check_location, whole=whole)


def unlike(doc: object, read: object) -> Fields:
    """The fields of a document that are read back as something else, as `as_written` has them."""
    return {
        one.name: to_json(getattr(doc, one.name))
        for one in fields(doc)  # type: ignore[arg-type]
        if getattr(doc, one.name) != getattr(read, one.name)
    }


def _fields(
    item: Json, read: Callable[[Json], Any], check: Callable[[Any], None], *, whole: bool
) -> Fields | None:
    try:
        item = storable(item)
        doc = read(item)
        written = item.get("linkwork", {}).get("as_written") if whole else None
        if written:
            doc = replace(doc, **said_from_json(type(doc), written))
        if not fits(type(doc), doc):
            return None
        check(doc)
    except _UNREADABLE:
        return None
    said = {one.name: getattr(doc, one.name) for one in fields(doc)}
    if whole:
        return said
    untold = _NOT_FOR_EVERYBODY if read is not read_organization else _NOT_FOR_EVERYBODY | {"status"}
    return filled({name: value for name, value in said.items() if name not in untold})


def _capacity(item: Json) -> Fields:
    ours = item["linkwork"]
    said = {one.name: ours[one.name] for one in fields(Capacity) if one.name in ours}
    if is_whole(item):
        return said | ({"limit": ours["capacity_limit"]} if "capacity_limit" in ours else {})
    for one in item.get("capacities") or ():
        # Of one that pauses everybody is told that it takes nobody.
        paused = said.get("paused") or said.get("paused_until")
        said |= filled({"limit": one.get("maximum"), "open_places": None if paused else one.get("available")})
    return said


def capacity_said(written: Any) -> Capacity:
    """A capacity as a row keeps it; one that is none says nothing."""
    try:
        found = Capacity(**said_from_json(Capacity, written or {}))
    except _UNREADABLE:
        return Capacity()
    return found if fits(Capacity, found) else Capacity()


def read_service(told: Json) -> ServiceDoc:
    """The document of a service, but for `as_written`."""
    own_id, ours = UUID(told["id"]), told["linkwork"]
    venues = {one["id"]: UUID(one["location_id"]) for one in told.get("service_at_locations", [])}
    main = ours.get("main_location_id") or (str(next(iter(venues.values()))) if venues else None)
    row_phone, phones = _apart(told.get("phones", []), part_id(own_id, "phone", OWN))
    row_contact, contacts = _apart(told.get("contacts", []), part_id(own_id, "contact", OWN))
    areas = list(told.get("service_areas", []))
    return ServiceDoc(
        organization_id=UUID(told["organization_id"]),
        description=told.get("description", ""),
        who_for=told.get("eligibility_description", ""),
        **_of(told, _SAME),
        **_of_ours(ours),
        phone=(row_phone or {}).get("number"),
        contact_name=(row_contact or {}).get("name"),
        place_id=_uuid(ours.get("place_id")),
        funded_until=_day(ours, "funded_until"),
        team_ids=frozenset(UUID(team) for team in ours.get("team_ids", ())),
        languages=_codes(told),
        funders=tuple(one["source"] for one in told.get("funding", [])),
        area_words=next((one["service_area"] for one in areas if one.get("extent_type") == "text"), ""),
        areas=frozenset(_area(own_id, one) for one in areas if "uri" in one),
        polygons=tuple(
            Polygon(one.get("name", ""), json.loads(one["extent"]))
            for one in areas
            if one.get("extent_type") == "geojson"
        ),
        terms=_terms(told),
        schedules=tuple(_schedule(one, venues) for one in told.get("schedules", [])),
        costs=tuple(_cost(one) for one in told.get("cost_options", [])),
        phones=tuple(_phone(one) for one in phones),
        contacts=tuple(
            ContactPerson(
                one.get("name"), one.get("title"), one.get("department"), one.get("email"),
                tuple(_phone(phone) for phone in one.get("phones", [])),
            )
            for one in contacts
        ),
        locations=tuple(FoundAt(place, main=str(place) == main) for place in venues.values()),
    )  # fmt: skip


def read_organization(told: Json) -> OrganizationDoc:
    """The document of an organisation, but for `as_written`."""
    ours = told.get("linkwork", {})
    return OrganizationDoc(
        # The standard wants a description: one that has none is told by its name.
        description="" if told.get("description") == told.get("name") else told.get("description", ""),
        **_of(told, _BODY_SAME),
        **_of(ours, _BODY_OURS),
        phone=next((one.get("number") for one in told.get("phones", [])), None),
        status=ours.get("status", OrganizationDoc.status),
        closed_on=_day(ours, "closed_on"),
        place_id=_uuid(ours.get("place_id")),
        host_id=_uuid(ours.get("host_id")),
        parent_id=_uuid(told.get("parent_organization_id")),
        identifiers=frozenset(
            Identifier(one["identifier_scheme"], one["identifier"])
            for one in told.get("organization_identifiers", [])
        ),
        terms=_terms(told),
    )


def read_location(told: Json) -> LocationDoc:
    """The document of a venue, but for `as_written`."""
    address: Json = next(iter(told.get("addresses", [])), {})
    return LocationDoc(
        organization_id=UUID(told["organization_id"]),
        location_type=told.get("location_type", LocationDoc.location_type),
        description=told.get("description", ""),
        **_of(told, _VENUE_SAME),
        **_of(address, _ADDRESS),
        country=address.get("country", LocationDoc.country),
        private=told.get("linkwork", {}).get("private") is True,
        accessibility=tuple(
            WayIn(
                next((one.code for one in _terms(way) if one.taxonomy == ACCESSIBILITY), None),
                *(way.get(name) for name in ("description", "details", "url")),
            )
            for way in told.get("accessibility", [])
        ),
    )


def _of(told: Json, names: Iterable[str]) -> Fields:
    return {name: told.get(name) for name in names}


def _of_ours(ours: Json) -> Fields:
    said = _of(ours, _OURS)
    said |= {name: bool(ours.get(name)) for name in ("discreet", "open_to_others")}
    said |= {name: ours.get(name, "") for name in _OURS_TEXT}
    return said | {name: tuple(ours.get(name, ())) for name in _OURS_MANY}


def _apart(parts: Iterable[Json], row_id: UUID) -> tuple[Json | None, list[Json]]:
    """The one of the service's own row, and the others."""
    own = [one for one in parts if one["id"] == str(row_id)]
    return (own[0] if own else None), [one for one in parts if one not in own]


def _terms(told: Json) -> frozenset[Term]:
    return frozenset(
        Term(one["link_type"], one["taxonomy_term"]["term"])
        for one in told.get("attributes", [])
        if one["link_type"] != "eligibility"
    )


def _area(service_id: UUID, one: Json) -> PatchArea:
    code = str(one["uri"]).rsplit("/", 1)[1]
    (kind,) = (kind for kind in AreaKind if str(area_id(service_id, kind, code)) == one["id"])
    return PatchArea(str(kind), code)


def _schedule(one: Json, venues: Mapping[str, UUID]) -> Opening:
    said: Fields = {name: _day(one, name) for name in ("dtstart", "valid_from", "valid_to")}
    said |= {
        name: time.fromisoformat(one[name]) if name in one else None for name in ("opens_at", "closes_at")
    }
    return Opening(
        interval=one.get("interval", 1),
        location_id=venues.get(one.get("service_at_location_id", "")),
        **_of(one, _OPENING_TEXTS),
        **said,
    )


def _cost(one: Json) -> Cost:
    return Cost(
        option=one.get("option"),
        amount=Decimal(str(one["amount"])) if "amount" in one else None,
        amount_description=one.get("amount_description"),
        currency=one.get("currency", "GBP"),
        valid_from=_day(one, "valid_from"),
        valid_to=_day(one, "valid_to"),
    )


def _phone(one: Json) -> Telephone:
    extension = str(one["extension"]) if "extension" in one else None
    return Telephone(one.get("number", ""), extension, one.get("type"), one.get("description"), _codes(one))


def _codes(one: Json) -> tuple[str, ...]:
    return tuple(language["code"] for language in one.get("languages", []))


def _day(one: Json, name: str) -> date | None:
    return date.fromisoformat(one[name]) if name in one else None


def _uuid(text: str | None) -> UUID | None:
    return UUID(text) if text else None
