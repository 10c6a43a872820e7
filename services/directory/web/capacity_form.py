"""The form of what a service can take."""

from __future__ import annotations

from datetime import date
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.directory.domain.capacity import Capacity
from shared.web.fields import DateParts

NO_PAUSE, PAUSE_UNTIL, PAUSE = "no", "until", "yes"


class CapacitySchema(Schema):
    """What a service can take."""

    limit = fields.Integer(load_default=None, metadata={"label": "how many people at most"})
    open_places = fields.Integer(load_default=None, metadata={"label": "how many open places"})
    declared_wait_days = fields.Integer(load_default=None, metadata={"label": "the wait in days"})
    pause = fields.String(
        required=True,
        validate=validate.OneOf([NO_PAUSE, PAUSE_UNTIL, PAUSE]),
        metadata={"label": "whether you take people"},
    )
    paused_until = DateParts(load_default=None, metadata={"label": "the last day of the pause"})
    ask_first = fields.Boolean(load_default=False)

    @validates_schema
    def _a_pause_ends(self, data: dict[str, Any], **_: Any) -> None:
        if data["pause"] == PAUSE_UNTIL and data["paused_until"] is None:
            raise ValidationError("Enter the last day of the pause", "paused_until")


def typed(said: Capacity) -> dict[str, Any]:
    """A capacity as the form shows it."""
    until: date | None = said.paused_until
    pause = PAUSE if said.paused else PAUSE_UNTIL if until else NO_PAUSE
    return {
        "limit": said.limit,
        "open_places": said.open_places,
        "declared_wait_days": said.declared_wait_days,
        "pause": pause,
        "paused_until": until,
        "ask_first": "yes" if said.ask_first else "",
    }


def meant(data: dict[str, Any]) -> Capacity:
    """What the form means."""
    return Capacity(
        limit=data["limit"],
        open_places=data["open_places"],
        declared_wait_days=data["declared_wait_days"],
        paused=data["pause"] == PAUSE,
        paused_until=data["paused_until"] if data["pause"] == PAUSE_UNTIL else None,
        ask_first=data["ask_first"],
    )
