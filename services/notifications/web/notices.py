"""The inbox inside Linkwork."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.notifications.actions.notices import count_unread, mark_read, open_notice, read_notices
from shared.auth import current_caller, signed_in
from shared.clock import now
from shared.web import flash

pages = Blueprint("notices", __name__)


@pages.get("/")
@signed_in
def home() -> Response:
    """The notices are where people come in."""
    return redirect(url_for("notices.inbox"))


@pages.get("/notices")
@signed_in
def inbox() -> str:
    """What you were told, newest first."""
    by = current_caller()
    return render_template(
        "notifications/notices.html",
        page=read_notices(by, request.args.get("cursor")),
        unread=count_unread(by),
        first=not request.args.get("cursor"),
    )


@pages.get("/notices/<uuid:notice_id>")
@signed_in
def follow(notice_id: UUID) -> Response:
    """Go to what a notice is about; that is reading it."""
    return redirect(open_notice(notice_id, current_caller(), now()))


@pages.post("/notices/<uuid:notice_id>/read")
@signed_in
def mark_one(notice_id: UUID) -> Response:
    """Mark one notice as read."""
    mark_read(current_caller(), now(), notice_id)
    flash.say("read")
    return redirect(url_for("notices.inbox"))


@pages.post("/notices/read")
@signed_in
def mark_all() -> Response:
    """Mark all notices as read."""
    mark_read(current_caller(), now())
    flash.say("all-read")
    return redirect(url_for("notices.inbox"))
