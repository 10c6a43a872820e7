"""Events come in: kept once, whatever they are; what they make stale is cancelled at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.notifications.actions.sessions import keys, sessions
from services.notifications.domain import events as incoming
from services.notifications.domain.overtaking import Event, fate
from services.notifications.domain.rules import KEY_WITHDRAWN, Source, rule_of
from services.notifications.domain.states import PlanState, Step
from services.notifications.store import messages, planning
from services.notifications.store.database import database
from services.notifications.store.relay import Inbox
from services.notifications.store.tables.messages import Message
from shared import inbox
from shared.errors import FieldProblem, Invalid

NO_RULE = "Nobody has written a rule for events of this type yet."
TOO_LATE = "It was heard so late that it is not news any more."
NEWS_FOR = timedelta(days=7)


@dataclass(frozen=True)
class Refused:
    """An event that cannot be taken: its place in what was sent, and what is wrong with it by field."""

    place: int
    errors: tuple[FieldProblem, ...]


@dataclass(frozen=True)
class Received:
    """What came of a batch: how many were new, and what was refused. A bad event harms no other."""

    new: int
    refused: tuple[Refused, ...] = ()


def receive_events(events: Sequence[Mapping[str, Any]], at: datetime) -> Received:
    """Take CloudEvents 1.0, each once; each new one is planned from its row, in its own time.

    What may not be taken is answered by field and not kept. Types without a rule are kept and shown.
    """
    good, refused = _sort(events)
    for event in good:
        rule = rule_of(event["type"])
        if rule is not None and rule.source is Source.SESSION:
            # Before the inbox remembers it: ending a session twice does no harm, missing it would.
            sessions.end(event["data"]["sid"], at)
    with database.transaction() as session:
        # Twice does no harm, and the mark is written before the inbox says that it was.
        keys.withdraw(session, _withdrawn(good), at)
        new = inbox.take(session, Inbox, good, at)
        rows = [_row(event, at) for event in new]
        planning.keep(session, rows)
        _cancel_stale(session, [row["referral_id"] for row in rows], at)
    return Received(len(new), tuple(refused))


def _withdrawn(events: Sequence[Mapping[str, Any]]) -> list[str]:
    return [event["data"]["kid"] for event in events if event["type"] == KEY_WITHDRAWN]


def _sort(events: Sequence[Mapping[str, Any]]) -> tuple[list[Mapping[str, Any]], list[Refused]]:
    good: list[Mapping[str, Any]] = []
    refused: list[Refused] = []
    for place, event in enumerate(events):
        try:
            check(event)
        except Invalid as wrong:
            refused.append(Refused(place, wrong.errors))
        else:
            good.append(event)
    return good, refused


def check(event: Any) -> None:
    """Raise Invalid, naming the fields, unless `event` can be taken."""
    if not isinstance(event, Mapping):
        raise Invalid.field("", "An event must be an object.")
    inbox.check(event)
    problems = incoming.problems(event)
    if problems:
        raise Invalid(problems)


def _row(event: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    rule, facts = rule_of(event["type"]), incoming.facts(event)
    hold = facts.hold if facts.hold is not None else (rule.hold if rule else timedelta(0))
    state, reason = PlanState.WAITING, ""
    if rule is None:
        state, reason = PlanState.UNKNOWN, NO_RULE
    elif rule.source in (Source.UNDO, Source.SESSION, Source.KEY):
        state = PlanState.ACTED_ON
    elif at - incoming.moment(event, at) > NEWS_FOR:
        state, reason = PlanState.NOBODY, TOO_LATE
    about_a_referral = rule is None or rule.source in (Source.AUDIENCE, Source.UNDO)
    return {
        "source": event["source"],
        "event_id": event["id"],
        "event_type": event["type"],
        "event_at": incoming.moment(event, at),
        "received_at": at,
        "referral_id": facts.referral_id if about_a_referral else None,
        "undoes": facts.undoes,
        "link_id": facts.link_id,
        "account_id": facts.account_id,
        "notice": facts.notice,
        "hold_seconds": hold.total_seconds(),
        "state": state,
        "reason": reason,
        "due_at": at,
    }


def _cancel_stale(session: Session, referrals: Sequence[UUID | None], at: datetime) -> None:
    """Cancel unsent messages that the new events overtook or undid."""
    wanted = {referral for referral in referrals if referral is not None}
    unsent = messages.unsent_of(session, wanted) if wanted else []
    if not unsent:
        return
    heard = planning.events_of(session, wanted)
    for row in unsent:
        if row.referral_id is None:
            continue
        stale = fate(news_of(row), heard[row.referral_id], at)
        if stale.cancel:
            messages.move(row, Step.CANCEL, stale.cancel)


def news_of(row: Message) -> Event:
    """The event a message tells of."""
    return Event(row.source, row.event_id, row.event_type, row.event_at)
