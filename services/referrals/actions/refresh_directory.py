"""Pulling the routing snapshot into our own tables, page by page, so that no request asks the directory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.referrals.clients.directory import fetch_snapshot
from services.referrals.domain.routing.snapshot import FRESH_FOR
from services.referrals.store.database import database
from services.referrals.store.tables import DirectoryItem, DirectoryPostcode, DirectoryState, Referral
from shared.clock import now
from shared.db import DATABASE_AWAY
from shared.errors import Unavailable

MOST_PAGES = 500
_AREAS = ("authority", "authority_name", "ward", "ward_name", "lsoa", "lat", "lon")


def refresh_directory(*, at: datetime) -> int:
    """Take what changed since the version we hold; returns how many items came.

    Only one process pulls at a time; another returns at once. With a new epoch, or a version older than the
    one we hold (the directory was reset, or restored from a backup), all is read from the beginning into a
    second copy; the first stays in use until that one is whole.
    Raises Unavailable with the directory away: the copy stays and grows old.
    """
    taken = 0
    for _ in range(MOST_PAGES):
        with database.transaction() as session:
            if not session.scalar(text("select pg_try_advisory_xact_lock(hashtext('refresh_directory'))")):
                return taken
            count, more = _take_page(session, at)
        taken += count
        if not more:
            return taken
    return taken


def directory_is_known() -> str | None:
    """None once a whole copy of the directory was ever held, else what is missing, after trying to get it.

    A new installation must not take referrals before it knows a duty desk; later an old copy will do.
    """
    with database.transaction() as session:
        state = session.get(DirectoryState, 1)
    if state is not None and state.complete:
        return None
    try:
        refresh_directory(at=now())
    except Unavailable:
        return "The directory has not been read yet, and it does not answer. See INTERNAL_URL_DIRECTORY."
    return None


def directory_is_fresh(at: datetime) -> str | None:
    """None while the copy is fresh enough to route by, else how old it is. Asks nobody but the database."""
    try:
        with database.transaction() as session:
            state = session.get(DirectoryState, 1)
    except DATABASE_AWAY:
        return "It is kept in the database, which does not answer."
    if state is None or at - state.as_of <= FRESH_FOR:
        return None
    return (
        f"The copy of the directory is of {state.as_of:%Y-%m-%d %H:%M} UTC. New referrals wait at the duty"
        " desks until it is fresh. See whether the directory and a worker of referrals run."
    )


@dataclass(frozen=True)
class _Reached:
    """The copy that is being pulled, and how far."""

    copy: int
    epoch: UUID
    version: int


def _take_page(session: Session, at: datetime) -> tuple[int, bool]:
    state = session.get(DirectoryState, 1)
    reached = _reached(state)
    page = fetch_snapshot(reached.version if reached else 0)
    epoch, version, as_of = _read_head(page)
    # Never newer than our own clock: age is reckoned from it.
    as_of = min(as_of, at)
    if state is None or reached is None:
        state = DirectoryState(id=1, copy=1, epoch=epoch, version=0, as_of=as_of, complete=False)
        session.add(state)
        reached = _Reached(1, epoch, 0)
    elif epoch != reached.epoch or version < reached.version:
        # Reset, or restored from a backup: what we hold may never have been.
        _forget_copies(session, DirectoryItem.copy > state.copy, DirectoryPostcode.copy > state.copy)
        state.next_epoch, state.next_version = epoch, 0
        return 0, True
    items, more = list(page["items"]), bool(page["more"])
    _put_items(session, items, reached.copy, version)
    if reached.copy == state.copy:
        state.version, state.as_of, state.complete = version, as_of, state.complete or not more
    elif more:
        # The directory is there and is being read: what we hold counts as its word until then.
        state.next_version, state.as_of = version, as_of
    else:
        _use_next(session, state, _Reached(reached.copy, epoch, version), as_of)
    return len(items), more


def _reached(state: DirectoryState | None) -> _Reached | None:
    if state is None:
        return None
    if state.next_epoch is not None and state.next_version is not None:
        return _Reached(state.copy + 1, state.next_epoch, state.next_version)
    return _Reached(state.copy, state.epoch, state.version)


def _use_next(session: Session, state: DirectoryState, made: _Reached, as_of: datetime) -> None:
    """From this transaction on everybody reads the copy that has just become whole."""
    state.copy, state.epoch, state.version = made.copy, made.epoch, made.version
    state.as_of, state.complete = as_of, True
    state.next_epoch = state.next_version = None
    _forget_copies(session, DirectoryItem.copy < made.copy, DirectoryPostcode.copy < made.copy)
    # Its versions are counted anew: what was tried with the old copy is tried again.
    waiting = (Referral.routing_state == "unrouted", Referral.status == "received")
    session.execute(update(Referral).where(*waiting).values(tried_version=None))


def _forget_copies(session: Session, items: ColumnElement[bool], postcodes: ColumnElement[bool]) -> None:
    session.execute(delete(DirectoryItem).where(items))
    session.execute(delete(DirectoryPostcode).where(postcodes))


def _read_head(page: Mapping[str, Any]) -> tuple[UUID, int, datetime]:
    try:
        return UUID(str(page["epoch"])), int(page["version"]), datetime.fromisoformat(str(page["as_of"]))
    except ValueError as wrong:
        raise Unavailable("The directory service gave an answer we cannot read.") from wrong


def _put_items(session: Session, items: Iterable[Mapping[str, Any]], copy: int, version: int) -> None:
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    postcodes: dict[str, dict[str, Any] | None] = {}
    for item in items:
        kind, ident = str(item["kind"]), str(item["id"])
        doc = item.get("doc") or {}
        if kind == "postcode":
            gone = item.get("deleted")
            postcodes[ident] = None if gone else {name: doc.get(name) for name in _AREAS}
            continue
        rows[kind, ident] = {
            "copy": copy,
            "kind": kind,
            "id": ident,
            "version": version,
            "deleted": bool(item.get("deleted")),
            "doc": {} if item.get("deleted") else dict(doc),
        }
    if rows:
        put = insert(DirectoryItem).values(list(rows.values()))
        fresh = {name: put.excluded[name] for name in ("version", "deleted", "doc")}
        session.execute(put.on_conflict_do_update(index_elements=["copy", "kind", "id"], set_=fresh))
    _put_postcodes(session, copy, postcodes)


def _put_postcodes(session: Session, copy: int, postcodes: Mapping[str, Mapping[str, Any] | None]) -> None:
    kept = [{"copy": copy, "postcode": code, **doc} for code, doc in postcodes.items() if doc is not None]
    gone = [code for code, doc in postcodes.items() if doc is None]
    if kept:
        put = insert(DirectoryPostcode).values(kept)
        fresh = {name: put.excluded[name] for name in _AREAS}
        session.execute(put.on_conflict_do_update(index_elements=["copy", "postcode"], set_=fresh))
    if gone:
        here = DirectoryPostcode.copy == copy
        session.execute(delete(DirectoryPostcode).where(here, DirectoryPostcode.postcode.in_(gone)))
