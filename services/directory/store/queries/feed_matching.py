"""The seam between a feed's `search` and the directory's one search: which services the words find."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, select

from services.directory.store.organizations import Organization
from services.directory.store.queries.finding import all_words, nearly, wanted_words
from services.directory.store.services import Service, ServiceTerm
from services.directory.store.taxonomy import TaxonomyTerm


def matching(search: str) -> Select[UUID] | None:
    """The ids of services that the words find; None where there is no word, which finds everything."""
    words = wanted_words(search)
    if not words:
        return None
    named = select(Service.id).where(nearly(Service.words, words))
    owned = (
        select(Service.id)
        .join(Organization, Organization.id == Service.organization_id)
        .where(all_words(Organization.name, words))
    )
    meeting = (
        select(ServiceTerm.service_id)
        .join(TaxonomyTerm, TaxonomyTerm.id == ServiceTerm.term_id)
        .where(nearly(TaxonomyTerm.name, words))
    )
    found = named.union(owned, meeting).subquery()
    return select(found.c.id)
