"""Texts about a service for its readers: every version stays, the last holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from services.directory.actions.listing.writers import ChangedSince, LastChange, may_write
from services.directory.domain.listings import Audience
from services.directory.store.database import database
from services.directory.store.listing_parts import Narrative
from services.directory.store.organizations import Organization
from services.directory.store.services import Service
from shared.auth import Caller, Role
from shared.clock import uk_date
from shared.errors import Invalid, NotFound

MOST_LETTERS = 5_000


@dataclass(frozen=True)
class Words:
    """One version of a text: what it says, who stands by it, and when to look again."""

    version: int
    text: str
    signed_by: tuple[tuple[UUID, str], ...]
    review_on: date
    written_by: str
    written_at: datetime


def readable_audiences(caller: Caller | None) -> list[Audience]:
    """Whose texts somebody may read, the one meant for them first."""
    if caller is None:
        return [Audience.PERSON]
    if caller.has(Role.WORKER, Role.LEAD):
        return [Audience.LINK_WORKER, Audience.REFERRER, Audience.PERSON]
    return [Audience.REFERRER, Audience.PERSON]


def words_for(service_id: UUID, audience: Audience, by: Caller) -> list[Words]:
    """Every version, the newest first. Raises NotFound for who may not write the listing."""
    with database.transaction() as session:
        _check(session, service_id, by)
        rows = session.scalars(
            select(Narrative)
            .where(Narrative.service_id == service_id, Narrative.audience == audience)
            .order_by(Narrative.version.desc())
        ).all()
        signers = {one for row in rows for one in row.signed_by}
        found = session.execute(
            select(Organization.id, Organization.name).where(Organization.id.in_(signers))
        )
        names = dict(found.all())
        return [
            Words(
                row.version,
                row.text,
                tuple((one, names[one]) for one in row.signed_by if one in names),
                row.review_on,
                row.written_by,
                row.written_at,
            )
            for row in rows
        ]


def write_words(
    service_id: UUID,
    audience: Audience,
    text: str,
    *,
    signed_by: Sequence[UUID],
    review_on: date,
    seen: int,
    by: Caller,
    at: datetime,
) -> int:
    """Write the next version after `seen` (0 for none). Raises NotFound, ChangedSince, Invalid."""
    with database.transaction() as session:
        _check(session, service_id, by)
        last = session.execute(
            select(Narrative.version, Narrative.written_by, Narrative.written_at)
            .where(Narrative.service_id == service_id, Narrative.audience == audience)
            .order_by(Narrative.version.desc())
            .limit(1)
        ).one_or_none()
        if (last.version if last else 0) != seen:
            raise ChangedSince(LastChange(last.written_by, last.written_at) if last else None)
        if not text.strip() or len(text) > MOST_LETTERS:
            raise Invalid.field("/text", f"Write the text, in at most {MOST_LETTERS} characters.")
        if review_on <= uk_date(at):
            raise Invalid.field("/review_on", "Choose a day to come on which to look at it again.")
        known = select(func.count()).select_from(Organization).where(Organization.id.in_(signed_by))
        if session.scalar(known) != len(set(signed_by)):
            raise Invalid.field("/signed_by", "Choose organisations that are listed here.")
        session.add(
            Narrative(
                service_id=service_id,
                audience=audience,
                version=seen + 1,
                text=text.strip(),
                signed_by=list(dict.fromkeys(signed_by)),
                review_on=review_on,
                written_by=by.name or "A system",
                written_at=at,
            )
        )
    return seen + 1


def take_words_out(service_id: UUID, audience: Audience, *, by: Caller) -> None:
    """Take a text out of the listing with all its versions. Raises NotFound."""
    with database.transaction() as session:
        _check(session, service_id, by)
        session.execute(
            delete(Narrative).where(Narrative.service_id == service_id, Narrative.audience == audience)
        )


def _check(session: Session, service_id: UUID, by: Caller) -> None:
    owner = session.scalar(select(Service.organization_id).where(Service.id == service_id).with_for_update())
    if owner is None or not may_write(by, owner):
        raise NotFound
