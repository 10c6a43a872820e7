"""What the contract tests share."""

from __future__ import annotations

import pytest

from services.directory.app import create_app
from services.directory.demo.everything import load_demo
from services.directory.store.database import database
from services.directory.store.queries.snapshot import read_snapshot
from services.referrals.domain.routing.snapshot import Snapshot
from tests.builders.listings import NOON


@pytest.fixture(scope="module")
def snapshot(directory_database: str, valkey: str) -> Snapshot:
    """The demo's directory as referrals holds it at `NOON`."""
    create_app()
    database.nudge = None
    load_demo(NOON)
    page = read_snapshot(0, 5000)
    assert not page.more
    assert not any(item["deleted"] for item in page.items)
    return Snapshot.of(page.items, NOON)
