"""The objects of Open Referral UK 3.0 and HSDS 3.1 as JSON Schema (draft 2020-12): those fields, no others.

Written from the standards' own lists of fields; the standards' schemas allow further fields, these do not.
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
Fields = dict[str, Json]

TEXT: Json = {"type": "string", "minLength": 1}
ID: Json = {"type": "string", "format": "uuid"}
URI: Json = {"type": "string", "format": "uri"}
EMAIL: Json = {"type": "string", "format": "email"}
DAY: Json = {"type": "string", "format": "date"}
CLOCK: Json = {"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]:[0-5][0-9]$"}
NUMBER: Json = {"type": "number"}
COUNT: Json = {"type": "integer", "minimum": 0}
INSTANT: Json = {"type": "string", "format": "date-time", "pattern": r"\.[0-9]{3}Z$"}
YES_NO: Json = {"type": "boolean"}
STATUS: Json = {"type": "string", "enum": ["active", "inactive", "defunct", "temporarily closed"]}
WHERE: Json = {"type": "string", "enum": ["physical", "postal", "virtual"]}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _list(name: str) -> Json:
    return {"type": "array", "minItems": 1, "items": _ref(name)}


def _object(required: str, fields: Fields) -> Json:
    return {
        "type": "object",
        "required": required.split(),
        "properties": fields,
        "additionalProperties": False,
    }


def _texts(names: str) -> Fields:
    return dict.fromkeys(names.split(), TEXT)


def _ids(names: str) -> Fields:
    return dict.fromkeys(names.split(), ID)


ORUK_SHAPES: dict[str, Json] = {
    "service": _object(
        "id name status last_modified",
        {
            **_ids("id organization_id"),
            **_texts("name description fees accreditations alert"),
            "url": URI,
            **dict.fromkeys(("email", "assurer_email"), EMAIL),
            "status": STATUS,
            **dict.fromkeys(("minimum_age", "maximum_age"), NUMBER),
            "assured_date": DAY,
            "last_modified": INSTANT,
            "schedules": _list("schedule"),
            "service_areas": _list("service_area"),
            "service_at_locations": _list("service_at_location"),
            "languages": _list("language"),
            "organization": _ref("organization"),
            "funding": _list("funding"),
            "cost_options": _list("cost_option"),
            "contacts": _list("contact"),
            "attributes": _list("attribute"),
        },
    ),
    "organization": _object(
        "id name description",
        {
            **_ids("id parent_organization_id"),
            **_texts("name description logo"),
            "email": EMAIL,
            **dict.fromkeys(("website", "uri"), URI),
            "organization_identifiers": _list("organization_identifier"),
            "attributes": _list("attribute"),
            # Not of the schema, but of the words of the parameter `full_service`.
            "services": _list("service"),
        },
    ),
    "organization_identifier": _object(
        "id identifier_type identifier",
        {**_ids("id organization_id"), **_texts("identifier_scheme identifier_type identifier")},
    ),
    "location": _object(
        "id location_type",
        {
            "id": ID,
            "location_type": WHERE,
            **_texts("name description external_identifier external_identifier_type"),
            **dict.fromkeys(("latitude", "longitude"), NUMBER),
            "addresses": _list("address"),
            "accessibility": _list("accessibility"),
        },
    ),
    "address": _object(
        "id address_1 city state_province postal_code country address_type",
        {
            **_ids("id location_id"),
            **_texts("attention address_1 city region state_province postal_code country"),
            "address_type": WHERE,
        },
    ),
    "accessibility": _object(
        "id",
        {
            **_ids("id location_id"),
            **_texts("description details accessibility"),
            "url": URI,
            "attributes": _list("attribute"),
        },
    ),
    "service_at_location": _object(
        "id service_id location_id location",
        {
            **_ids("id service_id location_id"),
            "location": _ref("location"),
            "service": _ref("service"),
        },
    ),
    "schedule": _object(
        "id",
        {
            **_ids("id service_id service_at_location_id"),
            **dict.fromkeys(("valid_from", "valid_to", "dtstart"), DAY),
            "freq": {"type": "string", "enum": ["WEEKLY", "MONTHLY"]},
            "interval": NUMBER,
            **_texts("byday bymonthday description attending_type notes"),
            **dict.fromkeys(("opens_at", "closes_at"), CLOCK),
            "schedule_link": URI,
        },
    ),
    "service_area": _object(
        "id", {**_ids("id service_id"), **_texts("name extent extent_type uri service_area")}
    ),
    "cost_option": _object(
        "id",
        {
            **_ids("id service_id"),
            **dict.fromkeys(("valid_from", "valid_to"), DAY),
            **_texts("option amount_description"),
            "amount": NUMBER,
        },
    ),
    "contact": _object("id", {**_ids("id service_id"), **_texts("name title")}),
    "funding": _object("id source", {**_ids("id service_id"), **_texts("source")}),
    "language": _object("id", _ids("id service_id phone_id")),
    "attribute": _object(
        "id",
        {
            **_ids("id link_id taxonomy_term_id"),
            **_texts("link_type"),
            "taxonomy_term": _ref("taxonomy_term"),
        },
    ),
    "taxonomy": _object(
        "id name description",
        {
            "id": ID,
            **_texts("name description version"),
            "uri": URI,
            "taxonomy_terms": _list("taxonomy_term"),
        },
    ),
    "taxonomy_term": _object(
        "id name description",
        {
            **_ids("id parent_id taxonomy_id"),
            **_texts("name description taxonomy term"),
            "term_uri": URI,
        },
    ),
}


def _wider(name: str, more: Fields, less: tuple[str, ...] = ()) -> Json:
    shape = ORUK_SHAPES[name]
    kept = {field: told for field, told in shape["properties"].items() if field not in less}
    return {**shape, "properties": {**kept, **more}}


# Our own additions: their fields are described in docs/feed.md.
_OWN: Json = {"type": "object"}
HSDS_SHAPES: dict[str, Json] = {
    **ORUK_SHAPES,
    "service": _wider(
        "service",
        {
            **_texts("alternate_name eligibility_description application_process fees_description"),
            "interpretation_services": TEXT,
            "phones": _list("phone"),
            "capacities": _list("service_capacity"),
            "linkwork": _OWN,
        },
        less=("fees",),
    ),
    "organization": _wider(
        "organization", {"alternate_name": TEXT, "phones": _list("phone"), "linkwork": _OWN}
    ),
    "location": _wider("location", {"organization_id": ID, "transportation": TEXT, "linkwork": _OWN}),
    "cost_option": _wider("cost_option", {"currency": {"type": "string", "pattern": "^[A-Z]{3}$"}}),
    "contact": _wider("contact", {"department": TEXT, "email": EMAIL, "phones": _list("phone")}),
    "phone": _object(
        "id number",
        {
            **_ids("id service_id organization_id contact_id"),
            **_texts("number type description"),
            "extension": NUMBER,
            "languages": _list("language"),
        },
    ),
    "language": _object("id code", {"id": ID, "code": TEXT}),
    "funding": _object("id source", {"id": ID, "source": TEXT}),
    "attribute": _wider("attribute", _texts("link_entity value")),
    "service_capacity": _object(
        "id unit available updated",
        {
            **_ids("id service_id unit_id"),
            "unit": _ref("unit"),
            "available": COUNT,
            "maximum": COUNT,
            "description": TEXT,
            "updated": INSTANT,
        },
    ),
    "unit": _object("id name", {"id": ID, "name": TEXT}),
}
PAGE_FIELDS: Fields = {
    **dict.fromkeys(("total_items", "total_pages", "page_number", "size"), COUNT),
    **dict.fromkeys(("first_page", "last_page", "empty"), YES_NO),
}
