"""Browser sessions and the directory's keys, as this service checks them by itself."""

from __future__ import annotations

from services.notifications.clients.directory import fetch_keys, renew_session
from services.notifications.store.database import database
from services.notifications.store.signin import SessionSeen, TrustedKey
from shared.auth.sessions import Sessions
from shared.auth.trusted_keys import TrustedKeys

keys = TrustedKeys(database, TrustedKey, fetch_keys)
sessions = Sessions(database, SessionSeen, keys.find, renew_session)
