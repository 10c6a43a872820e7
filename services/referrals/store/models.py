"""Every table of this service, for migrations and for the check that models and migrations agree."""

from services.referrals.store import relay, signin, tables
from services.referrals.store.table import Table

METADATA = Table.metadata

__all__ = ["METADATA", "relay", "signin", "tables"]
