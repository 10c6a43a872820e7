"""What later events make of news that is still unsent: send it, wait a little, or cancel it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.notifications.domain.rules import rule_of


@dataclass(frozen=True)
class Event:
    """One event of a referral. `hold`: for so long after `at` it may still be undone."""

    source: str
    id: str
    type: str
    at: datetime
    hold: timedelta = timedelta(0)
    undoes: str | None = None


@dataclass(frozen=True)
class Fate:
    """Neither set: send it. `cancel`: why it is not sent. `wait_until`: only then will it be known."""

    cancel: str = ""
    wait_until: datetime | None = None


UNDONE = "It was undone before this was sent."
OVERTAKEN = "Something newer happened before this was sent."
SEND = Fate()


def fate(news: Event, events: Iterable[Event], at: datetime) -> Fate:
    """What becomes of `news` at the moment `at`, in view of all `events` of the same referral.

    What overtakes it may itself be undone: until that time is over the news waits.
    """
    others = [event for event in events if event.source == news.source and event.id != news.id]
    undone = {event.undoes for event in others if event.undoes}
    if news.id in undone:
        return Fate(cancel=UNDONE)
    until: datetime | None = None
    for event in others:
        if event.id in undone or not _overtakes(event, news):
            continue
        if event.at + event.hold <= at:
            return Fate(cancel=OVERTAKEN)
        until = max(until or event.at, event.at + event.hold)
    return Fate(wait_until=until)


def _overtakes(event: Event, news: Event) -> bool:
    rule = rule_of(event.type)
    if rule is None or news.type not in rule.overtakes:
        return False
    return event.at > news.at or (event.at == news.at and event.type != news.type)
