"""Pulling the routing snapshot into our own tables, page by page, so that no request asks the directory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.referrals.clients.directory import fetch_snapshot
from services.referrals.store.database import database
from services.referrals.store.tables import DirectoryItem, DirectoryPostcode, DirectoryState
from shared.clock import now
from shared.errors import Unavailable

MOST_PAGES = 500
_AREAS = ("authority", "authority_name", "ward", "ward_name", "lsoa", "lat", "lon")


def refresh_directory(*, at: datetime) -> int:
    """Take what changed since the version we hold; returns how many items came.

    Only one process pulls at a time; another returns at once. With a new epoch (the directory was reset or
    restored) the copy is emptied and read from the beginning; until it is whole it is not routed from.
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


def _take_page(session: Session, at: datetime) -> tuple[int, bool]:
    state = session.get(DirectoryState, 1)
    page = fetch_snapshot(state.version if state else 0)
    epoch, version, as_of = _read_head(page)
    if state is None:
        state = DirectoryState(id=1, epoch=epoch, version=0, as_of=as_of, complete=False)
        session.add(state)
    elif state.epoch != epoch:
        session.execute(delete(DirectoryItem))
        session.execute(delete(DirectoryPostcode))
        state.epoch, state.version, state.complete = epoch, 0, False
        return 0, True
    items = list(page["items"])
    _put_items(session, items, version)
    state.version = version
    # Never newer than our own clock: age is reckoned from it.
    state.as_of = min(as_of, at)
    state.complete = state.complete or not page["more"]
    return len(items), bool(page["more"])


def _read_head(page: Mapping[str, Any]) -> tuple[UUID, int, datetime]:
    try:
        return UUID(str(page["epoch"])), int(page["version"]), datetime.fromisoformat(str(page["as_of"]))
    except ValueError as wrong:
        raise Unavailable("The directory service gave an answer we cannot read.") from wrong


def _put_items(session: Session, items: Iterable[Mapping[str, Any]], version: int) -> None:
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
            "kind": kind,
            "id": ident,
            "version": version,
            "deleted": bool(item.get("deleted")),
            "doc": {} if item.get("deleted") else dict(doc),
        }
    if rows:
        put = insert(DirectoryItem).values(list(rows.values()))
        fresh = {name: put.excluded[name] for name in ("version", "deleted", "doc")}
        session.execute(put.on_conflict_do_update(index_elements=["kind", "id"], set_=fresh))
    _put_postcodes(session, postcodes)


def _put_postcodes(session: Session, postcodes: Mapping[str, Mapping[str, Any] | None]) -> None:
    kept = [{"postcode": code, **doc} for code, doc in postcodes.items() if doc is not None]
    gone = [code for code, doc in postcodes.items() if doc is None]
    if kept:
        put = insert(DirectoryPostcode).values(kept)
        fresh = {name: put.excluded[name] for name in _AREAS}
        session.execute(put.on_conflict_do_update(index_elements=["postcode"], set_=fresh))
    if gone:
        session.execute(delete(DirectoryPostcode).where(DirectoryPostcode.postcode.in_(gone)))
