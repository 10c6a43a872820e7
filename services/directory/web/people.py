"""The people of an organisation, for whoever looks after them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.directory.actions import invitations, people
from services.directory.actions.people import People
from services.directory.domain.accounts import ROLE_HINTS, ROLE_WORDS
from services.directory.limits import sign_in_limit
from services.directory.web.identity_forms import InviteSchema
from shared.auth import Caller, Role, current_caller, needs
from shared.clock import now
from shared.errors import Invalid, NotFound
from shared.web import flash, forms

pages = Blueprint("people", __name__)
looks_after_people = needs(Role.ORG_ADMIN, Role.FORUM_ADMIN)


@pages.get("/people")
@looks_after_people
def start() -> Response:
    """One's own organisation; the forum's admin may look for another."""
    by = current_caller()
    own = _own_organization(by)
    wanted = request.args.get("q", "").strip()
    if by.has(Role.FORUM_ADMIN):
        found = people.find_organizations(wanted, by) if wanted else []
        return make_response(
            render_template("directory/people_find.html", found=found, wanted=wanted, own=own)
        )
    if own is None:
        raise NotFound
    return redirect(url_for(".of", organization_id=own))


@pages.get("/people/<uuid:organization_id>")
@looks_after_people
def of(organization_id: UUID) -> str:
    """Members, roles and open invitations."""
    at = now()
    return render_template(
        "directory/people.html",
        all=people.people_of(organization_id, current_caller(), at),
        role_words=ROLE_WORDS,
        now=at,
        has_mailbox_page=current_caller().has(Role.ORG_ADMIN, org=organization_id),
        me=current_caller().sub,
    )


@pages.get("/people/<uuid:organization_id>/invite")
@looks_after_people
def invite(organization_id: UUID) -> Response:
    """The form of an invitation."""
    return _invite_page(organization_id, forms.blank(InviteSchema()))


@pages.post("/people/<uuid:organization_id>/invite")
@sign_in_limit
@looks_after_people
def invite_send(organization_id: UUID) -> Response:
    """Invite."""
    form = forms.read(InviteSchema())
    if form.ok:
        try:
            invitations.invite(
                form.data["email"],
                roles=form.data["roles"],
                team_ids=form.data["team_ids"],
                organization_id=organization_id,
                by=current_caller(),
                at=now(),
            )
        except Invalid as wrong:
            form.refuse(wrong)
        else:
            flash.say("invited")
            return redirect(url_for(".of", organization_id=organization_id), 303)
    return _invite_page(organization_id, form)


@pages.post("/people/<uuid:organization_id>/invitations/<uuid:link_id>/withdraw")
@looks_after_people
def withdraw(organization_id: UUID, link_id: UUID) -> Response:
    """Take an invitation back."""
    return _do(organization_id, "withdrawn", lambda: invitations.withdraw(link_id, current_caller(), now()))


@pages.post("/people/<uuid:organization_id>/invitations/<uuid:link_id>/send-again")
@sign_in_limit
@looks_after_people
def send_again(organization_id: UUID, link_id: UUID) -> Response:
    """Send it anew."""
    return _do(organization_id, "invited", lambda: invitations.send_again(link_id, current_caller(), now()))


@pages.get("/people/<uuid:organization_id>/<uuid:account_id>/remove")
@looks_after_people
def remove(organization_id: UUID, account_id: UUID) -> str:
    """Say what will happen, and ask."""
    person = people.person_of(organization_id, account_id, current_caller(), now())
    return render_template(
        "directory/people_remove.html",
        person=person,
        organization_id=organization_id,
        role_words=ROLE_WORDS,
    )


@pages.post("/people/<uuid:organization_id>/<uuid:account_id>/remove")
@looks_after_people
def remove_send(organization_id: UUID, account_id: UUID) -> Response:
    """End everything they are here."""
    return _do(
        organization_id,
        "removed",
        lambda: people.remove(organization_id, account_id, current_caller(), now()),
    )


def _do(organization_id: UUID, said: str, act: Any) -> Response:
    """Act, say so, and go back to the list; a refusal is the error page with its reason."""
    act()
    flash.say(said)
    return redirect(url_for(".of", organization_id=organization_id), 303)


def _own_organization(by: Caller) -> UUID | None:
    """The acting organisation where the caller looks after it, else the first they do."""
    theirs = [m.org for m in by.memberships if m.role is Role.ORG_ADMIN]
    if by.org in theirs:
        return by.org
    return theirs[0] if theirs else None


def _invite_page(organization_id: UUID, form: forms.Form) -> Response:
    everybody: People = people.people_of(organization_id, current_caller(), now())
    offered = [
        {"value": role, "text": words, "hint": ROLE_HINTS[role]}
        for role, words in ROLE_WORDS.items()
        if role in everybody.gives
    ]
    page = render_template("directory/people_invite.html", form=form, all=everybody, roles=offered)
    return make_response(page, form.status)
