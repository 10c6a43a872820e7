"""What happened, for machines: the event feed, and for notifications who may be told."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate

from services.referrals.actions.find_audience import find_audience
from services.referrals.actions.read_events import MOST, read_events
from services.referrals.actions.submit_referral import SENDING_ROLES
from services.referrals.api.fields import ident, text
from shared.auth import current_caller, needs, needs_service
from shared.clock import now
from shared.smorest import Blueprint

blp = Blueprint("events", __name__, url_prefix="/api/v1", description="What happened")


class EventQuerySchema(Schema):
    """From where, and how many."""

    after = text("`next_cursor` of the answer before; left out to start from the beginning.")
    limit = fields.Integer(load_default=100, validate=validate.Range(1, MOST))


class EventPageSchema(Schema):
    """CloudEvents 1.0, in order."""

    items = fields.List(fields.Dict())
    next_cursor = fields.String(allow_none=True)


class AudienceQuerySchema(Schema):
    """Which event is to be told."""

    event = text("Its type.", required=True, example="referral.accepted.v1")
    event_id = ident("Its id.")


class RecipientSchema(Schema):
    """Somebody who may be told, and how."""

    kind = fields.String(metadata={"enum": ["account", "address", "mailbox"]})
    id = fields.String()
    email = fields.String()
    organization_id = fields.String()
    channels = fields.List(fields.String())
    template = fields.String()
    event_type = fields.String(
        metadata={"description": "Under which type this recipient's organisation reads it; absent: its own."}
    )
    words = fields.String()
    path = fields.String()


class AudienceSchema(Schema):
    """Who may be told, as things stand now."""

    event = fields.String()
    reference = fields.String()
    held_until = fields.AwareDateTime(allow_none=True)
    cancelled = fields.Boolean()
    restricted = fields.Boolean()
    recipients = fields.List(fields.Nested(RecipientSchema))


@blp.get("/events")
@needs(*SENDING_ROLES, services=("notifications", "directory"))
@blp.arguments(EventQuerySchema, location="query")
@blp.response(200, EventPageSchema)
def get_events(query: dict[str, Any]) -> dict[str, Any]:
    """Events in order: your own organisation's, as far as you may read the referrals they speak of."""
    items, cursor = read_events(by=current_caller(), at=now(), **query)
    return {"items": items, "next_cursor": cursor}


@blp.get("/referrals/<uuid:referral_id>/audience")
@needs_service("notifications")
@blp.arguments(AudienceQuerySchema, location="query")
@blp.response(200, AudienceSchema)
def get_audience(query: dict[str, Any], referral_id: UUID) -> dict[str, Any]:
    """Who may be told of an event now; asked again at the moment of sending."""
    return find_audience(referral_id, by=current_caller(), at=now(), **query)
