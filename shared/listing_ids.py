"""Ids of what is loaded from listing files: made from the keys in the files, so that services agree."""

from __future__ import annotations

from uuid import NAMESPACE_URL, UUID, uuid5

_SPACE = uuid5(NAMESPACE_URL, "urn:linkwork:listing")


def listing_id(kind: str, key: str) -> UUID:
    """The id of a team, service or location that bears this key in the files; the same in every load."""
    return uuid5(_SPACE, f"{kind}:{key}")
