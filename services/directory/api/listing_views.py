"""Views of listings as the API's JSON."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from services.directory.domain.capacity import capacity_words
from services.directory.domain.listings import AreaKind, Audience, ServiceStatus
from services.directory.store.queries.fact_words import facts_in_words
from services.directory.store.queries.link_workers import LinkWorkerView
from services.directory.store.queries.service_facts import ServiceFacts
from services.directory.store.queries.services import ServiceView
from shared.clock import UK

# Further facts that are columns of its row.
_PLAIN = (
    "alternate_name", "alert", "application_process", "accreditations", "interpretation_services", "funders",
    "free", "hours",
)  # fmt: skip


def service_json(view: ServiceView, on: date) -> dict[str, Any]:
    """The public facts of a service on the day `on`."""
    one, parts = view.service, view.parts
    capacity = one.capacity
    return {
        "id": one.id,
        "name": one.name,
        "description": one.description,
        "organization": view.organization,
        "place": view.place,
        "kind": one.kind,
        "connector_role": one.connector_role,
        "support_type": one.support_type,
        "status": one.status,
        "who_for": one.who_for,
        "not_for": one.not_for,
        "differs": one.differs,
        "needs": parts.needs,
        "routes_in": one.routes_in,
        "ending": one.ending,
        "discreet": one.discreet,
        "criteria": {
            "min_age": one.minimum_age,
            "max_age": one.maximum_age,
            "area_basis": one.area_basis,
            "circumstances": one.circumstances,
            "sectors": one.sender_sectors,
        },
        "area": {
            "words": view.area_words,
            "authorities": parts.area[AreaKind.AUTHORITY],
            "wards": parts.area[AreaKind.WARD],
            "lsoas": parts.area[AreaKind.LSOA],
            "practices": parts.area[AreaKind.PRACTICE],
        },
        "sessions": parts.sessions,
        "capacity": {
            "words": capacity_words(capacity, on),
            "limit": capacity.limit,
            "open_places": capacity.open_places,
            "declared_wait_days": capacity.declared_wait_days,
            "wait": view.wait(on),
            "open_now": view.load(on),
            "paused": capacity.is_paused(on),
            "paused_until": capacity.paused_until,
            "ask_first": capacity.ask_first,
        },
        "languages": one.languages,
        "working_days": one.working_days,
        "location": None if one.discreet else view.parts.location,
        "cost": one.fees_description,
        "contact": {
            "name": one.contact_name,
            "phone": one.phone,
            "email": one.email,
            "url": one.url,
        },
        "invitation": one.invitation,
        "checked": {
            "freshness": str(view.freshness(on)),
            "verified_at": parts.checked.verified_at if parts.checked else None,
            "valid_until": parts.checked.valid_until if parts.checked else None,
        },
    }


def link_worker_json(view: LinkWorkerView, on: date) -> dict[str, Any]:
    """A link worker as listed on the day `on`: away or not, and who covers."""
    worker = view.worker
    return {
        "id": worker.id,
        "name": worker.name,
        "role": view.role,
        "organization": view.organization,
        "hosted": view.hosted,
        "teams": view.teams,
        "services": view.services,
        "needs": view.needs,
        "languages": worker.languages,
        "working_days": worker.working_days,
        "about": worker.about,
        "phone": worker.phone,
        "email": worker.email,
        "away": view.away(on),
        "specialisms": worker.specialisms,
        "there_today": view.is_there(on),
        "covers_for": view.covers_for,
    }


def facts_json(
    view: ServiceView, facts: ServiceFacts, at: datetime, audiences: Collection[Audience]
) -> dict[str, Any]:
    """The further facts of one service at `at`, with the texts for these readers."""
    one = view.service
    said = facts_in_words(facts, at.astimezone(UK), closed=one.status != ServiceStatus.ACTIVE)
    return {
        **{name: getattr(one, name) for name in _PLAIN},
        "opens": said["opens"],
        "times": said["times"],
        "costs": said["costs"],
        "schedules": facts.schedules,
        "cost_options": facts.costs,
        "contacts": facts.contacts,
        "phones": facts.phones,
        "venues": [{**vars(each["venue"]), "accessibility": each["ways"]} for each in said["venues"]],
        "only_for": facts.only_for,
        "texts": {one: text for one, text in facts.texts.items() if one in audiences},
    }
