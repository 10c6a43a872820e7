"""The name of the organisation a person acts for, for the header of every page."""

from __future__ import annotations

import time
from uuid import UUID

from flask import g

from services.directory.store.queries.organization_names import name_of
from shared.auth.guard import caller_or_none

_KEEP_SECONDS = 60.0
_MOST = 2000
_names: dict[UUID, tuple[float, str | None]] = {}


def acting_organization() -> str | None:
    """Its name, None for somebody who belongs to none; asked for once a minute in each process."""
    caller = caller_or_none()
    if caller is None or caller.org is None or g.get("linkwork_bare"):
        return None
    at = time.monotonic()
    known = _names.get(caller.org)
    if known is None or at - known[0] > _KEEP_SECONDS:
        if len(_names) >= _MOST:
            _names.clear()
        known = (at, name_of(caller.org))
        _names[caller.org] = known
    return known[1]
