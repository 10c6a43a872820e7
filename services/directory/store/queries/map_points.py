"""What a map shows: where services may be found by everybody, and about where wards are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from services.directory.domain.listings import AreaKind
from services.directory.store.database import database
from services.directory.store.locations import Location, ServiceAtLocation
from services.directory.store.places import Area, Place
from services.directory.store.postcodes import Postcode
from services.directory.store.queries.feed_selection import told_venue
from services.directory.store.services import Service


@dataclass(frozen=True)
class MapPoint:
    """A name and its WGS 84 degrees."""

    name: str
    latitude: float
    longitude: float


def venues_on_map(service_ids: Sequence[UUID]) -> dict[UUID, list[MapPoint]]:
    """The venues with a point that are told of each service, its main one first. One query."""
    found: dict[UUID, list[MapPoint]] = {}
    with database.transaction() as session:
        rows = session.execute(
            select(ServiceAtLocation.service_id, Location.name, Location.latitude, Location.longitude)
            .join(Location, Location.id == ServiceAtLocation.location_id)
            .join(Service, Service.id == ServiceAtLocation.service_id)
            .where(ServiceAtLocation.service_id.in_(service_ids), told_venue())
            .order_by(ServiceAtLocation.main.desc(), Location.name, Location.id)
        )
        for service_id, name, latitude, longitude in rows:
            if latitude is not None and longitude is not None:
                found.setdefault(service_id, []).append(MapPoint(name, latitude, longitude))
    return found


def ward_middles() -> list[MapPoint]:
    """The wards of all places, by name, each in the middle of its postcodes. One query."""
    authorities = select(func.unnest(Place.authorities))
    with database.transaction() as session:
        rows = session.execute(
            select(Area.name, func.avg(Postcode.lat), func.avg(Postcode.lon))
            .join(Postcode, Postcode.ward == Area.code)
            .where(
                Area.kind == AreaKind.WARD,
                Postcode.authority.in_(authorities),
                Postcode.lat.is_not(None),
            )
            .group_by(Area.code, Area.name)
            .order_by(Area.name, Area.code)
        )
        return [MapPoint(name, round(lat, 5), round(lon, 5)) for name, lat, lon in rows]
