"""Notifications in this process: a clean database, a real mail server, the other two services as stubs."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
import responses
import structlog
from flask import Flask
from sqlalchemy import select, text

from services.notifications.store.database import database
from services.notifications.store.tables.messages import Attempt, Message, Notice
from services.notifications.store.tables.planning import Planning
from services.notifications.store.tables.providers import CaughtLetter
from shared.logs import configure
from tests.builders.notifications import Neighbours, PostOffice

CLEARED = (
    "inbox, planning, feed, message, attempt, notice, preference, provider, caught_letter, session_seen,"
    " trusted_key"
)


@pytest.fixture(autouse=True)
def logs() -> Iterator[None]:
    """Logs go to the standard error of this test: a logger keeps the one it was configured with."""
    handlers = logging.getLogger().handlers[:]
    configure("notifications")
    yield
    structlog.reset_defaults()
    logging.getLogger().handlers[:] = handlers


@pytest.fixture(autouse=True)
def clean(notifications_database: str) -> None:
    """Nothing heard, nothing sent. The access log refuses to be emptied; tests look at its newest rows."""
    with database.transaction() as session:
        session.execute(text(f"truncate {CLEARED} cascade"))


@pytest.fixture
def neighbours() -> Iterator[Neighbours]:
    """Referrals and the directory."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as stub:
        yield Neighbours(stub)


@pytest.fixture
def post_office(monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    """The mail server our letters go to."""
    with PostOffice() as office:
        monkeypatch.setenv("SMTP_URL", f"smtp://127.0.0.1:{office.port}")
        yield office


@pytest.fixture
def app(notifications_database: str) -> Flask:
    """The whole web side."""
    from services.notifications.app import create_app

    return create_app()


class Store:
    """What is kept, read afresh."""

    def all(self, table: Any, *conditions: Any) -> list[Any]:
        with database.transaction() as session:
            key = table.__table__.primary_key.columns
            return list(session.scalars(select(table).where(*conditions).order_by(*key)))

    @property
    def messages(self) -> list[Message]:
        return sorted(self.all(Message), key=lambda row: (row.channel, row.queued_at))

    @property
    def message(self) -> Message:
        (only,) = self.all(Message)
        return only

    @property
    def attempts(self) -> list[Attempt]:
        return self.all(Attempt)

    @property
    def notices(self) -> list[Notice]:
        return self.all(Notice)

    @property
    def plans(self) -> list[Planning]:
        return self.all(Planning)

    @property
    def letters(self) -> list[CaughtLetter]:
        return self.all(CaughtLetter)


@pytest.fixture
def store() -> Store:
    """What is kept."""
    return Store()
