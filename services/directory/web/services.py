"""Find help: published services by words, need, kind and place; one service; what it can take."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from marshmallow import Schema, fields
from werkzeug.wrappers import Response

from services.directory.actions.change_capacity import change_capacity, may_change
from services.directory.domain.listings import AreaKind
from services.directory.store.queries import words
from services.directory.store.queries.services import ServiceView, Wanted, find_services, get_service
from services.directory.web.capacity_form import PAUSE_UNTIL, CapacitySchema, meant, typed
from services.directory.web.listing_words import KINDS, in_words
from shared.auth import Role, current_caller, needs, public
from shared.auth.guard import caller_or_none
from shared.clock import now, uk_date
from shared.errors import Invalid, NotFound
from shared.web import flash, forms
from shared.web.forms import Form

pages = Blueprint("find_help", __name__)
MOST_LETTERS = 200


class FindSchema(Schema):
    """The search form; whatever is typed finds something or nothing."""

    q = fields.String(load_default="")
    need = fields.String(load_default="")
    kind = fields.String(load_default="")
    place = fields.String(load_default="")


@pages.get("/services")
@public
def services() -> str:
    """Everything published, or what a search finds; open to anybody."""
    given = {name: request.args.get(name, "").strip() for name in ("q", "need", "kind", "place")}
    on = uk_date(now())
    found, cursor = find_services(
        Wanted(
            q=given["q"][:MOST_LETTERS],
            need=_known(given["need"]),
            kind=_known(given["kind"]),
            place=_known(given["place"]),
            cursor=request.args.get("cursor"),
        ),
        on,
    )
    all_needs = words.needs()
    labels = {need.code: need.name for need in all_needs}
    return render_template(
        "directory/services.html",
        form=forms.blank(FindSchema(), given),
        searched=any(given.values()),
        results=[(view, in_words(view, labels, on)) for view in found],
        next_url=url_for(".services", cursor=cursor, **_given(given)) if cursor else None,
        need_items=[("", "Any need"), *((need.code, need.name) for need in all_needs)],
        kind_items=[("", "Any kind"), *KINDS],
        place_items=[("", "Any place"), *((place.code, place.name) for place in words.places())],
    )


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
    return render_template(
        "directory/service.html",
        view=view,
        words=in_words(view, labels, on),
        area_names=_patch_names(view, named),
        may_change=_may_change(view),
        caller=caller_or_none(),
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
    if form.ok and form.data["pause"] == PAUSE_UNTIL and form.data["paused_until"] is None:
        form.fail("paused_until", "Enter the last day of the pause")
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


def _known(code: str) -> str | None:
    return code.replace("\0", "") or None


def _given(typed: dict[str, str]) -> dict[str, Any]:
    return {name: value for name, value in typed.items() if value}


def _patch_names(view: ServiceView, named: dict[str, str]) -> list[str]:
    """Wards and surgeries by name; the council only where it is all there is."""
    patch = view.parts.area
    fine = [*patch[AreaKind.WARD], *patch[AreaKind.LSOA], *patch[AreaKind.PRACTICE]]
    return [named[code] for code in fine or patch[AreaKind.AUTHORITY] if code in named]
