"""A little service of our own: the shared tables in a database with nothing else in it."""

from sqlalchemy.orm import DeclarativeBase

from shared.audit import AccessLogEntry, AccessSeal
from shared.auth.trusted_keys import TrustedKey
from shared.db import COLUMN_TYPES, Database, new_metadata
from shared.idempotency import IdempotencyEntry
from shared.inbox import InboxEntry
from shared.outbox import Outbox, OutboxEntry


class Table(DeclarativeBase):
    metadata = new_metadata()
    type_annotation_map = COLUMN_TYPES


class OutboxRow(OutboxEntry, Table):
    pass


class InboxRow(InboxEntry, Table):
    pass


class IdempotencyRow(IdempotencyEntry, Table):
    pass


class TrustedKeyRow(TrustedKey, Table):
    pass


class AccessLogRow(AccessLogEntry, Table):
    pass


class AccessSealRow(AccessSeal, Table):
    pass


database = Database("tests")
outbox = Outbox(database, OutboxRow, {"thing.made.v1": ("referrals", "notifications"), "thing.kept.v1": ()})
