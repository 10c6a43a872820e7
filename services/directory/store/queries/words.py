"""The words a search can use: needs, sectors, places; and whom to ring in a place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select, text
from sqlalchemy.orm import selectinload

from services.directory.domain.taxonomies import ACCESSIBILITY, NEEDS
from services.directory.store.database import database
from services.directory.store.organizations import ODS, Organization, OrganizationIdentifier
from services.directory.store.places import Area, Place
from services.directory.store.taxonomy import Sector, TaxonomyTerm
from shared.errors import FieldProblem, Invalid

_KNOWN = text("""
select exists (select from taxonomy_term where taxonomy = :needs and code = :need) as need,
    exists (select from sector where code = :sector) as sector,
    exists (select from place where code = :place) as place
""")


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


def known_codes(*, need: str | None = None, sector: str | None = None, place: str | None = None) -> None:
    """Raise `Invalid` naming each field whose code is none of ours. One query where any is given."""
    given = {"need": need, "sector": sector, "place": place}
    asked = {name: code for name, code in given.items() if code is not None}
    if not asked:
        return
    sought = {name: "" if code is None else code.replace("\0", "") for name, code in given.items()}
    with database.transaction() as session:
        known = session.execute(_KNOWN, sought | {"needs": NEEDS}).one()._asdict()
    unknown = [name for name, code in asked.items() if "\0" in code or not known[name]]
    if unknown:
        raise Invalid(
            errors=[FieldProblem(f"/{name}", f"This {name} is not known here.") for name in unknown]
        )
