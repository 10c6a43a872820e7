"""Writing what the search reads, in the transaction of the change: a few statements for all that changed.

Whoever writes holds one lock to its commit, so that two that touch the same service from two sides (its own
text, its organisation's name) write one after the other and the later one reads what the earlier one wrote.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.directory.domain.languages import LANGUAGES
from services.directory.domain.taxonomies import NEEDS
from services.directory.store.locations import Accessibility, ServiceAtLocation
from services.directory.store.routing_marks import EVERYTHING, TERM, Mark
from services.directory.store.schedules import OpenHours
from services.directory.store.search import SearchState
from services.directory.store.search_rows import POINTS_GONE, POINTS_WRITTEN, ROWS_GONE, ROWS_WRITTEN
from services.directory.store.services import Service, ServiceTerm
from services.directory.store.taxonomy import TaxonomyTerm

# Count it up when the rows are made by other rules: `migrate` then writes them all anew.
VERSION = 2
_AT_ONCE = 1_000
_LOCK = text("select pg_advisory_xact_lock(hashtext('service_search'))")
_WORDS_GONE = text(
    "delete from search_word w where not exists"
    " (select from service_search where vector @@ plainto_tsquery('linkwork', w.word))"
    " and not exists (select from thesaurus_entry t where t.keys && array[w.word])"
)


def refresh_marked(session: Session, marks: Iterable[Mark]) -> None:
    """Write anew what the search reads of everything these marks touch. Call it before the commit."""
    by_kind: dict[str, list[str]] = {}
    for one in marks:
        by_kind.setdefault(one.kind, []).append(one.id)
    if EVERYTHING in by_kind:
        refresh_all(session)
        return
    ids = {UUID(one) for one in by_kind.get("service", ())}
    wider = [
        condition
        for kind, condition in (
            ("organization", Service.organization_id.in_(by_kind.get("organization", ()))),
            ("place", Service.place_id.in_(by_kind.get("place", ()))),
            ("need", Service.id.in_(_saying(TaxonomyTerm.code.in_(by_kind.get("need", ()))))),
            (TERM, Service.id.in_(_saying(TaxonomyTerm.id.in_(by_kind.get(TERM, ()))))),
            (TERM, Service.id.in_(_found_where(by_kind.get(TERM, ())))),
        )
        if kind in by_kind
    ]
    if wider:
        ids |= set(session.scalars(select(Service.id).where(or_(*wider))))
    refresh(session, ids)


def refresh(session: Session, ids: Collection[UUID]) -> None:
    """Write anew what the search reads of these services; those that are not published leave it."""
    if not ids:
        return
    lock_search(session)
    wanted = sorted(ids)
    for n in range(0, len(wanted), _AT_ONCE):
        some = {"ids": wanted[n : n + _AT_ONCE]}
        session.execute(ROWS_GONE, some)
        session.execute(ROWS_WRITTEN, some | {"languages": json.dumps(LANGUAGES), "needs": NEEDS})
        session.execute(POINTS_GONE, some)
        session.execute(POINTS_WRITTEN, some)


def lock_search(session: Session) -> None:
    """Wait until nobody else writes what the search reads, and keep others waiting to the commit."""
    session.execute(_LOCK)


def refresh_all(session: Session) -> None:
    """Write everything anew."""
    refresh(session, list(session.scalars(select(Service.id))))


def bring_up(session: Session) -> bool:
    """Write everything anew where it was written by other rules, or never; True where it was."""
    if session.scalar(select(SearchState.version)) == VERSION:
        return False
    refresh_all(session)
    put = insert(SearchState).values(single=True, version=VERSION)
    session.execute(put.on_conflict_do_update(index_elements=["single"], set_={"version": VERSION}))
    return True


def forget_ended(session: Session, on: date) -> int:
    """Hours that ended lately are told no more, words that occur no more mend nothing; how many services."""
    ended = select(OpenHours.service_id).where(OpenHours.last_on.between(on - timedelta(days=2), on))
    ids = set(session.scalars(ended))
    refresh(session, ids)
    session.execute(_WORDS_GONE)
    return len(ids)


def _saying(condition: ColumnElement[bool]) -> Select[UUID]:
    return (
        select(ServiceTerm.service_id)
        .join(TaxonomyTerm, TaxonomyTerm.id == ServiceTerm.term_id)
        .where(condition)
    )


def _found_where(terms: Collection[str]) -> Select[UUID]:
    return (
        select(ServiceAtLocation.service_id)
        .join(Accessibility, Accessibility.location_id == ServiceAtLocation.location_id)
        .where(Accessibility.term_id.in_(terms))
    )
