"""A listing as one value: all that may be said of a service, an organisation or a venue.

What a form, an API call and an import want to keep, and what a page, a feed and an export show, is the same
document; two that are equal say the same. Names are HSDS 3's where it has one. Times are UK local, amounts
in `currency` (ISO 4217), degrees WGS 84. Lists are in the order in which they are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.directory.domain.listings import LocationType, OrganizationStatus, ServiceStatus


@dataclass(frozen=True)
class Term:
    """A word of a taxonomy, by both codes."""

    taxonomy: str
    code: str


@dataclass(frozen=True)
class PatchArea:
    """One area of a patch: `kind` is of `AreaKind`, `code` a GSS or ODS code."""

    kind: str
    code: str


@dataclass(frozen=True)
class Polygon:
    """A part of a patch drawn on a map: `extent` is a GeoJSON Polygon or MultiPolygon."""

    name: str
    extent: Mapping[str, Any]


@dataclass(frozen=True)
class Opening:
    """HSDS `schedule`: one regular time; `location_id` where it holds for one venue only."""

    freq: str | None = None
    interval: int = 1
    byday: str | None = None
    bymonthday: str | None = None
    dtstart: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    opens_at: time | None = None
    closes_at: time | None = None
    description: str | None = None
    schedule_link: str | None = None
    attending_type: str | None = None
    notes: str | None = None
    location_id: UUID | None = None


@dataclass(frozen=True)
class Cost:
    """HSDS `cost_option`."""

    option: str | None = None
    amount: Decimal | None = None
    amount_description: str | None = None
    currency: str = "GBP"
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class Telephone:
    """HSDS `phone`; `languages` are those it is answered in."""

    number: str
    extension: str | None = None
    kind: str | None = None
    description: str | None = None
    languages: tuple[str, ...] = ()


@dataclass(frozen=True)
class ContactPerson:
    """HSDS `contact` with its own telephones."""

    name: str | None = None
    title: str | None = None
    department: str | None = None
    email: str | None = None
    phones: tuple[Telephone, ...] = ()


@dataclass(frozen=True)
class FoundAt:
    """HSDS `service_at_location`: a venue of the service, the main one first."""

    location_id: UUID
    main: bool = False


@dataclass(frozen=True)
class ServiceDoc:
    """HSDS `service` with its parts and our additions. What it can take is not in it: that is the service's
    own word (`domain/capacity.py`), except for `capacity` when it comes new."""

    organization_id: UUID
    name: str
    kind: str
    place_id: UUID | None = None
    status: str = ServiceStatus.INACTIVE
    alternate_name: str | None = None
    description: str = ""
    alert: str | None = None
    url: str | None = None
    email: str | None = None
    phone: str | None = None
    contact_name: str | None = None
    connector_role: str | None = None
    support_type: str | None = None
    who_for: str = ""
    not_for: str = ""
    differs: str = ""
    routes_in: tuple[str, ...] = ()
    ending: str | None = None
    discreet: bool = False
    open_to_others: bool = False
    invitation: str | None = None
    application_process: str | None = None
    accreditations: str | None = None
    free: bool | None = None
    fees_description: str | None = None
    hours: str | None = None
    interpretation_services: str | None = None
    languages: tuple[str, ...] = ()
    working_days: tuple[int, ...] = ()
    funders: tuple[str, ...] = ()
    funded_until: date | None = None
    minimum_age: int | None = None
    maximum_age: int | None = None
    area_basis: tuple[str, ...] = ()
    area_words: str = ""
    circumstances: tuple[str, ...] = ()
    sender_sectors: tuple[str, ...] = ()
    terms: frozenset[Term] = frozenset()
    areas: frozenset[PatchArea] = frozenset()
    polygons: tuple[Polygon, ...] = ()
    schedules: tuple[Opening, ...] = ()
    costs: tuple[Cost, ...] = ()
    contacts: tuple[ContactPerson, ...] = ()
    phones: tuple[Telephone, ...] = ()
    locations: tuple[FoundAt, ...] = ()
    team_ids: frozenset[UUID] = frozenset()

    def codes(self, taxonomy: str) -> tuple[str, ...]:
        """The codes of its words of one taxonomy, in order."""
        return tuple(sorted(term.code for term in self.terms if term.taxonomy == taxonomy))


@dataclass(frozen=True)
class Identifier:
    """HSDS `organization_identifier`; `scheme` is an org-id.guide code."""

    scheme: str
    identifier: str


@dataclass(frozen=True)
class OrganizationDoc:
    """HSDS `organization` with our additions."""

    name: str
    sector: str
    alternate_name: str | None = None
    description: str = ""
    place_id: UUID | None = None
    income_band: str | None = None
    email: str | None = None
    phone: str | None = None
    website: str | None = None
    logo: str | None = None
    uri: str | None = None
    address: str | None = None
    postal_code: str | None = None
    host_id: UUID | None = None
    parent_id: UUID | None = None
    status: str = OrganizationStatus.ACTIVE
    closed_on: date | None = None
    identifiers: frozenset[Identifier] = frozenset()
    terms: frozenset[Term] = frozenset()


@dataclass(frozen=True)
class WayIn:
    """HSDS `accessibility`; `code` is a word of the taxonomy of accessibility."""

    code: str | None = None
    description: str | None = None
    details: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class LocationDoc:
    """HSDS `location` with its address. A private one (a refuge) never leaves the directory."""

    organization_id: UUID
    name: str
    location_type: str = LocationType.PHYSICAL
    description: str = ""
    transportation: str | None = None
    external_identifier: str | None = None
    external_identifier_type: str | None = None
    address_1: str | None = None
    city: str | None = None
    state_province: str | None = None
    postal_code: str | None = None
    country: str = "GB"
    latitude: float | None = None
    longitude: float | None = None
    private: bool = False
    accessibility: tuple[WayIn, ...] = field(default_factory=tuple)


def changes(before: object, after: object) -> dict[str, tuple[Any, Any]]:
    """The fields in which two documents of one kind differ: before and after, by name."""
    return {
        name: (old, getattr(after, name)) for name, old in vars(before).items() if old != getattr(after, name)
    }
