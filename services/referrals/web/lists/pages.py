"""The lists people work from: one page of rows, most pressing first, with filters that say how many."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request

from services.referrals.actions.list_counts import count_list, workload
from services.referrals.actions.list_referrals import WORKED
from services.referrals.actions.read_referrals import read_referral
from services.referrals.web.lists.filters import OVERDUE, RECEIVED, Filters
from services.referrals.web.lists.shown import Empty, WorkPage, work_page
from services.referrals.web.referral.shown import Undo, undo_of
from services.referrals.web.words import NEXT_WORDS, STATES, came_words
from shared.auth import Role, current_caller, needs
from shared.clock import now
from shared.errors import NotFound

blp = Blueprint("lists", __name__)
WORKERS = (Role.WORKER, Role.LEAD)

# Addresses in these are beside the list's own, so that they hold behind a gateway too.
_QUEUE_EMPTY = Empty(
    "Nobody is waiting to be taken on",
    "New referrals come in at the top of this list. Look after your own people meanwhile.",
    "My people",
    "my-people",
)
_NOTHING_HERE = Empty("Nobody here", "Look at another part of the list above.")
_NO_PEOPLE = Empty("You have nobody here", "Take somebody on from the queue.", "Queue", "queue")
_NO_TEAM = Empty("Nobody in the team holds anything here", "What waits is in the queue.", "Queue", "queue")
_ALL_ROUTED = Empty("Everybody has a team", "What cannot be routed comes here, and you choose the team.")


@blp.get("/queue")
@needs(*WORKERS)
def queue() -> str:
    """What the teams have and nobody has taken on yet; the other states beside it."""
    by, filters = current_caller(), Filters.read("queue", (*WORKED, OVERDUE))
    found = filters.rows("queue", by, usual=RECEIVED)
    last = "worker" if filters.chosen in WORKED else "accept"
    page = work_page(
        "Queue",
        ["who", "needs", "wait", "route", "next", last],
        found,
        _NOTHING_HERE if filters.chosen else _QUEUE_EMPTY,
        tabs=filters.tabs("To take on", count_list("queue", by=by, at=now()), RECEIVED),
        teams=filters.teams(by.teams(*WORKERS)),
        next_url=filters.next_url(found),
        undo=_just_done(),
    )
    return show(page)


@blp.get("/my-people")
@needs(*WORKERS)
def my_people() -> str:
    """The reader's own caseload."""
    by, filters = current_caller(), Filters.read("my_people", (*WORKED, OVERDUE))
    found = filters.rows("caseload", by)
    page = work_page(
        "My people",
        ["who", "needs", "state", "wait", "next"],
        found,
        _NO_PEOPLE,
        tabs=filters.tabs("All", count_list("caseload", by=by, at=now())),
        next_url=filters.next_url(found),
    )
    return show(page)


@blp.get("/team")
@needs(Role.LEAD)
def team() -> str:
    """What members of the lead's teams hold, and how much each of them has."""
    by, filters = current_caller(), Filters.read("team", (*WORKED, OVERDUE))
    found = filters.rows("team", by)
    page = work_page(
        "Team",
        ["who", "worker", "state", "wait", "next"],
        found,
        _NO_TEAM,
        tabs=filters.tabs("All", count_list("team", by=by, at=now())),
        teams=filters.teams(by.teams(Role.LEAD)),
        next_url=filters.next_url(found),
    )
    return show(page, "referrals/lists/team.html", members=workload(by=by, at=now(), team_id=filters.team))


@blp.get("/unrouted")
@needs(Role.DUTY_DESK)
def unrouted() -> str:
    """What has no team yet, and what came up the ladder: the duty desk's own list."""
    by, filters = current_caller(), Filters.read("unrouted", (OVERDUE,))
    found = filters.rows("unrouted", by)
    page = work_page(
        "Unrouted",
        ["who", "needs", "wait", "route", "next"],
        found,
        _ALL_ROUTED,
        caption="Duty desk: what has no team yet, and what has been late for days",
        tabs=filters.tabs("All", count_list("unrouted", by=by, at=now()), states=()),
        next_url=filters.next_url(found),
    )
    return show(page)


def _just_done() -> Undo | None:
    """What the reader did from this list a moment ago, while it can be undone."""
    text = request.args.get("done")
    if not text:
        return None
    try:
        view = read_referral(UUID(text), by=current_caller(), at=now())
    except (ValueError, NotFound):
        return None
    return undo_of(view)


def show(page: WorkPage, template: str = "referrals/lists/work.html", **more: Any) -> str:
    """A list in its template; `more` may change the words of the states."""
    told = {"page": page, "states": STATES, "came_words": came_words, "next_words": NEXT_WORDS, **more}
    return render_template(template, **told)
