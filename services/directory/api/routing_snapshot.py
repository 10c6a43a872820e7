"""The routing snapshot, for the services that keep a copy of it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from services.directory.api.snapshot_schemas import SnapshotQuerySchema, SnapshotSchema
from services.directory.store.queries.snapshot import read_snapshot
from shared.auth import needs_service
from shared.clock import now
from shared.smorest import Blueprint

blp = Blueprint(
    "routing_snapshot",
    __name__,
    url_prefix="/api/v1/routing-snapshot",
    description="What the other services need of the directory",
)


@blp.get("")
@needs_service("referrals", "notifications")
@blp.arguments(SnapshotQuerySchema, location="query", unknown=None)
@blp.response(200, SnapshotSchema)
def routing_snapshot(query: dict[str, int]) -> dict[str, Any]:
    """What changed after a version, in order. Another epoch than before: clear the copy and begin at 0."""
    # Taken before reading: the answer is at least as new as it says.
    as_of = now()
    return {**asdict(read_snapshot(query["after"], query["limit"])), "as_of": as_of}
