"""Areas are read out of GeoJSON however a map tool wrapped them, and nothing else is taken."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.directory.domain.geojson import MOST_AREAS, read_areas
from shared.errors import Invalid

SQUARE = {"type": "Polygon", "coordinates": [[[-1, 53], [-1.1, 53], [-1.1, 53.1], [-1, 53.1], [-1, 53]]]}


def feature(geometry: Any, name: Any = None) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"name": name} if name else None, "geometry": geometry}


@pytest.mark.parametrize(
    "wrapped", [SQUARE, feature(SQUARE), {"type": "FeatureCollection", "features": [feature(SQUARE)]}]
)
def test_an_area_is_found(wrapped: Any) -> None:
    (found,) = read_areas(json.dumps(wrapped), "Here")
    assert (found.name, found.extent["coordinates"]) == ("Here", SQUARE["coordinates"])


def test_an_area_keeps_its_own_name_and_points_are_left_aside() -> None:
    point = {"type": "Point", "coordinates": [0, 0]}
    found = read_areas(
        json.dumps({"type": "FeatureCollection", "features": [feature(SQUARE, "Mill"), feature(point)]}),
        "Here",
    )
    assert [area.name for area in found] == ["Mill"]


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "null", '"x"', "[" * 100_000, '{"type": "Polygon"}', '{"type": "Point"}',
        json.dumps({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 1], [1, 0], [0, 0]]]}),
        json.dumps({"type": "Polygon", "coordinates": [[[500, 53], [501, 53], [501, 54], [500, 53]]]}),
        json.dumps({"type": "FeatureCollection", "features": [feature(SQUARE)] * (MOST_AREAS + 1)}),
        json.dumps({"type": "FeatureCollection", "features": "x"}),
    ],
    ids=lambda text: text[:20],
)  # fmt: skip
def test_what_is_no_area_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_areas(text, "Here")
