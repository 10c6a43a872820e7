"""How long to wait after failing to sign in: longer each time, never for ever.

Counted for the e-mail address tried, whether or not anybody has an account with it, and for the network
address. A surgery or council may share one network address, so that one is given many more tries.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

FORGET_AFTER = timedelta(hours=12)
_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(minutes=15)


@dataclass(frozen=True)
class Allowance:
    """How many failures are free."""

    free: int


BY_EMAIL = Allowance(free=5)
BY_ADDRESS = Allowance(free=50)


def wait_after(failures: int, allowance: Allowance) -> timedelta | None:
    """The wait the `failures`-th failure brings: 30 seconds, doubled each time up to 15 minutes."""
    over = failures - allowance.free
    if over < 0:
        return None
    doubled: int = 2 ** min(over, 10)
    return min(_FIRST_WAIT * doubled, _LONGEST_WAIT)


def still_counts(last_at: datetime, at: datetime) -> bool:
    """Failures are forgotten after 12 quiet hours."""
    return at - last_at < FORGET_AFTER
