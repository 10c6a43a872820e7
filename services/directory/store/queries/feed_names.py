"""What documents name by a code, for a whole page at once: words, areas, councils. One query each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, tuple_, union_all
from sqlalchemy.orm import Session

from services.directory.domain.documents import Term
from services.directory.domain.feed import TaxonomyFacts, TermFacts
from services.directory.domain.taxonomies import CIRCUMSTANCES
from services.directory.store.organizations import ODS, Organization, OrganizationIdentifier
from services.directory.store.pcns import Pcn
from services.directory.store.places import Area
from services.directory.store.postcodes import Postcode
from services.directory.store.taxonomy import Taxonomy, TaxonomyTerm


def terms_by_word(
    session: Session, words: Collection[Term], *, circumstances: Collection[str] = ()
) -> dict[Term, TermFacts]:
    """The terms of these words, and of these codes of circumstances, as far as a taxonomy has them."""
    wanted = {(term.taxonomy, term.code) for term in words}
    wanted |= {(CIRCUMSTANCES, code) for code in circumstances}
    query = _terms().where(tuple_(TaxonomyTerm.taxonomy, TaxonomyTerm.code).in_(sorted(wanted)))
    return {Term(one.taxonomy, one.code): one for one in _read(session, query)}


def terms_by_id(session: Session, ids: Sequence[UUID]) -> list[TermFacts]:
    """These terms in this order."""
    found = {one.id: one for one in _read(session, _terms().where(TaxonomyTerm.id.in_(ids)))}
    return [found[one] for one in ids if one in found]


def taxonomies_by_id(session: Session, ids: Sequence[UUID], *, whole: bool) -> list[TaxonomyFacts]:
    """These taxonomies in this order; `whole` with their terms in their published order."""
    rows = {one.id: one for one in session.scalars(select(Taxonomy).where(Taxonomy.id.in_(ids)))}
    terms: dict[UUID, list[TermFacts]] = {}
    if whole:
        query = _terms().where(Taxonomy.id.in_(ids)).order_by(TaxonomyTerm.position, TaxonomyTerm.id)
        for term in _read(session, query):
            terms.setdefault(term.taxonomy_id, []).append(term)
    return [
        TaxonomyFacts(
            id=one,
            code=rows[one].code,
            name=rows[one].name,
            description=rows[one].description,
            uri=rows[one].uri,
            version=rows[one].version,
            terms=tuple(terms.get(one, ())),
        )
        for one in ids
        if one in rows
    ]


def area_names(session: Session, codes: Collection[str]) -> dict[str, str]:
    """Names of authorities, wards and LSOAs, of practices and networks, by GSS or ODS code."""
    wanted = sorted(codes)
    named = union_all(
        select(Area.code, Area.name).where(Area.code.in_(wanted)),
        select(Pcn.code, Pcn.name).where(Pcn.code.in_(wanted)),
        select(OrganizationIdentifier.identifier, Organization.name)
        .join(Organization, Organization.id == OrganizationIdentifier.organization_id)
        .where(OrganizationIdentifier.scheme == ODS, OrganizationIdentifier.identifier.in_(wanted)),
    )
    return dict(session.execute(named).all())


def districts(session: Session, postcodes: Collection[str]) -> dict[str, str]:
    """The name of the council in whose area each postcode lies."""
    rows = session.execute(
        select(Postcode.pcds, Area.name)
        .join(Area, Area.code == Postcode.authority)
        .where(Postcode.pcds.in_(sorted(postcodes)))
    )
    return dict(rows.all())


def _terms() -> Select[*tuple[Any, ...]]:
    return select(
        TaxonomyTerm.id,
        Taxonomy.id.label("taxonomy_id"),
        Taxonomy.code.label("taxonomy"),
        Taxonomy.name.label("taxonomy_name"),
        TaxonomyTerm.code,
        TaxonomyTerm.name,
        TaxonomyTerm.description,
        TaxonomyTerm.parent_id,
        TaxonomyTerm.term_uri,
    ).join(Taxonomy, Taxonomy.code == TaxonomyTerm.taxonomy)


def _read(session: Session, query: Select[*tuple[Any, ...]]) -> Iterable[TermFacts]:
    return (TermFacts(**row._mapping) for row in session.execute(query))
