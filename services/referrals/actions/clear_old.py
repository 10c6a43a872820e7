"""Forgetting what is over: drafts, keys, events that were sent or received long ago."""

from __future__ import annotations

from datetime import datetime

from services.referrals.actions.drafts import clear_drafts
from services.referrals.actions.public_drafts import clear_public_drafts
from services.referrals.store.database import database
from services.referrals.store.outbox import outbox
from services.referrals.store.relay import Idempotency, Inbox
from shared import idempotency, inbox


def clear_old(*, at: datetime) -> dict[str, int]:
    """Forget what is older than its time; what was forgotten, and how many."""
    counts = {"outbox": outbox.clear_old(at), "drafts": clear_drafts(at=at)}
    counts["public_drafts"] = clear_public_drafts(at=at)
    with database.transaction() as session:
        counts["inbox"] = inbox.clear_old(session, Inbox, at)
        counts["idempotency"] = idempotency.clear_old(session, Idempotency, at)
    return counts
