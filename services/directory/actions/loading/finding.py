"""Finding what a line names: places by code, organisations by key, ODS code or name, teams by key."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.directory.domain.accounts import email_address
from services.directory.domain.sheets import Row
from services.directory.store.organizations import ODS, OWN_KEY, Organization, OrganizationIdentifier
from services.directory.store.places import Place
from services.directory.store.teams import Team
from shared.listing_ids import listing_id


def place_of(session: Session, row: Row) -> UUID | None:
    """The place whose code stands in the cell `place`, None where it is empty. Raises Invalid."""
    return place_said(session, row) if row.text("place") else None


def place_said(session: Session, row: Row) -> UUID:
    """As `place_of`, where a place must be said."""
    code = row.said("place")
    found = session.scalar(select(Place.id).where(Place.code == code))
    if found is None:
        raise row.refuse("place", f"There is no place {code!r}; places.csv names them.")
    return found


def organization_named(session: Session, text: str) -> list[UUID]:
    """Organisations with this key, else this ODS code, else exactly this name (capitals aside)."""
    for scheme, identifier in ((OWN_KEY, text), (ODS, text.upper())):
        found = session.scalar(
            select(OrganizationIdentifier.organization_id).where(
                OrganizationIdentifier.scheme == scheme, OrganizationIdentifier.identifier == identifier
            )
        )
        if found is not None:
            return [found]
    named = select(Organization.id).where(func.lower(Organization.name) == text.lower()).limit(2)
    return list(session.scalars(named))


def organization_of(session: Session, row: Row, column: str = "organization") -> UUID:
    """The organisation a cell names. Raises Invalid for none and for several."""
    text = row.said(column)
    found = organization_named(session, text)
    if len(found) != 1:
        why = "Several organisations are called that: give a key." if found else "There is none of that name."
        raise row.refuse(column, f"{text!r}: {why}")
    return found[0]


def teams_of(session: Session, row: Row, column: str = "teams") -> list[UUID]:
    """The teams whose keys stand in the cell. Raises Invalid naming the first that is not there."""
    found = []
    for key in row.words(column):
        team = session.get(Team, listing_id("team", key))
        if team is None:
            raise row.refuse(column, f"There is no team {key!r}; teams.csv names them.")
        found.append(team.id)
    return found


def email_of(row: Row, column: str = "email") -> str | None:
    """An e-mail address as it is stored, None where the cell is empty. Raises Invalid."""
    text = row.text(column)
    return email_address(text, f"/{row.file}/{row.number}/{column}") if text else None
