"""Many postcodes at once: streamed into a temporary table by COPY, compared there, written by sets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.directory.domain.postcodes import PostcodeRow
from services.directory.store.routing import take_versions
from services.directory.store.routing_marks import EVERYTHING, Mark, mark
from services.directory.store.search_refresh import lock_search

_INCOMING = (
    "create temporary table postcode_incoming (pcds text, authority text, ward text, lsoa text,"
    " lat double precision, lon double precision, ended boolean) on commit drop"
)
_CHANGED = "create temporary table postcode_changed (pcds text, was text) on commit drop"
_COPY = "copy postcode_incoming (pcds, authority, ward, lsoa, lat, lon, ended) from stdin"
_TWICE = text("select pcds from postcode_incoming group by pcds having count(*) > 1 order by pcds limit 5")
_UPSERT = text(
    "with written as ("
    " insert into postcode (pcds, authority, ward, lsoa, lat, lon)"
    " select pcds, authority, ward, lsoa, lat, lon from postcode_incoming where not ended"
    " on conflict (pcds) do update set authority = excluded.authority, ward = excluded.ward,"
    " lsoa = excluded.lsoa, lat = excluded.lat, lon = excluded.lon"
    " where (postcode.authority, postcode.ward, postcode.lsoa, postcode.lat, postcode.lon)"
    " is distinct from"
    " (excluded.authority, excluded.ward, excluded.lsoa, excluded.lat, excluded.lon)"
    # A row this statement inserted has no earlier version (xmax 0); one it updated has.
    " returning pcds, case when xmax = 0 then 'added' else 'changed' end as was)"
    " insert into postcode_changed select pcds, was from written"
)
_END = text(
    "with gone as (delete from postcode using postcode_incoming as i"
    " where i.pcds = postcode.pcds and i.ended returning postcode.pcds)"
    " insert into postcode_changed select pcds, 'ended' from gone"
)
_COUNT = text("select was, count(*) from postcode_changed group by was")
_VERSIONS = text(
    "insert into routing_change (kind, kind_id, version)"
    " select 'postcode', pcds, :base + row_number() over (order by pcds) from postcode_changed"
    " on conflict (kind, kind_id) do update set version = excluded.version"
)
_NAMED = text(
    "insert into postcode_changed select pcds, 'named' from postcode"
    " where authority = any(:codes) or ward = any(:codes)"
)


@dataclass(frozen=True)
class Written:
    """How many postcodes came new, changed, or ended."""

    added: int = 0
    changed: int = 0
    ended: int = 0


def receive(session: Session, rows: Iterable[PostcodeRow]) -> int:
    """Stream `rows` into the temporary table; returns how many."""
    connection = session.connection()
    # A whole ONSPD has 2.7 million rows: no limit of half a minute for this one.
    connection.exec_driver_sql("set local statement_timeout = 0")
    connection.exec_driver_sql(_INCOMING)
    driver = connection.connection.driver_connection
    if driver is None:
        raise RuntimeError("the connection to PostgreSQL was lost")
    count = 0
    with driver.cursor() as cursor, cursor.copy(_COPY) as copy:
        for row in rows:
            copy.write_row(astuple(row))
            count += 1
    return count


def twice(session: Session) -> list[str]:
    """Up to five postcodes that came more than once."""
    return list(session.scalars(_TWICE))


def write(session: Session) -> Written:
    """Bring the table up to what was received, and the routing snapshot with it."""
    session.execute(text(_CHANGED))
    session.execute(_UPSERT)
    session.execute(_END)
    counts: dict[str, int] = dict(session.execute(_COUNT).all())
    _note(session, sum(counts.values()))
    return Written(**counts)


def note_renamed(session: Session, areas: list[str]) -> None:
    """Postcodes carry the names of their areas: send those of the areas renamed again."""
    session.execute(text(_CHANGED))
    session.execute(_NAMED, {"codes": areas})
    _note(session, sum(count for _, count in session.execute(_COUNT)))
    mark(session, [Mark(EVERYTHING, "")])


def _note(session: Session, count: int) -> None:
    if count:
        # Always before the versions, as at every commit: two that wait for each other wait for ever.
        lock_search(session)
        session.execute(_VERSIONS, {"base": take_versions(session, count).base})
