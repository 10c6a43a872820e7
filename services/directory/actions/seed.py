"""The words a new directory begins with: without them no organisation, scheme or referral can be written."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from services.directory.domain.taxonomies import NEEDS as NEEDS_TAXONOMY
from services.directory.domain.words import CONNECTOR_ROLES, NEEDS, SECTORS
from services.directory.store.database import database
from services.directory.store.table import Table
from services.directory.store.taxonomy import ConnectorRole, Sector, Taxonomy, TaxonomyTerm

# Two new installations give a need the same id, so that what one exports another knows.
_SPACE = uuid5(NAMESPACE_URL, "urn:linkwork:need")


def seed() -> int:
    """Put in what is missing of sectors, connector roles and needs; returns how many words came new.

    What is there already is left as it is, whoever changed its wording or its order.
    """
    with database.transaction() as session:
        return put_words(session)


def put_words(session: Session) -> int:
    """As `seed`, in the caller's transaction."""
    added = _add(
        session,
        Sector.code,
        [Sector(code=code, name=name, position=n) for n, (code, name) in enumerate(SECTORS)],
    )
    roles = [
        ConnectorRole(code=code, name=name, position=n) for n, (code, name) in enumerate(CONNECTOR_ROLES)
    ]
    added += _add(session, ConnectorRole.code, roles)
    words = "What a person would like help with."
    _add(session, Taxonomy.code, [Taxonomy(code=NEEDS_TAXONOMY, name="Needs", description=words)])
    session.flush()
    there = set(session.scalars(select(TaxonomyTerm.code).where(TaxonomyTerm.taxonomy == NEEDS_TAXONOMY)))
    terms = [
        TaxonomyTerm(
            id=uuid5(_SPACE, need.code),
            taxonomy=NEEDS_TAXONOMY,
            code=need.code,
            name=need.name,
            plain=need.plain,
            sensitive=need.sensitive,
            position=n,
        )
        for n, need in enumerate(NEEDS)
        if need.code not in there
    ]
    session.add_all(terms)
    session.flush()
    return added + len(terms)


def _add(session: Session, key: InstrumentedAttribute[str], rows: Iterable[Table]) -> int:
    there = set(session.scalars(select(key)))
    new = [row for row in rows if getattr(row, key.key) not in there]
    session.add_all(new)
    return len(new)
