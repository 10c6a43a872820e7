"""Who was told what, when, and did it arrive: for one's own organisation."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.notifications.actions.reading import MENDERS, READERS, read_messages, send_again
from services.notifications.domain.states import State
from services.notifications.web.words import ANYBODY, CHANNELS, MAILBOX, STATES
from shared.auth import Role, current_caller, needs
from shared.clock import now
from shared.errors import Conflict, NotFound
from shared.web import flash

pages = Blueprint("messages_pages", __name__)
WORDS = {"states": STATES, "channels": CHANNELS, "anybody": ANYBODY, "mailbox": MAILBOX}

# Who looks after people reads what was sent to them, and opens no referral.
OPEN_REFERRALS = tuple(role for role in READERS if role is not Role.ORG_ADMIN)


@pages.get("/messages")
@needs(*READERS)
def of_organisation() -> str | Response:
    """Messages to the organisation; `?failed=1`: those that did not arrive; `?referral_id=`: of one."""
    if request.args.get("referral_id"):
        return redirect(url_for(".of_referral", referral_id=_referral(request.args["referral_id"])))
    failed = request.args.get("failed") == "1"
    page = read_messages(
        current_caller(),
        now(),
        status=State.FAILED if failed else None,
        cursor=request.args.get("cursor"),
    )
    return render_template("notifications/messages.html", page=page, failed=failed, **WORDS)


def _referral(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError as wrong:
        raise NotFound from wrong


@pages.get("/messages/<uuid:referral_id>")
@needs(*READERS)
def of_referral(referral_id: UUID) -> str:
    """The messages about one referral."""
    page = read_messages(current_caller(), now(), referral_id=referral_id, cursor=request.args.get("cursor"))
    return render_template(
        "notifications/messages_of_one.html",
        page=page,
        referral_id=referral_id,
        opens_referrals=current_caller().has(*OPEN_REFERRALS),
        **WORDS,
    )


@pages.post("/messages/<uuid:message_id>/retry")
@needs(*MENDERS)
def retry(message_id: UUID) -> Response:
    """Send a failed message once more."""
    try:
        message = send_again(message_id, current_caller(), now())
    except Conflict as wrong:
        raise Conflict("It is on its way already, or it has arrived.") from wrong
    flash.say("again")
    if message.referral_id is None:
        return redirect(url_for(".of_organisation"))
    return redirect(url_for(".of_referral", referral_id=message.referral_id))
