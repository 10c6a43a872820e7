"""The needs a referral speaks of."""

from __future__ import annotations

from typing import Any

from services.directory.api.listing_schemas import NeedListSchema
from services.directory.store.queries.words import needs as all_needs
from shared.auth import public
from shared.paging import page
from shared.smorest import Blueprint

blp = Blueprint("needs", __name__, url_prefix="/api/v1/needs", description="Needs: a taxonomy")


@blp.get("")
@public
@blp.response(200, NeedListSchema)
def list_needs() -> dict[str, Any]:
    """All needs in their published order; `plain` is how a person would say it."""
    return page(all_needs(), None)
