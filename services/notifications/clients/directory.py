"""What we ask the directory: names and addresses at the moment of sending, links, keys, sessions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.errors import Unavailable
from shared.http_client import ServiceClient

MOST_AT_ONCE = 200
client = ServiceClient("notifications", "directory")


@dataclass(frozen=True)
class Account:
    """Somebody who can sign in, as far as sending needs it."""

    id: UUID
    name: str
    email: str
    active: bool


@dataclass(frozen=True)
class MintedLink:
    """A link made at this moment for one letter."""

    to: str
    url: str


def look_up(accounts: Iterable[UUID]) -> dict[UUID, Account]:
    """The accounts by id; one that does not exist is not among them. Raises Unavailable."""
    ids = sorted({str(account) for account in accounts})
    found: dict[UUID, Account] = {}
    for start in range(0, len(ids), MOST_AT_ONCE):
        answer = client.post("/api/v1/accounts/lookup", {"ids": ids[start : start + MOST_AT_ONCE]})
        try:
            for item in answer["items"]:
                account = _account(item)
                found[account.id] = account
        except (KeyError, TypeError, ValueError) as wrong:
            raise Unavailable("The directory service gave an answer we cannot read.") from wrong
    return found


def mailboxes(organizations: Iterable[UUID]) -> dict[UUID, str]:
    """The mailboxes organisations have for news; one without is not among them. Raises Unavailable."""
    ids = sorted({str(organization) for organization in organizations})
    found: dict[UUID, str] = {}
    for start in range(0, len(ids), MOST_AT_ONCE):
        asked = {"ids": ids[start : start + MOST_AT_ONCE]}
        answer = client.post("/api/v1/referral-mailboxes/lookup", asked)
        try:
            found |= {UUID(item["organization_id"]): str(item["email"]) for item in answer["items"]}
        except (KeyError, TypeError, ValueError) as wrong:
            raise Unavailable("The directory service gave an answer we cannot read.") from wrong
    return found


def mint(link_id: UUID) -> MintedLink:
    """Where the letter of a link goes, and its address. Raises Conflict or NotFound when it has ended."""
    answer = client.post(f"/api/v1/links/{link_id}/mint", {})
    try:
        return MintedLink(to=str(answer["to"]), url=str(answer["url"]))
    except (KeyError, TypeError) as wrong:
        raise Unavailable("The directory service gave an answer we cannot read.") from wrong


def renew_session(token: str) -> str:
    """A fresh token for a browser's session. Raises Unauthenticated when it was ended, and Unavailable."""
    answer = client.post("/api/v1/sessions/renew", {"token": token})
    if not isinstance(answer, dict) or not isinstance(answer.get("token"), str):
        raise Unavailable("The directory service gave an answer we cannot read.")
    return str(answer["token"])


def fetch_keys() -> Mapping[str, Any]:
    """The public keys the directory signs with (RFC 7517)."""
    answer = client.get("/.well-known/jwks.json")
    if not isinstance(answer, dict) or not isinstance(answer.get("keys"), list):
        raise Unavailable("The directory service gave an answer we cannot read.")
    return answer


def _account(item: Mapping[str, Any]) -> Account:
    return Account(
        id=UUID(item["id"]),
        name=str(item.get("name") or "")[:200],
        email=str(item.get("email") or ""),
        active=bool(item["active"]),
    )
