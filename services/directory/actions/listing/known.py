"""That what a listing names is there, and is the writer's to name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from services.directory.domain.documents import OrganizationDoc, ServiceDoc
from services.directory.domain.taxonomies import CIRCUMSTANCES
from services.directory.store.locations import Location
from services.directory.store.organizations import Organization, OrganizationIdentifier
from services.directory.store.places import Place
from services.directory.store.taxonomy import ConnectorRole, Sector, TaxonomyTerm
from services.directory.store.teams import Team
from shared.auth import Caller, Role
from shared.errors import FieldProblem, Invalid


def check_known(session: Session, doc: ServiceDoc, before: ServiceDoc | None, by: Caller) -> None:
    """Raise Invalid for a place, role, circumstance, sector, team or venue that cannot be named.

    Teams are the organisation's own. So are venues, except where the forum's admin names another's; what
    was there before may stay.
    """
    problems = [
        *_unknown(session, "/place_id", Place.id, [doc.place_id], "This place is not known here."),
        *_unknown(
            session, "/connector_role", ConnectorRole.code, [doc.connector_role], "Choose a known role."
        ),
        *_unknown(session, "/sender_sectors", Sector.code, doc.sender_sectors, "Choose known sectors."),
    ]
    terms = select(TaxonomyTerm.code).where(TaxonomyTerm.taxonomy == CIRCUMSTANCES)
    had = set(before.circumstances) if before else set()
    if set(doc.circumstances) - had - set(session.scalars(terms)):
        problems.append(FieldProblem("/circumstances", "Choose circumstances from the list."))
    own_teams = set(session.scalars(select(Team.id).where(Team.organization_id == doc.organization_id)))
    if set(doc.team_ids) - own_teams - set(before.team_ids if before else ()):
        problems.append(FieldProblem("/team_ids", "Choose teams of this organisation."))
    problems += _venues(session, doc, before, by)
    if problems:
        raise Invalid(problems)


def check_organization_known(session: Session, organization_id: UUID | None, doc: OrganizationDoc) -> None:
    """Raise Invalid for a sector, place, host or umbrella that is not there, or another's identifier."""
    ties = [one for one in (doc.host_id, doc.parent_id) if one is not None]
    problems = [
        *_unknown(session, "/sector", Sector.code, [doc.sector], "Choose a known sector."),
        *_unknown(session, "/place_id", Place.id, [doc.place_id], "This place is not known here."),
        *_unknown(session, "/host_id", Organization.id, ties, "This organisation is not known here."),
    ]
    if organization_id is not None and organization_id in ties:
        problems.append(FieldProblem("/host_id", "An organisation is not its own host or umbrella."))
    for one in doc.identifiers:
        other = session.scalar(
            select(OrganizationIdentifier.organization_id).where(
                OrganizationIdentifier.scheme == one.scheme,
                OrganizationIdentifier.identifier == one.identifier,
            )
        )
        if other not in (None, organization_id):
            problems.append(FieldProblem("/identifiers", "Another organisation has this identifier already."))
    if problems:
        raise Invalid(problems)


def _unknown(
    session: Session, pointer: str, key: InstrumentedAttribute[Any], named: Iterable[Any], words: str
) -> list[FieldProblem]:
    wanted = {one for one in named if one is not None}
    if not wanted:
        return []
    there = set(session.scalars(select(key).where(key.in_(wanted))))
    return [FieldProblem(pointer, words)] if wanted - there else []


def _venues(session: Session, doc: ServiceDoc, before: ServiceDoc | None, by: Caller) -> list[FieldProblem]:
    wanted = {venue.location_id for venue in doc.locations}
    had = {venue.location_id for venue in before.locations} if before else set()
    query = select(Location.id).where(Location.id.in_(wanted))
    if not by.has(Role.FORUM_ADMIN):
        query = query.where((Location.organization_id == doc.organization_id) | Location.id.in_(had))
    problems = []
    if wanted - set(session.scalars(query)):
        problems.append(FieldProblem("/locations", "Choose venues of this organisation."))
    if {one.location_id for one in doc.schedules if one.location_id} - wanted:
        problems.append(FieldProblem("/schedules", "Times may only be of a venue where the service meets."))
    return problems
