"""The parts of a service as Open Referral UK 3.0: times, areas, costs, contacts."""

from __future__ import annotations

import json
from datetime import date, time
from typing import Any
from uuid import UUID

from services.directory.domain.documents import Cost, Opening, PatchArea, ServiceDoc
from services.directory.domain.feed import Facts
from services.directory.domain.fit import filled, web_address
from services.directory.domain.listings import AreaKind
from services.directory.domain.part_ids import OWN, area_id, part_id

Json = dict[str, Any]
POUNDS = "GBP"
_GSS = "http://statistics.data.gov.uk/id/statistical-geography/"
_ODS = "https://directory.spineservices.nhs.uk/ORD/2-0-0/organisations/"


def schedule(service_id: UUID, position: int, one: Opening, facts: Facts) -> Json:
    """A regular time, in UK local time."""
    return filled(
        {
            "id": str(part_id(service_id, "schedule", position)),
            "service_id": str(service_id),
            "service_at_location_id": str(facts.venue(service_id, one.location_id))
            if one.location_id
            else None,
            "valid_from": day(one.valid_from),
            "valid_to": day(one.valid_to),
            "dtstart": day(one.dtstart),
            "freq": str(one.freq) if one.freq else None,
            "interval": one.interval if one.freq or one.interval != 1 else None,
            "byday": one.byday,
            "bymonthday": one.bymonthday,
            "description": one.description,
            "opens_at": clock_time(one.opens_at),
            "closes_at": clock_time(one.closes_at),
            "schedule_link": web_address(one.schedule_link),
            "attending_type": one.attending_type,
            "notes": one.notes,
        }
    )


def service_areas(service_id: UUID, doc: ServiceDoc, facts: Facts) -> list[Json]:
    """The patch: each area by its code, each drawn part, and what is said of it in words."""
    told: list[Json] = [
        filled(
            {
                "id": str(area_id(service_id, area.kind, area.code)),
                "service_id": str(service_id),
                "name": facts.area_names.get(area.code, area.code),
                "uri": area_uri(area),
            }
        )
        for area in sorted(doc.areas, key=lambda area: (area.kind, area.code))
    ]
    told += [
        {
            "id": str(part_id(service_id, "polygon", n)),
            "service_id": str(service_id),
            "name": polygon.name,
            "extent": json.dumps(polygon.extent, separators=(",", ":")),
            "extent_type": "geojson",
        }
        for n, polygon in enumerate(doc.polygons)
    ]
    if doc.area_words.strip():
        words = {"id": str(area_id(service_id, "words", OWN)), "service_id": str(service_id)}
        told.append({**words, "extent_type": "text", "service_area": doc.area_words})
    return told


def area_uri(area: PatchArea) -> str:
    """Where the area's publisher describes it: ONS for a GSS code, NHS England for an ODS code."""
    return (_ODS if area.kind in (AreaKind.PRACTICE, AreaKind.PCN) else _GSS) + area.code


def cost_option(service_id: UUID, position: int, one: Cost) -> Json:
    """What it costs, in pounds: the standard names no currency, so another one is said in words."""
    in_pounds = one.currency == POUNDS
    words = one.amount_description
    if not in_pounds and one.amount is not None:
        words = "; ".join(part for part in (f"{one.amount} {one.currency}", words) if part)
    return filled(
        {
            "id": str(part_id(service_id, "cost", position)),
            "service_id": str(service_id),
            "valid_from": day(one.valid_from),
            "valid_to": day(one.valid_to),
            "option": one.option,
            "amount": float(one.amount) if in_pounds and one.amount is not None else None,
            "amount_description": words,
        }
    )


def contacts(service_id: UUID, doc: ServiceDoc) -> list[Json]:
    """Whom to ask: the one in the service's own row first."""
    told: list[Json] = []
    if _said(doc.contact_name):
        told.append({"id": str(part_id(service_id, "contact", OWN)), "name": doc.contact_name})
    told += [
        {"id": str(part_id(service_id, "contact", n)), "name": one.name, "title": one.title}
        for n, one in enumerate(doc.contacts)
    ]
    return [
        filled({**one, "service_id": str(service_id)})
        for one in told
        if _said(one["name"]) or _said(one.get("title"))
    ]


def clock_time(at: time | None) -> str | None:
    """A time of day as in the standard's examples: `10:00:00`."""
    return at.strftime("%H:%M:%S") if at is not None else None


def day(on: date | None) -> str | None:
    """A day as ISO 8601."""
    return on.isoformat() if on else None


def _said(text: str | None) -> str | None:
    return text if text and text.strip() else None
