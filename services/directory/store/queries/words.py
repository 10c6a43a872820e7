"""The words a search can use: needs, sectors, places; and whom to ring in a place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from services.directory.domain.taxonomies import ACCESSIBILITY, NEEDS
from services.directory.store.database import database
from services.directory.store.organizations import ODS, Organization, OrganizationIdentifier
from services.directory.store.places import Area, Place
from services.directory.store.taxonomy import Sector, TaxonomyTerm
from shared.errors import Invalid


@dataclass(frozen=True)
class Code:
    """A code and its name; `retired` where it is offered no more, but may still be said."""

    code: str
    name: str
    retired: bool = False


@dataclass(frozen=True)
class Number:
    """Whom to ring now, when, and what happens then."""

    name: str
    number: str
    when: str
    what: str


@dataclass(frozen=True)
class PlaceNumbers:
    """A place and whom to ring there, the most pressing first."""

    place: Code
    numbers: tuple[Number, ...]


def needs() -> list[TaxonomyTerm]:
    """The needs, in their published order, retired ones too. One query."""
    with database.transaction() as session:
        return list(
            session.scalars(
                select(TaxonomyTerm).where(TaxonomyTerm.taxonomy == NEEDS).order_by(TaxonomyTerm.position)
            )
        )


def accessibility() -> list[Code]:
    """The ways in and around a venue, in their published order, retired ones too. One query."""
    with database.transaction() as session:
        rows = session.execute(
            select(TaxonomyTerm.code, TaxonomyTerm.name, TaxonomyTerm.retired)
            .where(TaxonomyTerm.taxonomy == ACCESSIBILITY)
            .order_by(TaxonomyTerm.position)
        )
        return [Code(*row) for row in rows]


def sectors() -> list[Code]:
    """The sectors, in their published order, retired ones too. One query."""
    with database.transaction() as session:
        rows = session.execute(select(Sector.code, Sector.name, Sector.retired).order_by(Sector.position))
        return [Code(*row) for row in rows]


def places() -> list[Code]:
    """The places, by name. One query."""
    with database.transaction() as session:
        rows = session.execute(select(Place.code, Place.name).order_by(Place.name))
        return [Code(*row) for row in rows]


def places_with_numbers(code: str | None = None) -> list[PlaceNumbers]:
    """Places by name with whom to ring; only the one with `code` where given. Two queries."""
    query = select(Place).options(selectinload(Place.emergency)).order_by(Place.name)
    if code is not None:
        query = query.where(Place.code == code)
    with database.transaction() as session:
        return [
            PlaceNumbers(
                Code(place.code, place.name),
                tuple(Number(one.name, one.number, one.when, one.what) for one in place.emergency),
            )
            for place in session.scalars(query)
        ]


def names_of_areas(areas: Iterable[str], practices: Iterable[str]) -> dict[str, str]:
    """Names by GSS or ODS code; codes nobody named are left out. Two queries."""
    with database.transaction() as session:
        named = session.execute(select(Area.code, Area.name).where(Area.code.in_(list(areas))))
        surgeries = session.execute(
            select(OrganizationIdentifier.identifier, Organization.name)
            .join(Organization, Organization.id == OrganizationIdentifier.organization_id)
            .where(
                OrganizationIdentifier.scheme == ODS, OrganizationIdentifier.identifier.in_(list(practices))
            )
        )
        return {**dict(named.all()), **dict(surgeries.all())}


def known_need(code: str | None) -> None:
    """Raise `Invalid` naming the field for a need the taxonomy does not have. One query where given."""
    _known(
        "need",
        code,
        select(TaxonomyTerm.code).where(TaxonomyTerm.taxonomy == NEEDS, TaxonomyTerm.code == code),
    )


def known_sector(code: str | None) -> None:
    """As `known_need`, for a sector."""
    _known("sector", code, select(Sector.code).where(Sector.code == code))


def known_place(code: str | None) -> None:
    """As `known_need`, for a place."""
    _known("place", code, select(Place.code).where(Place.code == code))


def _known(what: str, code: str | None, query: Select[str]) -> None:
    if code is None:
        return
    with database.transaction() as session:
        if "\0" not in code and session.scalar(query) is not None:
            return
    raise Invalid.field(f"/{what}", f"This {what} is not known here.")
