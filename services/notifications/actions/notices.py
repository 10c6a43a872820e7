"""The inbox inside Linkwork: what somebody was told, newest first, and what they have not read yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, tuple_, update

from services.notifications.domain.rules import Template
from services.notifications.domain.wording import wording
from services.notifications.store.database import database
from services.notifications.store.tables.messages import Notice
from shared import paging, settings
from shared.auth.caller import Caller
from shared.errors import Malformed, NotFound

AT_ONCE = 20


@dataclass(frozen=True)
class NoticeView:
    """One notice. `words` is where the referral stands, as far as its reader may know."""

    id: UUID
    title: str
    reference: str
    words: str
    at: datetime
    is_read: bool


@dataclass(frozen=True)
class NoticePage:
    """Notices, newest first."""

    items: list[NoticeView]
    next_cursor: str | None


def read_notices(by: Caller, cursor: str | None = None, limit: int = AT_ONCE) -> NoticePage:
    """The caller's own notices, of the organisations they still belong to."""
    conditions = [_own(by)]
    after = _place(cursor)
    if after is not None:
        conditions.append(tuple_(Notice.at, Notice.message_id) < after)
    query = select(Notice).where(*conditions).order_by(Notice.at.desc(), Notice.message_id.desc())
    with database.transaction() as session:
        rows = list(session.scalars(query.limit(limit + 1)))
    shown = rows[:limit]
    last = shown[-1] if len(rows) > limit else None
    return NoticePage(
        [_view(row) for row in shown],
        paging.encode(last.at.isoformat(), str(last.message_id)) if last else None,
    )


def count_unread(by: Caller) -> int:
    """How many the caller has not read."""
    query = select(func.count()).select_from(Notice).where(_own(by), Notice.read_at.is_(None))
    with database.transaction() as session:
        return session.scalar(query) or 0


def open_notice(notice_id: UUID, by: Caller, at: datetime) -> str:
    """Mark it as read and answer the address of what it is about. Raises NotFound for others' notices."""
    with database.transaction() as session:
        row = session.scalars(
            select(Notice).where(Notice.message_id == notice_id, _own(by)).with_for_update()
        ).first()
        if row is None:
            raise NotFound
        row.read_at = row.read_at or at
        return settings.public_url("referrals") + row.path


def mark_read(by: Caller, at: datetime, notice_id: UUID | None = None) -> int:
    """Mark one notice as read, or all; returns how many were not before. Others' are left alone, unsaid."""
    conditions = [_own(by), Notice.read_at.is_(None)]
    if notice_id is not None:
        conditions.append(Notice.message_id == notice_id)
    with database.transaction() as session:
        done = session.execute(
            update(Notice).where(*conditions).values(read_at=at).returning(Notice.message_id)
        )
        return len(done.all())


def _own(by: Caller) -> ColumnElement[bool]:
    return (Notice.account_id == UUID(by.sub)) & Notice.organization_id.in_(by.orgs)


def _place(cursor: str | None) -> tuple[datetime, UUID] | None:
    key = paging.decode(cursor, (str, str))
    if key is None:
        return None
    try:
        return datetime.fromisoformat(key[0]), UUID(key[1])
    except (TypeError, ValueError, AttributeError) as wrong:
        raise Malformed("This cursor is not one we gave. Start from the first page.") from wrong


def _view(row: Notice) -> NoticeView:
    return NoticeView(
        id=row.message_id,
        title=wording(Template(row.template)).notice,
        reference=row.reference,
        words=row.words,
        at=row.at,
        is_read=row.read_at is not None,
    )
