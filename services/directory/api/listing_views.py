"""Views of listings as the API's JSON."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from services.directory.api.listing_schemas import FurtherFactsSchema
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

_FURTHER = FurtherFactsSchema()


def service_json(view: ServiceView, on: date) -> dict[str, Any]:
    """The public facts of a service on the day `on`, as JSON has them (`PlainSchema`)."""
    one, parts = view.service, view.parts
    capacity, owner, place, wait = one.capacity, view.organization, view.place, view.wait(on)
    where = None if one.discreet else parts.location
    return {
        "id": str(one.id),
        "name": one.name,
        "description": one.description,
        "organization": {"id": str(owner.id), "name": owner.name, "sector": owner.sector},
        "place": None if place is None else {"code": place.code, "name": place.name},
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
        "sessions": [vars(session) for session in parts.sessions],
        "capacity": {
            "words": capacity_words(capacity, on),
            "limit": capacity.limit,
            "open_places": capacity.open_places,
            "declared_wait_days": capacity.declared_wait_days,
            "wait": {"days": wait.days, "basis": wait.basis, "measured_at": _iso(wait.measured_at)},
            "open_now": view.load(on),
            "paused": capacity.is_paused(on),
            "paused_until": _iso(capacity.paused_until),
            "ask_first": capacity.ask_first,
        },
        "languages": one.languages,
        "working_days": one.working_days,
        "location": None if where is None else vars(where),
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
            "verified_at": _iso(parts.checked.verified_at) if parts.checked else None,
            "valid_until": _iso(parts.checked.valid_until) if parts.checked else None,
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
    """The further facts of one service at `at`, with the texts for these readers; JSON as well."""
    one = view.service
    said = facts_in_words(facts, at.astimezone(UK), closed=one.status != ServiceStatus.ACTIVE)
    found: dict[str, Any] = {
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
    told: dict[str, Any] = _FURTHER.dump(found)
    return told


def _iso(when: date | None) -> str | None:
    """A day, or an instant, as JSON has it."""
    return None if when is None else when.isoformat()
