"""The directory's whole part of the demo place, in the order in which one thing needs another."""

from __future__ import annotations

from datetime import datetime

from services.directory.demo.accounts import (
    CLIENTS,
    MAILBOXES,
    PEOPLE,
    load_accounts,
    load_clients,
    load_mailboxes,
)
from services.directory.demo.link_workers import LINK_WORKERS, load_link_workers
from services.directory.demo.listings import load_listings
from services.directory.store.database import database


def load_demo(at: datetime) -> tuple[int, int]:
    """Load it in one transaction; twice changes nothing. Returns how many people and systems came new."""
    with database.transaction() as session:
        load_listings(session, at)
        people = load_accounts(session, (*PEOPLE, *LINK_WORKERS), at)
        clients = load_clients(session, CLIENTS, at)
        load_link_workers(session, at)
        load_mailboxes(session, MAILBOXES, at)
    return people, clients
