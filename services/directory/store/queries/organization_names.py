"""What an organisation is called."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from services.directory.store.database import database
from services.directory.store.organizations import Organization


def name_of(organization_id: UUID) -> str | None:
    """Its name, None where there is no such organisation."""
    with database.transaction() as session:
        return session.scalar(select(Organization.name).where(Organization.id == organization_id))
