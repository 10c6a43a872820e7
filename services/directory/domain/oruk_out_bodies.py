"""Organisations, locations and words as Open Referral UK 3.0."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from services.directory.domain.documents import LocationDoc, OrganizationDoc, Term, WayIn
from services.directory.domain.feed import Facts, OrganizationEntry, TaxonomyFacts, TermFacts
from services.directory.domain.fit import email_address, filled, web_address
from services.directory.domain.listings import LocationType
from services.directory.domain.part_ids import attribute_id, identifier_id, part_id
from services.directory.domain.taxonomies import ACCESSIBILITY, CIRCUMSTANCES

Json = dict[str, Any]
# Of the schemes of org-id.guide; any other is its own label.
IDENTIFIER_LABELS = {
    "GB-CHC": "Charity number",
    "GB-COH": "Company number",
    "GB-NHS": "ODS code",
    "GB-CIC": "Community interest company number",
}
# The short name an operator's own files call an organisation by is nobody else's.
NOT_TOLD = frozenset({"LINKWORK"})
ELIGIBILITY = "eligibility"


def organization_listed(entry: OrganizationEntry) -> Json:
    """An organisation in a list."""
    return organization_row(entry.id, entry.doc)


def organization_row(organization_id: UUID, doc: OrganizationDoc) -> Json:
    """The fields an organisation has one of. One that says nothing of itself is described by its name."""
    return filled(
        {
            "id": str(organization_id),
            "name": doc.name,
            "description": (doc.description.strip() and doc.description) or doc.name,
            "email": email_address(doc.email),
            "website": web_address(doc.website),
            "logo": web_address(doc.logo),
            "uri": web_address(doc.uri),
            "parent_organization_id": str(doc.parent_id) if doc.parent_id else None,
        }
    )


def organization(
    organization_id: UUID, doc: OrganizationDoc, facts: Facts, *, every_name: bool = False
) -> Json:
    """An organisation with what others call it and the words said of it.

    `every_name`: also what only an operator's own files call it.
    """
    return organization_row(organization_id, doc) | filled(
        {
            "organization_identifiers": [
                {
                    "id": str(identifier_id(organization_id, one.scheme, one.identifier)),
                    "organization_id": str(organization_id),
                    "identifier_scheme": one.scheme,
                    "identifier_type": IDENTIFIER_LABELS.get(one.scheme, one.scheme),
                    "identifier": one.identifier,
                }
                for one in sorted(doc.identifiers, key=lambda one: (one.scheme, one.identifier))
                if every_name or one.scheme not in NOT_TOLD
            ],
            "attributes": attributes(organization_id, doc.terms, facts),
        }
    )


def location_row(location_id: UUID, doc: LocationDoc) -> Json:
    """The fields a location has one of."""
    return filled(
        {
            "id": str(location_id),
            "location_type": str(doc.location_type),
            "name": doc.name,
            "description": doc.description,
            "latitude": doc.latitude,
            "longitude": doc.longitude,
            "external_identifier": doc.external_identifier,
            "external_identifier_type": doc.external_identifier_type,
        }
    )


def location(location_id: UUID, doc: LocationDoc, facts: Facts) -> Json:
    """A location with its address and the ways in."""
    return location_row(location_id, doc) | filled(
        {
            "addresses": addresses(location_id, doc, facts),
            "accessibility": [
                accessibility(location_id, n, one, facts) for n, one in enumerate(doc.accessibility)
            ],
        }
    )


def addresses(location_id: UUID, doc: LocationDoc, facts: Facts) -> list[Json]:
    """The address, where there is enough for one: a postcode, and a town known or found by the postcode.

    The standard requires a street, a town and a county. Where no street is said it is the venue's name, where
    no town or county, its council's name.
    """
    postal_code = (doc.postal_code or "").strip()
    district = facts.districts.get(postal_code)
    city = _said(doc.city) or district or _said(doc.state_province)
    county = _said(doc.state_province) or district or city
    if not postal_code or not city:
        return []
    return [
        {
            "id": str(part_id(location_id, "address", 0)),
            "location_id": str(location_id),
            "address_1": _said(doc.address_1) or doc.name,
            "city": city,
            "state_province": county,
            "postal_code": postal_code,
            "country": doc.country,
            "address_type": str(LocationType(doc.location_type)),
        }
    ]


def accessibility(location_id: UUID, position: int, one: WayIn, facts: Facts) -> Json:
    """One way in or around a location."""
    own_id = part_id(location_id, "accessibility", position)
    term = Term(ACCESSIBILITY, one.code) if one.code else None
    named = facts.terms.get(term) if term else None
    return filled(
        {
            "id": str(own_id),
            "location_id": str(location_id),
            "accessibility": named.name if named else None,
            "description": one.description,
            "details": one.details,
            "url": web_address(one.url),
            "attributes": attributes(own_id, [term] if term else [], facts),
        }
    )


def taxonomy_listed(one: TaxonomyFacts) -> Json:
    """A taxonomy in a list, without its terms."""
    return filled(
        {
            "id": str(one.id),
            "name": one.name,
            "description": (one.description.strip() and one.description) or one.name,
            "uri": web_address(one.uri),
            "version": one.version,
        }
    )


def taxonomy(one: TaxonomyFacts) -> Json:
    """A taxonomy with its terms."""
    return taxonomy_listed(one) | filled({"taxonomy_terms": [taxonomy_term(term) for term in one.terms]})


def taxonomy_term(one: TermFacts) -> Json:
    """A word of a taxonomy; `term` is its code there."""
    return filled(
        {
            "id": str(one.id),
            "name": one.name,
            "description": (one.description.strip() and one.description) or one.name,
            "parent_id": str(one.parent_id) if one.parent_id else None,
            "taxonomy": one.taxonomy_name,
            "taxonomy_id": str(one.taxonomy_id),
            "term_uri": web_address(one.term_uri),
            "term": one.code,
        }
    )


def attributes(owner: UUID, terms: Iterable[Term], facts: Facts) -> list[Json]:
    """The words said of something; those no taxonomy here has are left out."""
    return [
        {
            "id": str(attribute_id(owner, term.taxonomy, term.code)),
            "link_id": str(owner),
            "taxonomy_term_id": str(facts.terms[term].id),
            "link_type": ELIGIBILITY if term.taxonomy == CIRCUMSTANCES else term.taxonomy,
            "taxonomy_term": taxonomy_term(facts.terms[term]),
        }
        for term in sorted(terms, key=lambda term: (term.taxonomy, term.code))
        if term in facts.terms
    ]


def _said(text: str | None) -> str | None:
    return text if text and text.strip() else None
