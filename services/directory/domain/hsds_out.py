"""Listings as HSDS 3.1: what Open Referral UK tells, with what only the wider standard has a field for.

What HSDS has no word for stands in one object `linkwork`, as the standard lets a publisher add: who a service
is not for, how it differs, ways in, and so on. With `whole`, for an organisation's own copy, that object has
all the rest too, so that the listing can be read back as it was (`as_written` holds what had to be left out
or filled in for a field of the standard).
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid5

from services.directory.domain import oruk_out, oruk_out_bodies
from services.directory.domain.capacity import capacity_words
from services.directory.domain.documents import LocationDoc, OrganizationDoc, ServiceDoc, Telephone
from services.directory.domain.feed import Facts, GoneEntry, OrganizationEntry, ServiceEntry, VenueEntry
from services.directory.domain.fit import email_address, filled, instant
from services.directory.domain.hsds_out_own import (
    EXTENSION,
    own_of_location,
    own_of_organization,
    own_of_service,
    with_as_written,
)
from services.directory.domain.importing.own_copy import read_location, read_organization, read_service
from services.directory.domain.oruk_out_parts import cost_option
from services.directory.domain.part_ids import OWN, part_id

Json = dict[str, Any]
# One unit of what a service can take: a place for one person.
PLACE_UNIT = {"id": str(uuid5(UUID(int=0), "linkwork:unit:place")), "name": "place"}


def service(entry: ServiceEntry, facts: Facts, *, whole: bool = False) -> Json:
    """A service with all that hangs on it."""
    told = {**oruk_out.service(entry, facts), **service_row(entry, whole=whole)}
    told.pop("fees", None)
    doc = entry.doc
    owner = facts.organizations.get(doc.organization_id)
    places = [
        venue(entry.id, one.location_id, facts, whole=whole)
        for one in doc.locations
        if one.location_id in facts.locations
    ]
    told |= filled(
        {
            "organization": owner and organization(doc.organization_id, owner, facts, whole=whole),
            "service_at_locations": places,
            "phones": _phones(entry.id, doc),
            "contacts": _contacts(entry.id, doc),
            "languages": _languages(entry.id, "language", doc.languages),
            "cost_options": [
                cost_option(entry.id, n, one)
                | filled(
                    {
                        "currency": one.currency if one.amount is not None else None,
                        "amount": float(one.amount) if one.amount is not None else None,
                        "amount_description": one.amount_description,
                    }
                )
                for n, one in enumerate(doc.costs)
            ],
            "attributes": [
                {**one, "link_entity": "service", "value": one["taxonomy_term"]["term"]}
                for one in told.get("attributes", [])
            ],
            "capacities": _capacities(entry, facts.on),
        }
    )
    return with_as_written(told, doc, read_service) if whole else told


def service_listed(entry: ServiceEntry, facts: Facts) -> Json:
    """A service in a list: what it has one of, and who offers it."""
    owner = facts.organizations.get(entry.doc.organization_id)
    told = service_row(entry)
    if owner is not None:
        told["organization"] = organization_row(entry.doc.organization_id, owner)
    return told


def service_row(entry: ServiceEntry, *, whole: bool = False) -> Json:
    """The fields a service has one of."""
    doc = entry.doc
    told = oruk_out.service_row(entry)
    told.pop("fees", None)
    return told | filled(
        {
            "alternate_name": doc.alternate_name,
            "eligibility_description": doc.who_for,
            "application_process": doc.application_process,
            "interpretation_services": doc.interpretation_services,
            "fees_description": doc.fees_description,
            EXTENSION: own_of_service(entry, whole=whole),
        }
    )


def service_minimal(entry: ServiceEntry | GoneEntry) -> Json:
    """As Open Referral UK has it."""
    return oruk_out.service_minimal(entry)


def service_gone(entry: GoneEntry) -> Json:
    """As Open Referral UK has it."""
    return oruk_out.service_gone(entry)


def organization_listed(entry: OrganizationEntry) -> Json:
    """An organisation in a list."""
    return organization_row(entry.id, entry.doc)


def organization_row(organization_id: UUID, doc: OrganizationDoc, *, whole: bool = False) -> Json:
    """The fields an organisation has one of."""
    told = oruk_out_bodies.organization_row(organization_id, doc)
    return told | filled(
        {"alternate_name": doc.alternate_name, EXTENSION: own_of_organization(doc, whole=whole)}
    )


def organization(organization_id: UUID, doc: OrganizationDoc, facts: Facts, *, whole: bool = False) -> Json:
    """An organisation with what others call it, its telephone and the words said of it."""
    told = oruk_out_bodies.organization(organization_id, doc, facts, every_name=whole)
    phone = {"id": str(part_id(organization_id, "phone", OWN)), "organization_id": str(organization_id)}
    said = doc.phone and doc.phone.strip()
    told = (
        told
        | organization_row(organization_id, doc, whole=whole)
        | filled(
            {
                "phones": [{**phone, "number": doc.phone}] if said else [],
                "attributes": [
                    {**one, "link_entity": "organization", "value": one["taxonomy_term"]["term"]}
                    for one in told.get("attributes", [])
                ],
            }
        )
    )
    return with_as_written(told, doc, read_organization) if whole else told


def service_at_location(entry: VenueEntry, facts: Facts) -> Json:
    """A service at a location, with the location."""
    return venue(entry.service.id, entry.location_id, facts)


def service_at_location_listed(entry: VenueEntry, facts: Facts) -> Json:
    """A service at a location in a list."""
    told = oruk_out.service_at_location_listed(entry, facts)
    return told | {"service": service_listed(entry.service, facts)}


def venue(service_id: UUID, location_id: UUID, facts: Facts, *, whole: bool = False) -> Json:
    """A `service_at_location` of a service."""
    told = oruk_out.venue(service_id, location_id, facts)
    return told | {"location": location(location_id, facts, whole=whole)}


def location(location_id: UUID, facts: Facts, *, whole: bool = False) -> Json:
    """A location with its address and the ways in."""
    doc: LocationDoc = facts.locations[location_id]
    told = oruk_out_bodies.location(location_id, doc, facts)
    told |= filled(
        {
            "organization_id": str(doc.organization_id),
            "transportation": doc.transportation,
            EXTENSION: own_of_location(doc) if whole else None,
        }
    )
    return with_as_written(told, doc, read_location) if whole else told


def _phones(service_id: UUID, doc: ServiceDoc) -> list[Json]:
    """The one in the service's own row first; those of a contact stand with the contact."""
    told = []
    if doc.phone and doc.phone.strip():
        told.append(_phone(service_id, OWN, Telephone(number=doc.phone)))
    return told + [_phone(service_id, n, one) for n, one in enumerate(doc.phones)]


def _phone(service_id: UUID, position: int | str, one: Telephone) -> Json:
    own_id = part_id(service_id, "phone", position)
    # The standard's extension is a number: one with a nought in front is said with the number.
    counts = one.extension is not None and one.extension.isascii() and one.extension.isdigit()
    as_number = one.extension if counts and not (one.extension or "").startswith("0") else None
    beside = f" ext. {one.extension}" if one.extension and as_number is None else ""
    return filled(
        {
            "id": str(own_id),
            "service_id": str(service_id),
            "number": one.number + beside,
            "extension": int(as_number) if as_number else None,
            "type": one.kind,
            "description": one.description,
            "languages": _languages(own_id, "language", one.languages),
        }
    )


def _contacts(service_id: UUID, doc: ServiceDoc) -> list[Json]:
    told: list[Json] = []
    if doc.contact_name and doc.contact_name.strip():
        told.append({"id": str(part_id(service_id, "contact", OWN)), "name": doc.contact_name})
    told_phones = len(doc.phones)
    for n, one in enumerate(doc.contacts):
        first, told_phones = told_phones, told_phones + len(one.phones)
        own_id = str(part_id(service_id, "contact", n))
        told.append(
            {
                "id": own_id,
                "name": one.name,
                "title": one.title,
                "department": one.department,
                "email": email_address(one.email),
                "phones": [
                    _phone(service_id, first + m, phone) | {"contact_id": own_id}
                    for m, phone in enumerate(one.phones)
                ],
            }
        )
    return [filled({**one, "service_id": str(service_id)}) for one in told]


def _languages(owner: UUID, part: str, codes: tuple[str, ...]) -> list[Json]:
    return [{"id": str(part_id(owner, part, n)), "code": code} for n, code in enumerate(codes)]


def _capacities(entry: ServiceEntry, on: date) -> list[Json]:
    """HSDS 3.1 `service_capacity`, where it is said how many can be taken; one that pauses takes nobody."""
    said = entry.capacity
    available = 0 if said.is_paused(on) else said.open_places
    if available is None:
        return []
    return [
        filled(
            {
                "id": str(part_id(entry.id, "capacity", "place")),
                "service_id": str(entry.id),
                "unit": PLACE_UNIT,
                "unit_id": PLACE_UNIT["id"],
                "available": available,
                "maximum": said.limit,
                "description": capacity_words(said, on),
                "updated": instant(entry.capacity_said_at or entry.last_modified),
            }
        )
    ]
