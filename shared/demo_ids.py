"""Ids of the demo place: made from fixed names, so that three services agree without asking."""

from __future__ import annotations

from uuid import NAMESPACE_URL, UUID, uuid5

_SPACE = uuid5(NAMESPACE_URL, "urn:linkwork:demo")


def demo_id(kind: str, name: str) -> UUID:
    """The id of the demo's `kind` (`service`, `team`, `account`…) called `name`."""
    return uuid5(_SPACE, f"{kind}:{name}")
