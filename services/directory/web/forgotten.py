"""Forgotten passwords."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from services.directory.actions import passwords
from services.directory.limits import sign_in_limit
from services.directory.web.identity_forms import EmailSchema, NewPasswordSchema
from services.directory.web.link_pages import link_over
from shared.auth import public
from shared.clock import now
from shared.errors import Conflict, Invalid, NotFound
from shared.web import flash, forms

pages = Blueprint("forgotten", __name__)


@pages.get("/forgotten")
@public
def forgotten() -> str:
    """Ask for a link."""
    return render_template("directory/forgotten.html", form=forms.blank(EmailSchema()))


@pages.post("/forgotten")
@sign_in_limit
@public
def forgotten_send() -> Response:
    """Send a link, if there is anybody to send it to; the answer is the same."""
    form = forms.read(EmailSchema())
    if not form.ok:
        return make_response(render_template("directory/forgotten.html", form=form), form.status)
    passwords.forgotten(form.data["email"], now())
    return redirect(url_for(".forgotten_sent"), 303)


@pages.get("/forgotten/sent")
@public
def forgotten_sent() -> str:
    """What to do now."""
    return render_template("directory/forgotten_sent.html")


@pages.get("/reset/<token>")
@public
def reset(token: str) -> Response:
    """The form for a new password; opening it changes nothing (mail scanners open links)."""
    try:
        email = passwords.reset_link(token, now())
    except (NotFound, Conflict) as over:
        return link_over(over, "reset")
    return make_response(
        render_template("directory/reset.html", form=forms.blank(NewPasswordSchema()), email=email)
    )


@pages.post("/reset/<token>")
@sign_in_limit
@public
def reset_send(token: str) -> Response:
    """Set the new password."""
    form = forms.read(NewPasswordSchema())
    try:
        email = passwords.reset_link(token, now())
        if form.ok:
            passwords.reset(token, form.data["password"], now())
            flash.say("password_set")
            return redirect(url_for("signing_in.sign_in"), 303)
    except Invalid as wrong:
        form.refuse(wrong)
    except (NotFound, Conflict) as over:
        return link_over(over, "reset")
    return make_response(render_template("directory/reset.html", form=form, email=email), form.status)
