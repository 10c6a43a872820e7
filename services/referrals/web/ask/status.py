"""The private link: it shows where a request is and what was written; every change is a POST."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from marshmallow import Schema, fields

from services.referrals.actions import status_links
from services.referrals.actions.status_links import read_status
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


@blp.errorhandler(NotFound)
def _not_here(_: NotFound) -> Any:
    """Which of them it is, wrong, ended or revoked, is not said."""
    return render_template("referrals/ask/no_link.html", ring=Facts.now().ring_in(None)), 404


class TakeBackForm(Schema):
    """Which agreement."""

    agreement = fields.UUID(required=True)


@blp.get("/your-request/<token>")
@link_limit
@public
def show(token: str) -> Any:
    """Where it is, and what was written."""
    return _page(token, forms.blank(AddForm()))


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
    except Invalid as refused:
        form.refuse(refused)
    except Conflict:
        return _done(token, "ask-changed")
    return _page(token, form), form.status


@blp.post("/your-request/<token>/agreement")
@link_limit
@form_limit
@public
def agreement(token: str) -> Any:
    """Take back something that was agreed to."""
    form = forms.read(TakeBackForm())
    if not form.ok:
        # Not one of the buttons of the page: it is shown as it is now.
        return redirect(url_for(".show", token=token))
    status_links.take_back_agreement(token, form.data["agreement"], at=now())
    return _done(token, "ask-agreement")


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
    return _done(token, "ask-taken-back")


@blp.post("/your-request/<token>/end-link")
@link_limit
@form_limit
@public
def end_link(token: str) -> Any:
    """The link opens nothing any more."""
    status_links.revoke_link(token, at=now())
    return render_template("referrals/ask/link_ended.html", ring=Facts.now().ring_in(None))


def _done(token: str, message: str) -> Any:
    flash.say(message)
    return redirect(url_for(".show", token=token))


def _page(token: str, form: forms.Form) -> str:
    view = read_status(token, at=now())
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
