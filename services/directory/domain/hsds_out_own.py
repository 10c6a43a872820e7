"""What HSDS has no field for: the object `linkwork` of a service, an organisation and a location."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from services.directory.domain.documents import LocationDoc, OrganizationDoc
from services.directory.domain.feed import ServiceEntry
from services.directory.domain.fit import filled
from services.directory.domain.importing.own_copy import WHOLE, unlike

Json = dict[str, Any]
EXTENSION = "linkwork"
# Told to everybody: our own additions to a service, by their names in the document.
_TOLD = (
    "kind", "connector_role", "support_type", "not_for", "differs", "routes_in", "ending", "discreet",
    "open_to_others", "invitation", "free", "hours", "area_basis", "circumstances", "sender_sectors",
    "working_days", "funded_until",
)  # fmt: skip
# Besides, in an organisation's own copy.
_ORGANIZATION_OWN = ("place_id", "income_band", "address", "postal_code", "host_id", "closed_on")


def own_of_service(entry: ServiceEntry, *, whole: bool) -> Json:
    """Our additions."""
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
            "open_places": capacity.open_places,
            WHOLE: True,
        }
    return filled(own)


def own_of_organization(doc: OrganizationDoc, *, whole: bool) -> Json:
    """Its sector; in its own copy what only it and the directory know, too."""
    own: Json = {"sector": doc.sector}
    if whole:
        own |= {name: plain(getattr(doc, name)) for name in _ORGANIZATION_OWN}
        own["status"] = str(doc.status)
    return filled(own)


def own_of_location(doc: LocationDoc) -> Json:
    """What an own copy says besides: that it is private."""
    return filled({"private": doc.private or None})


def with_as_written(told: Json, doc: object, read: Callable[[Json], object]) -> Json:
    """An own copy with `as_written`: the fields that would be read back as something else."""
    if written := unlike(doc, read(told)):
        told[EXTENSION] = told.get(EXTENSION, {}) | {"as_written": written}
    return told


def plain(value: Any) -> Any:
    """A value of a document as JSON has it."""
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    if isinstance(value, (bool, int, float)) or value is None:
        return value
    return value.isoformat() if isinstance(value, date) else str(value)
