"""What this service can do without, and what not: for `/readyz`. No answer of another waits here for long."""

from __future__ import annotations

from datetime import datetime, timedelta

from services.notifications.actions.sessions import keys
from services.notifications.domain.rules import Channel
from services.notifications.store import signin
from services.notifications.store.database import database
from services.notifications.store.tables.providers import Provider
from shared.db import DATABASE_AWAY
from shared.errors import Unavailable

# The keys are asked for every ten minutes, the mail server every minute.
KEYS_HEARD_WITHIN = timedelta(minutes=25)
MAIL_ASKED_WITHIN = timedelta(minutes=5)
NEVER_READ = (
    "The directory's keys have not been read yet, and it does not answer. See INTERNAL_URL_DIRECTORY."
)
AWAY = "The directory does not answer: nobody new can sign in, and letters wait. See INTERNAL_URL_DIRECTORY."
NOT_ASKED = "Nobody has asked the mail server lately: is a worker of notifications running, and beat?"
IN_DATABASE = "It is kept in the database, which does not answer."


def directory_is_known() -> str | None:
    """None once the directory's keys are here, else what is missing, after trying to get them.

    Without them no sign-in can be checked; with them the directory may be away.
    """
    try:
        if _keys_heard_at() is None and keys.refresh() == 0:
            return NEVER_READ
    except Unavailable:
        return NEVER_READ
    except DATABASE_AWAY:
        return IN_DATABASE
    return None


def directory_answers(at: datetime) -> str | None:
    """None where the directory was heard of lately, or answers now."""
    try:
        heard_at = _keys_heard_at()
        if heard_at is None or at - heard_at > KEYS_HEARD_WITHIN:
            keys.refresh()
    except Unavailable:
        return AWAY
    except DATABASE_AWAY:
        return IN_DATABASE
    return None


def mail_server_answers(at: datetime) -> str | None:
    """None where the mail server answered when a worker last asked, else what it said."""
    try:
        with database.transaction() as session:
            row = session.get(Provider, Channel.EMAIL)
    except DATABASE_AWAY:
        return IN_DATABASE
    if row is None or at - row.checked_at > MAIL_ASKED_WITHIN:
        return NOT_ASKED
    return None if row.answers else f"{row.words} Letters wait until it does. See SMTP_URL."


def _keys_heard_at() -> datetime | None:
    with database.transaction() as session:
        return signin.keys_heard_at(session)
