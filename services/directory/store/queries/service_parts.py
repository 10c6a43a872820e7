"""The parts of many services at once: needs, patch, sessions, teams, place, checks. One query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Session

from services.directory.domain.freshness import Checked, oldest
from services.directory.domain.listings import AreaKind
from services.directory.domain.taxonomies import NEEDS
from services.directory.store.listing_parts import ServicePostcode
from services.directory.store.pcns import PracticeInPcn
from services.directory.store.services import ServiceArea

# A query of any columns.
Rows = Select[*tuple[Any, ...]]
# Each part is read for all services at once; a service stands in the answer as often as among the ids.
_PARTS = text("""
with needs as (
    select st.service_id, array_agg(t.code order by t.position) as codes
    from service_term st join taxonomy_term t on t.id = st.term_id
    where st.service_id = any(:ids) and t.taxonomy = :needs group by st.service_id),
areas as (
    select service_id, array_agg(kind order by code, kind) as kinds,
        array_agg(code order by code, kind) as codes
    from service_area where service_id = any(:ids) group by service_id),
sessions as (
    select service_id, jsonb_agg(jsonb_build_array(practice_ods, weekday, name)
        order by weekday, practice_ods, id) as held
    from surgery_session where service_id = any(:ids) group by service_id),
teams as (
    select service_id, array_agg(team_id order by team_id) as ids
    from team_service where service_id = any(:ids) group by service_id),
points as (
    select distinct on (sl.service_id) sl.service_id, l.latitude, l.longitude, l.name, l.address_1, l.city,
        l.postal_code
    from service_at_location sl join location l on l.id = sl.location_id
    where sl.service_id = any(:ids) and not l.private
    order by sl.service_id, sl.main desc, l.name),
checks as (
    select service_id, array_agg(verified_at order by field_group) as verified,
        array_agg(valid_until order by field_group) as valid
    from verification where service_id = any(:ids) group by service_id)
select s.id, needs.codes as needs, areas.kinds, areas.codes, sessions.held as sessions, teams.ids as teams,
    points.latitude, points.longitude, points.name, points.address_1, points.city, points.postal_code,
    points.service_id is not null as is_somewhere, checks.verified, checks.valid
from unnest(:ids) as s(id)
left join needs on needs.service_id = s.id
left join areas on areas.service_id = s.id
left join sessions on sessions.service_id = s.id
left join teams on teams.service_id = s.id
left join points on points.service_id = s.id
left join checks on checks.service_id = s.id
""").bindparams(bindparam("ids", type_=ARRAY(PG_UUID(as_uuid=True))))


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
    return {
        row.id: ServiceParts(
            needs=tuple(row.needs or ()),
            area=_by_kind(row.kinds or (), row.codes or ()),
            sessions=tuple(SessionAt(*one) for one in row.sessions or ()),
            team_ids=tuple(row.teams or ()),
            location=(
                Point(row.latitude, row.longitude, row.name, row.address_1, row.city, row.postal_code)
                if row.is_somewhere
                else None
            ),
            checked=oldest(
                Checked(at, until) for at, until in zip(row.verified or (), row.valid or (), strict=True)
            ),
        )
        for row in session.execute(_PARTS, {"ids": list(ids), "needs": NEEDS})
    }


def _by_kind(kinds: Sequence[str], codes: Sequence[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {kind: [] for kind in AreaKind}
    for kind, code in zip(kinds, codes, strict=True):
        found[kind].append(code)
    return {kind: tuple(each) for kind, each in found.items()}


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


def _instant(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
