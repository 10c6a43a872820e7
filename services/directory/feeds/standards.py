"""The two feeds: their names, and how each writes what it tells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from services.directory.domain import hsds_out, oruk_out
from services.directory.domain.feed import (
    Facts,
    GoneEntry,
    OrganizationEntry,
    ServiceEntry,
    TaxonomyFacts,
    TermFacts,
    VenueEntry,
)
from services.directory.domain.oruk_out_bodies import (
    organization,
    organization_listed,
    taxonomy,
    taxonomy_listed,
    taxonomy_term,
)

Json = dict[str, Any]
Write = Callable[[Any, Facts], Json]


@dataclass(frozen=True)
class Writers:
    """How one kind of thing is written: in a list, and whole."""

    listed: Write
    whole: Write


@dataclass(frozen=True)
class Standard:
    """One feed. `version` and `profile` are what its first answer says of it, `title` what people call it."""

    path: str
    title: str
    version: str
    profile: str
    writers: dict[str, Writers]
    minimal: Callable[[ServiceEntry | GoneEntry], Json]


def _service(write: Write, write_gone: Callable[[GoneEntry], Json]) -> Write:
    def written(entry: ServiceEntry | GoneEntry, facts: Facts) -> Json:
        return write_gone(entry) if isinstance(entry, GoneEntry) else write(entry, facts)

    return written


def _taxonomy_listed(one: TaxonomyFacts, _: Facts) -> Json:
    return taxonomy_listed(one)


def _taxonomy(one: TaxonomyFacts, _: Facts) -> Json:
    return taxonomy(one)


def _term(one: TermFacts, _: Facts) -> Json:
    return taxonomy_term(one)


def _organization_oruk(entry: OrganizationEntry, facts: Facts) -> Json:
    told = organization(entry.id, entry.doc, facts)
    services = [oruk_out.service(one, facts) for one in entry.services]
    return told | ({"services": services} if services else {})


def _organization_hsds(entry: OrganizationEntry, facts: Facts) -> Json:
    told = hsds_out.organization(entry.id, entry.doc, facts)
    services = [hsds_out.service(one, facts) for one in entry.services]
    return told | ({"services": services} if services else {})


def _listed_oruk(entry: OrganizationEntry, _: Facts) -> Json:
    return organization_listed(entry)


def _listed_hsds(entry: OrganizationEntry, _: Facts) -> Json:
    return hsds_out.organization_listed(entry)


def _venue(write: Callable[[VenueEntry, Facts], Json]) -> Write:
    return write


_WORDS = {
    "taxonomies": Writers(_taxonomy_listed, _taxonomy),
    "taxonomy_terms": Writers(_term, _term),
}
ORUK = Standard(
    path="oruk",
    title="Open Referral UK 3.0",
    version="HSDS-UK-3.0",
    profile="https://docs.openreferraluk.org/en/latest/",
    writers={
        "services": Writers(
            _service(oruk_out.service_listed, oruk_out.service_gone),
            _service(oruk_out.service, oruk_out.service_gone),
        ),
        "organizations": Writers(_listed_oruk, _organization_oruk),
        "service_at_locations": Writers(oruk_out.service_at_location_listed, oruk_out.service_at_location),
        **_WORDS,
    },
    minimal=oruk_out.service_minimal,
)
HSDS = Standard(
    path="hsds",
    title="HSDS 3.1",
    version="3.1",
    profile="https://docs.openreferral.org/en/3.1/",
    writers={
        "services": Writers(
            _service(hsds_out.service_listed, hsds_out.service_gone),
            _service(hsds_out.service, hsds_out.service_gone),
        ),
        "organizations": Writers(_listed_hsds, _organization_hsds),
        "service_at_locations": Writers(hsds_out.service_at_location_listed, hsds_out.service_at_location),
        **_WORDS,
    },
    minimal=hsds_out.service_minimal,
)
