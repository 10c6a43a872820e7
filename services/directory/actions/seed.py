"""The words a new directory begins with: without them no organisation, scheme or referral can be written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from services.directory.actions.seed_thesaurus import put_thesaurus
from services.directory.domain.taxonomies import ACCESSIBILITY as ACCESSIBILITY_TAXONOMY
from services.directory.domain.taxonomies import CIRCUMSTANCES as CIRCUMSTANCES_TAXONOMY
from services.directory.domain.taxonomies import NEEDS as NEEDS_TAXONOMY
from services.directory.domain.words import ACCESSIBILITY, CIRCUMSTANCES, CONNECTOR_ROLES, NEEDS, SECTORS
from services.directory.store.database import database
from services.directory.store.table import Table
from services.directory.store.taxonomy import ConnectorRole, Sector, Taxonomy, TaxonomyTerm

_TAXONOMIES = (
    (NEEDS_TAXONOMY, "Needs", "What a person would like help with."),
    (CIRCUMSTANCES_TAXONOMY, "Circumstances", "For whom alone a service may be."),
    (ACCESSIBILITY_TAXONOMY, "Accessibility", "Ways in and around a venue."),
)
# Two new installations give a word the same id, so that what one exports another knows.
_SPACES = {
    taxonomy: uuid5(NAMESPACE_URL, f"urn:linkwork:{word}")
    for taxonomy, word in (
        (NEEDS_TAXONOMY, "need"),
        (CIRCUMSTANCES_TAXONOMY, "circumstance"),
        (ACCESSIBILITY_TAXONOMY, "accessibility"),
    )
}


def seed(at: datetime) -> int:
    """Put in what is missing of sectors, roles, needs, circumstances and accessibility, and the thesaurus of
    the search where there is none; returns how many words came new.

    What is there already is left as it is, whoever changed its wording or its order.
    """
    with database.transaction() as session:
        return put_words(session) + put_thesaurus(session, at)


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
    _add(
        session,
        Taxonomy.code,
        [Taxonomy(code=code, name=name, description=words, ours=True) for code, name, words in _TAXONOMIES],
    )
    session.flush()
    for taxonomy, terms in _terms().items():
        there = select(TaxonomyTerm.code).where(TaxonomyTerm.taxonomy == taxonomy)
        known = set(session.scalars(there))
        new = [
            TaxonomyTerm(id=uuid5(_SPACES[taxonomy], term["code"]), taxonomy=taxonomy, position=n, **term)
            for n, term in enumerate(terms)
            if term["code"] not in known
        ]
        session.add_all(new)
        added += len(new)
    session.flush()
    return added


def _terms() -> dict[str, list[dict[str, Any]]]:
    return {
        NEEDS_TAXONOMY: [need._asdict() for need in NEEDS],
        CIRCUMSTANCES_TAXONOMY: [
            {"code": one.code, "name": one.name, "plain": one.question, "description": one.who}
            for one in CIRCUMSTANCES
        ],
        ACCESSIBILITY_TAXONOMY: [{"code": code, "name": name, "plain": name} for code, name in ACCESSIBILITY],
    }


def _add(session: Session, key: InstrumentedAttribute[str], rows: Iterable[Table]) -> int:
    there = set(session.scalars(select(key)))
    new = [row for row in rows if getattr(row, key.key) not in there]
    session.add_all(new)
    return len(new)
