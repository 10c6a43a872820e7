"""Whom to ring now."""

from __future__ import annotations

from services.directory.api.listing_schemas import HelpNowSchema
from services.directory.store.queries.words import PlaceNumbers, places_with_numbers
from shared.auth import public
from shared.errors import NotFound
from shared.smorest import Blueprint

blp = Blueprint("places", __name__, url_prefix="/api/v1/places", description="Places and whom to ring there")


@blp.get("/<string:code>/help-now")
@public
@blp.response(200, HelpNowSchema)
def help_now(code: str) -> PlaceNumbers:
    """Whom to ring now in a place, the most pressing first."""
    found = places_with_numbers(code) if "\0" not in code else []
    if not found:
        raise NotFound("There is no such place here.")
    return found[0]
