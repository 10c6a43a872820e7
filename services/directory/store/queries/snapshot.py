"""The routing snapshot, page by page: what changed after a version, with each item as it stands now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.directory.store.database import database
from services.directory.store.queries.snapshot_docs import documents
from services.directory.store.routing import RoutingChange, RoutingEpoch

MOST = 5000


@dataclass(frozen=True)
class SnapshotPage:
    """Items in order of version. `version` is the last one's, or today's where nothing is newer."""

    epoch: UUID | None
    version: int
    more: bool
    items: list[dict[str, Any]]


def read_snapshot(after: int, limit: int) -> SnapshotPage:
    """Up to `limit` items changed after version `after`, all as of one moment.

    An item whose row is gone is `{"deleted": true, "doc": null}`. Costs one query for the epoch, one for the
    versions, and a fixed number for each kind on the page, however many items there are.
    """
    with database.transaction() as session:
        # One moment for all queries: no document newer than its version, none half-changed.
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        return _page(session, after, min(limit, MOST))


def _page(session: Session, after: int, limit: int) -> SnapshotPage:
    state = session.scalars(select(RoutingEpoch)).one_or_none()
    if state is None:
        return SnapshotPage(epoch=None, version=0, more=False, items=[])
    changes = session.execute(
        select(RoutingChange.kind, RoutingChange.kind_id, RoutingChange.version)
        .where(RoutingChange.version > after)
        .order_by(RoutingChange.version)
        .limit(limit + 1)
    ).all()
    more, changes = len(changes) > limit, changes[:limit]
    by_kind: dict[str, list[str]] = {}
    for kind, kind_id, _ in changes:
        by_kind.setdefault(kind, []).append(kind_id)
    docs = {kind: documents(session, kind, ids) for kind, ids in by_kind.items()}
    items = [
        {"kind": kind, "id": kind_id, "deleted": (doc := docs[kind].get(kind_id)) is None, "doc": doc}
        for kind, kind_id, _ in changes
    ]
    version = changes[-1][2] if changes else state.last_version
    return SnapshotPage(epoch=state.epoch, version=version, more=more, items=items)
