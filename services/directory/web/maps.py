"""What maps need beside the venues that stand in their page: what they are drawn on, and names of wards."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from services.directory import config
from services.directory.store.queries.map_points import ward_middles
from shared.auth import public

pages = Blueprint("maps", __name__)
pages.add_app_template_global(config.map_tiles)
# Wards are drawn anew once in some years.
_KEPT_SECONDS = 24 * 3600


@pages.get("/maps/wards")
@public
def ward_names() -> Response:
    """Every ward with about its middle, the same for everybody: what a map without tiles is read by."""
    answer = jsonify([[one.name, one.latitude, one.longitude] for one in ward_middles()])
    answer.headers["Cache-Control"] = f"public, max-age={_KEPT_SECONDS}"
    return answer
