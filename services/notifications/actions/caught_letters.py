"""The letters that the mail catcher of the embedded run and of tests keeps instead of sending."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.notifications.store.database import database
from services.notifications.store.tables.providers import CaughtLetter
from shared import paging
from shared.errors import NotFound

AT_ONCE = 50
LONGEST_LINE = 320


@dataclass(frozen=True)
class LetterPage:
    """Letters, newest first."""

    items: list[CaughtLetter]
    next_cursor: str | None


def keep_letter(message: EmailMessage, sender: str, recipients: list[str], at: datetime) -> bool:
    """Keep a letter, once for each Message-ID; False for one that came before (it is only counted)."""
    body = message.get_body(("plain",))
    row = {
        "message_id": str(message["Message-ID"] or "").strip()[:LONGEST_LINE],
        "sender": str(message["From"] or sender)[:LONGEST_LINE],
        "recipient": ", ".join(recipients),
        "subject": _clean(str(message["Subject"] or "")),
        "body": _clean(body.get_content() if body is not None else ""),
        "headers": [[name, _clean(str(text))] for name, text in message.items()],
        "received_at": at,
    }
    kept = insert(CaughtLetter).values(row)
    once = kept.on_conflict_do_update(
        index_elements=["message_id"], set_={"offered": CaughtLetter.offered + 1}
    )
    with database.transaction() as session:
        return session.scalar(once.returning(CaughtLetter.offered)) == 1


def read_letters(cursor: str | None = None, limit: int = AT_ONCE) -> LetterPage:
    """What was caught, newest first."""
    after = paging.decode(cursor, (int,))
    query = select(CaughtLetter).order_by(CaughtLetter.id.desc()).limit(limit + 1)
    if after is not None:
        query = query.where(CaughtLetter.id < after[0])
    with database.transaction() as session:
        rows = list(session.scalars(query))
    shown = rows[:limit]
    return LetterPage(shown, paging.encode(shown[-1].id) if len(rows) > limit else None)


def read_letter(letter_id: int) -> CaughtLetter:
    """One letter. Raises NotFound."""
    with database.transaction() as session:
        found = session.get(CaughtLetter, letter_id)
    if found is None:
        raise NotFound
    return found


def _clean(text: str) -> str:
    return text.replace("\0", "").replace("\r\n", "\n")
