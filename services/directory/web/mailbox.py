"""The mailbox for news of an organisation's referrals: for its admins, and for whoever confirms it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.directory.actions import mailboxes
from services.directory.limits import sign_in_limit
from services.directory.web.identity_forms import MailboxSchema
from services.directory.web.link_pages import link_over
from shared.auth import Role, current_caller, needs, public
from shared.clock import now
from shared.errors import Conflict, Invalid, NotFound, TooMany
from shared.web import flash, forms

pages = Blueprint("mailbox", __name__)
looks_after_the_organisation = needs(Role.ORG_ADMIN)


@pages.get("/mailbox/<uuid:organization_id>")
@looks_after_the_organisation
def of(organization_id: UUID) -> str:
    """The address in use, the one that waits, and what goes there."""
    box = mailboxes.mailbox_of(organization_id, current_caller())
    return render_template("directory/mailbox.html", box=box, now=now())


@pages.get("/mailbox/<uuid:organization_id>/change")
@looks_after_the_organisation
def change(organization_id: UUID) -> Response:
    """The form for a new address."""
    return _change_page(organization_id, forms.blank(MailboxSchema()))


@pages.post("/mailbox/<uuid:organization_id>/change")
@sign_in_limit
@looks_after_the_organisation
def change_send(organization_id: UUID) -> Response:
    """Send the letter that asks for it to be confirmed."""
    form = forms.read(MailboxSchema())
    if form.ok:
        try:
            mailboxes.ask(form.data["email"], organization_id, current_caller(), now())
        except Invalid as wrong:
            form.refuse(wrong)
        except TooMany as refused:
            form.fail("", refused.detail)
        else:
            return _said("mailbox_asked", organization_id)
    return _change_page(organization_id, form)


@pages.post("/mailbox/<uuid:organization_id>/send-again")
@sign_in_limit
@looks_after_the_organisation
def send_again(organization_id: UUID) -> Response:
    """Send that letter anew."""
    mailboxes.ask_again(organization_id, current_caller(), now())
    return _said("mailbox_asked", organization_id)


@pages.post("/mailbox/<uuid:organization_id>/take-back")
@looks_after_the_organisation
def take_back(organization_id: UUID) -> Response:
    """Give up the address that waits."""
    mailboxes.take_back(organization_id, current_caller(), now())
    return _said("mailbox_taken_back", organization_id)


@pages.get("/mailbox/<uuid:organization_id>/remove")
@looks_after_the_organisation
def remove(organization_id: UUID) -> str | Response:
    """Say what will happen, and ask."""
    box = mailboxes.mailbox_of(organization_id, current_caller())
    if box.email is None:
        return redirect(url_for(".of", organization_id=organization_id))
    return render_template("directory/mailbox_remove.html", box=box)


@pages.post("/mailbox/<uuid:organization_id>/remove")
@looks_after_the_organisation
def remove_send(organization_id: UUID) -> Response:
    """Do without the one that was shown."""
    mailboxes.remove(organization_id, request.form.get("shown", ""), current_caller(), now())
    return _said("mailbox_removed", organization_id)


@pages.get("/mailbox/confirm/<token>")
@public
def confirm(token: str) -> Response:
    """What is asked, and a button; opening it changes nothing (mail scanners open links)."""
    try:
        question = mailboxes.look(token, now())
    except (NotFound, Conflict) as over:
        return link_over(over, "mailbox")
    return make_response(render_template("directory/mailbox_confirm.html", question=question))


@pages.post("/mailbox/confirm/<token>")
@sign_in_limit
@public
def confirm_send(token: str) -> Response:
    """Use it from now on."""
    try:
        question = mailboxes.confirm(token, now())
    except (NotFound, Conflict) as over:
        return link_over(over, "mailbox")
    return make_response(render_template("directory/mailbox_confirmed.html", question=question))


def _said(what: str, organization_id: UUID) -> Response:
    flash.say(what)
    return redirect(url_for(".of", organization_id=organization_id), 303)


def _change_page(organization_id: UUID, form: forms.Form) -> Response:
    box = mailboxes.mailbox_of(organization_id, current_caller())
    return make_response(render_template("directory/mailbox_change.html", form=form, box=box), form.status)
