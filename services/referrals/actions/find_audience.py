"""Who may be told of an event, as things stand now. Notifications asks this, and asks again when it sends.

Nobody is told of what they could not read: each recipient is looked at with the rules of sight.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from services.referrals.actions.audience_people import (
    INBOX,
    News,
    one_account,
    people_of_team,
)
from services.referrals.actions.audience_senders import SENDER_WORDS, sending_side
from services.referrals.actions.seeing import NOT_HERE
from services.referrals.domain.crisis_words import has_crisis_words
from services.referrals.domain.moves import UNDO_WITHIN, UNDOABLE
from services.referrals.domain.states import Act, State
from services.referrals.domain.urgency import ALERT
from services.referrals.events import ALARMED
from services.referrals.store import referrals as store
from services.referrals.store.database import database
from services.referrals.store.directory import read_directory
from services.referrals.store.relay import AccessLog
from services.referrals.store.tables import Referral
from shared import audit
from shared.auth.caller import Caller, Role
from shared.errors import NotFound


def find_audience(
    referral_id: UUID, *, event: str, event_id: UUID | None, by: Caller, at: datetime
) -> dict[str, Any]:
    """`{event, reference, held_until, cancelled, restricted, recipients}` for notifications.

    Raises NotFound where there is no such referral. `cancelled` is True for an act that was undone.
    """
    with database.transaction() as session:
        row = store.get_referral(session, referral_id)
        if row is None:
            raise NotFound(NOT_HERE)
        directory = read_directory(session)
        moves = list(store.moves_of(session, row.id))
        place = next(
            (i for i, m in enumerate(moves) if event_id is not None and m.event_id == event_id), None
        )
        move = moves[place] if place is not None else None
        undone = place is not None and any(m.act == Act.UNDO for m in moves[place + 1 : place + 2])
        news = News(
            row=row,
            agreements=store.agreements_of(session, [row.id])[row.id],
            questions=list(store.questions_of(session, row.id)),
            move=move,
            directory=directory,
            at=at,
        )
        audit.record(session, AccessLog, by, act="audience", purpose="tell people", subjects=[row.id], at=at)
        held = move.at + UNDO_WITHIN if move is not None and move.act in UNDOABLE else None
        return {
            "event": event,
            "reference": row.reference,
            "held_until": held,
            "cancelled": undone,
            "restricted": row.restricted,
            "recipients": [] if undone else _distinct(_recipients(event, news)),
        }


def _distinct(found: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each recipient once, by the first reason for which they hear."""
    kept: dict[str, dict[str, Any]] = {}
    for one in found:
        kept.setdefault(str(one.get("id") or one.get("email") or one["kind"]), one)
    return list(kept.values())


_ARRIVING = {
    "referral.routed.v1": "new",
    "referral.redirected.v1": "moved to your team",
    "referral.released.v1": "back with the team",
    "referral.reopened.v1": "opened again",
}
_TAKEN_BACK = {"referral.withdrawn.v1": "withdrawn", "referral.voided.v1": "entered in error"}
_AT_DESK = frozenset({"referral.received.v1", "referral.redirected.v1", "referral.escalated.v1"})


def _recipients(event: str, news: News) -> Iterator[dict[str, Any]]:
    row = news.row
    if event == "referral.asked.v1" and not row.question_open:
        return
    if event in SENDER_WORDS:
        yield from sending_side(event, news)
    if event in _AT_DESK and row.routing_state == "unrouted" and _waits(row):
        template = "urgent_arrived" if row.urgency == ALERT else "unrouted_arrived"
        yield from people_of_team(news, Role.DUTY_DESK, template=template, words="unrouted")
    elif event in _ARRIVING and _waits(row):
        yield from _arrivals(event, news)
    if event == ALARMED:
        yield from _urgent(news)
    if event == "referral.chased.v1":
        yield from _chased(news)
    if event == "referral.reopened.v1":
        yield from sending_side(event, news)
    if event in ("referral.answered.v1", "referral.added.v1"):
        if news.move is not None and has_crisis_words(news.move.content):
            yield from _alarm(news)
        yield from _asker(news) if event == "referral.answered.v1" else _added(news)
    if event in ("referral.reassigned.v1", "referral.accepted.v1"):
        yield from _assignee(news, template="assigned", words="assigned to you")
    if event in _TAKEN_BACK:
        yield from _taken_back(_TAKEN_BACK[event], news)


def _taken_back(words: str, news: News) -> Iterator[dict[str, Any]]:
    """Whoever has it, else the team."""
    if news.row.assignee_id is not None:
        yield from _assignee(news, template="referral_news", words=words)
    else:
        roles = (Role.WORKER, Role.LEAD)
        yield from people_of_team(news, *roles, template="referral_news", words=words, channels=INBOX)


def _waits(row: Referral) -> bool:
    return row.status == State.RECEIVED.value


def _arrivals(event: str, news: News) -> Iterator[dict[str, Any]]:
    row = news.row
    if row.urgency == ALERT:
        yield from _urgent(news)
        return
    words = _ARRIVING[event]
    yield from people_of_team(news, Role.LEAD, Role.DUTY_DESK, template="work_arrived", words=words)
    yield from people_of_team(news, Role.WORKER, template="work_arrived", words=words, channels=INBOX)


def _urgent(news: News) -> Iterator[dict[str, Any]]:
    """The whole team, and where there is a safeguarding concern those who lead on it."""
    yield from _alarm(news)
    if news.row.safeguarding == "yes":
        yield from people_of_team(
            news, Role.SAFEGUARDING_LEAD, template="urgent_arrived", words="sooner", whole_org=True
        )


def _alarm(news: News) -> Iterator[dict[str, Any]]:
    """The whole team, by every channel: somebody looks at it today."""
    roles = (Role.WORKER, Role.LEAD, Role.DUTY_DESK)
    yield from people_of_team(news, *roles, template="urgent_arrived", words="sooner")


def _added(news: News) -> Iterator[dict[str, Any]]:
    """Whoever has it hears that the person said more."""
    words, template = "more from the person", "referral_news"
    if news.row.assignee_id is not None:
        yield from one_account(news.row.assignee_id, news, template=template, words=words)
    else:
        roles = (Role.WORKER, Role.LEAD, Role.DUTY_DESK)
        yield from people_of_team(news, *roles, template=template, words=words, channels=INBOX)


def _chased(news: News) -> Iterator[dict[str, Any]]:
    """Whoever is on the rung that was reached, while it is still late."""
    row, rung = news.row, news.move.content if news.move is not None else ""
    if row.next_action_at is None or row.next_action_at >= news.at:
        return
    template = "urgent_arrived" if row.urgency == ALERT else "referral_news"
    if rung == "owner" and row.assignee_id is not None:
        yield from one_account(row.assignee_id, news, template=template, words="late")
    elif rung == "owner":
        roles = (Role.WORKER, Role.LEAD, Role.DUTY_DESK)
        yield from people_of_team(news, *roles, template=template, words="late", channels=INBOX)
    elif rung == "lead":
        yield from people_of_team(news, Role.LEAD, template=template, words="late")
    elif rung == "duty_desk":
        desk = news.directory.duty_team(row.place_id)
        yield from people_of_team(news, Role.DUTY_DESK, template=template, words="late", of_team=desk)


def _asker(news: News) -> Iterator[dict[str, Any]]:
    answered = [q for q in news.questions if q.answered_at is not None]
    asker = answered[-1].asked_by_id if answered else None
    wanted = news.row.assignee_id or asker
    if wanted is not None:
        yield from one_account(wanted, news, template="referral_news", words="answered")


def _assignee(news: News, *, template: str, words: str) -> Iterator[dict[str, Any]]:
    """Whoever has it now, unless it was their own act."""
    wanted, move = news.row.assignee_id, news.move
    if wanted is not None and not (move is not None and move.by_id == wanted):
        yield from one_account(wanted, news, template=template, words=words)
