"""What the listings (organisations, services, teams, link workers) add to the directory's process."""

from __future__ import annotations

from flask import Blueprint as PageBlueprint

from services.directory.api import link_workers as link_worker_api
from services.directory.api import needs, places, routing_snapshot
from services.directory.api import services as service_api
from services.directory.web import export, help_now, link_workers, services, wards
from shared.smorest import Blueprint
from shared.web import Message

API_BLUEPRINTS: tuple[Blueprint, ...] = (
    service_api.blp,
    link_worker_api.blp,
    needs.blp,
    places.blp,
    routing_snapshot.blp,
)
PAGE_BLUEPRINTS: tuple[PageBlueprint, ...] = (
    services.pages,
    link_workers.pages,
    wards.pages,
    help_now.pages,
    export.pages,
)
MESSAGES: dict[str, Message] = {
    "capacity_changed": Message("What you can take is changed. Whoever refers sees it within seconds."),
    "absence_recorded": Message("The absence is written down. Whoever refers sees it within seconds."),
    "absence_ended": Message("The absence is ended."),
}
