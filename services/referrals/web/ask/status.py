"""The private link: it shows where a request is and what was written; every change is a POST."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from marshmallow import Schema, fields

from services.referrals.actions import status_links
from services.referrals.actions.status_links import StatusView, read_status
from services.referrals.domain.safe_contact import Channel, ContactPoint
from services.referrals.web.ask.forms import AddForm
from services.referrals.web.ask.limits import form_limit, link_limit
from services.referrals.web.facts import Facts
from services.referrals.web.referral.reaching import as_shown
from services.referrals.web.words import CHANNELS
from shared.auth import public
from shared.clock import now
from shared.errors import Conflict, Invalid, NotFound
from shared.web import flash, forms

blp = Blueprint("status", __name__)
AGREED_WORDS = {
    "know_of_each_other": "Those who help may know of each other",
    "share_referral": "Those who help may see what was written",
    "feedback_to_gp": "The GP surgery may be told how it goes",
    "feedback_to_sender": "Whoever asked may be told how it goes",
}


class TakeBackForm(Schema):
    """Which agreement."""

    agreement = fields.UUID(required=True)


@blp.get("/your-request/<token>")
@link_limit
@public
def show(token: str) -> Any:
    """Where it is, and what was written."""
    try:
        return _page(token, read_status(token, at=now()), forms.blank(AddForm()))
    except NotFound:
        return _not_here()


@blp.post("/your-request/<token>/more")
@link_limit
@form_limit
@public
def more(token: str) -> Any:
    """Say more."""
    form = forms.read(AddForm())
    try:
        if form.ok:
            status_links.add_words(token, form.data["words"], at=now())
            return _done(token, "ask-added")
        return _page(token, read_status(token, at=now()), form), form.status
    except Invalid as refused:
        form.refuse(refused)
        return _page(token, read_status(token, at=now()), form), form.status
    except Conflict:
        return _done(token, "ask-changed")
    except NotFound:
        return _not_here()


@blp.post("/your-request/<token>/agreement")
@link_limit
@form_limit
@public
def agreement(token: str) -> Any:
    """Take back something that was agreed to."""
    form = forms.read(TakeBackForm())
    try:
        if form.ok:
            wanted: UUID = form.data["agreement"]
            status_links.take_back_agreement(token, wanted, at=now())
        return _done(token, "ask-agreement")
    except NotFound:
        return _not_here()


@blp.post("/your-request/<token>/take-back")
@link_limit
@form_limit
@public
def take_back(token: str) -> Any:
    """Nobody is to work on it any more."""
    try:
        status_links.take_back_request(token, at=now())
    except Conflict:
        return _done(token, "ask-changed")
    except NotFound:
        return _not_here()
    return _done(token, "ask-taken-back")


@blp.post("/your-request/<token>/end-link")
@link_limit
@form_limit
@public
def end_link(token: str) -> Any:
    """The link opens nothing any more."""
    try:
        status_links.revoke_link(token, at=now())
    except NotFound:
        return _not_here()
    return render_template("referrals/ask/link_ended.html", ring=Facts.now().ring_in(None))


def _done(token: str, message: str) -> Any:
    flash.say(message)
    return redirect(url_for(".show", token=token))


def _page(token: str, view: StatusView, form: forms.Form) -> str:
    return render_template(
        "referrals/ask/status.html",
        token=token,
        view=view,
        form=form,
        ways=[_way(channel, value) for channel, value in view.ways],
        agreed=[(each, AGREED_WORDS[each.purpose]) for each in view.agreed],
        ring=Facts.now().ring_in(view.place_id),
    )


def _way(channel: str, value: str) -> str:
    return f"{CHANNELS[channel]}: {as_shown(ContactPoint(Channel(channel), value))}"


def _not_here() -> Any:
    return render_template("referrals/ask/no_link.html", ring=Facts.now().ring_in(None)), 404
