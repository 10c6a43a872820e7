"""`/api/v1/referrals`: send, read, list and find."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate

from services.referrals.actions import list_referrals as listing
from services.referrals.actions.list_views import ListPage
from services.referrals.actions.new_referral import NewReferral
from services.referrals.actions.read_referrals import read_history, read_referral
from services.referrals.actions.submit_referral import SENDING_ROLES, submit_referral
from services.referrals.actions.views import ReferralView
from services.referrals.api.fields import text
from services.referrals.api.schemas_in import ReferralInSchema
from services.referrals.api.schemas_lists import HistorySchema, ListPageSchema
from services.referrals.api.schemas_out import ReferralSchema, ReferralSentSchema
from shared import settings
from shared.auth import Role, current_caller, needs, signed_in
from shared.clock import now
from shared.once import PARAMETER, REPLAYED, once_for
from shared.smorest import Blueprint, document

blp = Blueprint(
    "referrals", __name__, url_prefix="/api/v1", description="Requests that somebody help a person"
)
SEEING_ROLES = (*SENDING_ROLES, Role.SAFEGUARDING_LEAD)


class ListQuerySchema(Schema):
    """Which list, and how it is narrowed."""

    view = fields.String(required=True, validate=validate.OneOf(listing.VIEWS))
    status = text("One state; for `sent` also `open` or `closed`.")
    q = text("Words of a name, or a reference. Names are better sent to `POST /find`.")
    need = text("A code of `GET /meta/needs`.")
    cursor = text("Where to go on: `next_cursor` of the page before.")
    limit = fields.Integer(load_default=25, validate=validate.Range(1, listing.MOST))


class FindSchema(Schema):
    """What is looked for."""

    q = text("A reference, or words of a name.", required=True, example="LW-7K2F-9D4")


@blp.post("/referrals")
@needs(*SENDING_ROLES)
@blp.arguments(ReferralInSchema)
@blp.response(201, ReferralSentSchema)
@blp.alt_response(409, description="Open already (`already-open`), the external id was used, or in flight.")
@blp.alt_response(422, description="Fields that cannot be taken, each named; `self-referral-only`.")
@document(parameters=[PARAMETER])
def post_referral(new: NewReferral) -> tuple[ReferralView, int, dict[str, str]]:
    """Send a referral: it is received at once and always has an owner."""
    by = current_caller()
    done = submit_referral(new, by=by, at=now(), once=once_for(by, "POST /api/v1/referrals"))
    where = f"{settings.public_url('referrals')}/api/v1/referrals/{done.referral.id}"
    return (
        replace(done.referral, emergency=done.emergency),
        201,
        {"Location": where} | (REPLAYED if done.replayed else {}),
    )


@blp.get("/referrals")
@needs(*SEEING_ROLES)
@blp.arguments(ListQuerySchema, location="query")
@blp.response(200, ListPageSchema)
def get_referrals(query: dict[str, Any]) -> ListPage:
    """One page of a list, what matters first."""
    return listing.list_referrals(by=current_caller(), at=now(), **query)


@blp.post("/find")
@needs(*SEEING_ROLES)
@blp.arguments(FindSchema)
@blp.response(200, ListPageSchema)
def find(body: dict[str, str]) -> ListPage:
    """Find by reference, or by name within what you may see. POST, for names are never in an address."""
    return listing.find_referrals(body["q"], by=current_caller(), at=now())


@blp.get("/referrals/<uuid:referral_id>")
@signed_in
@blp.response(200, ReferralSchema)
@blp.alt_response(404, description="No such referral, or not for you.")
def get_referral(referral_id: UUID) -> ReferralView:
    """One referral as you may see it now."""
    return read_referral(referral_id, by=current_caller(), at=now())


@blp.get("/referrals/<uuid:referral_id>/history")
@signed_in
@blp.response(200, HistorySchema)
@blp.alt_response(404, description="No such referral, or not for you.")
def get_history(referral_id: UUID) -> dict[str, Any]:
    """What happened, oldest first; senders read acts, times and outside wordings only."""
    items = read_history(referral_id, by=current_caller(), at=now())
    return {"items": items, "next_cursor": None}
