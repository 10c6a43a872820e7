"""What this service keeps to check sign-ins by itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.notifications.store.table import Table
from shared.auth.sessions import SessionSeen as SessionSeenEntry
from shared.auth.trusted_keys import TrustedKey as TrustedKeyEntry


class TrustedKey(TrustedKeyEntry, Table):
    """A public key of the directory."""


class SessionSeen(SessionSeenEntry, Table):
    """When a browser session was last seen here, and whether it was ended."""


def keys_heard_at(session: Session) -> datetime | None:
    """When the directory last answered with its keys."""
    return session.scalar(select(func.max(TrustedKey.fetched_at)))
