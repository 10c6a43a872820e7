"""What we ask the directory: its keys, a fresh token for a session, and the routing snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.errors import Unavailable
from shared.http_client import ServiceClient

client = ServiceClient("referrals", "directory")
PAGE = 2000


def fetch_jwks() -> Mapping[str, Any]:
    """The directory's public keys. Raises Unavailable."""
    answer = client.get("/.well-known/jwks.json")
    if not isinstance(answer, dict) or not isinstance(answer.get("keys"), list):
        raise Unavailable("The directory service gave an answer we cannot read.")
    return answer


def renew_session(token: str) -> str:
    """A fresh token for the session of this one. Raises Unauthenticated or Unavailable."""
    answer = client.post("/api/v1/sessions/renew", {"token": token})
    try:
        return str(answer["token"])
    except (KeyError, TypeError) as wrong:
        raise Unavailable("The directory service gave an answer we cannot read.") from wrong


def fetch_snapshot(after: int, limit: int = PAGE) -> Mapping[str, Any]:
    """One page of the routing snapshot: what changed after version `after`. Raises Unavailable."""
    answer = client.get("/api/v1/routing-snapshot", {"after": str(after), "limit": str(limit)})
    wanted = {"epoch", "version", "as_of", "more", "items"}
    if not isinstance(answer, dict) or not wanted <= answer.keys():
        raise Unavailable("The directory service gave an answer we cannot read.")
    return answer
