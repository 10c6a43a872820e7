"""Cursors: opaque to the caller, the sort key of the last row inside."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Any

from shared.errors import Malformed

MOST = 200


def encode(*key: str | int | None) -> str:
    """The cursor that goes on after the row with this sort key."""
    return base64.urlsafe_b64encode(json.dumps(key, default=str).encode()).decode().rstrip("=")


def decode(cursor: str | None, length: int) -> list[Any] | None:
    """The sort key inside `cursor`, None for the first page. Raises Malformed where it is not ours."""
    if not cursor:
        return None
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError) as wrong:
        raise Malformed("This cursor is not one we gave. Start from the first page.") from wrong
    plain = isinstance(key, list) and all(k is None or isinstance(k, (str, int)) for k in key)
    if not plain or len(key) != length:
        raise Malformed("This cursor is not one we gave. Start from the first page.")
    return list(key)


def page(items: Sequence[Any], next_cursor: str | None) -> dict[str, Any]:
    """The envelope of every list."""
    return {"items": list(items), "next_cursor": next_cursor}
