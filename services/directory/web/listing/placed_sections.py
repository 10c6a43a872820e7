"""The area it serves, where it meets, and whom to ask."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from flask import request
from marshmallow import Schema, fields, validate
from werkzeug.datastructures import MultiDict

from services.directory.domain import listing_sections as sections
from services.directory.domain.documents import ContactPerson, FoundAt, PatchArea, ServiceDoc, Telephone
from services.directory.domain.geojson import read_areas
from services.directory.domain.listings import BASIS_WORDS, AreaBasis
from services.directory.store.queries import listings
from services.directory.web.listing.form_fields import line, lines_of, words
from services.directory.web.listing.section_page import SectionPage, Values
from shared.errors import FieldProblem, Invalid

KIND_NAMES = {
    "authority": "council",
    "ward": "ward",
    "lsoa": "neighbourhood (LSOA)",
    "practice": "GP practice",
    "pcn": "primary care network",
}
_DRAWN = "Drawn area"
Part = TypeVar("Part")


class AreaSchema(Schema):
    """The area. `areas` and `polygons` are those that stay."""

    area_basis = fields.List(
        fields.String(validate=validate.OneOf(list(AreaBasis))),
        load_default=list,
        metadata={"label": "what ties people to the area"},
    )
    place_id = fields.UUID(load_default=None, metadata={"label": "the place"})
    area_words = words("the area in words", most=1_000, absent="")
    areas = fields.List(fields.String(), load_default=list, metadata={"label": "areas"})
    add_areas = words("areas to add", most=10_000)
    polygons = fields.List(fields.Integer(), load_default=list, metadata={"label": "drawn areas"})
    drawn_name = line("what the drawn area is called", most=200)
    drawn = words("the drawn area", most=800_000)


def _shown_area(doc: ServiceDoc) -> Values:
    return {
        "area_basis": doc.area_basis,
        "place_id": doc.place_id,
        "area_words": doc.area_words,
        "areas": sorted(f"{area.kind}:{area.code}" for area in doc.areas),
        "polygons": list(range(len(doc.polygons))),
    }


def _meant_area(data: Values, doc: ServiceDoc) -> Values:
    kept = {area for area in doc.areas if f"{area.kind}:{area.code}" in data["areas"]}
    problems: list[FieldProblem] = []
    for name in lines_of((data["add_areas"] or "").replace(";", "\n")):
        found = listings.areas_called(name)
        if len(found) == 1 and name.lower() in (found[0].name.lower(), found[0].code.lower()):
            kept.add(PatchArea(found[0].kind, found[0].code))
        else:
            problems.append(FieldProblem("/add_areas", _which(name, found)))
    if problems:
        raise Invalid(problems)
    polygons = [one for n, one in enumerate(doc.polygons) if n in data["polygons"]]
    if data["drawn"]:
        polygons += read_areas(data["drawn"], data["drawn_name"] or _DRAWN, "/drawn")
    return {
        "area_basis": tuple(data["area_basis"]),
        "place_id": data["place_id"],
        "area_words": data["area_words"] or "",
        "areas": frozenset(kept),
        "polygons": tuple(polygons),
    }


def _which(name: str, found: list[listings.Found]) -> str:
    if not found:
        return f"No area is called “{name}”: give its name as the council writes it, or its code."
    said = "; ".join(f"{one.name}, {KIND_NAMES[one.kind]}, {one.code}" for one in found)
    return f"“{name}” may be one of these: give its code. {said}"


def with_uploaded(sent: MultiDict[str, str]) -> MultiDict[str, str]:
    """The form with a file of a drawn area as if it had been pasted, so that it is shown again with the rest.

    What is no text becomes marks that no GeoJSON has.
    """
    file = request.files.get("drawn_file")
    if file is None or not file.filename:
        return sent
    with_file = sent.copy()
    with_file["drawn"] = file.read().decode("utf-8-sig", errors="replace")
    return with_file


def _area_choices(doc: ServiceDoc) -> Values:
    names = listings.names_of((area.kind, area.code) for area in doc.areas)
    said = [
        (
            f"{area.kind}:{area.code}",
            f"{names.get((area.kind, area.code), area.code)} ({KIND_NAMES[area.kind]})",
        )
        for area in doc.areas
    ]
    return {
        "bases": [(str(basis), text[:1].upper() + text[1:]) for basis, text in BASIS_WORDS.items()],
        "places": [("", "None of these"), *listings.places_by_id()],
        "areas": sorted(said, key=lambda pair: pair[1]),
        "polygons": [(str(n), one.name) for n, one in enumerate(doc.polygons)],
    }


class VenuesSchema(Schema):
    """Where it meets: venues, and which is the main one."""

    locations = fields.List(fields.UUID(), load_default=list, metadata={"label": "venues"})
    main = fields.UUID(load_default=None, metadata={"label": "the main venue"})


def _shown_venues(doc: ServiceDoc) -> Values:
    main = next((venue.location_id for venue in doc.locations if venue.main), None)
    return {"locations": [venue.location_id for venue in doc.locations], "main": main}


def _meant_venues(data: Values, _doc: ServiceDoc) -> Values:
    ids = list(dict.fromkeys(data["locations"]))
    main = data["main"] or (ids[0] if len(ids) == 1 else None)
    if ids and main not in ids:
        raise Invalid.field("/main", "Choose one of the ticked venues as the main one.")
    # As they are read: the main one first, the others by id.
    found = sorted((FoundAt(one, main=one == main) for one in ids), key=lambda v: (not v.main, v.location_id))
    return {"locations": tuple(found)}


def _venues_choices(doc: ServiceDoc) -> Values:
    venues = listings.venues_to_choose(doc.organization_id, [venue.location_id for venue in doc.locations])
    items = [
        {
            "value": str(one.id),
            "text": one.name,
            "hint": ", ".join(
                part for part in (one.city, one.postal_code, "private" if one.private else "") if part
            ),
        }
        for one in venues
    ]
    return {
        "venues": items,
        "mains": [("", "Choose"), *((item["value"], item["text"]) for item in items)],
        "organization_id": doc.organization_id,
    }


class PhoneSchema(Schema):
    """A telephone."""

    of = fields.Integer(load_default=None)
    number = line("the telephone number", most=60)
    extension = line("the extension", most=20)
    description = line("what it is for")


class ContactSchema(Schema):
    """A contact person."""

    of = fields.Integer(load_default=None)
    name = line("the name")
    title = line("what they do")
    department = line("the department")
    email = fields.Email(load_default=None, metadata={"label": "the e-mail address"})
    phones = fields.List(fields.Nested(PhoneSchema), load_default=list)


class ContactsSchema(Schema):
    """Whom to ask."""

    contact_name = line("whom to ask for")
    phone = line("the telephone number", most=60)
    email = fields.Email(load_default=None, metadata={"label": "the e-mail address"})
    phones = fields.List(fields.Nested(PhoneSchema), load_default=list)
    contacts = fields.List(fields.Nested(ContactSchema), load_default=list)


def _shown_contacts(doc: ServiceDoc) -> Values:
    contacts = [
        {
            "of": n,
            **{name: getattr(one, name) for name in ("name", "title", "department", "email")},
            "phones": _shown_phones(one.phones),
        }
        for n, one in enumerate(doc.contacts)
    ]
    mine = {name: getattr(doc, name) for name in ("contact_name", "phone", "email")}
    return {**mine, "phones": _shown_phones(doc.phones), "contacts": contacts}


def _shown_phones(phones: tuple[Telephone, ...]) -> list[Values]:
    return [
        {"of": n, **{name: getattr(one, name) for name in ("number", "extension", "description")}}
        for n, one in enumerate(phones)
    ]


def _meant_contacts(data: Values, doc: ServiceDoc) -> Values:
    contacts = []
    for row in data["contacts"]:
        before = _at(doc.contacts, row) or ContactPerson()
        phones = _meant_phones(row["phones"], before.phones)
        values = {name: row[name] for name in ("name", "title", "department", "email")}
        if any(values.values()) or phones:
            contacts.append(replace(before, **values, phones=phones))
    return {
        **{name: data[name] for name in ("contact_name", "phone", "email")},
        "phones": _meant_phones(data["phones"], doc.phones),
        "contacts": tuple(contacts),
    }


def _meant_phones(rows: list[Values], before: tuple[Telephone, ...]) -> tuple[Telephone, ...]:
    # One whose number is emptied is taken out.
    return tuple(
        replace(
            _at(before, row) or Telephone(row["number"]),
            **{name: row[name] for name in ("number", "extension", "description")},
        )
        for row in rows
        if row["number"]
    )


def _at(parts: tuple[Part, ...], row: Values) -> Part | None:
    return parts[row["of"]] if row["of"] is not None and 0 <= row["of"] < len(parts) else None


PAGES = (
    SectionPage(sections.AREA, AreaSchema, _shown_area, _meant_area, _area_choices),
    SectionPage(sections.VENUES, VenuesSchema, _shown_venues, _meant_venues, _venues_choices),
    SectionPage(sections.CONTACTS, ContactsSchema, _shown_contacts, _meant_contacts),
)
