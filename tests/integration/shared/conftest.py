import os

import pytest
from sqlalchemy import text

from shared.audit import append_only_sql
from tests.integration.shared.store import Table, database


@pytest.fixture(scope="module", autouse=True)
def tables(blank_database):
    """The shared tables, clean for each module."""
    os.environ["DATABASE_URL_TESTS"] = blank_database
    Table.metadata.create_all(database.engine)
    with database.transaction() as session:
        for statement in (*append_only_sql("access_log"), *append_only_sql("access_seal")):
            session.execute(text(statement))
    yield
    database.close()
    del os.environ["DATABASE_URL_TESTS"]


@pytest.fixture
def empty(tables):
    """Nothing in the outbox or inbox."""
    with database.transaction() as session:
        session.execute(text("truncate outbox, inbox, idempotency restart identity"))
