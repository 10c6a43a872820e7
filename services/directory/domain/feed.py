"""What a feed tells: listings as documents, and the facts that they name by an id or a code."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from services.directory.domain.capacity import Capacity
from services.directory.domain.documents import LocationDoc, OrganizationDoc, ServiceDoc, Term
from services.directory.domain.part_ids import venue_id

# Told of a service that was deleted: its name went with it.
NO_LONGER_LISTED = "No longer listed"


@dataclass(frozen=True)
class TaxonomyFacts:
    """HSDS `taxonomy`."""

    id: UUID
    code: str
    name: str
    description: str
    uri: str | None = None
    version: str | None = None
    terms: tuple[TermFacts, ...] = ()


@dataclass(frozen=True)
class TermFacts:
    """HSDS `taxonomy_term`, with the taxonomy it is of."""

    id: UUID
    taxonomy_id: UUID
    taxonomy: str
    taxonomy_name: str
    code: str
    name: str
    description: str
    parent_id: UUID | None = None
    term_uri: str | None = None


@dataclass(frozen=True)
class ServiceEntry:
    """A service and what is known of it besides its document.

    `assured_on` is the day of its oldest check, `capacity_said_at` when it last said what it can take.
    """

    id: UUID
    doc: ServiceDoc
    last_modified: datetime
    assured_on: date | None = None
    capacity: Capacity = field(default_factory=Capacity)
    capacity_said_at: datetime | None = None


@dataclass(frozen=True)
class GoneEntry:
    """A service that was published and no longer is: no more is told of it. A deleted one has no name."""

    id: UUID
    organization_id: UUID
    status: str
    last_modified: datetime
    name: str | None = None


@dataclass(frozen=True)
class OrganizationEntry:
    """An organisation with its services, as far as they were asked for."""

    id: UUID
    doc: OrganizationDoc
    services: tuple[ServiceEntry, ...] = ()


@dataclass(frozen=True)
class VenueEntry:
    """HSDS `service_at_location`."""

    id: UUID
    location_id: UUID
    service: ServiceEntry


@dataclass(frozen=True)
class Facts:
    """What documents name: by id, by word, by area code (GSS, ODS) and by postcode (its council's name).

    `venues` are ids of services at locations, by the ids of both; `on` is the day it is told.
    """

    on: date
    organizations: Mapping[UUID, OrganizationDoc] = field(default_factory=dict)
    locations: Mapping[UUID, LocationDoc] = field(default_factory=dict)
    terms: Mapping[Term, TermFacts] = field(default_factory=dict)
    area_names: Mapping[str, str] = field(default_factory=dict)
    districts: Mapping[str, str] = field(default_factory=dict)
    venues: Mapping[tuple[UUID, UUID], UUID] = field(default_factory=dict)

    def venue(self, service_id: UUID, location_id: UUID) -> UUID:
        """The id of a service at a location."""
        return self.venues.get((service_id, location_id)) or venue_id(service_id, location_id)


def for_everybody(doc: ServiceDoc, public: Collection[UUID]) -> ServiceDoc:
    """The document without what is told to nobody: private venues, and every venue of a discreet service.

    `public` are the ids of venues that are not private. Hours kept at a venue that is not told are hours of
    the service.
    """
    told = () if doc.discreet else tuple(one for one in doc.locations if one.location_id in public)
    there = {one.location_id for one in told}
    schedules = tuple(
        one if one.location_id is None or one.location_id in there else replace(one, location_id=None)
        for one in doc.schedules
    )
    return replace(doc, locations=told, schedules=schedules)
