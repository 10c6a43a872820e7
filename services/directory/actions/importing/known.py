"""What is in the directory already, to compare with: by name, by identifier, by what may be said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select, true, tuple_
from sqlalchemy.orm import Session, load_only

from services.directory.domain.documents import Identifier, Term
from services.directory.domain.importing.matching import match_keys
from services.directory.domain.importing.records import RecordKind, plain_name
from services.directory.domain.taxonomies import CIRCUMSTANCES
from services.directory.store.imports import ImportRow
from services.directory.store.locations import Location, ServiceAtLocation
from services.directory.store.organizations import Organization, OrganizationIdentifier
from services.directory.store.places import Place
from services.directory.store.postcodes import Postcode
from services.directory.store.queries.feed_selection import told_venue
from services.directory.store.queries.services import SHOWN
from services.directory.store.services import Service
from services.directory.store.taxonomy import TaxonomyTerm

_TABLES: Mapping[RecordKind, Any] = {RecordKind.ORGANIZATION: Organization, RecordKind.SERVICE: Service}

_ORGANIZATION_KEYS = ("phone", "email", "website", "postal_code")
_SERVICE_KEYS = ("phone", "email", "url", "organization_id")


class Names:
    """The names of all organisations, or all services, by their plain form; a few bytes for each."""

    def __init__(self, session: Session, kind: RecordKind) -> None:
        self.kind = kind
        self._found: dict[int, list[UUID]] = defaultdict(list)
        table = _TABLES[kind]
        rows = session.execute(select(table.id, table.name).execution_options(yield_per=2000))
        for own, name in rows:
            self._found[hash(plain_name(name))].append(own)

    def ids(self, name: str) -> list[UUID]:
        """Those of this plain name."""
        return self._found.get(hash(name), [])


def places(session: Session) -> set[UUID]:
    """The places of this directory."""
    return set(session.scalars(select(Place.id)))


def organizations(session: Session, ids: Iterable[UUID]) -> set[UUID]:
    """Those of these organisations that are in the directory."""
    return set(session.scalars(select(Organization.id).where(Organization.id.in_(list(ids)))))


def keys_there(
    session: Session, kind: RecordKind, ids: Iterable[UUID], own: UUID | None
) -> dict[UUID, tuple[str, list[str]]]:
    """Name and match keys of records that are there.

    Where the import is of the organisation `own`, of others only what everybody sees: else names and
    postcodes could be tried until one is said to be there.
    """
    return (
        _organization_keys(session, list(ids))
        if kind is RecordKind.ORGANIZATION
        else _service_keys(session, list(ids), own)
    )


def _organization_keys(session: Session, ids: list[UUID]) -> dict[UUID, tuple[str, list[str]]]:
    rows = session.scalars(
        select(Organization)
        .where(Organization.id.in_(ids))
        .options(load_only(*(getattr(Organization, name) for name in ("name", *_ORGANIZATION_KEYS))))
    )
    return {row.id: (row.name, _keys(row, _ORGANIZATION_KEYS)) for row in rows}


def _service_keys(session: Session, ids: list[UUID], own: UUID | None) -> dict[UUID, tuple[str, list[str]]]:
    mine = true() if own is None else Service.organization_id == own
    postcodes = defaultdict(list)
    for one, code in session.execute(
        select(ServiceAtLocation.service_id, Location.postal_code)
        .join(Location, Location.id == ServiceAtLocation.location_id)
        .join(Service, Service.id == ServiceAtLocation.service_id)
        .where(ServiceAtLocation.service_id.in_(ids), mine | told_venue())
    ):
        postcodes[one].append(code)
    rows = session.scalars(
        select(Service)
        .where(Service.id.in_(ids), mine | Service.status.in_(SHOWN))
        .options(load_only(*(getattr(Service, name) for name in ("name", *_SERVICE_KEYS))))
    )
    return {row.id: (row.name, _keys(row, _SERVICE_KEYS, postcodes[row.id])) for row in rows}


def _keys(row: object, names: Iterable[str], postcodes: Iterable[str | None] = ()) -> list[str]:
    return match_keys({name: getattr(row, name) for name in names}, postcodes)


def by_identifier(session: Session, wanted: Iterable[Identifier]) -> dict[Identifier, UUID]:
    """The organisations that others call so."""
    rows = session.execute(
        select(
            OrganizationIdentifier.scheme,
            OrganizationIdentifier.identifier,
            OrganizationIdentifier.organization_id,
        ).where(
            tuple_(OrganizationIdentifier.scheme, OrganizationIdentifier.identifier).in_(
                [(one.scheme, one.identifier) for one in wanted]
            )
        )
    )
    return {Identifier(scheme, number): own for scheme, number, own in rows}


def identifiers_of(session: Session, ids: Iterable[UUID]) -> dict[UUID, list[Identifier]]:
    """What others call these organisations."""
    found: dict[UUID, list[Identifier]] = defaultdict(list)
    for own, scheme, number in session.execute(
        select(
            OrganizationIdentifier.organization_id,
            OrganizationIdentifier.scheme,
            OrganizationIdentifier.identifier,
        ).where(OrganizationIdentifier.organization_id.in_(list(ids)))
    ):
        found[own].append(Identifier(scheme, number))
    return found


def known_terms(session: Session, batch_id: UUID, wanted: Iterable[Term]) -> set[Term]:
    """Those of these words that are known here, or come with the batch."""
    asked = set(wanted)
    rows = session.execute(
        select(TaxonomyTerm.taxonomy, TaxonomyTerm.code).where(
            tuple_(TaxonomyTerm.taxonomy, TaxonomyTerm.code).in_([(one.taxonomy, one.code) for one in asked])
        )
    )
    found = {Term(taxonomy, code) for taxonomy, code in rows}
    coming = session.scalars(
        select(ImportRow.external_id).where(
            ImportRow.batch_id == batch_id,
            ImportRow.kind == RecordKind.TERM,
            ImportRow.external_id.in_([f"{one.taxonomy}:{one.code}" for one in asked]),
        )
    )
    named = set(coming)
    return found | {one for one in asked if f"{one.taxonomy}:{one.code}" in named}


def circumstances(session: Session) -> frozenset[str]:
    """The codes of all circumstances."""
    return frozenset(session.scalars(select(TaxonomyTerm.code).where(TaxonomyTerm.taxonomy == CIRCUMSTANCES)))


class Where:
    """Points and places of postcodes."""

    def __init__(self, session: Session, postcodes: Iterable[str]) -> None:
        rows = session.execute(
            select(Postcode.pcds, Postcode.lat, Postcode.lon, Postcode.authority).where(
                Postcode.pcds.in_(sorted({code for code in postcodes if code}))
            )
        )
        places = {
            code: own for own, codes in session.execute(select(Place.id, Place.authorities)) for code in codes
        }
        self._found = {pcds: (lat, lon, places.get(authority)) for pcds, lat, lon, authority in rows}

    def point(self, postcode: str | None) -> tuple[float, float] | None:
        """Latitude and longitude."""
        lat, lon, _ = self._found.get(postcode or "", (None, None, None))
        return None if lat is None or lon is None else (lat, lon)

    def place(self, postcode: str | None) -> UUID | None:
        """The place it lies in, where it is one of ours."""
        return self._found.get(postcode or "", (None, None, None))[2]
