"""Listings as rows of a sheet, safe to open: no cell is taken for a formula, and none loses a letter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from services.directory.domain.documents import LocationDoc, ServiceDoc
from services.directory.domain.feed import Facts, ServiceEntry
from services.directory.domain.fit import instant
from services.directory.domain.taxonomies import NEEDS

# A spreadsheet reckons with what begins so; the apostrophe before it says that it is text.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_MADE_SAFE = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")
_OWN_COLUMNS = (
    "name", "alternate_name", "kind", "status", "description", "alert", "url", "email", "phone",
    "contact_name", "connector_role", "support_type", "who_for", "not_for", "differs", "routes_in", "ending",
    "discreet", "open_to_others", "invitation", "application_process", "accreditations", "free",
    "fees_description", "hours", "interpretation_services", "languages", "working_days", "funders",
    "funded_until", "minimum_age", "maximum_age", "area_basis", "area_words", "circumstances",
    "sender_sectors",
)  # fmt: skip
_CAPACITY_COLUMNS = ("limit", "open_places", "declared_wait_days", "ask_first", "paused", "paused_until")
_VENUE_COLUMNS = (
    "venue_id", "venue_organization_id", "venue", "address", "town", "postcode", "latitude", "longitude",
    "private",
)  # fmt: skip
COLUMNS: tuple[str, ...] = (
    "id", "organization_id", "organization", *_OWN_COLUMNS, "needs", "areas", *_CAPACITY_COLUMNS,
    *_VENUE_COLUMNS, "assured_date", "last_modified",
)  # fmt: skip


def safe(cell: str) -> str:
    """The cell as a spreadsheet shows it and does not reckon with it; `as_said` undoes it exactly."""
    return "'" + cell if _FORMULA.match(cell) else cell


def as_said(cell: str) -> str:
    """What a cell said before it was made `safe`."""
    return cell[1:] if _MADE_SAFE.match(cell) else cell


def joined(values: Iterable[str]) -> str:
    """Several values as one cell; `apart` takes them apart again, whatever they say."""
    return "; ".join(re.sub(r"[\\;]|\A ", r"\\\g<0>", value) for value in values)


def apart(cell: str) -> tuple[str, ...]:
    """The values that a cell has, a semicolon between; one that belongs to a value has a backslash before."""
    found = re.findall(r" ?((?:\\.|[^\\;])*)(?:;|\Z)", cell, re.DOTALL)
    return tuple(re.sub(r"\\(.)", r"\1", one, flags=re.DOTALL) for one in found if one)


def row(entry: ServiceEntry, facts: Facts) -> list[str]:
    """A service as one row of `COLUMNS`; several values in a cell stand with a semicolon between."""
    doc = entry.doc
    owner = facts.organizations.get(doc.organization_id)
    values: dict[str, Any] = {
        "id": entry.id,
        "organization_id": doc.organization_id,
        "organization": owner.name if owner else "",
        **{name: getattr(doc, name) for name in _OWN_COLUMNS},
        "needs": doc.codes(NEEDS),
        "areas": tuple(sorted(f"{area.kind} {area.code}" for area in doc.areas)),
        **{name: getattr(entry.capacity, name) for name in _CAPACITY_COLUMNS},
        **_venue(doc, facts.locations),
        "assured_date": entry.assured_on,
        "last_modified": instant(entry.last_modified),
    }
    return [safe(_cell(values[name])) for name in COLUMNS]


def _venue(doc: ServiceDoc, locations: Mapping[Any, LocationDoc]) -> dict[str, Any]:
    """The main venue of those that may be told."""
    own_id = next((one.location_id for one in doc.locations if one.location_id in locations), None)
    if own_id is None:
        return dict.fromkeys(_VENUE_COLUMNS)
    found = locations[own_id]
    return {
        "venue_id": own_id,
        "venue_organization_id": found.organization_id,
        "venue": found.name,
        "address": found.address_1,
        "town": found.city,
        "postcode": found.postal_code,
        "latitude": found.latitude,
        "longitude": found.longitude,
        "private": found.private,
    }


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (tuple, list)):
        return joined(str(one) for one in value)
    return value.isoformat() if isinstance(value, date) else str(value)
