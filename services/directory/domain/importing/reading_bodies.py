"""Organisations and venues of a feed item as fields of our documents."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from services.directory.domain.documents import Identifier, WayIn
from services.directory.domain.importing.values import LONGEST_NAME, Said
from services.directory.domain.importing.words_said import words_of
from services.directory.domain.listings import IncomeBand, LocationType, OrganizationStatus
from services.directory.domain.postcodes import parse_postcode
from services.directory.domain.taxonomies import ACCESSIBILITY

Fields = dict[str, Any]
# What feeds call a scheme, as org-id.guide does.
_SCHEMES = {
    "gb-chc": "GB-CHC", "charity": "GB-CHC", "charity number": "GB-CHC", "charity_number": "GB-CHC",
    "gb-coh": "GB-COH", "company": "GB-COH", "company number": "GB-COH", "company_number": "GB-COH",
    "gb-nhs": "GB-NHS", "ods": "GB-NHS", "ods code": "GB-NHS", "ods_code": "GB-NHS",
}  # fmt: skip
_FORMS = {
    "GB-CHC": r"[0-9]{6,7}(-[0-9]+)?", "GB-NHS": r"[A-Z0-9]{3,9}", "GB-COH": r"[A-Z0-9]{8}",
}  # fmt: skip


def filled(fields: Mapping[str, Any]) -> Fields:
    """Those fields that say something: what a feed leaves out is not blanked here."""
    return {name: value for name, value in fields.items() if value not in (None, "", (), frozenset())}


def organization_fields(said: Said) -> Fields:
    """What is said of an organisation."""
    own = said.inner("linkwork")
    phone = next((one.phone("number") for one in said.all("phones")), None)
    fields: Fields = {
        "name": said.line("name", most=LONGEST_NAME),
        "alternate_name": said.line("alternate_name", most=LONGEST_NAME),
        "description": said.prose("description"),
        "email": said.email("email"),
        "phone": phone or said.phone("phone", "telephone"),
        "website": said.url("website", "url"),
        "logo": said.url("logo"),
        "uri": said.url("uri"),
        "identifiers": frozenset(_identifiers(said)),
        "terms": frozenset(word.term for word in words_of(said)),
        "sector": own.line("sector", most=40),
        "address": own.prose("address"),
        "postal_code": own.postcode("postal_code"),
        "closed_on": own.day("closed_on"),
    }
    band, status = own.line("income_band"), own.line("status")
    fields["income_band"] = band if band in list(IncomeBand) else None
    fields["status"] = status if status in list(OrganizationStatus) else None
    return filled(fields)


def location_fields(said: Said) -> Fields:
    """What is said of a venue; empty where it says neither an address nor a name nor a point."""
    address = _address(said)
    own = said.inner("linkwork")
    lat, lon = said.number("latitude", "lat"), said.number("longitude", "long", "lon")
    if lat is None or lon is None or not (-90 <= lat <= 90 and -180 <= lon <= 180) or (lat == 0 and lon == 0):
        if lat is not None or lon is not None:
            said.note("latitude", "The point is not whole, or not on the earth: it was left out.")
        lat = lon = None
    identifier = said.line("external_identifier", most=40)
    kind = said.line("location_type")
    fields: Fields = {
        "location_type": kind if kind in list(LocationType) else None,
        "description": said.prose("description"),
        "transportation": said.line("transportation"),
        "external_identifier": identifier,
        "external_identifier_type": (said.line("external_identifier_type", most=20) or "other")
        if identifier
        else None,
        "address_1": _joined(address.line("attention"), address.line("address_1"), address.line("address_2")),
        "city": address.line("city"),
        "state_province": address.line("state_province", "region"),
        "postal_code": address.postcode("postal_code", "postcode") or _postcode_inside(address),
        "country": _country(address),
        "latitude": lat,
        "longitude": lon,
        "private": own.yes("private") or said.yes("private"),
        "accessibility": tuple(_ways_in(said)),
    }
    name = said.line("name", most=LONGEST_NAME)
    found = filled(fields)
    if not name and not (found.keys() - {"country", "location_type", "private"}):
        return {}
    found["name"] = name or found.get("address_1") or found.get("postal_code") or "Venue"
    return found


def _identifiers(said: Said) -> list[Identifier]:
    found = []
    for one in said.all("organization_identifiers"):
        label = one.line("identifier_scheme", "identifier_type", "scheme") or ""
        number = one.line("identifier", most=40)
        scheme = _SCHEMES.get(label.lower(), label[:20])
        if number and scheme:
            plain = re.sub(r"\s+", "", number).upper() if scheme in _FORMS else number
            if scheme in _FORMS and not re.fullmatch(_FORMS[scheme], plain):
                one.note("identifier", f"“{number}” is no number of {scheme}: it was left out.")
                continue
            found.append(Identifier(scheme, plain))
    return found


def _address(said: Said) -> Said:
    for name in ("addresses", "physical_addresses", "postal_addresses"):
        if found := said.all(name):
            return found[0]
    return said


def _postcode_inside(address: Said) -> str | None:
    """The postcode at the end of an address that is written in one field."""
    found = re.search(
        r"(?i)\b([a-z]{1,2}[0-9][a-z0-9]?)\s*([0-9][a-z]{2})\W*$", address.line("address_1") or ""
    )
    return parse_postcode(found[1] + found[2]) if found else None


def _country(address: Said) -> str | None:
    text = (address.line("country") or "").upper()
    named = {"UK": "GB", "UNITED KINGDOM": "GB", "ENGLAND": "GB", "GREAT BRITAIN": "GB"}
    text = named.get(text, text)
    return text if re.fullmatch(r"[A-Z]{2}", text) else None


def _ways_in(said: Said) -> list[WayIn]:
    found = []
    for one in said.all("accessibility", "accessibility_for_disabilities"):
        code = next((word.code for word in words_of(one) if word.taxonomy == ACCESSIBILITY), None)
        way = WayIn(
            code=code,
            description=one.line("description") or (None if code else one.line("accessibility")),
            details=one.line("details"),
            url=one.url("url"),
        )
        if way != WayIn():
            found.append(way)
    return found


def _joined(*parts: str | None) -> str | None:
    return ", ".join(part for part in parts if part) or None
