"""Listings as Open Referral UK 3.0: exactly the fields of the standard, none of them empty.

Ids are those kept here; the id of a part follows from its place in the document (`part_ids.py`). What the
standard has no field for is left out: languages (its `language` names none) and telephones are in HSDS
(`hsds_out.py`). What does not fit a field (an address on the web that is none) is left out too.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.directory.domain.documents import ServiceDoc, Term
from services.directory.domain.feed import NO_LONGER_LISTED, Facts, GoneEntry, ServiceEntry, VenueEntry
from services.directory.domain.fit import email_address, filled, instant, web_address
from services.directory.domain.oruk_out_bodies import (
    attributes,
    location,
    location_row,
    organization,
    organization_row,
)
from services.directory.domain.oruk_out_parts import contacts, cost_option, day, schedule, service_areas
from services.directory.domain.part_ids import part_id
from services.directory.domain.taxonomies import CIRCUMSTANCES

Json = dict[str, Any]
FREE = "Free"


def service(entry: ServiceEntry, facts: Facts) -> Json:
    """A service with all that hangs on it."""
    doc = entry.doc
    owner = facts.organizations.get(doc.organization_id)
    return service_row(entry) | filled(
        {
            "organization": owner and organization(doc.organization_id, owner, facts),
            "schedules": [schedule(entry.id, n, one, facts) for n, one in enumerate(doc.schedules)],
            "service_areas": service_areas(entry.id, doc, facts),
            "service_at_locations": [
                venue(entry.id, one.location_id, facts)
                for one in doc.locations
                if one.location_id in facts.locations
            ],
            "funding": [
                {"id": str(part_id(entry.id, "funding", n)), "source": source}
                for n, source in enumerate(doc.funders)
                if source.strip()
            ],
            "cost_options": [cost_option(entry.id, n, one) for n, one in enumerate(doc.costs)],
            "contacts": contacts(entry.id, doc),
            "attributes": attributes(entry.id, doc.terms | _asked_about(doc), facts),
        }
    )


def service_listed(entry: ServiceEntry, facts: Facts) -> Json:
    """A service in a list: what it has one of, and who offers it."""
    owner = facts.organizations.get(entry.doc.organization_id)
    told = service_row(entry)
    if owner is not None:
        told["organization"] = organization_row(entry.doc.organization_id, owner)
    return told


def service_row(entry: ServiceEntry) -> Json:
    """The fields a service has one of."""
    doc = entry.doc
    return filled(
        {
            "id": str(entry.id),
            "organization_id": str(doc.organization_id),
            "name": doc.name,
            "description": doc.description,
            "url": web_address(doc.url),
            "email": email_address(doc.email),
            "status": str(doc.status),
            "fees": doc.fees_description or (FREE if doc.free else None),
            "accreditations": doc.accreditations,
            "minimum_age": doc.minimum_age,
            "maximum_age": doc.maximum_age,
            "assured_date": day(entry.assured_on),
            "alert": doc.alert,
            "last_modified": instant(entry.last_modified),
        }
    )


def service_minimal(entry: ServiceEntry | GoneEntry) -> Json:
    """Enough to know whether to ask again: the standard's id and date, and what its schema requires."""
    if isinstance(entry, GoneEntry):
        return service_gone(entry)
    return {
        "id": str(entry.id),
        "name": entry.doc.name,
        "status": str(entry.doc.status),
        "last_modified": instant(entry.last_modified),
    }


def service_gone(entry: GoneEntry) -> Json:
    """A service that is no longer published: which, whose, and since when."""
    return {
        "id": str(entry.id),
        "organization_id": str(entry.organization_id),
        "name": entry.name or NO_LONGER_LISTED,
        "status": str(entry.status),
        "last_modified": instant(entry.last_modified),
    }


def service_at_location(entry: VenueEntry, facts: Facts) -> Json:
    """A service at a location, with the location."""
    return venue(entry.service.id, entry.location_id, facts)


def service_at_location_listed(entry: VenueEntry, facts: Facts) -> Json:
    """A service at a location in a list, with what its service and location have one of."""
    return {
        "id": str(entry.id),
        "service_id": str(entry.service.id),
        "location_id": str(entry.location_id),
        "location": location_row(entry.location_id, facts.locations[entry.location_id]),
        "service": service_listed(entry.service, facts),
    }


def venue(service_id: UUID, location_id: UUID, facts: Facts) -> Json:
    """A `service_at_location` of a service."""
    return {
        "id": str(facts.venue(service_id, location_id)),
        "service_id": str(service_id),
        "location_id": str(location_id),
        "location": location(location_id, facts.locations[location_id], facts),
    }


def _asked_about(doc: ServiceDoc) -> frozenset[Term]:
    return frozenset(Term(CIRCUMSTANCES, code) for code in doc.circumstances)
