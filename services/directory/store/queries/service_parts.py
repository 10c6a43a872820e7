"""The parts of many services at once: needs, patch, sessions, teams, place, checks. Six queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from services.directory.domain.freshness import Checked, oldest
from services.directory.domain.listings import AreaKind
from services.directory.domain.taxonomies import NEEDS
from services.directory.store.link_workers import SurgerySession
from services.directory.store.listing_parts import ServicePostcode
from services.directory.store.locations import Location, ServiceAtLocation
from services.directory.store.pcns import PracticeInPcn
from services.directory.store.services import ServiceArea, ServiceTerm, Verification
from services.directory.store.taxonomy import TaxonomyTerm
from services.directory.store.teams import TeamService

# A query of any columns.
Rows = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Point:
    """Where a service is found. Never a private location."""

    latitude: float | None
    longitude: float | None
    name: str
    address_1: str | None
    city: str | None
    postal_code: str | None


@dataclass(frozen=True)
class SessionAt:
    """A regular session in a practice; Monday is 0."""

    practice_ods: str
    weekday: int
    name: str


@dataclass(frozen=True)
class ServiceParts:
    """What hangs on one service, in the order it is shown."""

    needs: tuple[str, ...]
    area: dict[str, tuple[str, ...]]
    sessions: tuple[SessionAt, ...]
    team_ids: tuple[UUID, ...]
    location: Point | None
    checked: Checked | None
    drawn: tuple[str, ...] = ()
    of_networks: tuple[str, ...] = ()

    def as_doc(self) -> dict[str, Any]:
        """This part of a `service` document of the routing snapshot."""
        where = self.location
        return {
            "needs": list(self.needs),
            "area": {
                "authorities": list(self.area[AreaKind.AUTHORITY]),
                "wards": list(self.area[AreaKind.WARD]),
                "lsoas": list(self.area[AreaKind.LSOA]),
                "practices": sorted({*self.area[AreaKind.PRACTICE], *self.of_networks}),
                "postcodes": list(self.drawn),
            },
            "sessions": [
                {"practice_ods": s.practice_ods, "weekday": s.weekday, "name": s.name} for s in self.sessions
            ],
            "team_ids": [str(team_id) for team_id in self.team_ids],
            "location": (
                {"lat": where.latitude, "lon": where.longitude, "name": where.name}
                if where is not None and where.latitude is not None
                else None
            ),
            "verified_at": _instant(self.checked.verified_at) if self.checked else None,
            "valid_until": self.checked.valid_until.isoformat() if self.checked else None,
        }


def parts_of_services(session: Session, ids: Sequence[UUID]) -> dict[UUID, ServiceParts]:
    """The parts of each of these services; one that has none has empty ones."""
    needs = grouped(session, _needs(ids))
    areas = grouped(session, _areas(ids))
    sessions = grouped(session, _sessions(ids))
    teams = grouped(session, _teams(ids))
    points = grouped(session, _points(ids))
    checks: dict[UUID, list[tuple[datetime, date]]] = grouped(session, _checks(ids))
    return {
        one: ServiceParts(
            needs=tuple(code for (code,) in needs.get(one, ())),
            area={
                kind: tuple(code for found, code in areas.get(one, ()) if found == kind) for kind in AreaKind
            },
            sessions=tuple(SessionAt(*row) for row in sessions.get(one, ())),
            team_ids=tuple(team_id for (team_id,) in teams.get(one, ())),
            location=next((Point(*row) for row in points.get(one, ())), None),
            checked=oldest(Checked(*row) for row in checks.get(one, ())),
        )
        for one in ids
    }


def routed_parts(session: Session, ids: Sequence[UUID]) -> dict[UUID, ServiceParts]:
    """As `parts_of_services`, with what routing needs besides: the practices of networks, drawn postcodes."""
    drawn = grouped(session, _drawn(ids))
    networks = grouped(session, _of_networks(ids))
    return {
        one: replace(
            parts,
            drawn=tuple(pcds for (pcds,) in drawn.get(one, ())),
            of_networks=tuple(ods for (ods,) in networks.get(one, ())),
        )
        for one, parts in parts_of_services(session, ids).items()
    }


def grouped(session: Session, query: Rows) -> dict[UUID, list[Any]]:
    """The rows of `query` without their first column, by that column, in order."""
    found: dict[UUID, list[Any]] = {}
    for row in session.execute(query):
        found.setdefault(row[0], []).append(tuple(row[1:]))
    return found


def _needs(ids: Sequence[UUID]) -> Rows:
    return (
        select(ServiceTerm.service_id, TaxonomyTerm.code)
        .join(TaxonomyTerm, TaxonomyTerm.id == ServiceTerm.term_id)
        .where(ServiceTerm.service_id.in_(ids), TaxonomyTerm.taxonomy == NEEDS)
        .order_by(TaxonomyTerm.position)
    )


def _areas(ids: Sequence[UUID]) -> Rows:
    return (
        select(ServiceArea.service_id, ServiceArea.kind, ServiceArea.code)
        .where(ServiceArea.service_id.in_(ids))
        .order_by(ServiceArea.code)
    )


def _drawn(ids: Sequence[UUID]) -> Rows:
    return (
        select(ServicePostcode.service_id, ServicePostcode.postcode)
        .where(ServicePostcode.service_id.in_(ids))
        .order_by(ServicePostcode.postcode)
    )


def _of_networks(ids: Sequence[UUID]) -> Rows:
    return (
        select(ServiceArea.service_id, PracticeInPcn.practice_ods)
        .join(PracticeInPcn, PracticeInPcn.pcn_code == ServiceArea.code)
        .where(ServiceArea.service_id.in_(ids), ServiceArea.kind == AreaKind.PCN)
    )


def _sessions(ids: Sequence[UUID]) -> Rows:
    columns = (SurgerySession.practice_ods, SurgerySession.weekday, SurgerySession.name)
    return (
        select(SurgerySession.service_id, *columns)
        .where(SurgerySession.service_id.in_(ids))
        .order_by(SurgerySession.weekday, SurgerySession.practice_ods, SurgerySession.id)
    )


def _teams(ids: Sequence[UUID]) -> Rows:
    return (
        select(TeamService.service_id, TeamService.team_id)
        .where(TeamService.service_id.in_(ids))
        .order_by(TeamService.team_id)
    )


def _points(ids: Sequence[UUID]) -> Rows:
    return (
        select(
            ServiceAtLocation.service_id,
            Location.latitude,
            Location.longitude,
            Location.name,
            Location.address_1,
            Location.city,
            Location.postal_code,
        )
        .join(Location, Location.id == ServiceAtLocation.location_id)
        .where(ServiceAtLocation.service_id.in_(ids), Location.private.is_(False))
        .order_by(ServiceAtLocation.main.desc(), Location.name)
    )


def _checks(ids: Sequence[UUID]) -> Rows:
    return select(Verification.service_id, Verification.verified_at, Verification.valid_until).where(
        Verification.service_id.in_(ids)
    )


def _instant(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
