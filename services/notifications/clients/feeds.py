"""The events a producer keeps, in order: what a wiped broker lost is found there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.errors import Unavailable
from shared.http_client import ServiceClient

PRODUCERS = ("referrals", "directory")
AT_ONCE = 200
_clients = {producer: ServiceClient("notifications", producer) for producer in PRODUCERS}


@dataclass(frozen=True)
class Page:
    """Some events (CloudEvents 1.0), and where to go on."""

    events: list[Mapping[str, Any]]
    after: str


def read_feed(producer: str, after: str) -> Page:
    """The events after `after` (blank: from the first). Raises NotFound where there is none, Unavailable."""
    asked = {"limit": str(AT_ONCE)} | ({"after": after} if after else {})
    answer = _clients[producer].get("/api/v1/events", asked)
    try:
        events = [event for event in answer["items"] if isinstance(event, Mapping)]
        reached = answer.get("next_cursor") or (events[-1].get("sequence") if events else None)
    except (KeyError, TypeError, AttributeError) as wrong:
        raise Unavailable(f"The {producer} service gave an answer we cannot read.") from wrong
    return Page(events, str(reached) if reached is not None else after)
