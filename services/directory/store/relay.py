"""Tables through which the directory and the other services hear of each other, once."""

from __future__ import annotations

from services.directory.store.table import Table
from shared.audit import AccessLogEntry
from shared.audit import AccessSeal as AccessSealEntry
from shared.idempotency import IdempotencyEntry
from shared.inbox import InboxEntry
from shared.outbox import OutboxEntry


class Outbox(OutboxEntry, Table):
    """What happened here and is to be told."""


class Inbox(InboxEntry, Table):
    """What was heard, so that nothing acts twice."""


class Idempotency(IdempotencyEntry, Table):
    """Requests that came with an Idempotency-Key."""


class AccessLog(AccessLogEntry, Table):
    """Who changed which account, membership, client or key, and why."""


class AccessSeal(AccessSealEntry, Table):
    """The hash chain over the access log."""
