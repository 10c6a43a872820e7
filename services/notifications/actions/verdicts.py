"""What the last look says of a message: it may go, it may not, or it waits."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime

from services.notifications.domain.retry import own_service_pause
from services.notifications.domain.rules import Template
from services.notifications.domain.wording import letter_text, wording
from services.notifications.store.tables.messages import Message
from shared.errors import LinkworkError


@dataclass(frozen=True)
class Ready:
    """May go now. `link`: what the letter leads to; `sealed_url`: set where it must stay the same.

    `beside`, of a letter to a mailbox: the keys of all who may be told of the same event by e-mail now.
    `restricted`: it is about a referral kept to its author and named staff. `told_as`: the type of event
    under which their organisation reads that it was told.
    """

    message: Message
    template: Template
    link: str
    reference: str = ""
    words: str = ""
    path: str = ""
    name: str | None = None
    address: str | None = None
    sealed_url: bytes | None = None
    beside: frozenset[str] = frozenset()
    restricted: bool = False
    told_as: str = ""

    @property
    def subject(self) -> str:
        """The subject of the letter."""
        return wording(self.template).subject

    @property
    def text(self) -> str:
        """The letter."""
        return letter_text(self.template, link=self.link, reference=self.reference)


@dataclass(frozen=True)
class Stop:
    """May not go any more."""

    why: str


@dataclass(frozen=True)
class Wait:
    """Not now; look again at `until`."""

    until: datetime
    why: str


Verdict = Ready | Stop | Wait


def later(at: datetime, tries: int, wrong: LinkworkError) -> Wait:
    """Another of our services cannot be asked just now: look again in a while."""
    return Wait(at + own_service_pause(tries + 1, random.random()), wrong.detail[:200])  # noqa: S311 - spreads load
