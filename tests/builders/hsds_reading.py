"""A document read back out of an organisation's own copy (HSDS): what proves that the copy lost nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.directory.domain.documents import (
    ContactPerson,
    Cost,
    FoundAt,
    Opening,
    PatchArea,
    Polygon,
    ServiceDoc,
    Telephone,
    Term,
)
from services.directory.domain.listings import AreaKind
from services.directory.domain.part_ids import OWN, area_id, part_id

Json = Mapping[str, Any]
_SAME = ("name", "status", "alternate_name", "alert", "application_process", "accreditations",
         "interpretation_services", "fees_description", "minimum_age", "maximum_age")  # fmt: skip
_OURS = ("kind", "connector_role", "support_type", "ending", "discreet", "open_to_others", "invitation",
         "free", "hours")  # fmt: skip
_OURS_TEXT = ("not_for", "differs")
_OURS_MANY = ("routes_in", "area_basis", "circumstances", "sender_sectors", "working_days")


def service_doc(told: Json) -> ServiceDoc:
    """The document whose copy this is."""
    own_id, ours = UUID(told["id"]), told["linkwork"]
    written = ours.get("as_written", {})
    venues = {one["id"]: UUID(one["location_id"]) for one in told.get("service_at_locations", [])}
    row_phone, phones = _apart(told.get("phones", []), part_id(own_id, "phone", OWN))
    row_contact, contacts = _apart(told.get("contacts", []), part_id(own_id, "contact", OWN))
    areas = list(told.get("service_areas", []))
    return ServiceDoc(
        organization_id=UUID(told["organization_id"]),
        description=told.get("description", ""),
        who_for=told.get("eligibility_description", ""),
        **{name: told.get(name) for name in _SAME},
        **{name: written.get(name, told.get(name)) for name in ("url", "email")},
        **{name: ours.get(name) for name in _OURS},
        **{name: ours.get(name, "") for name in _OURS_TEXT},
        **{name: tuple(ours.get(name, ())) for name in _OURS_MANY},
        phone=row_phone and row_phone["number"],
        contact_name=row_contact and row_contact["name"],
        place_id=UUID(ours["place_id"]) if "place_id" in ours else None,
        funded_until=_day(ours, "funded_until"),
        team_ids=frozenset(UUID(team) for team in ours.get("team_ids", ())),
        languages=_codes(told),
        funders=tuple(one["source"] for one in told.get("funding", [])),
        area_words=next((one["service_area"] for one in areas if one.get("extent_type") == "text"), ""),
        areas=frozenset(_area(own_id, one) for one in areas if "uri" in one),
        polygons=tuple(
            Polygon(one["name"], json.loads(one["extent"]))
            for one in areas
            if one.get("extent_type") == "geojson"
        ),
        terms=frozenset(
            Term(one["link_type"], one["value"])
            for one in told.get("attributes", [])
            if one["link_type"] != "eligibility"
        ),
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
        locations=tuple(
            FoundAt(place, main=str(place) == ours.get("main_location_id")) for place in venues.values()
        ),
    )  # fmt: skip


def _apart(parts: Iterable[Json], row_id: UUID) -> tuple[Json | None, list[Json]]:
    """The one of the service's own row, and the others."""
    own = [one for one in parts if one["id"] == str(row_id)]
    return (own[0] if own else None), [one for one in parts if one not in own]


def _area(service_id: UUID, one: Json) -> PatchArea:
    code = str(one["uri"]).rsplit("/", 1)[1]
    (kind,) = (kind for kind in AreaKind if str(area_id(service_id, kind, code)) == one["id"])
    return PatchArea(str(kind), code)


def _schedule(one: Json, venues: Mapping[str, UUID]) -> Opening:
    texts = ("freq", "byday", "bymonthday", "description", "schedule_link", "attending_type", "notes")
    return Opening(
        interval=one.get("interval", 1),
        location_id=venues.get(one.get("service_at_location_id", "")),
        **{name: one.get(name) for name in texts},
        **{name: _day(one, name) for name in ("dtstart", "valid_from", "valid_to")},
        **{
            name: time.fromisoformat(one[name]) if name in one else None for name in ("opens_at", "closes_at")
        },
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
    return Telephone(one["number"], extension, one.get("type"), one.get("description"), _codes(one))


def _codes(one: Json) -> tuple[str, ...]:
    return tuple(language["code"] for language in one.get("languages", []))


def _day(one: Json, name: str) -> date | None:
    return date.fromisoformat(one[name]) if name in one else None
