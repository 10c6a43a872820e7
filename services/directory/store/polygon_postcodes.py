"""The postcodes inside the areas that services drew on a map, so that no search has to work them out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.directory.domain.documents import Polygon
from services.directory.domain.polygons import inside, outline
from services.directory.store.listing_parts import ServicePolygon, ServicePostcode
from services.directory.store.postcodes import Postcode
from services.directory.store.routing_marks import Mark, mark

_ROWS_AT_ONCE = 10_000


def write_postcodes_inside(session: Session, drawn: Mapping[UUID, Sequence[Polygon]]) -> None:
    """Note which postcodes lie in the polygons of these services. Raises Invalid for one that is no area."""
    if not drawn:
        return
    session.execute(delete(ServicePostcode).where(ServicePostcode.service_id.in_(list(drawn))))
    for service_id, polygons in drawn.items():
        found = {pcds for n, polygon in enumerate(polygons) for pcds in _inside(session, n, polygon)}
        rows = [{"service_id": service_id, "postcode": pcds} for pcds in sorted(found)]
        for n in range(0, len(rows), _ROWS_AT_ONCE):
            session.execute(insert(ServicePostcode).values(rows[n : n + _ROWS_AT_ONCE]))
    mark(session, [Mark("service", str(service_id)) for service_id in drawn])


def note_new_postcodes(session: Session) -> None:
    """Work out again what lies in every drawn area: the postcodes were loaded anew."""
    drawn: dict[UUID, list[Polygon]] = {}
    rows = session.execute(
        select(ServicePolygon.service_id, ServicePolygon.name, ServicePolygon.extent).order_by(
            ServicePolygon.service_id, ServicePolygon.position
        )
    )
    for service_id, name, extent in rows:
        drawn.setdefault(service_id, []).append(Polygon(name, extent))
    write_postcodes_inside(session, drawn)


def _inside(session: Session, position: int, polygon: Polygon) -> list[str]:
    area = outline(polygon.extent, f"/polygons/{position}/extent")
    west, south, east, north = area.bounds
    near = session.execute(
        select(Postcode.pcds, Postcode.lat, Postcode.lon).where(
            Postcode.lat.between(south, north), Postcode.lon.between(west, east)
        )
    )
    return inside(area, ((pcds, lat, lon) for pcds, lat, lon in near if lat is not None and lon is not None))
