"""Alembic's entry: the connection is given by `services.directory.store.migrate`."""

from alembic import context

from services.directory.store.models import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    compare_type=True,
    compare_server_default=False,
)
with context.begin_transaction():
    context.run_migrations()
