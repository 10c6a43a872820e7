"""What this service keeps to check sign-ins by itself."""

from __future__ import annotations

from services.referrals.store.table import Table
from shared.auth.sessions import SessionSeen as SessionSeenEntry
from shared.auth.trusted_keys import TrustedKey as TrustedKeyEntry


class TrustedKey(TrustedKeyEntry, Table):
    """A public key of the directory."""


class SessionSeen(SessionSeenEntry, Table):
    """When a browser session was last seen here, and whether it was ended."""
