"""Words of taxonomies besides the product's own, found by name or code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, or_, select, tuple_

from services.directory.domain.documents import Term
from services.directory.store.database import database
from services.directory.store.taxonomy import Taxonomy, TaxonomyTerm

MOST = 8


@dataclass(frozen=True)
class NamedTerm:
    """A word with its name."""

    taxonomy: str
    code: str
    name: str


def further_words(terms: Iterable[Term]) -> list[tuple[str, str]]:
    """These words as choices: `taxonomy:code`, and the name with its taxonomy's. One query."""
    wanted = [(term.taxonomy, term.code) for term in terms]
    if not wanted:
        return []
    with database.transaction() as session:
        rows = session.execute(
            select(TaxonomyTerm.taxonomy, TaxonomyTerm.code, TaxonomyTerm.name, Taxonomy.name)
            .join(Taxonomy, Taxonomy.code == TaxonomyTerm.taxonomy)
            .where(tuple_(TaxonomyTerm.taxonomy, TaxonomyTerm.code).in_(wanted))
            .order_by(Taxonomy.name, TaxonomyTerm.name)
        )
        return [(f"{taxonomy}:{code}", f"{name} ({of})") for taxonomy, code, name, of in rows]


def named_words(text: str, besides: Iterable[str]) -> list[NamedTerm]:
    """Words of this name or code in other taxonomies, none of them retired. One query."""
    with database.transaction() as session:
        rows = session.execute(
            select(TaxonomyTerm.taxonomy, TaxonomyTerm.code, TaxonomyTerm.name)
            .where(
                TaxonomyTerm.taxonomy.not_in(list(besides)),
                TaxonomyTerm.retired.is_(False),
                or_(TaxonomyTerm.code == text, func.lower(TaxonomyTerm.name) == text.lower()),
            )
            .order_by(TaxonomyTerm.taxonomy, TaxonomyTerm.code)
            .limit(MOST)
        )
        return [NamedTerm(*row) for row in rows]
