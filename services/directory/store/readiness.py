"""What the directory still lacks before a referral can be routed, in sentences an operator can act on."""

from __future__ import annotations

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session

from services.directory.domain.listings import ServiceKind, ServiceStatus, TeamKind
from services.directory.domain.taxonomies import NEEDS
from services.directory.store.identity import Membership
from services.directory.store.organizations import Organization, SharingAgreement
from services.directory.store.places import EmergencyNumber, Place
from services.directory.store.postcodes import Postcode
from services.directory.store.services import Service
from services.directory.store.taxonomy import Sector, TaxonomyTerm
from services.directory.store.teams import Team, TeamService

_MOST = 10


def what_is_missing(session: Session) -> list[str]:
    """Everything that stands in the way, the first thing to do first; empty when referrals can be routed."""
    found = []
    if not session.scalar(select(exists(select(Sector.code)))) or not session.scalar(
        select(exists(select(TaxonomyTerm.id).where(TaxonomyTerm.taxonomy == NEEDS)))
    ):
        found.append("There are no sectors or needs: run linkwork-directory seed.")
    if not session.scalar(select(exists(select(Postcode.pcds)))):
        found.append("No postcodes are loaded: run linkwork-directory load-postcodes.")
    if not session.scalar(select(exists(select(Place.id)))):
        found.append("There is no place: name one in places.csv.")
    found += _places_without(session)
    found += _schemes_without_team(session)
    found += _teams_without_people(session)
    return found + _owners_without_agreement(session)


def _places_without(session: Session) -> list[str]:
    desk = exists().where(Team.place_id == Place.id, Team.kind == TeamKind.DUTY_DESK)
    number = exists().where(EmergencyNumber.place_id == Place.id)
    return [
        *_each(session, select(Place.name).where(~desk), "{} has no duty desk: name one in teams.csv."),
        *_each(session, select(Place.name).where(~number), "{} has no number to ring in an emergency."),
    ]


def _schemes_without_team(session: Session) -> list[str]:
    team = exists().where(TeamService.service_id == Service.id)
    schemes = select(Service.name).where(
        Service.kind == ServiceKind.SCHEME, Service.status == ServiceStatus.ACTIVE, ~team
    )
    return _each(session, schemes, "{} has no team to work its queue.")


def _teams_without_people(session: Session) -> list[str]:
    member = exists().where(Membership.team_id == Team.id, Membership.ended_at.is_(None))
    return _each(
        session,
        select(Team.name).where(~member),
        "Nobody works in {} yet, so nothing is sent there: invite somebody.",
    )


def _owners_without_agreement(session: Session) -> list[str]:
    signed = exists().where(
        or_(
            SharingAgreement.organization_a == Organization.id,
            SharingAgreement.organization_b == Organization.id,
        )
    )
    works = exists().where(Team.organization_id == Organization.id, Team.kind == TeamKind.SCHEME)
    return _each(
        session,
        select(Organization.name).where(works, ~signed),
        "{} has signed no sharing agreement, so nobody can send to it: see agreements.csv.",
    )


def _each(session: Session, query: Select[str], words: str) -> list[str]:
    names = session.scalars(query.order_by("name").limit(_MOST + 1)).all()
    said = [words.format(name) for name in names[:_MOST]]
    return [*said, "… and more of these."] if len(names) > _MOST else said
