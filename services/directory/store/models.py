"""Every table of the directory, so that its metadata is whole (migrations and tests import this)."""

from services.directory.store import (
    identity,
    link_workers,
    listing_parts,
    locations,
    mailboxes,
    organizations,
    pcns,
    places,
    postcodes,
    published,
    relay,
    routing,
    schedules,
    services,
    taxonomy,
    teams,
    waits,
)
from services.directory.store.table import Table

__all__ = [
    "Table",
    "identity",
    "link_workers",
    "listing_parts",
    "locations",
    "mailboxes",
    "organizations",
    "pcns",
    "places",
    "postcodes",
    "published",
    "relay",
    "routing",
    "schedules",
    "services",
    "taxonomy",
    "teams",
    "waits",
]
