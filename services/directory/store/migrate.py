"""Bringing the directory's tables to where this version of the code wants them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.orm import Session

from services.directory.store.database import database
from services.directory.store.models import Table
from services.directory.store.search_refresh import bring_up

_FOLDER = Path(__file__).parent / "migrations"


def upgrade() -> None:
    """Run every migration that has not run yet; two at once do it one after the other."""
    with database.engine.begin() as connection:
        connection.execute(text("select pg_advisory_xact_lock(hashtext('migrate'))"))
        connection.execute(text("set local statement_timeout = 0"))
        command.upgrade(_config(connection), "head")
        with Session(connection, join_transaction_mode="create_savepoint") as session, session.begin():
            bring_up(session)


def differences() -> list[Any]:
    """What the models say that the migrations do not; empty when they agree."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Table.metadata))


def write_revision(message: str, revision: str) -> None:
    """For developers: write a migration from the difference between the models and the database."""
    with database.engine.begin() as connection:
        command.revision(_config(connection), message, autogenerate=True, rev_id=revision)


def _config(connection: Any) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    return config
