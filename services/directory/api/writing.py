"""Listings written by a partner's system: the same rules and the same marks as in the pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate

from services.directory.actions.listing import bodies
from services.directory.actions.listing import services as actions
from services.directory.api.document_schemas import (
    KeptLocationSchema,
    KeptOrganizationSchema,
    KeptServiceSchema,
    LocationDocSchema,
    NewServiceSchema,
    OrganizationDocSchema,
    ServiceDocSchema,
)
from services.directory.domain.document_json import version_of
from services.directory.domain.documents import LocationDoc, OrganizationDoc, ServiceDoc
from shared.auth import Role, current_caller, needs
from shared.clock import now
from shared.smorest import Blueprint

blp = Blueprint("listing_writing", __name__, url_prefix="/api/v1", description="Writing listings")
writes_listings = needs(Role.ORG_ADMIN, Role.FORUM_ADMIN)
Answer = tuple[dict[str, Any], int, dict[str, str]]


class IfMatchSchema(Schema):
    """The mark of what was read: `ETag` of the answer it came in."""

    if_match = fields.String(
        required=True,
        data_key="If-Match",
        validate=validate.Regexp(r'(W/)?"?[0-9a-f]{24}"?\Z', error="Send the ETag of what you read."),
        metadata={"description": "The ETag of what you read; another answers 409."},
    )


@blp.post("/services")
@writes_listings
@blp.arguments(NewServiceSchema)
@blp.response(201, KeptServiceSchema)
def add_service(body: dict[str, Any]) -> Answer:
    """Begin a listing as a draft, or publish it whole (`status` active)."""
    by = current_caller()
    made = actions.add_document(body["listing"], body["capacity"], by=by, at=now())
    return _service(made, 201)


@blp.get("/services/<uuid:service_id>/listing")
@writes_listings
@blp.response(200, KeptServiceSchema)
def read_service(service_id: UUID) -> Answer:
    """All a listing says, finished or not, for those who write it; `ETag` is its mark."""
    return _service(service_id, 200)


@blp.put("/services/<uuid:service_id>")
@writes_listings
@blp.arguments(IfMatchSchema, location="headers")
@blp.arguments(ServiceDocSchema)
@blp.response(200, KeptServiceSchema)
def change_service(headers: dict[str, Any], listing: ServiceDoc, service_id: UUID) -> Answer:
    """Say the whole listing anew: 409 where somebody changed it since you read it."""
    actions.replace_service(service_id, listing, seen=_seen(headers), by=current_caller(), at=now())
    return _service(service_id, 200)


@blp.get("/organizations/<uuid:organization_id>/facts")
@writes_listings
@blp.response(200, KeptOrganizationSchema)
def read_organization(organization_id: UUID) -> Answer:
    """All an organisation says of itself, for those who write it."""
    return _organization(organization_id)


@blp.put("/organizations/<uuid:organization_id>")
@writes_listings
@blp.arguments(IfMatchSchema, location="headers")
@blp.arguments(OrganizationDocSchema)
@blp.response(200, KeptOrganizationSchema)
def change_organization(headers: dict[str, Any], facts: OrganizationDoc, organization_id: UUID) -> Answer:
    """Say an organisation's facts anew."""
    bodies.change_organization(organization_id, facts, seen=_seen(headers), by=current_caller(), at=now())
    return _organization(organization_id)


@blp.post("/locations")
@writes_listings
@blp.arguments(LocationDocSchema)
@blp.response(201, KeptLocationSchema)
def add_location(venue: LocationDoc) -> Answer:
    """Write down a venue."""
    made = bodies.add_location(venue, by=current_caller(), at=now())
    return _location(made, 201)


@blp.get("/locations/<uuid:location_id>")
@writes_listings
@blp.response(200, KeptLocationSchema)
def read_location(location_id: UUID) -> Answer:
    """A venue, private or not, for those who write it."""
    return _location(location_id, 200)


@blp.put("/locations/<uuid:location_id>")
@writes_listings
@blp.arguments(IfMatchSchema, location="headers")
@blp.arguments(LocationDocSchema)
@blp.response(200, KeptLocationSchema)
def change_location(headers: dict[str, Any], venue: LocationDoc, location_id: UUID) -> Answer:
    """Say a venue's facts anew."""
    bodies.change_location(location_id, venue, seen=_seen(headers), by=current_caller(), at=now())
    return _location(location_id, 200)


def _seen(headers: dict[str, Any]) -> str:
    return str(headers["if_match"]).removeprefix("W/").strip('"')


def _service(service_id: UUID, status: int) -> Answer:
    one = actions.draft(service_id, current_caller())
    return {"id": service_id, "listing": one.doc}, status, _marked(one.doc)


def _organization(organization_id: UUID) -> Answer:
    doc = bodies.organization_to_write(organization_id, current_caller())
    return {"id": organization_id, "organization": doc}, 200, _marked(doc)


def _location(location_id: UUID, status: int) -> Answer:
    doc = bodies.location_to_write(location_id, current_caller())
    return {"id": location_id, "location": doc}, status, _marked(doc)


def _marked(doc: object) -> dict[str, str]:
    return {"ETag": f'"{version_of(doc)}"', "Cache-Control": "no-store"}
