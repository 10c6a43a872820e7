"""Published services: found, shown, and what a service says it can take."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.directory.actions.change_capacity import change_capacity as change
from services.directory.actions.listing.narratives import readable_audiences
from services.directory.actions.unmet_needs import note_unmet
from services.directory.api.listing_schemas import ServiceSchema, WholeServiceSchema
from services.directory.api.listing_schemas_in import CapacityBodySchema
from services.directory.api.listing_views import facts_json, service_json
from services.directory.api.search_schemas import (
    ServiceListSchema,
    ServiceQuerySchema,
    ServiceSearchSchema,
    wanted_of,
)
from services.directory.domain.capacity import Capacity
from services.directory.moments import moment
from services.directory.store.queries.search import Found, Hit, search_services
from services.directory.store.queries.service_facts import service_facts
from services.directory.store.queries.services import ServiceView, get_service
from services.directory.store.queries.words import known_codes
from shared.auth import Role, current_caller, needs, public
from shared.auth.guard import caller_or_none
from shared.clock import now, uk_date
from shared.errors import NotFound
from shared.paging import page
from shared.smorest import Blueprint

blp = Blueprint("services", __name__, url_prefix="/api/v1/services", description="Who offers what, for whom")


@blp.get("")
@public
@blp.arguments(ServiceQuerySchema, location="query", unknown=None)
@blp.response(200, ServiceListSchema)
def list_services(query: dict[str, Any]) -> dict[str, Any]:
    """Published services by words and filters, the best first, with why each was found."""
    return _search(query)


@blp.post("/search")
@public
@blp.arguments(ServiceSearchSchema)
@blp.response(200, ServiceListSchema)
def search_from(query: dict[str, Any]) -> dict[str, Any]:
    """The same from a postcode: what serves it, with how far it is. Stores nothing of where it is."""
    return _search(query)


@blp.get("/<uuid:service_id>")
@public
@blp.response(200, WholeServiceSchema)
def one_service(service_id: UUID) -> dict[str, Any]:
    """One published service with all its public facts. A private location is never in it."""
    view, at = _view(service_id), now()
    facts = service_facts(service_id, view.organization.name)
    return service_json(view, uk_date(at)) | facts_json(view, facts, at, readable_audiences(caller_or_none()))


@blp.put("/<uuid:service_id>/capacity")
@needs(Role.LEAD, Role.ORG_ADMIN)
@blp.arguments(CapacityBodySchema)
@blp.response(200, ServiceSchema)
def set_capacity(body: dict[str, Any], service_id: UUID) -> dict[str, Any]:
    """Say what a service can take: by a lead of its team or an admin of its organisation."""
    change(service_id, Capacity(**body), by=current_caller(), at=now())
    return _service(service_id)


def _search(query: dict[str, Any]) -> dict[str, Any]:
    known_codes(need=query["need"], sector=query["sector"], place=query["place"])
    at = now()
    wanted = wanted_of(query)
    found = search_services(wanted, moment(at), facets=query["facets"])
    note_unmet(wanted, found, at)
    return _found_json(found, at)


def _found_json(found: Found, at: datetime) -> dict[str, Any]:
    on = uk_date(at)
    return {
        **page([_hit_json(hit, on) for hit in found.hits], found.next_cursor),
        "total": found.total,
        "mended": found.understood.mended,
        "some_words": found.some_words,
        "misses": [
            {"without": miss.without, "count": miss.count, "nearest_metres": miss.nearest}
            for miss in found.misses
        ],
        "facets": found.facets.counts if found.facets is not None else None,
    }


def _hit_json(hit: Hit, on: date) -> dict[str, Any]:
    return {
        **service_json(hit.view, on),
        "match": {"distance_metres": hit.metres, "reasons": [vars(reason) for reason in hit.reasons]},
    }


def _service(service_id: UUID) -> dict[str, Any]:
    return service_json(_view(service_id), uk_date(now()))


def _view(service_id: UUID) -> ServiceView:
    view = get_service(service_id)
    if view is None:
        raise NotFound("There is no such service, or it is not published.")
    return view
