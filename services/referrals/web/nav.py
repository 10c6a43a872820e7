"""The home page's door for each role, and the messages shown after an act."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from services.referrals.domain.states import LABELS, Act
from shared import settings
from shared.auth import Caller, Role, current_caller, signed_in
from shared.web import Message

blp = Blueprint("home", __name__)

_PAST = {
    Act.ACCEPT: "Accepted.",
    Act.DECLINE: "Passed back.",
    Act.ASK: "The question is on its way to the sender.",
    Act.ANSWER: "The answer is with the team.",
    Act.ROUTE: "The team you chose has it now.",
    Act.REASSIGN: "Somebody else has it now.",
    Act.REDIRECT: "The team you chose has it now.",
    Act.RELEASE: "It is back in the team’s queue.",
    Act.START: "First contact is recorded.",
    Act.HOLD: "On hold until the day you gave.",
    Act.RESUME: "You carry on from where it was held.",
    Act.COMPLETE: "Closed, with what became of each need.",
    Act.FAIL: "Closed: they could not be reached.",
    Act.WITHDRAW: "Withdrawn.",
    Act.VOID: "Hidden as sent in error.",
    Act.FORGET: "Deleted. Only that there was an introduction is kept.",
    Act.REOPEN: "Open again, in the team’s queue.",
    Act.UNDO: "Undone: it is as it was before.",
}

MESSAGES: dict[str, Message] = {f"done-{act.value}": Message(_PAST.get(act, LABELS[act])) for act in Act} | {
    "done-contact": Message("The contact is recorded."),
    "done-agreement": Message("What they said is recorded, and holds from now on."),
    "danger": Message(
        "If somebody may be in danger now, ring 999. NHS 111 answers day and night: choose 2 for mental"
        " health. Nobody reads Linkwork at night.",
        kind="important",
    ),
    "ask-again": Message(
        "Please start here. For your safety, answers are kept for one hour only.", "important"
    ),
    "ask-added": Message("The team has it now."),
    "ask-changed": Message("That cannot be done as things stand now.", "important"),
    "ask-agreement": Message("It is taken back."),
    "ask-taken-back": Message("It is taken back. Nobody works on it now."),
    "draft-deleted": Message("Deleted. Nothing was sent."),
    "already-sent": Message("This was sent before. It was not sent a second time.", kind="important"),
}


@blp.get("/")
@signed_in
def home() -> Response:
    """Everybody's own first page."""
    return redirect(door(current_caller()))


def door(caller: Caller) -> str:
    """Where work begins for this caller: the duty desk's list before a team's, a team's before sending."""
    if caller.has(Role.DUTY_DESK):
        return url_for("lists.unrouted")
    if caller.has(Role.WORKER, Role.LEAD):
        return url_for("lists.queue")
    if caller.has(Role.SENDER):
        return url_for("refer.start_new")
    return settings.public_url("directory") + "/"
