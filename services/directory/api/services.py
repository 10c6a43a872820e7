"""Published services: public facts, and what a service says it can take."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.directory.actions.change_capacity import change_capacity as change
from services.directory.api.listing_schemas import ServiceListSchema, ServiceSchema, WholeServiceSchema
from services.directory.api.listing_schemas_in import CapacityBodySchema, ServiceQuerySchema
from services.directory.api.listing_views import facts_json, service_json
from services.directory.domain.capacity import Capacity
from services.directory.store.queries.service_facts import service_facts
from services.directory.store.queries.services import ServiceView, Wanted, find_services, get_service
from services.directory.store.queries.words import known_need, known_place
from shared.auth import Role, current_caller, needs, public
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
    """Published services by words, need, kind and place; those checked lately come first."""
    known_need(query["need"])
    known_place(query["place"])
    on = uk_date(now())
    found, cursor = find_services(Wanted(**query), on)
    return page([service_json(view, on) for view in found], cursor)


@blp.get("/<uuid:service_id>")
@public
@blp.response(200, WholeServiceSchema)
def one_service(service_id: UUID) -> dict[str, Any]:
    """One published service with all its public facts. A private location is never in it."""
    view, at = _view(service_id), now()
    facts = service_facts(service_id, view.organization.name)
    return service_json(view, uk_date(at)) | facts_json(view, facts, at)


@blp.put("/<uuid:service_id>/capacity")
@needs(Role.LEAD, Role.ORG_ADMIN)
@blp.arguments(CapacityBodySchema)
@blp.response(200, ServiceSchema)
def set_capacity(body: dict[str, Any], service_id: UUID) -> dict[str, Any]:
    """Say what a service can take: by a lead of its team or an admin of its organisation."""
    change(service_id, Capacity(**body), by=current_caller(), at=now())
    return _service(service_id)


def _service(service_id: UUID) -> dict[str, Any]:
    return service_json(_view(service_id), uk_date(now()))


def _view(service_id: UUID) -> ServiceView:
    view = get_service(service_id)
    if view is None:
        raise NotFound("There is no such service, or it is not published.")
    return view
