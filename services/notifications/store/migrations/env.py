"""Alembic's door to this service's database; `store.migrate` runs it."""

from __future__ import annotations

from alembic import context
from sqlalchemy import create_engine, pool

from services.notifications.store.models import METADATA
from shared import settings

engine = create_engine(settings.database_url("notifications"), poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=METADATA)
    with context.begin_transaction():
        context.run_migrations()
