"""The forum's admin keeps the thesaurus of the search: an entry counts from the next search on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.directory.domain.search import RANKING
from services.directory.domain.thesaurus import Entry
from services.directory.store.database import database
from services.directory.store.queries.understanding import Understood, understand
from services.directory.store.relay import AccessLog
from services.directory.store.thesaurus import ThesaurusEntry
from services.directory.store.thesaurus_reading import entries, put_entry
from shared import audit
from shared.auth import Caller, Role
from shared.errors import NotFound

ON_A_PAGE = 50


@dataclass(frozen=True)
class EntryPage:
    """Some of `count` entries; `number`, from 1, is the page it is, of `pages`."""

    entries: Sequence[ThesaurusEntry]
    count: int
    number: int
    pages: int


def some_entries(by: Caller, words: str = "", number: int = 1) -> EntryPage:
    """A page of the entries, by their first word; of those with `words` in a phrase where given.

    The last page where there are fewer than `number`.
    """
    _check(by)
    wanted = " ".join(words.lower().split())
    with database.transaction() as session:
        found = [
            row
            for row in entries(session)
            if not wanted or any(wanted in phrase for phrase in (*row.same, *row.also))
        ]
    pages = max(1, -(-len(found) // ON_A_PAGE))
    number = min(max(1, number), pages)
    return EntryPage(found[(number - 1) * ON_A_PAGE : number * ON_A_PAGE], len(found), number, pages)


def one_entry(entry_id: UUID, by: Caller) -> ThesaurusEntry:
    """One entry. Raises NotFound."""
    _check(by)
    with database.transaction() as session:
        row = session.get(ThesaurusEntry, entry_id)
    if row is None:
        raise NotFound
    return row


def keep_entry(entry_id: UUID | None, entry: Entry, *, by: Caller, at: datetime) -> UUID:
    """Add an entry, or change the one with this id; its id. Raises NotFound."""
    _check(by)
    with database.transaction() as session:
        row = ThesaurusEntry() if entry_id is None else session.get(ThesaurusEntry, entry_id)
        if row is None:
            raise NotFound
        put_entry(session, row, entry)
        row.changed_at, row.changed_by = at, by.name or by.sub
        session.add(row)
        session.flush()
        _note(session, by, "change_thesaurus", row.id, at)
        return row.id


def remove_entry(entry_id: UUID, *, by: Caller, at: datetime) -> None:
    """Remove an entry; what is removed already is left so."""
    _check(by)
    with database.transaction() as session:
        row = session.get(ThesaurusEntry, entry_id)
        if row is not None:
            session.delete(row)
            _note(session, by, "remove_from_thesaurus", entry_id, at)


def try_out(q: str, by: Caller) -> Understood:
    """What a search becomes."""
    _check(by)
    with database.transaction() as session:
        return understand(session, q, RANKING)


def _check(by: Caller) -> None:
    if not by.has(Role.FORUM_ADMIN):
        raise NotFound


def _note(session: Session, by: Caller, act: str, entry_id: UUID, at: datetime) -> None:
    audit.record(session, AccessLog, by, act=act, purpose="Words of the search", subjects=[entry_id], at=at)
