"""For those who send: everything they sent and its state, and finding one by reference or name."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from marshmallow import Schema, fields, validate

from services.referrals.actions.list_referrals import count_asked, find_referrals, list_referrals
from services.referrals.web.lists.filters import Filters
from services.referrals.web.lists.pages import blp, show
from services.referrals.web.lists.shown import Empty, work_page
from services.referrals.web.words import NEXT_WORDS, STATES, came_words
from shared.auth import Role, current_caller, needs
from shared.clock import now
from shared.web import forms

SENDERS = (Role.SENDER, Role.WORKER, Role.LEAD, Role.DUTY_DESK)
WAITING = "waiting"

_NO_QUESTION = Empty(
    "No question is waiting for you", "When a team asks something, it is here.", "Everything sent", "sent"
)
_NOTHING_SENT = Empty(
    "Nothing sent yet", "What you send is listed here with its state.", "Refer someone", "refer"
)


@blp.get("/sent")
@needs(*SENDERS)
def sent() -> str:
    """Everything the reader's organisations sent; what waits for an answer is one press away."""
    by, at = current_caller(), now()
    filters = Filters.read("sent", (WAITING, "open", "closed"))
    cursor = request.args.get("cursor")
    if filters.chosen == WAITING:
        found = list_referrals("asked", by=by, at=at, cursor=cursor)
    else:
        found = list_referrals("sent", by=by, at=at, status=filters.chosen, cursor=cursor)
    tabs = [
        filters.tab("Waiting for you", WAITING, count_asked(by=by, at=at)),
        filters.tab("All", None),
        filters.tab("Open", "open"),
        filters.tab("Closed", "closed"),
    ]
    empty = _NO_QUESTION if filters.chosen == WAITING else _NOTHING_SENT
    page = work_page("Sent", [], found, empty, tabs=tabs, next_url=filters.next_url(found))
    return show(page, "referrals/lists/sent.html", states=STATES)


class FindForm(Schema):
    """A reference or a name; posted, so that no name is in an address."""

    q = fields.String(
        required=True, validate=validate.Length(max=200), metadata={"label": "a reference or a name"}
    )


@blp.route("/find", methods=["GET", "POST"])
@needs(*SENDERS)
def find() -> Any:
    """Among what the reader has a part in; nothing else exists here."""
    by = current_caller()
    form = forms.blank(FindForm()) if request.method == "GET" else forms.read(FindForm())
    asked = form.data.get("q") if form.ok else None
    page = render_template(
        "referrals/lists/find.html",
        form=form,
        found=find_referrals(asked, by=by, at=now()).items if asked else None,
        states=STATES,
        came_words=came_words,
        next_words=NEXT_WORDS,
    )
    return page, form.status
