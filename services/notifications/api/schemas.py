"""The shapes of the API of notifications."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.notifications.domain.audience import RecipientKind
from services.notifications.domain.rules import Channel
from services.notifications.domain.states import State


class MessagesQuery(Schema):
    """What to list."""

    referral_id = fields.UUID(metadata={"description": "Only messages about this referral."})
    status = fields.Enum(State, by_value=True, metadata={"description": "Only messages that stand here."})
    cursor = fields.String(
        validate=validate.Length(max=400), metadata={"description": "The `next_cursor` of the last page."}
    )


class AttemptSchema(Schema):
    """One try at delivery."""

    at = fields.AwareDateTime(required=True)
    result = fields.String(required=True, metadata={"description": "The provider's answer in words."})


class MessageSchema(Schema):
    """One notice to one recipient by one channel."""

    id = fields.UUID(required=True)
    event_type = fields.String(required=True, metadata={"example": "referral.accepted.v1"})
    referral_id = fields.UUID(required=True, allow_none=True)
    reference = fields.String(required=True, metadata={"description": "Blank where it is not known."})
    channel = fields.String(required=True, validate=validate.OneOf([str(c) for c in Channel]))
    status = fields.String(required=True, validate=validate.OneOf([str(s) for s in State]))
    reason = fields.String(
        required=True, metadata={"description": "Why it waits, failed or was cancelled; else blank."}
    )
    recipient_kind = fields.String(required=True, validate=validate.OneOf([str(k) for k in RecipientKind]))
    name = fields.String(
        required=True, allow_none=True, metadata={"description": "Whom it went to; null until it goes."}
    )
    to = fields.String(
        required=True, allow_none=True, metadata={"description": "The address it went to; null until then."}
    )
    subject = fields.String(required=True)
    queued_at = fields.AwareDateTime(required=True)
    due_at = fields.AwareDateTime(
        required=True, allow_none=True, metadata={"description": "When it goes, or is tried again."}
    )
    sent_at = fields.AwareDateTime(required=True, allow_none=True)
    attempts = fields.List(fields.Nested(AttemptSchema), required=True)


class MessagesSchema(Schema):
    """A page of messages, newest first."""

    items = fields.List(fields.Nested(MessageSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
