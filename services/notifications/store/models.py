"""Every table of this service, so that the migrations see them all."""

from __future__ import annotations

from services.notifications.store import relay, signin
from services.notifications.store.table import Table
from services.notifications.store.tables import messages, planning, preferences, providers

METADATA = Table.metadata
MODULES = (relay, signin, messages, planning, preferences, providers)
