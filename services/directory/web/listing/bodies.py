"""An organisation's own facts, and its venues."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from services.directory.actions.listing import bodies as actions
from services.directory.actions.listing.writers import ChangedSince, may_write
from services.directory.domain.document_json import version_of
from services.directory.domain.documents import Identifier, LocationDoc, OrganizationDoc, WayIn
from services.directory.domain.listings import IncomeBand, LocationType
from services.directory.domain.taxonomies import ACCESSIBILITY
from services.directory.store.queries.listings import (
    listings_of,
    places_by_id,
    sectors_to_choose,
    words_to_choose,
)
from services.directory.web.listing.form_fields import chosen, line, words
from services.directory.web.listing.now_says import now_says
from shared.auth import Role, current_caller, needs
from shared.clock import now
from shared.errors import Invalid, NotFound
from shared.web import flash, forms
from shared.web.forms import Form

pages = Blueprint("listing_bodies", __name__)
writes_listings = needs(Role.ORG_ADMIN, Role.FORUM_ADMIN)
_INCOME = (
    ("", "Not said"),
    (str(IncomeBand.NONE), "None"),
    (str(IncomeBand.UNDER_5K), "Under £5,000 a year"),
    (str(IncomeBand.UNDER_10K), "£5,000 to £10,000"),
    (str(IncomeBand.UNDER_100K), "£10,000 to £100,000"),
    (str(IncomeBand.OVER_100K), "£100,000 and over"),
)
_FACTS = (
    "name", "alternate_name", "description", "sector", "place_id", "income_band", "email", "phone", "website",
    "address", "postal_code",
)  # fmt: skip
_VENUE = (
    "name", "description", "address_1", "city", "postal_code", "transportation", "latitude", "longitude",
)  # fmt: skip
_CHANGED = "Somebody else changed this while you wrote. Look at what it says now, and save again."


class FactsSchema(Schema):
    """An organisation's facts."""

    name = line("the name", required=True)
    alternate_name = line("another name")
    description = words("what it does", absent="")
    sector = line("the sector", required=True, most=40)
    place_id = fields.UUID(load_default=None, metadata={"label": "the place"})
    income_band = fields.String(
        load_default=None, validate=validate.OneOf(list(IncomeBand)), metadata={"label": "the income"}
    )
    email = fields.Email(load_default=None, metadata={"label": "the e-mail address"})
    phone = line("the telephone number", most=60)
    website = line("the web address", most=1_000)
    address = line("the address", most=500)
    postal_code = line("the postcode", most=8)
    ods = line("the ODS code", most=9)
    charity = line("the charity number", most=12)
    company = line("the company number", most=12)


_BOXES = {"GB-NHS": "ods", "GB-CHC": "charity", "GB-COH": "company"}


class VenueSchema(Schema):
    """A venue."""

    name = line("the name of the venue", required=True)
    location_type = fields.String(
        load_default=str(LocationType.PHYSICAL),
        validate=validate.OneOf(list(LocationType)),
        metadata={"label": "what kind of place it is"},
    )
    description = words("what helps to find it", most=2_000, absent="")
    address_1 = line("the address", most=500)
    city = line("the town")
    postal_code = line("the postcode", most=8)
    transportation = words("how to get there", most=2_000)
    latitude = fields.Float(load_default=None, allow_nan=False, metadata={"label": "the latitude"})
    longitude = fields.Float(load_default=None, allow_nan=False, metadata={"label": "the longitude"})
    private = fields.Boolean(load_default=False)
    ways = chosen("how to get in and around")
    further = words("what else there is", most=2_000)


@pages.get("/listings/<uuid:organization_id>/facts")
@writes_listings
def facts(organization_id: UUID) -> str:
    """The form of an organisation's facts."""
    doc = actions.organization_to_write(organization_id, current_caller())
    return _facts_page(organization_id, doc, forms.blank(FactsSchema(), _shown_facts(doc)))


@pages.post("/listings/<uuid:organization_id>/facts")
@writes_listings
def save_facts(organization_id: UUID) -> Response | tuple[str, int]:
    """Keep them."""
    by = current_caller()
    before = actions.organization_to_write(organization_id, by)
    form, status = forms.read(FactsSchema()), 422
    changed: list[tuple[str, str]] = []
    if form.ok:
        try:
            doc = _meant_facts(form.data, before)
            seen = request.form.get("seen", "")
            actions.change_organization(organization_id, doc, seen=seen, by=by, at=now())
        except Invalid as wrong:
            form.refuse(wrong, {"/identifiers": "ods"})
        except ChangedSince:
            before = actions.organization_to_write(organization_id, by)
            changed, status = now_says(FactsSchema(), form, _shown_facts(before)), 409
            form.fail("", _CHANGED)
        else:
            flash.say("listing_saved")
            return redirect(url_for("listings.of", organization_id=organization_id), 303)
    return _facts_page(organization_id, before, form, changed), status


@pages.get("/listings/<uuid:organization_id>/venues/add")
@writes_listings
def add_venue(organization_id: UUID) -> str:
    """The form of a new venue."""
    return _venue_page(organization_id, None, forms.blank(VenueSchema()))


@pages.post("/listings/<uuid:organization_id>/venues/add")
@writes_listings
def add_venue_send(organization_id: UUID) -> Response | tuple[str, int]:
    """Write it down."""
    form = forms.read(VenueSchema())
    if form.ok:
        try:
            doc = _meant_venue(form.data, LocationDoc(organization_id, form.data["name"]))
            actions.add_location(doc, by=current_caller(), at=now())
        except Invalid as wrong:
            form.refuse(wrong)
        else:
            flash.say("venue_added")
            return redirect(url_for("listings.of", organization_id=organization_id), 303)
    return _venue_page(organization_id, None, form), form.status


@pages.get("/listings/venues/<uuid:location_id>")
@writes_listings
def venue(location_id: UUID) -> str:
    """The form of a venue."""
    doc = actions.location_to_write(location_id, current_caller())
    return _venue_page(doc.organization_id, doc, forms.blank(VenueSchema(), _shown_venue(doc)))


@pages.post("/listings/venues/<uuid:location_id>")
@writes_listings
def save_venue(location_id: UUID) -> Response | tuple[str, int]:
    """Keep it."""
    by = current_caller()
    before = actions.location_to_write(location_id, by)
    form, status = forms.read(VenueSchema()), 422
    changed: list[tuple[str, str]] = []
    if form.ok:
        try:
            doc = _meant_venue(form.data, before)
            actions.change_location(location_id, doc, seen=request.form.get("seen", ""), by=by, at=now())
        except Invalid as wrong:
            form.refuse(wrong)
        except ChangedSince:
            before = actions.location_to_write(location_id, by)
            changed, status = now_says(VenueSchema(), form, _shown_venue(before)), 409
            form.fail("", _CHANGED)
        else:
            flash.say("listing_saved")
            return redirect(url_for("listings.of", organization_id=before.organization_id), 303)
    return _venue_page(before.organization_id, before, form, changed), status


def _shown_facts(doc: OrganizationDoc) -> dict[str, Any]:
    boxes = {_BOXES[one.scheme]: one.identifier for one in doc.identifiers if one.scheme in _BOXES}
    return {**{name: getattr(doc, name) for name in _FACTS}, **boxes}


def _meant_facts(data: dict[str, Any], before: OrganizationDoc) -> OrganizationDoc:
    others = {one for one in before.identifiers if one.scheme not in _BOXES}
    typed = {Identifier(scheme, data[box].strip().upper()) for scheme, box in _BOXES.items() if data[box]}
    return replace(before, **{name: data[name] for name in _FACTS}, identifiers=frozenset(others | typed))


def _facts_page(
    organization_id: UUID, doc: OrganizationDoc, form: Form, changed: list[tuple[str, str]] | None = None
) -> str:
    return render_template(
        "directory/listing/facts.html",
        organization_id=organization_id,
        doc=doc,
        form=form,
        changed=changed,
        seen=version_of(doc),
        sectors=[(one.code, one.name) for one in sectors_to_choose([doc.sector])],
        places=[("", "None of these"), *places_by_id()],
        incomes=_INCOME,
    )


def _shown_venue(doc: LocationDoc) -> dict[str, Any]:
    return {
        **{name: getattr(doc, name) for name in _VENUE},
        "location_type": doc.location_type,
        "private": "yes" if doc.private else "",
        "ways": [way.code for way in doc.accessibility if way.code],
        "further": "\n".join(
            way.description for way in doc.accessibility if not way.code and way.description
        ),
    }


def _meant_venue(data: dict[str, Any], before: LocationDoc) -> LocationDoc:
    values = {name: data[name] for name in _VENUE}
    moved = values["postal_code"] != before.postal_code
    if moved and (values["latitude"], values["longitude"]) == (before.latitude, before.longitude):
        # It moved: the point of the old postcode would be wrong.
        values |= {"latitude": None, "longitude": None}
    known = {way.code: way for way in before.accessibility if way.code}
    said = {way.description: way for way in before.accessibility if not way.code and way.description}
    others = [way for way in before.accessibility if not way.code and not way.description]
    lines = [one.strip() for one in (data["further"] or "").split("\n") if one.strip()]
    ways = [known.get(code) or WayIn(code=code) for code in dict.fromkeys(data["ways"])]
    ways += [said.get(text) or WayIn(description=text) for text in dict.fromkeys(lines)]
    return replace(
        before,
        **values,
        location_type=data["location_type"],
        private=data["private"],
        accessibility=(*ways, *others),
    )


def _venue_page(
    organization_id: UUID, doc: LocationDoc | None, form: Form, changed: list[tuple[str, str]] | None = None
) -> str:
    all_listed = listings_of(organization_id) if may_write(current_caller(), organization_id) else None
    if all_listed is None:
        raise NotFound
    codes = [way.code for way in doc.accessibility if way.code] if doc else []
    return render_template(
        "directory/listing/venue.html",
        all=all_listed,
        doc=doc,
        form=form,
        changed=changed,
        seen=version_of(doc) if doc else "",
        ways=[(one.code, one.name) for one in words_to_choose(ACCESSIBILITY, codes)],
    )
