"""Every table of the directory, so that its metadata is whole (migrations and tests import this)."""

from services.directory.store import identity, relay
from services.directory.store.table import Table

__all__ = ["Table", "identity", "relay"]
