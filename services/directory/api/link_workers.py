"""Link workers, for signed-in practitioners; and their absences, by their lead."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.directory.actions import absences
from services.directory.api.listing_schemas import LinkWorkerListSchema, LinkWorkerSchema
from services.directory.api.listing_schemas_in import AbsenceBodySchema, LinkWorkerQuerySchema
from services.directory.api.listing_views import link_worker_json
from services.directory.domain.working_pattern import Away
from services.directory.store.queries.link_workers import (
    WantedWorkers,
    find_link_workers,
    get_link_worker,
)
from services.directory.store.queries.whereabouts import whereabouts
from services.directory.store.queries.words import known_codes
from shared.auth import Role, current_caller, needs, signed_in
from shared.clock import now, uk_date
from shared.errors import Invalid, NotFound
from shared.once import PARAMETER, REPLAYED, once_for
from shared.paging import page
from shared.smorest import Blueprint, document

blp = Blueprint(
    "link_workers", __name__, url_prefix="/api/v1/link-workers", description="Who connects people"
)


@blp.get("")
@signed_in
@blp.arguments(LinkWorkerQuerySchema, location="query", unknown=None)
@blp.response(200, LinkWorkerListSchema)
def list_link_workers(query: dict[str, Any]) -> dict[str, Any]:
    """Link workers who agreed to be listed: by words, need, sector, language, and what they cover."""
    known_codes(need=query["need"], sector=query["sector"])
    on, covers = uk_date(now()), query.pop("covers")
    where = whereabouts(covers) if covers else None
    if covers and where is None:
        raise Invalid.field("/covers", "No ward or practice here has this code.")
    found, cursor = find_link_workers(WantedWorkers(**query, where=where), on)
    return page([link_worker_json(view, on) for view in found], cursor)


@blp.get("/<uuid:worker_id>")
@signed_in
@blp.response(200, LinkWorkerSchema)
def one_link_worker(worker_id: UUID) -> dict[str, Any]:
    """One link worker."""
    return _link_worker(worker_id)


@blp.post("/<uuid:worker_id>/absences")
@needs(Role.LEAD)
@blp.arguments(AbsenceBodySchema)
@blp.response(201, LinkWorkerSchema)
@blp.alt_response(409, description="Days that are written down already, or a request still in flight.")
@document(parameters=[PARAMETER])
def add_absence(body: dict[str, Any], worker_id: UUID) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Write down that a link worker of one's own team is away, and who covers."""
    by = current_caller()
    once = once_for(by, f"POST /api/v1/link-workers/{worker_id}/absences")
    is_new = absences.record_absence(worker_id, Away(**body), by=by, at=now(), once=once)
    return _link_worker(worker_id), 201, {} if is_new else REPLAYED


@blp.delete("/<uuid:worker_id>/absences/<uuid:absence_id>")
@needs(Role.LEAD)
@blp.response(204)
def remove_absence(worker_id: UUID, absence_id: UUID) -> None:
    """They are back, or will not be away."""
    absences.end_absence(worker_id, absence_id, by=current_caller(), at=now())


def _link_worker(worker_id: UUID) -> dict[str, Any]:
    on = uk_date(now())
    view = get_link_worker(worker_id, on)
    if view is None:
        raise NotFound("There is no such link worker, or they are not listed.")
    return link_worker_json(view, on)
