"""Areas drawn on a map: GeoJSON polygons (RFC 7946) in WGS 84 degrees, and the points inside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from shapely import MultiPolygon, Point, Polygon, prepare
from shapely.errors import GEOSException
from shapely.geometry import shape

from shared.errors import Invalid

MOST_CORNERS = 20_000
_KINDS = ("Polygon", "MultiPolygon")
Key = TypeVar("Key")
Outline = Polygon | MultiPolygon


def outline(extent: Mapping[str, Any], pointer: str = "/polygons") -> Outline:
    """The area of a GeoJSON Polygon or MultiPolygon. Raises Invalid, at `pointer`, for anything else."""
    if extent.get("type") not in _KINDS:
        raise Invalid.field(pointer, "Draw an area as a GeoJSON Polygon or MultiPolygon.")
    try:
        if _corners(extent) > MOST_CORNERS:
            raise Invalid.field(pointer, f"This area has more than {MOST_CORNERS} corners: make it simpler.")
        found = shape(dict(extent))
    except (GEOSException, ValueError, TypeError, IndexError, KeyError, AttributeError) as wrong:
        raise Invalid.field(pointer, "This area cannot be read: its corners are not in order.") from wrong
    if not isinstance(found, Outline) or found.is_empty or not found.is_valid:
        raise Invalid.field(pointer, "This area crosses itself or is empty: draw it again.")
    west, south, east, north = found.bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise Invalid.field(pointer, "Give the corners as longitude and latitude in degrees.")
    return found


def inside(area: Outline, points: Iterable[tuple[Key, float, float]]) -> list[Key]:
    """The keys of the points (key, latitude, longitude) in the area, its edge included."""
    prepare(area)
    return [key for key, lat, lon in points if area.covers(Point(lon, lat))]


def _corners(extent: Mapping[str, Any]) -> int:
    parts = [extent["coordinates"]] if extent["type"] == "Polygon" else extent["coordinates"]
    return sum(len(ring) for part in parts for ring in part)
