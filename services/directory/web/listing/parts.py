"""What a listing says besides its sections: what it can take before it is open, and words for readers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response

from services.directory.actions.listing import narratives
from services.directory.actions.listing.draft_capacity import say_draft_capacity
from services.directory.actions.listing.narratives import Words
from services.directory.actions.listing.services import draft
from services.directory.actions.listing.writers import ChangedSince
from services.directory.domain.listings import AUDIENCE_WORDS, Audience, ServiceStatus
from services.directory.store.queries.listings import organizations_called
from services.directory.web.capacity_form import CapacitySchema, meant, typed
from services.directory.web.listing.form_fields import lines_of, words
from shared.auth import Role, current_caller, needs
from shared.clock import now, uk_date
from shared.errors import Invalid, NotFound
from shared.web import flash, forms
from shared.web.fields import DateParts
from shared.web.forms import Form

pages = Blueprint("listing_parts", __name__)
writes_listings = needs(Role.ORG_ADMIN, Role.FORUM_ADMIN)
_WRITTEN_SINCE = "Somebody else wrote a new version while you did. It is below: look, and save again."
_REVIEWED_AFTER = timedelta(days=365)


class WordsSchema(Schema):
    """A text for one audience."""

    text = words("the text", most=narratives.MOST_LETTERS)
    signed_by = words("who stands by it", most=2_000)
    review_on = DateParts(required=True, metadata={"label": "the day to look at it again"})


@pages.get("/listings/services/<uuid:service_id>/capacity")
@writes_listings
def capacity(service_id: UUID) -> Response | str:
    """What it can take once it is open; an open one has its own page for it."""
    one = draft(service_id, current_caller())
    if one.doc.status == ServiceStatus.ACTIVE and current_caller().has(
        Role.ORG_ADMIN, org=one.doc.organization_id
    ):
        return redirect(url_for("find_help.capacity", service_id=service_id))
    form = forms.blank(CapacitySchema(), typed(one.capacity))
    return render_template("directory/listing/capacity.html", one=one, form=form)


@pages.post("/listings/services/<uuid:service_id>/capacity")
@writes_listings
def say_capacity(service_id: UUID) -> Response | tuple[str, int]:
    """Say it."""
    by = current_caller()
    one = draft(service_id, by)
    form = forms.read(CapacitySchema())
    if form.ok:
        try:
            say_draft_capacity(service_id, meant(form.data), by=by, at=now())
        except Invalid as wrong:
            form.refuse(wrong)
        else:
            flash.say("listing_saved")
            return redirect(url_for("listings.service", service_id=service_id), 303)
    return render_template("directory/listing/capacity.html", one=one, form=form), form.status


@pages.get("/listings/services/<uuid:service_id>/words/<audience>")
@writes_listings
def words_for(service_id: UUID, audience: str) -> str:
    """The text as it stands, its versions, and the form of the next."""
    versions = narratives.words_for(service_id, _audience(audience), current_caller())
    return _words_page(service_id, audience, versions, forms.blank(WordsSchema(), _shown(versions)))


@pages.post("/listings/services/<uuid:service_id>/words/<audience>")
@writes_listings
def write_words(service_id: UUID, audience: str) -> Response | tuple[str, int]:
    """Write the next version."""
    by, form = current_caller(), forms.read(WordsSchema())
    versions = narratives.words_for(service_id, _audience(audience), by)
    status = form.status
    if form.ok:
        try:
            narratives.write_words(
                service_id,
                _audience(audience),
                form.data["text"] or "",
                signed_by=_signers(form.data["signed_by"]),
                review_on=form.data["review_on"],
                seen=_number(request.form.get("seen", "")),
                by=by,
                at=now(),
            )
        except ChangedSince:
            form.fail("", _WRITTEN_SINCE)
            status = 409
        except Invalid as wrong:
            form.refuse(wrong)
            status = form.status
        else:
            flash.say("listing_saved")
            return redirect(url_for(".words_for", service_id=service_id, audience=audience), 303)
    return _words_page(service_id, audience, versions, form), status


@pages.post("/listings/services/<uuid:service_id>/words/<audience>/out")
@writes_listings
def take_words_out(service_id: UUID, audience: str) -> Response:
    """Take the text out of the listing."""
    narratives.take_words_out(service_id, _audience(audience), by=current_caller())
    flash.say("listing_words_out")
    return redirect(url_for("listings.service", service_id=service_id), 303)


def _audience(text: str) -> Audience:
    try:
        return Audience(text)
    except ValueError as wrong:
        raise NotFound from wrong


def _words_page(service_id: UUID, audience: str, versions: list[Words], form: Form) -> str:
    return render_template(
        "directory/listing/words.html",
        one=draft(service_id, current_caller()),
        audience=audience,
        audience_words=AUDIENCE_WORDS[_audience(audience)],
        versions=versions,
        seen=versions[0].version if versions else 0,
        form=form,
    )


def _shown(versions: list[Words]) -> dict[str, Any]:
    review_on = uk_date(now()) + _REVIEWED_AFTER
    if not versions:
        return {"review_on": review_on}
    last = versions[0]
    names = "\n".join(name for _, name in last.signed_by)
    return {"text": last.text, "signed_by": names, "review_on": max(last.review_on, review_on)}


def _signers(text: str | None) -> list[UUID]:
    found = []
    for name in lines_of(text):
        called = organizations_called(name)
        if not called:
            raise Invalid.field("/signed_by", f"No organisation is called “{name}”: give its whole name.")
        found.append(called[0][0])
    return found


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else -1
