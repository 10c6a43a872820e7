"""This service's outbox: the one through which its actions tell others what happened."""

from __future__ import annotations

from services.referrals.events import EVENTS
from services.referrals.store.database import database
from services.referrals.store.relay import Outbox
from shared.outbox import Outbox as OutboxOf

outbox = OutboxOf(database, Outbox, EVENTS)
