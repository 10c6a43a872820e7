"""The words of our pages where the domain has a code."""

from __future__ import annotations

from collections.abc import Mapping

from services.notifications.domain.rules import Channel, Template
from services.notifications.domain.states import State

STATES: Mapping[str, Mapping[str, str]] = {
    State.QUEUED: {"text": "Waiting to go", "colour": "blue"},
    State.HELD: {"text": "Held", "colour": "yellow"},
    State.SENDING: {"text": "Going now", "colour": "blue"},
    State.SENT: {"text": "Sent", "colour": "green"},
    State.DELIVERED: {"text": "Arrived", "colour": "green"},
    State.FAILED: {"text": "Did not arrive", "colour": "red"},
    State.CANCELLED: {"text": "Not sent", "colour": "grey"},
}
CHANNELS: Mapping[str, str] = {Channel.EMAIL: "E-mail", Channel.INBOX: "In Linkwork"}
ANYBODY = "somebody in your organisation"
MAILBOX = "your referral mailbox"

KINDS: Mapping[Template, tuple[str, str]] = {
    Template.REFERRAL_NEWS: ("News", "Something you sent or work on moved on. Nothing to do."),
    Template.QUESTION_WAITING: ("Questions", "Somebody cannot go on without your answer."),
    Template.WORK_ARRIVED: ("New in the queue", "Something new came to your team."),
    Template.ASSIGNED: ("Given to you", "Something was given to you to look after."),
}
"""What may be switched off, and what it is."""

ALWAYS: tuple[str, ...] = (
    "What should be looked at today",
    "What has no team yet, for the duty desk",
    "Letters about your password, your account and invitations",
)
