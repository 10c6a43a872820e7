"""How long to wait after failing to sign in: longer each time, never for ever, and forgotten bit by bit.

Counted apart, so that nobody can shut out anybody else:

- wrong passwords for an e-mail address, whether or not anybody has an account with it, from browsers its
  owner never signed in with; and for the network address they come from, which an office may share;
- wrong passwords in a browser the account's owner signed in with before, for that browser alone: whatever
  strangers try meanwhile, the owner gets in;
- wrong codes, for an account: nobody gets as far as that without its password;
- wrong passwords given again in an open session, for an account.

A try counts before it is made, so that a hundred at once are not free; one that was right is taken back.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

_FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
_DOUBLINGS = math.ceil(math.log2(LONGEST_WAIT / _FIRST_WAIT))
FORGET_AFTER = timedelta(hours=12)
# Levels are fractions; the last digits of one say nothing.
_FUZZ = 1e-6


@dataclass(frozen=True)
class Allowance:
    """How many failures are free, and how long until one of them is forgotten."""

    free: int
    one_forgotten_in: timedelta

    @property
    def most(self) -> int:
        """Failures beyond the longest wait are not counted: they would only be remembered longer."""
        return self.free + _DOUBLINGS


BY_PERSON = Allowance(free=5, one_forgotten_in=timedelta(hours=1))
BY_ADDRESS = Allowance(free=50, one_forgotten_in=timedelta(minutes=2))


@dataclass(frozen=True)
class Count:
    """Failures that were not forgotten yet, as of `at`; no try before `locked_until`."""

    level: float
    at: datetime
    locked_until: datetime | None = None


@dataclass(frozen=True)
class Added:
    """What one try added to a count, to be taken back if it was right."""

    level: float
    locked_until: datetime | None


def level_at(count: Count, allowance: Allowance, at: datetime) -> float:
    """How many failures are still remembered at a moment."""
    forgotten = max(at - count.at, timedelta(0)) / allowance.one_forgotten_in
    return max(0.0, count.level - forgotten)


def wait_after(level: float, allowance: Allowance) -> timedelta | None:
    """The wait a failure brings that makes it `level`: 30 seconds, doubled each time up to 15 minutes."""
    over = math.ceil(level - _FUZZ) - allowance.free
    if over < 0:
        return None
    doubled: int = 2 ** min(over, _DOUBLINGS)
    return min(_FIRST_WAIT * doubled, LONGEST_WAIT)


def wait_left(count: Count, at: datetime) -> timedelta:
    """How long until the next try is heard; zero where it is now."""
    return max(count.locked_until - at, timedelta(0)) if count.locked_until else timedelta(0)


def counted(count: Count, allowance: Allowance, at: datetime) -> tuple[Count, Added]:
    """The count with one more try, as if it failed."""
    before = level_at(count, allowance, at)
    level = min(before + 1, allowance.most)
    wait = wait_after(level, allowance)
    locked_until = at + wait if wait is not None else None
    return Count(level, at, locked_until), Added(level - before, locked_until)


def taken_back(count: Count, added: Added) -> Count:
    """The count without a try that was right; a wait that another one brought stays."""
    locked_until = None if count.locked_until == added.locked_until else count.locked_until
    return Count(max(0.0, count.level - added.level), count.at, locked_until)
