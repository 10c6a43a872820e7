"""The documents of the routing snapshot, many at once: a fixed number of queries for each kind.

Absent things are null or empty lists. Private locations are in no document.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, selectinload

from services.directory.domain.listings import TeamKind
from services.directory.domain.taxonomies import CIRCUMSTANCES, NEEDS
from services.directory.store.identity import Account, Membership
from services.directory.store.link_workers import Absence, LinkWorker, SurgerySession
from services.directory.store.mailboxes import ReferralMailbox
from services.directory.store.organizations import (
    ODS,
    Organization,
    OrganizationIdentifier,
    SharingAgreement,
)
from services.directory.store.places import Area, Place
from services.directory.store.postcodes import Postcode
from services.directory.store.queries.service_parts import grouped, routed_parts
from services.directory.store.services import Service
from services.directory.store.taxonomy import TaxonomyTerm
from services.directory.store.teams import Team, TeamService

Docs = dict[str, dict[str, Any]]


def documents(session: Session, kind: str, ids: Sequence[str]) -> Docs:
    """The documents of these items by id; items that are no more are left out."""
    return _MAKERS[kind](session, ids)


def _needs(session: Session, codes: Sequence[str]) -> Docs:
    terms = session.scalars(
        select(TaxonomyTerm).where(TaxonomyTerm.taxonomy == NEEDS, TaxonomyTerm.code.in_(codes))
    )
    return {
        term.code: {
            "id": term.code,
            "code": term.code,
            "label": term.name,
            "plain": term.plain,
            "sensitive": term.sensitive,
            "retired": term.retired,
        }
        for term in terms
    }


def _circumstances(session: Session, codes: Sequence[str]) -> Docs:
    terms = session.scalars(
        select(TaxonomyTerm).where(TaxonomyTerm.taxonomy == CIRCUMSTANCES, TaxonomyTerm.code.in_(codes))
    )
    return {
        term.code: {
            "id": term.code,
            "code": term.code,
            "label": term.name,
            "who": term.description,
            "question": term.plain,
            "retired": term.retired,
        }
        for term in terms
    }


def _places(session: Session, ids: Sequence[str]) -> Docs:
    places = session.scalars(
        select(Place)
        .where(Place.id.in_(_uuids(ids)))
        .options(selectinload(Place.emergency), selectinload(Place.neighbours))
    ).all()
    desks = {
        place_id: str(team_id)
        for place_id, team_id in session.execute(
            select(Team.place_id, Team.id).where(
                Team.kind == TeamKind.DUTY_DESK, Team.place_id.in_(_uuids(ids))
            )
        )
    }
    return {
        str(place.id): {
            "id": str(place.id),
            "code": place.code,
            "name": place.name,
            "authorities": place.authorities,
            "duty_team_id": desks.get(place.id),
            "emergency": [
                {"name": n.name, "number": n.number, "when": n.when, "what": n.what} for n in place.emergency
            ],
            "neighbours": [
                {"authority": n.authority, "name": n.name, "contact": n.contact} for n in place.neighbours
            ],
            "next_action_days": place.next_action_days,
        }
        for place in places
    }


def _organizations(session: Session, ids: Sequence[str]) -> Docs:
    ods = aliased(OrganizationIdentifier)
    rows = session.execute(
        select(Organization, ods.identifier, ReferralMailbox.organization_id.is_not(None))
        .outerjoin(ods, (ods.organization_id == Organization.id) & (ods.scheme == ODS))
        .outerjoin(ReferralMailbox, ReferralMailbox.organization_id == Organization.id)
        .where(Organization.id.in_(_uuids(ids)))
        .order_by(ods.identifier.desc())
    )
    return {
        str(one.id): {
            "id": str(one.id),
            "name": one.name,
            "sector": one.sector,
            "ods_code": code,
            "email_domains": one.email_domains,
            "place_id": _id(one.place_id),
            "phone": one.phone,
            "email": one.email,
            "has_referral_mailbox": has_mailbox,
        }
        for one, code, has_mailbox in rows
    }


def _agreements(session: Session, ids: Sequence[str]) -> Docs:
    signed = session.scalars(select(SharingAgreement).where(SharingAgreement.id.in_(_uuids(ids))))
    return {
        str(one.id): {
            "id": str(one.id),
            "organization_a": str(one.organization_a),
            "organization_b": str(one.organization_b),
            "purposes": one.purposes,
            "valid_from": one.valid_from.isoformat(),
            "valid_until": _day(one.valid_until),
        }
        for one in signed
    }


def _teams(session: Session, ids: Sequence[str]) -> Docs:
    teams = session.scalars(select(Team).where(Team.id.in_(_uuids(ids)))).all()
    served = grouped(
        session,
        select(TeamService.team_id, TeamService.service_id)
        .where(TeamService.team_id.in_(_uuids(ids)))
        .order_by(TeamService.service_id),
    )
    return {
        str(team.id): {
            "id": str(team.id),
            "name": team.name,
            "organization_id": str(team.organization_id),
            "place_id": _id(team.place_id),
            "kind": team.kind,
            "service_ids": [str(service_id) for (service_id,) in served.get(team.id, ())],
        }
        for team in teams
    }


def _services(session: Session, ids: Sequence[str]) -> Docs:
    services = session.scalars(select(Service).where(Service.id.in_(_uuids(ids)))).all()
    parts = routed_parts(session, _uuids(ids))
    return {str(one.id): {**_service_words(one), **parts[one.id].as_doc()} for one in services}


def _service_words(one: Service) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "name": one.name,
        "organization_id": str(one.organization_id),
        "place_id": _id(one.place_id),
        "kind": one.kind,
        "connector_role": one.connector_role,
        "support_type": one.support_type,
        "status": one.status,
        "who_for": one.who_for,
        "not_for": one.not_for,
        "differs": one.differs,
        "routes_in": one.routes_in,
        "ending": one.ending,
        "discreet": one.discreet,
        "ask_first": one.ask_first,
        "criteria": {
            "min_age": one.minimum_age,
            "max_age": one.maximum_age,
            "area_basis": one.area_basis,
            "circumstances": one.circumstances,
            "sectors": one.sender_sectors,
        },
        "capacity": {
            "limit": one.capacity_limit,
            "open_places": one.open_places,
            "paused_until": _day(one.paused_until),
            "paused": one.paused,
            "declared_wait_days": one.declared_wait_days,
        },
        "languages": one.languages,
        "working_days": one.working_days,
        "cost": one.fees_description,
        "contact": {"phone": one.phone, "email": one.email, "url": one.url},
        "invitation": one.invitation,
    }


def _members(session: Session, ids: Sequence[str]) -> Docs:
    rows = session.execute(
        select(Membership, Account, LinkWorker)
        .join(Account, Account.id == Membership.account_id)
        .outerjoin(LinkWorker, LinkWorker.account_id == Account.id)
        .where(Membership.id.in_(_uuids(ids)), Membership.ended_at.is_(None), Account.active)
    ).all()
    workers = [worker.id for _, _, worker in rows if worker is not None]
    cover = aliased(LinkWorker)
    away = grouped(
        session,
        select(Absence.link_worker_id, Absence.from_on, Absence.to_on, cover.account_id)
        .outerjoin(cover, cover.id == Absence.cover_id)
        .where(Absence.link_worker_id.in_(workers))
        .order_by(Absence.from_on),
    )
    held = grouped(
        session,
        select(SurgerySession.link_worker_id, SurgerySession.practice_ods, SurgerySession.weekday)
        .where(SurgerySession.link_worker_id.in_(workers))
        .order_by(SurgerySession.weekday, SurgerySession.practice_ods),
    )
    return {
        str(member.id): {
            "id": str(member.id),
            "account_id": str(account.id),
            "name": account.name,
            "email_domain": account.email.rpartition("@")[2].lower(),
            "email_sha256": hashlib.sha256(account.email.lower().encode()).hexdigest(),
            "organization_id": str(member.organization_id),
            "team_id": _id(member.team_id),
            "role": member.role,
            "languages": worker.languages if worker else [],
            "working_days": worker.working_days if worker else [],
            "caseload_limit": worker.caseload_limit if worker else None,
            "absences": [
                {"from": first.isoformat(), "to": last.isoformat(), "cover_account_id": _id(cover_account)}
                for first, last, cover_account in (away.get(worker.id, ()) if worker else ())
            ],
            "sessions": [
                {"practice_ods": ods, "weekday": day}
                for ods, day in (held.get(worker.id, ()) if worker else ())
            ],
        }
        for member, account, worker in rows
    }


def _postcodes(session: Session, pcds: Sequence[str]) -> Docs:
    authority, ward = aliased(Area), aliased(Area)
    rows = session.execute(
        select(Postcode, authority.name, ward.name)
        .outerjoin(authority, authority.code == Postcode.authority)
        .outerjoin(ward, ward.code == Postcode.ward)
        .where(Postcode.pcds.in_(pcds))
    )
    return {
        one.pcds: {
            "id": one.pcds,
            "authority": one.authority,
            "authority_name": authority_name,
            "ward": one.ward,
            "ward_name": ward_name,
            "lsoa": one.lsoa,
            "lat": one.lat,
            "lon": one.lon,
        }
        for one, authority_name, ward_name in rows
    }


def _uuids(ids: Iterable[str]) -> list[UUID]:
    return [UUID(one) for one in ids]


def _id(value: UUID | None) -> str | None:
    return str(value) if value is not None else None


def _day(value: Any) -> str | None:
    return value.isoformat() if value is not None else None


_MAKERS: dict[str, Callable[[Session, Sequence[str]], Docs]] = {
    "need": _needs,
    "circumstance": _circumstances,
    "place": _places,
    "organization": _organizations,
    "agreement": _agreements,
    "team": _teams,
    "service": _services,
    "member": _members,
    "postcode": _postcodes,
}
