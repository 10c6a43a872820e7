"""The local day and minute at which somebody searches; for edges, which know what time it is."""

from __future__ import annotations

from datetime import datetime

from services.directory.domain.search import Moment
from shared.clock import UK


def moment(at: datetime) -> Moment:
    """`at`, an aware moment, as the clock on the wall says it."""
    local = at.astimezone(UK)
    return Moment(local.date(), local.hour * 60 + local.minute)
