"""What the other services ask about people who sign in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.directory.actions import links
from services.directory.actions.accounts import look_up, member_by_email
from services.directory.actions.mailboxes import addresses_of
from services.directory.actions.sessions import renew
from services.directory.api.schemas import (
    AccountListSchema,
    ByEmailSchema,
    LetterSchema,
    LookupSchema,
    MailboxListSchema,
    MailboxLookupSchema,
    MemberSchema,
    RenewSchema,
)
from shared.auth import needs_service
from shared.clock import now
from shared.smorest import Blueprint

blp = Blueprint("identity", __name__, url_prefix="/api/v1", description="People who sign in")


@blp.post("/sessions/renew")
@needs_service("referrals", "notifications")
@blp.arguments(RenewSchema)
@blp.response(200, RenewSchema)
def renew_session(body: dict[str, str]) -> dict[str, str]:
    """A new token for a browser session, with what its person is now; 401 when the session has ended."""
    return {"token": renew(body["token"], now())}


@blp.post("/accounts/lookup")
@needs_service("referrals", "notifications")
@blp.arguments(LookupSchema)
@blp.response(200, AccountListSchema)
def lookup(body: dict[str, list[UUID]]) -> dict[str, Any]:
    """Names and addresses of accounts, asked for at the moment of sending."""
    return {"items": look_up(body["ids"])}


@blp.post("/accounts/by-email")
@needs_service("referrals")
@blp.arguments(ByEmailSchema)
@blp.response(200, MemberSchema)
def by_email(body: dict[str, Any]) -> dict[str, Any]:
    """Whether an address is that of an active member of an organisation."""
    account_id = member_by_email(body["email"], body["organization_id"])
    return {"member": account_id is not None, "account_id": account_id}


@blp.post("/referral-mailboxes/lookup")
@needs_service("notifications")
@blp.arguments(MailboxLookupSchema)
@blp.response(200, MailboxListSchema)
def lookup_mailboxes(body: dict[str, list[UUID]]) -> dict[str, Any]:
    """Where organisations want news of the referrals they sent, asked for at the moment of sending."""
    return {"items": addresses_of(body["ids"])}


@blp.post("/links/<uuid:link_id>/mint")
@needs_service("notifications")
@blp.response(200, LetterSchema)
def mint_link(link_id: UUID) -> links.Letter:
    """Make the address of a link at the moment its letter is sent; 409 when there is nothing to send."""
    return links.mint(link_id, now())
