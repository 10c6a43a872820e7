"""Tables every service has: events out, events in, keys used once, and who read or changed what."""

from __future__ import annotations

from services.referrals.store.table import Table
from shared.audit import AccessLogEntry
from shared.audit import AccessSeal as AccessSealLink
from shared.feed import FeedCursor
from shared.idempotency import IdempotencyEntry
from shared.inbox import InboxEntry
from shared.outbox import OutboxEntry


class Outbox(OutboxEntry, Table):
    """Events still to be sent, and those sent in the last 30 days."""


class Inbox(InboxEntry, Table):
    """Events already acted on."""


class Feed(FeedCursor, Table):
    """How far we have read the directory's events, beside those that came by task."""


class Idempotency(IdempotencyEntry, Table):
    """Idempotency-Keys of the last 48 hours."""


class AccessLog(AccessLogEntry, Table):
    """Who read or changed what about whom, and why."""


class AccessSeal(AccessSealLink, Table):
    """The chain over the access log."""
