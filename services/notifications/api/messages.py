"""`/api/v1/messages`: who was told what, when, and whether it arrived."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import RAISE

from services.notifications.actions.reading import (
    MENDERS,
    READERS,
    MessagePage,
    MessageView,
    read_messages,
    send_again,
)
from services.notifications.api.schemas import MessageSchema, MessagesQuery, MessagesSchema
from shared.auth import current_caller, needs
from shared.clock import now
from shared.smorest import Blueprint

blp = Blueprint(
    "messages",
    __name__,
    url_prefix="/api/v1/messages",
    description="Who was told what, when, and whether it arrived: to your own organisation alone.",
)


@blp.get("")
@needs(*READERS)
@blp.arguments(MessagesQuery, location="query", unknown=RAISE)
@blp.response(200, MessagesSchema)
def list_messages(query: dict[str, Any]) -> MessagePage:
    """Messages to your own organisation, newest first; those still to be sent too."""
    return read_messages(current_caller(), now(), **query)


@blp.post("/<uuid:message_id>/retry")
@needs(*MENDERS)
@blp.response(200, MessageSchema)
def retry(message_id: UUID) -> MessageView:
    """Send a message that failed once more; it is looked at again before it goes."""
    return send_again(message_id, current_caller(), now())
