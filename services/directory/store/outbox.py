"""The directory's outbox: actions write to it in their own transaction."""

from services.directory.events import EVENTS
from services.directory.store.database import database
from services.directory.store.relay import Outbox as OutboxRow
from shared.outbox import Outbox

outbox = Outbox(database, OutboxRow, EVENTS)
