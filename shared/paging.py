"""Cursors: opaque to the caller, the sort key of the last row inside."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Any

from shared.errors import Malformed

MOST = 200
NOT_OURS = "This cursor is not one we gave. Start from the first page."


def encode(*key: str | int) -> str:
    """The cursor that goes on after the row with this sort key."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def decode(cursor: str | None, kinds: Sequence[type]) -> list[Any] | None:
    """The sort key inside `cursor`, of these types, None for the first page. Raises Malformed if not ours."""
    if not cursor:
        return None
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, RecursionError) as wrong:
        raise Malformed(NOT_OURS) from wrong
    # type() and not isinstance(): JSON's true is a bool, which Python counts among the ints.
    if not isinstance(key, list) or [type(part) for part in key] != list(kinds):
        raise Malformed(NOT_OURS)
    return list(key)


def page(items: Sequence[Any], next_cursor: str | None) -> dict[str, Any]:
    """The envelope of every list."""
    return {"items": list(items), "next_cursor": next_cursor}
