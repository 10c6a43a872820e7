"""Accepting an invitation."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.directory import config
from services.directory.actions import invitations, sessions
from services.directory.domain.accounts import ROLE_WORDS
from services.directory.limits import sign_in_limit
from services.directory.web import cookies
from services.directory.web.identity_forms import JoinSchema
from services.directory.web.link_pages import link_over
from shared.auth import current_caller, public, signed_in
from shared.auth.guard import caller_or_none
from shared.clock import now
from shared.errors import Conflict, Invalid, NotFound
from shared.web import flash, forms

pages = Blueprint("invitations", __name__)


@pages.get("/invitation/<token>")
@public
def invitation(token: str) -> Response:
    """Who invites, to be what; a form for a name and a password, or a button for who has an account."""
    try:
        found = invitations.look(token, now())
    except (NotFound, Conflict) as over:
        return link_over(over, "invitation")
    return _page(token, found, forms.blank(JoinSchema()))


@pages.post("/invitation/<token>")
@sign_in_limit
@public
def accept_as_new(token: str) -> Response:
    """Make an account and join."""
    form = forms.read(JoinSchema())
    try:
        found = invitations.look(token, now())
        if form.ok:
            invitations.accept_as_new(token, form.data["name"], form.data["password"], now())
            flash.say("joined_new")
            return redirect(url_for("signing_in.sign_in"), 303)
    except Invalid as wrong:
        form.refuse(wrong)
    except (NotFound, Conflict) as over:
        return link_over(over, "invitation")
    return _page(token, found, form)


@pages.post("/invitation/<token>/accept")
@signed_in
def accept_as_known(token: str) -> Response:
    """Join with the account one is signed in with."""
    by = current_caller()
    try:
        invitations.accept_as_known(token, by, now())
    except (NotFound, Conflict) as over:
        return link_over(over, "invitation")
    cookies.keep(sessions.again(by, now()))
    flash.say("joined")
    return redirect(url_for("home.home"), 303)


def _page(token: str, found: invitations.Invitation, form: forms.Form) -> Response:
    caller = caller_or_none()
    here = config.issuer() + request.path
    page = render_template(
        "directory/invitation.html",
        form=form,
        found=found,
        token=token,
        roles=[ROLE_WORDS[role] for role in found.roles],
        is_mine=caller is not None and str(found.account_id) == caller.sub,
        is_anothers=caller is not None and found.has_account and str(found.account_id) != caller.sub,
        here=here,
    )
    return make_response(page, form.status)
