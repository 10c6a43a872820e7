"""How callers are checked here: the directory's keys kept in our own tables, sessions renewed by it."""

from __future__ import annotations

from services.referrals.clients.directory import fetch_jwks, renew_session
from services.referrals.store.database import database
from services.referrals.store.signin import SessionSeen, TrustedKey
from shared.auth.sessions import Sessions
from shared.auth.trusted_keys import TrustedKeys

keys = TrustedKeys(database, TrustedKey, fetch_jwks)


def browser_sessions() -> Sessions:
    """What checks the cookie of a browser."""
    return Sessions(database, SessionSeen, keys.find, renew_session)


def refresh_keys() -> int:
    """Ask the directory for its keys; returns how many it has. Raises Unavailable."""
    return keys.refresh()
