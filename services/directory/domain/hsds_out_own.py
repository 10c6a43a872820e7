"""What HSDS has no field for: the object `linkwork` of a service, an organisation and a location."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.directory.domain.documents import LocationDoc, OrganizationDoc, ServiceDoc
from services.directory.domain.feed import ServiceEntry
from services.directory.domain.fit import email_address, filled, web_address

Json = dict[str, Any]
# Told to everybody: our own additions to a service, by their names in the document.
_TOLD = (
    "kind", "connector_role", "support_type", "not_for", "differs", "routes_in", "ending", "discreet",
    "open_to_others", "invitation", "free", "hours", "area_basis", "circumstances", "sender_sectors",
    "working_days", "funded_until",
)  # fmt: skip
# Besides, in an organisation's own copy.
_ORGANIZATION_OWN = ("income_band", "address", "postal_code", "host_id", "closed_on")


def own_of_service(entry: ServiceEntry, told: Mapping[str, Any], *, whole: bool) -> Json:
    """Our additions; `told` is what the standard's fields say."""
    doc, capacity = entry.doc, entry.capacity
    own = {name: plain(getattr(doc, name)) for name in _TOLD}
    own |= {
        "ask_first": capacity.ask_first or None,
        "paused": capacity.paused or None,
        "paused_until": plain(capacity.paused_until),
        "declared_wait_days": capacity.declared_wait_days,
    }
    if whole:
        own |= {
            "place_id": plain(doc.place_id),
            "team_ids": sorted(str(team) for team in doc.team_ids),
            "main_location_id": plain(next((one.location_id for one in doc.locations if one.main), None)),
            "capacity_limit": capacity.limit,
            "as_written": _service_as_written(doc, told),
        }
    return filled(own)


def own_of_organization(doc: OrganizationDoc, told: Mapping[str, Any], *, whole: bool) -> Json:
    """Its sector; in its own copy what only it and the directory know, too."""
    own: Json = {"sector": doc.sector}
    if whole:
        own |= {name: plain(getattr(doc, name)) for name in _ORGANIZATION_OWN}
        own["status"] = str(doc.status)
        own["as_written"] = _unlike(doc, told, "description", "email", "website", "logo", "uri")
    return filled(own)


def own_of_location(doc: LocationDoc, told: Mapping[str, Any]) -> Json:
    """What an own copy says besides: that it is private, and the address as it was written."""
    address: Mapping[str, Any] = next(iter(told.get("addresses", [])), {})
    names = ("address_1", "city", "state_province", "postal_code", "country")
    return filled(
        {
            "private": doc.private or None,
            "as_written": _unlike(doc, address, *names),
            "ways_in": [
                plain(one.url) if web_address(one.url) != one.url else None for one in doc.accessibility
            ]
            if any(one.url and web_address(one.url) != one.url for one in doc.accessibility)
            else None,
        }
    )


def plain(value: Any) -> Any:
    """A value of a document as JSON has it."""
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    if isinstance(value, (bool, int, float)) or value is None:
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


def _service_as_written(doc: ServiceDoc, told: Mapping[str, Any]) -> Json:
    written = _unlike(doc, told, "url", "email")
    emails = [one.email if email_address(one.email) != one.email else None for one in doc.contacts]
    if any(emails):
        written["contact_emails"] = emails
    links = [
        one.schedule_link if web_address(one.schedule_link) != one.schedule_link else None
        for one in doc.schedules
    ]
    if any(links):
        written["schedule_links"] = links
    return written


def _unlike(doc: object, told: Mapping[str, Any], *names: str) -> Json:
    """The fields of the document that the standard's fields do not say as they are."""
    said = {name: plain(getattr(doc, name)) for name in names}
    return {name: value for name, value in said.items() if (value or None) != told.get(name)}
