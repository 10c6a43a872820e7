"""`POST /api/v1/routes`: who could take this person? Nothing is stored."""

from __future__ import annotations

from shared.auth import current_caller, needs
from shared.clock import now
from shared.smorest import Blueprint

from ..actions.check_routes import check_routes
from ..actions.new_referral import NewReferral
from ..actions.submit_referral import SENDING_ROLES
from ..actions.views import RoutesView
from .schemas_in import RequestSchema
from .schemas_out import RoutesSchema

blp = Blueprint("routes", __name__, url_prefix="/api/v1", description="Who can help whom")


@blp.post("/routes")
@needs(*SENDING_ROLES)
@blp.arguments(RequestSchema)
@blp.response(200, RoutesSchema)
def post_routes(new: NewReferral) -> RoutesView:
    """Who can take this person and why, who cannot and why not, and what is not known yet."""
    return check_routes(new, by=current_caller(), at=now())
