"""`POST /api/v1/routes`: who could take this person? Nothing is stored."""

from __future__ import annotations

from services.referrals.actions.check_routes import check_routes
from services.referrals.actions.new_referral import NewReferral
from services.referrals.actions.submit_referral import SENDING_ROLES
from services.referrals.actions.views import RoutesView
from services.referrals.api.schemas_in import RequestSchema
from services.referrals.api.schemas_out import RoutesSchema
from shared.auth import current_caller, needs
from shared.clock import now
from shared.smorest import Blueprint

blp = Blueprint("routes", __name__, url_prefix="/api/v1", description="Who can help whom")


@blp.post("/routes")
@needs(*SENDING_ROLES)
@blp.arguments(RequestSchema)
@blp.response(200, RoutesSchema)
def post_routes(new: NewReferral) -> RoutesView:
    """Who can take this person and why, who cannot and why not, and what is not known yet."""
    return check_routes(new, by=current_caller(), at=now())
