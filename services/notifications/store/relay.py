"""Tables every service has: events heard, and who read or changed what."""

from __future__ import annotations

from services.notifications.store.table import Table
from shared.audit import AccessLogEntry
from shared.audit import AccessSeal as AccessSealEntry
from shared.inbox import InboxEntry


class Inbox(InboxEntry, Table):
    """What was heard, so that nothing acts twice."""


class AccessLog(AccessLogEntry, Table):
    """Who read which messages, or had one sent again."""


class AccessSeal(AccessSealEntry, Table):
    """The hash chain over the access log."""
