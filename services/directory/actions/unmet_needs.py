"""Counting searches that found nothing, by week, area and need; and what the forum sees of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.directory.domain.search import Wanted
from services.directory.domain.unmet_needs import KEPT_WEEKS, digest, need_of, week_of
from services.directory.store.database import database
from services.directory.store.places import Area
from services.directory.store.unmet_needs import UnmetNeed, UnmetSeen
from shared import settings
from shared.auth import Caller, Role
from shared.clock import uk_date
from shared.errors import NotFound

if TYPE_CHECKING:
    from services.directory.store.queries.search import Found

_SEEN_FOR = timedelta(hours=1)


def note_unmet(wanted: Wanted, found: Found, at: datetime) -> bool:
    """Count a search that found nothing, once an hour for the same one; True where it was counted.

    What is kept is a week, the code of an area and the code of a need: no words, no postcode, nobody.
    """
    if found.total or wanted.cursor or not wanted.asks:
        return False
    spot = found.spot
    row = {
        "week": week_of(uk_date(at)),
        "area": (spot.ward or spot.authority) if spot is not None else "",
        "need": need_of(wanted, found.understood.needs),
        "count": 1,
    }
    # Rounded to the hour, so that the digest alone says whether it is the same hour.
    seen = digest(wanted, at.strftime("%Y%m%d%H"), settings.required("GUARD_KEY"))
    with database.transaction() as session:
        fresh = session.execute(
            insert(UnmetSeen)
            .values(digest=seen, seen_at=at)
            .on_conflict_do_nothing()
            .returning(UnmetSeen.digest)
        ).one_or_none()
        if fresh is None:
            return False
        put = insert(UnmetNeed).values(row)
        session.execute(
            put.on_conflict_do_update(
                index_elements=["week", "area", "need"], set_={"count": UnmetNeed.count + 1}
            )
        )
    return True


def forget_old(session: Session, at: datetime) -> int:
    """Digests after an hour, counts after two years; how many counts went."""
    session.execute(delete(UnmetSeen).where(UnmetSeen.seen_at < at - _SEEN_FOR))
    before = week_of(uk_date(at)) - timedelta(weeks=KEPT_WEEKS)
    gone = session.execute(delete(UnmetNeed).where(UnmetNeed.week < before).returning(UnmetNeed.week))
    return len(gone.all())


def counted(by: Caller, since: date) -> Sequence[tuple[date, str, str, int]]:
    """Week, name of the area (blank for none), need and how many, from the week of `since`; newest first.

    Raises NotFound for anybody but the forum's admin.
    """
    if not by.has(Role.FORUM_ADMIN):
        raise NotFound
    with database.transaction() as session:
        rows = session.execute(
            select(UnmetNeed.week, func.coalesce(Area.name, UnmetNeed.area), UnmetNeed.need, UnmetNeed.count)
            .outerjoin(Area, Area.code == UnmetNeed.area)
            .where(UnmetNeed.week >= week_of(since))
            .order_by(UnmetNeed.week.desc(), UnmetNeed.count.desc(), UnmetNeed.area, UnmetNeed.need)
        )
        return [(week, area, need, count) for week, area, need, count in rows]
