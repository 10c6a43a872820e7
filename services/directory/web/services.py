"""One published service, and what it can take. The list of all is `web/service_search.py`."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from services.directory.actions.change_capacity import change_capacity, may_change
from services.directory.actions.listing.narratives import readable_audiences
from services.directory.actions.listing.writers import may_write
from services.directory.domain.listings import AreaKind, ServiceStatus
from services.directory.store.queries import words
from services.directory.store.queries.fact_words import facts_in_words
from services.directory.store.queries.organization_page import organization_page
from services.directory.store.queries.service_facts import ServiceFacts, Text, service_facts
from services.directory.store.queries.services import ServiceView, get_service
from services.directory.web.capacity_form import CapacitySchema, meant, typed
from services.directory.web.listing_words import KINDS, SCHEME_NAMES, in_words
from shared.auth import Caller, Role, current_caller, needs, public
from shared.auth.guard import caller_or_none
from shared.clock import UK, now, uk_date
from shared.errors import Invalid, NotFound
from shared.web import flash, forms
from shared.web.forms import Form

pages = Blueprint("find_help", __name__)


@pages.get("/services/<uuid:service_id>")
@public
def service(service_id: UUID) -> str:
    """Who it is for and not for, how it differs, ways in, area, capacity, and when it was checked."""
    view = _found(service_id)
    on = uk_date(now())
    labels = {need.code: need.name for need in words.needs()}
    patch = view.parts.area
    named = words.names_of_areas(
        [*patch[AreaKind.AUTHORITY], *patch[AreaKind.WARD], *patch[AreaKind.LSOA]], patch[AreaKind.PRACTICE]
    )
    at, caller = now(), caller_or_none()
    facts = service_facts(service_id, view.organization.name)
    return render_template(
        "directory/service.html",
        view=view,
        facts=facts,
        more=facts_in_words(facts, at.astimezone(UK), closed=view.service.status != ServiceStatus.ACTIVE),
        text=_text_for(facts, caller),
        words=in_words(view, labels, on),
        area_names=_patch_names(view, named),
        may_change=_may_change(view),
        may_write=may_write(caller, view.organization.id),
        caller=caller,
    )


@pages.get("/organizations/<uuid:organization_id>")
@public
def organization(organization_id: UUID) -> str:
    """What an organisation is, what it offers, and what others call it by.

    One that has nothing published is for its own people and the forum's admin alone.
    """
    found, caller = organization_page(organization_id), caller_or_none()
    own = caller is not None and caller.org == organization_id
    if found is None or not (found.listed or own or may_write(caller, organization_id)):
        raise NotFound("There is no such organisation, or nothing of it is published.")
    return render_template(
        "directory/organization.html",
        page=found,
        kinds=dict(KINDS),
        schemes=SCHEME_NAMES,
        may_write=may_write(caller, organization_id),
    )


@pages.get("/services/<uuid:service_id>/capacity")
@needs(Role.LEAD, Role.ORG_ADMIN)
def capacity(service_id: UUID) -> str:
    """The form with what it says now."""
    view = _changeable(service_id)
    return _capacity_page(view, forms.blank(CapacitySchema(), typed(view.service.capacity)))


@pages.post("/services/<uuid:service_id>/capacity")
@needs(Role.LEAD, Role.ORG_ADMIN)
def set_capacity(service_id: UUID) -> Response | tuple[str, int]:
    """Say it."""
    view = _changeable(service_id)
    form = forms.read(CapacitySchema())
    if form.ok:
        try:
            change_capacity(service_id, meant(form.data), by=current_caller(), at=now())
        except Invalid as wrong:
            form.refuse(wrong)
        else:
            flash.say("capacity_changed")
            return redirect(url_for(".service", service_id=service_id), 303)
    return _capacity_page(view, form), form.status


def _capacity_page(view: ServiceView, form: Form) -> str:
    return render_template("directory/service_capacity.html", view=view, form=form)


def _found(service_id: UUID) -> ServiceView:
    view = get_service(service_id)
    if view is None:
        raise NotFound("There is no such service, or it is not published any more.")
    return view


def _changeable(service_id: UUID) -> ServiceView:
    view = _found(service_id)
    if not _may_change(view):
        raise NotFound
    return view


def _may_change(view: ServiceView) -> bool:
    return may_change(caller_or_none(), view.organization.id, view.parts.team_ids)


def _patch_names(view: ServiceView, named: dict[str, str]) -> list[str]:
    """Wards and surgeries by name; the council only where it is all there is."""
    patch = view.parts.area
    fine = [*patch[AreaKind.WARD], *patch[AreaKind.LSOA], *patch[AreaKind.PRACTICE]]
    return [named[code] for code in fine or patch[AreaKind.AUTHORITY] if code in named]


def _text_for(facts: ServiceFacts, caller: Caller | None) -> Text | None:
    """The text for whoever reads: link workers, people who refer, anybody; else the one for anybody."""
    return next((facts.texts[one] for one in readable_audiences(caller) if one in facts.texts), None)
