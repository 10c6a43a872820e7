"""Many postcodes at once: streamed into a temporary table by COPY, compared there, written by sets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass
from uuid import UUID

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
_TWICE = text(
    "with later as (delete from postcode_incoming as i using postcode_incoming as first"
    " where i.pcds = first.pcds and i.ctid > first.ctid returning i.pcds)"
    " select distinct pcds from later order by pcds"
)
# What is about to be changed, as it is: by it a load is rolled back.
_BEFORE = text(
    "insert into postcode_before (batch_id, pcds, was_there, authority, ward, lsoa, lat, lon)"
    " select :batch, i.pcds, p.pcds is not null, p.authority, p.ward, p.lsoa, p.lat, p.lon"
    " from postcode_incoming as i left join postcode as p on p.pcds = i.pcds"
    " where case when i.ended then p.pcds is not null else p.pcds is null"
    " or (p.authority, p.ward, p.lsoa, p.lat, p.lon)"
    " is distinct from (i.authority, i.ward, i.lsoa, i.lat, i.lon) end"
)
_VERDICTS = text(
    "select i.pcds, coalesce(c.was, 'same') as verdict, b.authority, b.ward, b.lsoa, b.lat, b.lon,"
    " i.authority, i.ward, i.lsoa, i.lat, i.lon"
    " from postcode_incoming as i left join postcode_changed as c on c.pcds = i.pcds"
    " left join postcode_before as b on b.pcds = i.pcds and b.batch_id = :batch order by i.pcds"
).execution_options(yield_per=2_000)
_TAKE_OUT = text(
    "with gone as (delete from postcode using postcode_before as b"
    " where b.batch_id = :batch and not b.was_there and postcode.pcds = b.pcds returning postcode.pcds)"
    " insert into postcode_changed select pcds, 'ended' from gone"
)
_PUT_BACK = text(
    "with back as (insert into postcode (pcds, authority, ward, lsoa, lat, lon)"
    " select pcds, authority, ward, lsoa, lat, lon from postcode_before"
    " where batch_id = :batch and was_there"
    " on conflict (pcds) do update set authority = excluded.authority, ward = excluded.ward,"
    " lsoa = excluded.lsoa, lat = excluded.lat, lon = excluded.lon returning pcds)"
    " insert into postcode_changed select pcds, 'changed' from back"
)
FIELDS = ("authority", "ward", "lsoa", "lat", "lon")
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

    @property
    def all(self) -> int:
        """How many were written."""
        return self.added + self.changed + self.ended


@dataclass(frozen=True)
class Verdict:
    """What became of one postcode: added, changed, ended or same; of a changed one, what was and what is."""

    pcds: str
    verdict: str
    changes: Mapping[str, tuple[object, object]]


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


def drop_later_ones(session: Session) -> list[str]:
    """Of postcodes that came more than once the first stays; the postcodes."""
    return list(session.scalars(_TWICE))


def write(session: Session, batch_id: UUID) -> Written:
    """Bring the table up to what was received, and the routing snapshot with it; note how it was before."""
    session.execute(_BEFORE, {"batch": batch_id})
    session.execute(text(_CHANGED))
    session.execute(_UPSERT)
    session.execute(_END)
    counts: dict[str, int] = dict(session.execute(_COUNT).all())
    _note(session, sum(counts.values()))
    return Written(**counts)


def verdicts(session: Session, batch_id: UUID) -> Iterator[Verdict]:
    """What `write` did with each postcode that was received."""
    for pcds, verdict, *values in session.execute(_VERDICTS, {"batch": batch_id}):
        old, new = values[: len(FIELDS)], values[len(FIELDS) :]
        told = {
            name: (before, after)
            for name, before, after in zip(FIELDS, old, new, strict=True)
            if verdict == "changed" and before != after
        }
        yield Verdict(pcds, verdict, told)


def undo(session: Session, batch_id: UUID) -> int:
    """Put back what `write` changed for this batch; how many postcodes that were."""
    session.execute(text(_CHANGED))
    session.execute(_TAKE_OUT, {"batch": batch_id})
    session.execute(_PUT_BACK, {"batch": batch_id})
    counts: dict[str, int] = dict(session.execute(_COUNT).all())
    count = sum(counts.values())
    _note(session, count)
    return count


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
