"""Begin a new epoch of the routing snapshot."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.directory.store.database import database
from services.directory.store.routing import begin_epoch


def begin_new_epoch(at: datetime) -> UUID:
    """After a restore the versions count again from an older number: every copy has to begin anew."""
    with database.transaction() as session:
        return begin_epoch(session, at)
