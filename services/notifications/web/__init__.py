"""The pages of notifications: notices, who was told what, choices, and the outbox of the embedded run."""

from __future__ import annotations

from flask import Blueprint

from services.notifications import config
from services.notifications.web import messages, notices, outbox, preferences, sending
from shared.web import Message

MESSAGES = {
    "all-read": Message("All notices are marked as read."),
    "read": Message("The notice is marked as read."),
    "chosen": Message("Your choice is kept."),
    "again": Message("The message will be sent again now."),
}


def blueprints() -> tuple[Blueprint, ...]:
    """The pages; the outbox is not even there in production."""
    always = (notices.pages, messages.pages, preferences.pages, sending.pages)
    return (*always, outbox.pages) if config.catches_mail() else always
