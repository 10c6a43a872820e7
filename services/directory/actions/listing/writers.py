"""Who may write a listing, what was changed, and that nobody writes over what they have not seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.directory.domain.document_json import plain, version_of
from services.directory.domain.documents import changes
from services.directory.store.listing_changes import ListingChange
from shared.auth import Caller, Role
from shared.errors import Conflict


@dataclass(frozen=True)
class LastChange:
    """Who changed something last, and when."""

    by_name: str
    at: datetime


class ChangedSince(Conflict):
    """Somebody else changed it since it was read: nothing is kept. `last` says who, where that is known."""

    def __init__(self, last: LastChange | None) -> None:
        super().__init__(
            "Somebody changed this since you read it. Read it again, and then send your change.",
            slug="changed-since",
        )
        self.last = last


def may_write(by: Caller | None, organization_id: UUID) -> bool:
    """An admin of the organisation, or of the forum."""
    if by is None:
        return False
    return by.has(Role.FORUM_ADMIN) or by.has(Role.ORG_ADMIN, org=organization_id)


def check_unchanged(
    session: Session, what: str, record: object, doc: object, seen: str | None, names: Iterable[str] | None
) -> None:
    """Raise ChangedSince unless these fields (all, where None) still say what `seen` is the mark of."""
    if seen is not None and seen != version_of(doc, names):
        raise ChangedSince(last_change(session, what, record))


def last_change(session: Session, what: str, record: object) -> LastChange | None:
    """The last change of one record."""
    row = session.execute(
        select(ListingChange.by_name, ListingChange.at)
        .where(ListingChange.what == what, ListingChange.record == str(record))
        .order_by(ListingChange.id.desc())
        .limit(1)
    ).one_or_none()
    return LastChange(row.by_name, row.at) if row is not None else None


def record_change(
    session: Session, what: str, record: object, before: object, after: object, *, by: Caller, at: datetime
) -> None:
    """Write down what one change did. `before` is None for what came new."""
    names = sorted(changes(before, after)) if before is not None else []
    session.add(
        ListingChange(
            at=at,
            by=by.sub,
            by_name=by.name or "A system",
            what=what,
            record=str(record),
            fields=names,
            before=plain(before) if before is not None else None,
            after=plain(after),
        )
    )
