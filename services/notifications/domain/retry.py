"""When to try again: soon, then less and less often, then a person decides."""

from __future__ import annotations

from datetime import timedelta

FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(hours=1)
MOST_TRIES = 40
SPREAD = 0.2
OWN_SERVICE_PAUSE = timedelta(seconds=10)
LONGEST_OWN_SERVICE_PAUSE = timedelta(seconds=60)


def pause(tries: int, chance: float) -> timedelta | None:
    """How long to wait after `tries` tries that did not succeed; None when it is time to give up.

    Doubles from 15 seconds to an hour; 40 tries are about a day and a half. `chance`, from 0 to 1, spreads
    the pause by a fifth either way, so that what failed together is not tried again together.
    """
    if tries >= MOST_TRIES:
        return None
    return _spread(min(FIRST_PAUSE * 2 ** min(max(tries, 1) - 1, 16), LONGEST_PAUSE), chance)


def own_service_pause(tries: int, chance: float) -> timedelta:
    """How long to wait for one of our own services; it never gives up."""
    grown = OWN_SERVICE_PAUSE * 2 ** min(max(tries, 1) - 1, 8)
    return _spread(min(grown, LONGEST_OWN_SERVICE_PAUSE), chance)


def _spread(pause: timedelta, chance: float) -> timedelta:
    return pause * (1 - SPREAD + 2 * SPREAD * chance)
