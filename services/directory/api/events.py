"""What happened in the directory, in order, for the services that must not miss it."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from services.directory.actions.read_events import read_events
from shared.auth import needs_service
from shared.feed import AT_ONCE
from shared.smorest import Blueprint

blp = Blueprint("events", __name__, url_prefix="/api/v1", description="What happened")


class EventQuerySchema(Schema):
    """From where, and how many."""

    after = fields.String(
        load_default=None,
        metadata={"description": "`next_cursor` of the answer before; left out to start from the beginning."},
    )
    limit = fields.Integer(load_default=100, validate=validate.Range(1, AT_ONCE))


class EventPageSchema(Schema):
    """CloudEvents 1.0, in order."""

    items = fields.List(fields.Dict())
    next_cursor = fields.String(allow_none=True)


@blp.get("/events")
@needs_service("referrals", "notifications")
@blp.arguments(EventQuerySchema, location="query")
@blp.response(200, EventPageSchema)
def get_events(query: dict[str, Any]) -> dict[str, Any]:
    """Events in the order they were written; ids and codes only."""
    items, cursor = read_events(**query)
    return {"items": items, "next_cursor": cursor}
