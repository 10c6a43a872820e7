"""Sheets people keep: which column says what, guessed from its heading and confirmed by whoever imports."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shared.errors import Invalid

# Our field: what it is called on the page, and headings it goes by.
FIELDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "name": ("Name of the service", ("name", "service", "service name", "title", "activity", "group",
        "activity name",
                                     "group name", "venue name", "what")),
    "organization": ("Organisation", ("organisation", "organization", "organisation name",
        "organization name",
                                      "provider", "run by", "charity", "host", "organiser", "company")),
    "description": ("Description", ("description", "details", "about", "information", "info", "summary",
                                    "what we do", "service description", "notes")),
    "id": ("Their own id", ("id", "ref", "reference", "service id", "record id", "uid", "uuid")),
    "url": ("Web address", ("url", "website", "web", "link", "web address", "webpage", "web site", "www")),
    "email": ("E-mail", ("email", "e mail", "email address", "contact email", "mail")),
    "phone": ("Telephone", ("phone", "telephone", "tel", "phone number", "telephone number", "contact number",
                            "mobile")),
    "contact_name": ("Whom to ask", ("contact", "contact name", "contact person", "lead", "key contact")),
    "venue": ("Name of the venue", ("venue", "location", "location name", "where", "place", "building")),
    "address": ("Street", ("address", "address 1", "address line 1", "street", "full address",
        "location address")),
    "city": ("Town", ("town", "city", "town city", "village")),
    "postcode": ("Postcode", ("postcode", "post code", "postal code", "zip", "pcode")),
    "latitude": ("Latitude", ("latitude", "lat", "y")),
    "longitude": ("Longitude", ("longitude", "long", "lon", "lng", "x")),
    "hours": ("When it is open", ("hours", "opening hours", "opening times", "times", "when", "day and time",
                                  "days and times", "day time", "schedule", "open")),
    "fees": ("What it costs", ("cost", "costs", "fee", "fees", "price", "charge", "charges")),
    "free": ("Free, yes or no", ("free", "is free")),
    "eligibility_description": ("Who it is for", ("who for", "who is it for", "eligibility", "audience",
                                                  "target group", "who can come", "suitable for")),
    "minimum_age": ("Youngest age", ("minimum age", "min age", "age from", "youngest")),
    "maximum_age": ("Oldest age", ("maximum age", "max age", "age to", "oldest")),
    "application_process": ("How to come", ("how to access", "referral", "how to refer", "booking",
        "how to join",
                                            "access", "how to book")),
    "needs": ("Needs it meets", ("needs", "need", "category", "categories", "theme", "themes",
        "type of support")),
    "kind": ("Kind of service", ("kind", "type", "service type")),
    "status": ("Status", ("status", "state", "active")),
    "languages": ("Languages", ("languages", "language", "languages spoken")),
    "accreditations": ("Quality marks", ("accreditation", "accreditations", "quality marks")),
    "alternate_name": ("Other name", ("other name", "also known as", "aka", "alternate name")),
    "area_words": ("Area", ("area", "area covered", "areas covered", "coverage", "area served", "patch")),
    "charity_number": ("Charity number", ("charity number", "charity no", "registered charity number",
                                          "charity registration")),
    "company_number": ("Company number", ("company number", "company no", "companies house number")),
    "ods_code": ("ODS code", ("ods", "ods code", "organisation code")),
    "organization_id": ("Id of the organisation", ("organisation id", "organization id", "provider id",
        "org id")),
    "private": ("Address is secret, yes or no", ("private", "secret", "confidential", "refuge",
                                                 "address private")),
}  # fmt: skip
_BY_HEADING = {heading: name for name, (_, headings) in FIELDS.items() for heading in (name, *headings)}


def guess(headings: Sequence[str]) -> dict[str, str]:
    """Heading to field, each field once: the first heading that fits has it. Others are not in it."""
    found: dict[str, str] = {}
    for heading in headings:
        plain = re.sub(r"[^a-z0-9]+", " ", heading.lower()).strip()
        name = _BY_HEADING.get(plain) or _BY_HEADING.get(plain.replace(" ", "_"))
        if name and name not in found.values():
            found[heading] = name
    return found


def check_mapping(mapping: Mapping[str, str], headings: Sequence[str]) -> None:
    """Raises Invalid for a column that is not there, a field nobody knows or said twice, or no name."""
    for heading, name in mapping.items():
        if heading not in headings:
            raise Invalid.field("/mapping", f"The file has no column “{heading}”. It has: {_all(headings)}.")
        if name not in FIELDS:
            raise Invalid.field("/mapping", f"“{name}” is no field. Fields are: {_all(FIELDS)}.")
        if list(mapping.values()).count(name) > 1:
            raise Invalid.field("/mapping", f"Two columns say “{FIELDS[name][0]}”. Choose one of them.")
    if "name" not in mapping.values():
        raise Invalid.field(
            "/mapping",
            "Say which column has the name of the service. None of the headings says so by itself.",
        )


def _all(words: Iterable[str]) -> str:
    return ", ".join(words)


def item_of(cells: Mapping[str, str], mapping: Mapping[str, str]) -> dict[str, Any]:
    """A row as an item of a feed."""
    said = {name: cells[heading] for heading, name in mapping.items() if cells.get(heading, "").strip()}
    item: dict[str, Any] = {
        name: text
        for name, text in said.items()
        if name
        not in {
            "organization", "venue", "address", "city", "postcode", "latitude", "longitude", "languages",
                "area_words",
            "charity_number", "company_number", "ods_code", "organization_id", "private",
        }
    }  # fmt: skip
    identifiers = [
        {"identifier_scheme": scheme, "identifier": said[name]}
        for name, scheme in (
            ("charity_number", "GB-CHC"),
            ("company_number", "GB-COH"),
            ("ods_code", "GB-NHS"),
        )
        if name in said
    ]
    if "organization" in said or "organization_id" in said:
        item["organization"] = {
            "id": said.get("organization_id", ""),
            "name": said.get("organization", ""),
            "organization_identifiers": identifiers,
        }
    venue = {
        "name": said.get("venue", ""),
        "address_1": said.get("address", ""),
        "city": said.get("city", ""),
        "postal_code": said.get("postcode", ""),
        "latitude": said.get("latitude"),
        "longitude": said.get("longitude"),
        "private": said.get("private"),
    }
    if any(venue.values()):
        item["service_at_locations"] = [{"location": venue}]
    if "languages" in said:
        item["languages"] = [{"name": one.strip()} for one in re.split(r"[;,/]", said["languages"])]
    if "area_words" in said:
        item["service_areas"] = [{"service_area": said["area_words"]}]
    return item
