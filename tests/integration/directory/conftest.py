"""The directory in this process, on a clean database, for tests of either of its parts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from services.directory.actions.keys import ring
from services.directory.app import create_app
from shared.auth.tokens import service_token
from shared.clock import now
from tests.builders.identity import Browser


@pytest.fixture(scope="module")
def app(directory_database: str, valkey: str) -> Iterator[Flask]:
    """The whole service; no relay is nudged, so that tests look at the outbox in peace."""
    from services.directory.store.database import database

    ring.forget()
    made = create_app()
    database.nudge = None
    yield made
    ring.forget()


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A browser nobody has signed in with."""
    return Browser(app)


@pytest.fixture
def as_service() -> dict[str, dict[str, str]]:
    """Headers with which each of the other services calls."""
    return {
        name: {"Authorization": f"Bearer {service_token(name, 'directory', now())}"}
        for name in ("referrals", "notifications")
    }
