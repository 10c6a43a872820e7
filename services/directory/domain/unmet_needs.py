"""What a search that found nothing says about what is missing: a week, an area, a need; nobody's words."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import asdict
from datetime import date, timedelta

from services.directory.domain.search import Wanted, words_of

WORDS, FILTERS = "words", "filters"
# A number smaller than this could be about somebody.
SHOWN_FROM = 5
KEPT_WEEKS = 104


def week_of(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def need_of(wanted: Wanted, spoken_of: tuple[str, ...]) -> str:
    """The need chosen, else the one its words speak of, else that only words or only filters were given."""
    if wanted.need:
        return wanted.need
    if spoken_of:
        return spoken_of[0]
    return WORDS if wanted.q.strip() else FILTERS


def digest(wanted: Wanted, hour: str, key: str) -> str:
    """The same for the same search within an hour; without the key it cannot be turned back."""
    plain = asdict(wanted) | {"q": " ".join(words_of(wanted.q)), "limit": 0, "cursor": None}
    text = json.dumps([hour, plain], sort_keys=True, default=str)
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()
