"""Lists and histories as they go out."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.referrals.api.schemas_out import NeedOutSchema, OwnerSchema


class ListItemSchema(Schema):
    """One row of a list."""

    id = fields.UUID()
    reference = fields.String()
    title = fields.String(metadata={"description": "The person's name where you may know it."})
    status = fields.String()
    view = fields.String()
    owner = fields.Nested(OwnerSchema, allow_none=True)
    next_action_at = fields.AwareDateTime(allow_none=True)
    overdue = fields.Boolean()
    alert = fields.Boolean()
    priority = fields.String(allow_none=True)
    route_in = fields.String(allow_none=True)
    needs = fields.List(fields.Nested(NeedOutSchema))
    sender_name = fields.String(allow_none=True)
    service_name = fields.String(allow_none=True)
    submitted_at = fields.AwareDateTime()
    wait_days = fields.Integer()
    restricted = fields.Boolean()
    question_open = fields.Boolean()


class ListPageSchema(Schema):
    """A page of a list."""

    items = fields.List(fields.Nested(ListItemSchema))
    next_cursor = fields.String(allow_none=True)


class HistoryItemSchema(Schema):
    """One thing that happened. Senders read act, time and outside wording."""

    act = fields.String()
    label = fields.String()
    at = fields.AwareDateTime()
    outside = fields.String(allow_none=True)
    from_status = fields.String(allow_none=True)
    to_status = fields.String(allow_none=True)
    by = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)
    reason_text = fields.String(allow_none=True)
    content = fields.String(allow_none=True)


class HistorySchema(Schema):
    """The history, oldest first."""

    items = fields.List(fields.Nested(HistoryItemSchema))
    next_cursor = fields.String(allow_none=True)
