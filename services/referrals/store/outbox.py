"""This service's outbox: the one through which its actions tell others what happened."""

from __future__ import annotations

from shared.outbox import Outbox as OutboxOf

from ..events import EVENTS
from .database import database
from .relay import Outbox

outbox = OutboxOf(database, Outbox, EVENTS)
