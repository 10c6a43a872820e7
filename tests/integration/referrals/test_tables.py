"""The migrations make exactly the tables the code speaks of."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from services.referrals.store.database import database
from services.referrals.store.models import METADATA


def test_the_migrations_and_the_models_agree(referrals_database):
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
