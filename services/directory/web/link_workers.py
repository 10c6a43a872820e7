"""Who connects people here, for signed-in practitioners; and their absences, by their lead.

The search takes a name, so it is sent by POST and never stands in an address.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from services.directory.actions import absences
from services.directory.domain.languages import LANGUAGES
from services.directory.domain.working_pattern import Away, days_words
from services.directory.store.queries import words
from services.directory.store.queries.link_workers import (
    LinkWorkerView,
    WantedWorkers,
    colleagues,
    find_link_workers,
    get_link_worker,
)
from services.directory.store.queries.whereabouts import Whereabouts, find_whereabouts, whereabouts
from services.directory.web.listing_words import languages_words, needs_words
from shared.auth import Role, current_caller, needs, signed_in
from shared.clock import now, uk_date
from shared.errors import Conflict, Invalid, NotFound
from shared.web import flash, forms
from shared.web.fields import DateParts
from shared.web.forms import Form

pages = Blueprint("connectors", __name__)


class FindSchema(Schema):
    """The search form."""

    q = fields.String(load_default="", validate=validate.Length(max=200))
    need = fields.String(load_default="")
    sector = fields.String(load_default="")
    where = fields.String(load_default="", validate=validate.Length(max=100))
    at = fields.String(load_default="", validate=validate.Length(max=60))
    language = fields.String(load_default="")
    today = fields.Boolean(load_default=False)
    cursor = fields.String(load_default="")


class AbsenceSchema(Schema):
    """Days away and who covers."""

    from_on = DateParts(required=True, metadata={"label": "the first day away"})
    to_on = DateParts(required=True, metadata={"label": "the last day away"})
    cover_id = fields.UUID(load_default=None, metadata={"label": "who covers"})


@pages.get("/link-workers")
@signed_in
def link_workers() -> str:
    """All, by name."""
    return _list_page(forms.blank(FindSchema(), {}), WantedWorkers())


@pages.post("/link-workers")
@signed_in
def find() -> tuple[str, int]:
    """Those a search finds."""
    form = forms.read(FindSchema())
    wanted, choices = WantedWorkers(), list[Whereabouts]()
    if form.ok:
        where, choices = _meant(form)
        wanted = WantedWorkers(
            q=form.data["q"],
            need=form.data["need"] or None,
            sector=form.data["sector"] or None,
            language=form.data["language"] or None,
            where=where,
            today=form.data["today"],
            cursor=form.data["cursor"] or None,
        )
    return _list_page(form, wanted, choices), form.status


@pages.get("/link-workers/<uuid:worker_id>")
@signed_in
def link_worker(worker_id: UUID) -> str:
    """One: what they do, where, when, and who covers while they are away."""
    on = uk_date(now())
    view = _found(worker_id, on)
    labels = {need.code: need.name for need in words.needs()}
    return render_template(
        "directory/link_worker.html",
        view=view,
        words=_in_words(view, labels, on),
        leads=absences.leads(current_caller(), {team.id for team in view.teams}),
    )


@pages.get("/link-workers/<uuid:worker_id>/away")
@signed_in
def away(worker_id: UUID) -> str:
    """The form of an absence, for their lead."""
    return _away_page(_led(worker_id), forms.blank(AbsenceSchema(), {}))


@pages.post("/link-workers/<uuid:worker_id>/away")
@needs(Role.LEAD)
def set_away(worker_id: UUID) -> Response | tuple[str, int]:
    """Write it down."""
    view = _led(worker_id)
    form = forms.read(AbsenceSchema())
    if form.ok:
        try:
            absences.record_absence(worker_id, Away(**form.data), by=current_caller(), at=now())
        except Invalid as wrong:
            form.refuse(wrong, names={"/to": "to_on", "/from": "from_on"})
        except Conflict as wrong:
            form.fail("from_on", wrong.detail)
        else:
            flash.say("absence_recorded")
            return redirect(url_for(".link_worker", worker_id=worker_id), 303)
    return _away_page(view, form), form.status


@pages.post("/link-workers/<uuid:worker_id>/away/<uuid:absence_id>/end")
@needs(Role.LEAD)
def back(worker_id: UUID, absence_id: UUID) -> Response:
    """They are back, or will not be away."""
    absences.end_absence(worker_id, absence_id, by=current_caller(), at=now())
    flash.say("absence_ended")
    return redirect(url_for(".link_worker", worker_id=worker_id), 303)


def _list_page(form: Form, wanted: WantedWorkers, choices: Sequence[Whereabouts] = ()) -> str:
    on = uk_date(now())
    found, cursor = ([], None) if choices or not form.ok else find_link_workers(wanted, on)
    all_needs = words.needs()
    need_codes = [words.Code(need.code, need.name, need.retired) for need in all_needs]
    labels = {need.code: need.name for need in all_needs}
    return render_template(
        "directory/link_workers.html",
        form=form,
        wanted=wanted,
        searched=any((wanted.q, wanted.need, wanted.sector, wanted.language, wanted.where, wanted.today)),
        choices=choices,
        asked={name: form.value(name) for name in ("q", "need", "sector", "language", "today")},
        results=[(view, _in_words(view, labels, on)) for view in found],
        cursor=cursor,
        need_items=[("", "Any need"), *_offered(need_codes, form.value("need"))],
        language_items=[("", "Any language"), *sorted(LANGUAGES.items(), key=lambda pair: pair[1])],
        sector_items=[("", "Any sector"), *_offered(words.sectors(), form.value("sector"))],
    )


def _offered(all_words: Iterable[words.Code], chosen: str) -> list[tuple[str, str]]:
    """Words to choose from; a retired one only where it is chosen."""
    return [(one.code, one.name) for one in all_words if not one.retired or one.code == chosen]


def _away_page(view: LinkWorkerView, form: Form) -> str:
    items = [("", "Nobody"), *((str(other.id), other.name) for other in colleagues(view.worker.id))]
    return render_template("directory/absence.html", view=view, form=form, cover_items=items)


def _found(worker_id: UUID, on: date) -> LinkWorkerView:
    view = get_link_worker(worker_id, on)
    if view is None:
        raise NotFound("There is no such link worker, or they are not listed any more.")
    return view


def _led(worker_id: UUID) -> LinkWorkerView:
    view = _found(worker_id, uk_date(now()))
    if not absences.leads(current_caller(), {team.id for team in view.teams}):
        raise NotFound
    return view


def _in_words(view: LinkWorkerView, labels: dict[str, str], on: date) -> dict[str, Any]:
    return {
        "days": days_words(view.worker.working_days),
        "languages": languages_words(view.worker.languages),
        "needs": needs_words(view.needs, labels),
        "away": view.away(on),
        "there": view.is_there(on),
    }


def _meant(form: Form) -> tuple[Whereabouts | None, list[Whereabouts]]:
    """Where it is about: what was chosen, else the one thing the words name; else what to choose from."""
    chosen = whereabouts(form.data["at"]) if form.data["at"] else None
    text = form.data["where"].strip()
    # What was chosen holds until other words are typed.
    if chosen is not None and text in ("", chosen.name):
        return chosen, []
    if not text:
        return None, []
    found = find_whereabouts(text)
    if not found:
        form.fail("where", "Enter a postcode, a ward or a surgery of this area")
        return None, []
    return (found[0], []) if len(found) == 1 else (None, found)
