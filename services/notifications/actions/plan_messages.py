"""From an event to messages: referrals says who may know; each gets one message by each channel."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from services.notifications import config
from services.notifications.clients.referrals import ask_audience
from services.notifications.domain.audience import Audience, Recipient, RecipientKind
from services.notifications.domain.overtaking import fate
from services.notifications.domain.retry import own_service_pause
from services.notifications.domain.rules import (
    ABOUT_ACCOUNTS,
    FIRST,
    Channel,
    Source,
    Template,
    may_switch_off,
    rule_of,
)
from services.notifications.domain.states import PlanState, State
from services.notifications.store import messages, planning
from services.notifications.store.database import database
from services.notifications.store.tables.planning import Planning
from shared.errors import LinkworkError, NotFound

AT_ONCE = 50
NOT_THERE = "The referral is not there any more."
NOBODY = "Nobody is to be told."
OVERTAKEN_EARLY = "Something newer happened first, or it was undone."
NO_WORDS = "There are no words for a notice of this kind yet."


@dataclass(frozen=True)
class Planned:
    """What one run did: events taken up, and messages made. `more`: perhaps there is more to do."""

    taken: int
    made: int
    more: bool


@dataclass(frozen=True)
class Draft:
    """What is known of one event's messages before they are written. `again`: ask later, and why."""

    rows: tuple[dict[str, Any], ...] = ()
    again: str = ""
    nobody: str = ""
    no_words: bool = False


def plan_messages(at: datetime, limit: int = AT_ONCE) -> Planned:
    """Plan the events whose turn it is. With referrals away they wait; none is lost."""
    with database.transaction() as session:
        taken = planning.take(session, at, limit)
    drafts: dict[int, Draft] = {}
    away = ""
    for row in taken:
        drafts[row.id] = draft = Draft(again=away) if away and _asks(row) else _draft(row, at)
        away = away or draft.again
    with database.transaction() as session:
        made = _save(session, taken, drafts, at)
    return Planned(len(taken), made, more=len(taken) == limit)


def _asks(row: Planning) -> bool:
    rule = rule_of(row.event_type)
    return rule is not None and rule.source is Source.AUDIENCE


def _draft(row: Planning, at: datetime) -> Draft:
    if not _asks(row):
        return _account_draft(row, at)
    return _referral_draft(row, row.referral_id, at) if row.referral_id else Draft(nobody=NOT_THERE)


def _referral_draft(row: Planning, referral_id: UUID, at: datetime) -> Draft:
    try:
        audience = ask_audience(referral_id, row.event_type, row.event_id)
    except NotFound:
        return Draft(nobody=NOT_THERE)
    except LinkworkError as wrong:
        return Draft(again=wrong.detail[:200])
    if audience.cancelled:
        return Draft(nobody=OVERTAKEN_EARLY)
    rows = tuple(
        _message(row, recipient, channel, audience, at)
        for recipient in audience.recipients.values()
        for channel in recipient.channels
    )
    return Draft(rows, nobody="" if rows else NOBODY)


def _message(
    row: Planning, recipient: Recipient, channel: Channel, audience: Audience, at: datetime
) -> dict[str, Any]:
    due = row.event_at + timedelta(seconds=row.hold_seconds)
    return _of_event(row, recipient.template, channel, at) | {
        "referral_id": row.referral_id,
        "reference": audience.reference,
        "restricted": audience.restricted,
        "organization_id": recipient.organization_id,
        "recipient": recipient.key,
        "recipient_kind": recipient.kind,
        "account_id": recipient.account_id,
        "words": recipient.words,
        "told_as": recipient.told_as or row.event_type,
        "path": recipient.path,
        "due_at": max(due, audience.held_until or due),
        "told_address": recipient.address,
    }


def _account_draft(row: Planning, at: datetime) -> Draft:
    if row.notice not in {str(template) for template in ABOUT_ACCOUNTS} or row.link_id is None:
        return Draft(no_words=True)
    letter = _of_event(row, Template(row.notice), Channel.EMAIL, at) | {
        "link_id": row.link_id,
        "recipient": f"link:{row.link_id}",
        "recipient_kind": RecipientKind.LINK,
        "account_id": row.account_id,
        "due_at": row.event_at,
    }
    return Draft((letter,))


def _of_event(row: Planning, template: Template, channel: Channel, at: datetime) -> dict[str, Any]:
    message_id = uuid4()
    return {
        "id": message_id,
        "source": row.source,
        "event_id": row.event_id,
        "event_type": row.event_type,
        "told_as": row.event_type,
        "event_at": row.event_at,
        "channel": channel,
        "template": template,
        "status": State.QUEUED,
        "priority": 0 if template in FIRST else 1,
        "queued_at": at,
        "letter_id": f"<{message_id}@{config.letter_domain()}>",
    }


def _save(session: Session, taken: Sequence[Planning], drafts: dict[int, Draft], at: datetime) -> int:
    """Write the messages and what became of each event, unless somebody was faster."""
    if not taken:
        return 0
    waiting = planning.lock_waiting(session, [row.id for row in taken])
    heard = planning.events_of(session, [row.referral_id for row in waiting.values()])
    ready: list[dict[str, Any]] = []
    for row in waiting.values():
        draft = drafts[row.id]
        overtaken = fate(
            planning.as_event(row), heard.get(row.referral_id, ()) if row.referral_id else (), at
        )
        row.state, row.reason = _verdict(draft, overtaken.cancel)
        if row.state == PlanState.WAITING:
            row.due_at = at + own_service_pause(row.tries, random.random())  # noqa: S311 - spreads load
        elif row.state == PlanState.PLANNED:
            ready += draft.rows
    return len(messages.add(session, _wanted(session, ready)))


def _verdict(draft: Draft, overtaken: str) -> tuple[PlanState, str]:
    if overtaken:
        return PlanState.OVERTAKEN, overtaken
    if draft.no_words:
        return PlanState.UNKNOWN, NO_WORDS
    if draft.again:
        return PlanState.WAITING, draft.again
    if draft.nobody:
        return PlanState.NOBODY, draft.nobody
    return PlanState.PLANNED, ""


def _wanted(session: Session, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without what people have switched off, of the kinds that may be switched off."""
    optional = {row["id"] for row in rows if may_switch_off(row["template"])}
    accounts: set[UUID] = {row["account_id"] for row in rows if row["id"] in optional and row["account_id"]}
    off = messages.switched_off(session, accounts)
    return [
        {**_BLANK, **row}
        for row in rows
        if row["id"] not in optional or (row["account_id"], row["template"], row["channel"]) not in off
    ]


_BLANK: dict[str, Any] = {
    "referral_id": None,
    "reference": "",
    "restricted": False,
    "link_id": None,
    "organization_id": None,
    "account_id": None,
    "words": "",
    "path": "",
    "told_address": None,
}
"""Rows of one insert have the same columns."""
