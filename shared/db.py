"""One database per service; one transaction per action."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Lock
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Engine, MetaData, create_engine, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from shared import settings

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


# What one meets while the database is away, as when it restarts: worth another try.
DATABASE_AWAY: tuple[type[Exception], ...] = (OperationalError, PoolTimeout)

# Key in `Session.info`: this transaction put something in the outbox.
WROTE_EVENTS = "wrote_events"

# Python types of mapped columns to PostgreSQL's: each service's declarative parent takes this map.
COLUMN_TYPES: dict[Any, Any] = {
    datetime: DateTime(timezone=True),
    UUID: PG_UUID(as_uuid=True),
    dict[str, Any]: JSONB,
    list[Any]: JSONB,
}


def new_metadata() -> MetaData:
    """The MetaData of one service. Each has its own: tests hold all three in one process."""
    return MetaData(naming_convention=NAMING)


class Database:
    """The database of one service, opened on first use in each process.

    Opening late makes it safe to import before gunicorn or Celery fork, and lets tests set the
    address first. Sizes: `DB_POOL` connections a process (5), none waiting longer than 5 seconds.
    """

    def __init__(self, service: str) -> None:
        self.service = service
        self._engine: Engine | None = None
        self._pid = 0
        self._opening = Lock()
        # Called after a commit that wrote events; set by the service to wake its relay.
        self.nudge: Callable[[], None] | None = None

    @property
    def engine(self) -> Engine:
        """This process's engine; a forked child makes its own and leaves its parent's alone."""
        engine = self._engine
        if engine is None or self._pid != os.getpid():
            # Two threads must not open two pools.
            with self._opening:
                engine = self._open()
        return engine

    def _open(self) -> Engine:
        if self._engine is not None and self._pid == os.getpid():
            return self._engine
        if self._engine is not None:
            self._engine.dispose(close=False)
        self._engine = create_engine(
            settings.database_url(self.service),
            poolclass=QueuePool,
            pool_size=settings.number("DB_POOL", 5),
            max_overflow=5,
            pool_timeout=5,
            pool_pre_ping=True,
            connect_args={
                "connect_timeout": 5,
                # No statement here runs so long that compiling it (`jit`) would pay.
                "options": "-c timezone=UTC -c statement_timeout=30000 -c lock_timeout=10000 -c jit=off",
            },
        )
        self._pid = os.getpid()
        return self._engine

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """One transaction: committed when the block ends well, undone whole when it does not."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session
        if session.info.get(WROTE_EVENTS) and self.nudge is not None:
            self.nudge()

    def answers(self) -> bool:
        """True when the database answers a trivial question."""
        try:
            with self.engine.connect() as connection:
                connection.execute(text("select 1"))
        except OperationalError:
            return False
        return True

    def close(self) -> None:
        """Give back every connection (end of a process, or before a test's database goes)."""
        if self._engine is not None:
            self._engine.dispose(close=self._pid == os.getpid())
            self._engine = None
