"""Who was told what, when, and whether it arrived: for the organisation it was told to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select, tuple_
from sqlalchemy.orm import Session

from services.notifications.domain.rules import SENDERS_EVENTS, SENDERS_NEWS, Channel, Template
from services.notifications.domain.states import State, Step, allow
from services.notifications.domain.wording import wording
from services.notifications.store import messages
from services.notifications.store.database import database
from services.notifications.store.relay import AccessLog
from services.notifications.store.tables.messages import Attempt, Message
from shared import audit, paging
from shared.auth.caller import Caller, Kind, Role
from shared.errors import Malformed, NotFound

READERS: tuple[Role, ...] = (
    Role.SENDER,
    Role.WORKER,
    Role.LEAD,
    Role.DUTY_DESK,
    Role.ORG_ADMIN,
    Role.SAFEGUARDING_LEAD,
)
MENDERS: tuple[Role, ...] = (Role.ORG_ADMIN, Role.LEAD, Role.DUTY_DESK)
AT_ONCE = 50


@dataclass(frozen=True)
class TriedView:
    """One try: when, and the provider's answer in words."""

    at: datetime
    result: str


@dataclass(frozen=True)
class MessageView:
    """A message as its own organisation reads it. `event_type`: as it was told, which may say less."""

    id: UUID
    event_type: str
    referral_id: UUID | None
    reference: str
    channel: str
    template: str
    status: str
    reason: str
    recipient_kind: str
    name: str | None
    to: str | None
    subject: str
    queued_at: datetime
    due_at: datetime | None
    sent_at: datetime | None
    attempts: tuple[TriedView, ...]
    can_retry: bool


@dataclass(frozen=True)
class MessagePage:
    """Messages, newest first, and the cursor of the next page."""

    items: list[MessageView]
    next_cursor: str | None


def read_messages(
    by: Caller,
    at: datetime,
    *,
    referral_id: UUID | None = None,
    status: State | None = None,
    cursor: str | None = None,
    limit: int = AT_ONCE,
) -> MessagePage:
    """The messages to the caller's own organisations, unsent ones too; of others not even whether any exist.

    What was told of a restricted referral is for those it was told to. Whoever only sends reads what the
    sending side was told: an organisation may have teams too, and what those are told says how far it is.
    """
    conditions = [_is_for(by)]
    if referral_id is not None:
        conditions.append(Message.referral_id == referral_id)
    if status is not None:
        conditions.append(Message.status == status)
    after = _place(cursor)
    if after is not None:
        conditions.append(tuple_(Message.queued_at, Message.id) < after)
    newest_first = (Message.queued_at.desc(), Message.id.desc())
    with database.transaction() as session:
        query = select(Message).where(*conditions).order_by(*newest_first).limit(limit + 1)
        rows = list(session.scalars(query))
        shown = rows[:limit]
        tried = _attempts(session, [row.id for row in shown])
        _log(session, by, shown, at)
    last = shown[-1] if len(rows) > limit else None
    return MessagePage(
        [_view(row, tried.get(row.id, ()), by) for row in shown],
        paging.encode(last.queued_at.isoformat(), str(last.id)) if last else None,
    )


def send_again(message_id: UUID, by: Caller, at: datetime) -> MessageView:
    """Queue a failed message once more. Raises NotFound for others' messages, Conflict for one not failed."""
    with database.transaction() as session:
        known = session.scalar(select(Message.id).where(Message.id == message_id, _is_for(by)))
        row = messages.lock(session, known) if known else None
        if row is None or not _may_mend(row, by):
            raise NotFound
        messages.move(row, Step.RETRY)
        row.tries, row.due_at = 0, at
        subjects = [row.referral_id or row.id]
        audit.record(
            session, AccessLog, by, act="send_again", purpose="a message failed", subjects=subjects, at=at
        )
        return _view(row, _attempts(session, [row.id]).get(row.id, ()), by)


def _is_for(by: Caller) -> ColumnElement[bool]:
    orgs = {m.org for m in by.memberships if m.role in READERS}
    inside = {m.org for m in by.memberships if m.role in READERS and m.role is not Role.SENDER}
    own = Message.account_id == UUID(by.sub) if by.kind is Kind.PERSON else false()
    to_senders = and_(Message.template.in_(SENDERS_NEWS), Message.event_type.in_(SENDERS_EVENTS))
    told_to_them = or_(Message.organization_id.in_(inside), to_senders)
    return Message.organization_id.in_(orgs) & or_(own, and_(told_to_them, Message.restricted.is_(False)))


def _may_mend(row: Message, by: Caller) -> bool:
    return row.organization_id is not None and by.has(*MENDERS, org=row.organization_id)


def _place(cursor: str | None) -> tuple[datetime, UUID] | None:
    key = paging.decode(cursor, (str, str))
    if key is None:
        return None
    try:
        return datetime.fromisoformat(key[0]), UUID(key[1])
    except (TypeError, ValueError, AttributeError) as wrong:
        raise Malformed("This cursor is not one we gave. Start from the first page.") from wrong


def _attempts(session: Session, ids: Sequence[UUID]) -> dict[UUID, Sequence[Attempt]]:
    found: dict[UUID, list[Attempt]] = defaultdict(list)
    if ids:
        rows = session.scalars(select(Attempt).where(Attempt.message_id.in_(ids)).order_by(Attempt.id))
        for row in rows:
            found[row.message_id].append(row)
    return dict(found)


def _log(session: Session, by: Caller, shown: Sequence[Message], at: datetime) -> None:
    subjects = sorted({row.referral_id for row in shown if row.referral_id is not None})
    if subjects:
        purpose = "who was told what"
        audit.record(session, AccessLog, by, act="read_messages", purpose=purpose, subjects=subjects, at=at)


def _view(row: Message, tried: Sequence[Attempt], by: Caller) -> MessageView:
    words = wording(Template(row.template))
    return MessageView(
        id=row.id,
        event_type=row.told_as,
        referral_id=row.referral_id,
        reference=row.reference,
        channel=row.channel,
        template=row.template,
        status=row.status,
        reason=row.reason,
        recipient_kind=row.recipient_kind,
        name=row.told_name,
        to=row.told_address if row.channel == Channel.EMAIL else None,
        subject=words.subject if row.channel == Channel.EMAIL else words.notice,
        queued_at=row.queued_at,
        due_at=row.due_at if row.status in (State.QUEUED, State.HELD) else None,
        sent_at=row.sent_at,
        attempts=tuple(TriedView(each.at, each.answer or "No answer yet.") for each in tried),
        can_retry=State(row.status) in allow(Step.RETRY) and _may_mend(row, by),
    )
