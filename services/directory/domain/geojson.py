"""Areas out of GeoJSON (RFC 7946) as people have it: a geometry, a feature, or a collection of features."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from services.directory.domain.documents import Polygon
from services.directory.domain.polygons import outline
from shared.errors import Invalid

MOST_AREAS = 20
_AREAS = ("Polygon", "MultiPolygon")
_HOW = "Give GeoJSON with a Polygon or MultiPolygon, such as a map tool saves it."


def read_areas(text: str, name: str, pointer: str = "/polygons") -> tuple[Polygon, ...]:
    """The areas of a GeoJSON text; those without a name of their own are called `name`. Raises Invalid."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as wrong:
        raise Invalid.field(pointer, f"This is not GeoJSON. {_HOW}") from wrong
    areas = list(_areas(found, name, pointer))
    if not areas:
        raise Invalid.field(pointer, f"There is no area in it. {_HOW}")
    if len(areas) > MOST_AREAS:
        raise Invalid.field(pointer, f"There are more than {MOST_AREAS} areas in it: give fewer.")
    for area in areas:
        outline(area.extent, pointer)
    return tuple(areas)


def _areas(found: Any, name: str, pointer: str) -> Iterator[Polygon]:
    if not isinstance(found, Mapping):
        raise Invalid.field(pointer, _HOW)
    kind = found.get("type")
    if kind == "FeatureCollection" and isinstance(found.get("features"), list):
        for feature in found["features"]:
            if isinstance(feature, Mapping) and feature.get("type") == "Feature":
                yield from _areas(feature, name, pointer)
    elif kind == "Feature" and isinstance(found.get("geometry"), Mapping):
        properties = found.get("properties")
        own = properties.get("name") if isinstance(properties, Mapping) else None
        said = own.strip()[:200] if isinstance(own, str) and own.strip() and "\0" not in own else name
        if found["geometry"].get("type") in _AREAS:
            yield from _areas(found["geometry"], said, pointer)
    elif kind in _AREAS:
        yield Polygon(name, {"type": kind, "coordinates": found.get("coordinates")})
