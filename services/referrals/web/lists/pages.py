"""The lists people work from. Each is one page of rows, most pressing first, with filters that say how many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from marshmallow import Schema, fields, validate

from services.referrals.actions.list_counts import ListCounts, count_list, workload
from services.referrals.actions.list_referrals import WORKED, find_referrals, list_referrals, queue_counts
from services.referrals.actions.read_referrals import read_referral
from services.referrals.actions.views import ListPage
from services.referrals.domain.states import State
from services.referrals.web.facts import Facts
from services.referrals.web.lists.shown import Empty, Tab, TeamLink, WorkPage, work_page
from services.referrals.web.referral.shown import Undo, undo_of
from services.referrals.web.words import NEXT_WORDS, ROUTE_IN, STATES
from shared.auth import Caller, Role, current_caller, needs
from shared.clock import now
from shared.errors import NotFound
from shared.web import forms

blp = Blueprint("lists", __name__)
WORKERS = (Role.WORKER, Role.LEAD)
SENDERS = (Role.SENDER, Role.WORKER, Role.LEAD, Role.DUTY_DESK)
RECEIVED = State.RECEIVED.value
OVERDUE = "overdue"


@blp.get("/queue")
@needs(*WORKERS)
def queue() -> str:
    """What the teams have and nobody has taken on yet; the other states beside it."""
    by, chosen, team = current_caller(), _asked_state((RECEIVED, *WORKED, OVERDUE)), _asked_team()
    state = chosen or RECEIVED
    counts = count_list("queue", by=by, at=now())
    tabs = [_tab("queue", "To take on", None, counts.of(RECEIVED, team_id=team), team, chosen is None)]
    tabs.append(
        _tab("queue", "Overdue", OVERDUE, counts.overdue(RECEIVED, team_id=team), team, chosen == OVERDUE)
    )
    tabs += _state_tabs("queue", counts, team, chosen)
    found = _rows(
        "queue", by, status=RECEIVED if state == OVERDUE else state, team=team, late=state == OVERDUE
    )
    columns = ["who", "needs", "wait", "route", "next"]
    page = work_page(
        "Queue",
        [*columns, "accept"] if state in (RECEIVED, OVERDUE) else [*columns, "worker"],
        found,
        _QUEUE_EMPTY if chosen is None else Empty("Nothing here", "Look at another part of the queue above."),
        tabs=tabs,
        teams=_teams("queue", by.teams(*WORKERS), team),
        next_url=_next("queue", found, chosen, team),
        undo=_just_done(),
    )
    return _show(page)


_QUEUE_EMPTY = Empty(
    "Nobody is waiting to be taken on",
    "New referrals come in at the top of this list. Look after your own people meanwhile.",
    "My people",
    "my-people",
)


@blp.get("/my-people")
@needs(*WORKERS)
def my_people() -> str:
    """The reader's own caseload."""
    by, chosen = current_caller(), _asked_state((*WORKED, OVERDUE))
    counts = count_list("caseload", by=by, at=now())
    tabs = [
        _tab("my_people", "All", None, counts.of(), None, chosen is None),
        _tab("my_people", "Overdue", OVERDUE, counts.overdue(), None, chosen == OVERDUE),
        *_state_tabs("my_people", counts, None, chosen),
    ]
    found = _rows("caseload", by, status=None if chosen == OVERDUE else chosen, late=chosen == OVERDUE)
    empty = Empty("You have nobody here", "Take somebody on from the queue.", "Queue", url_for(".queue"))
    page = work_page(
        "My people",
        ["who", "needs", "state", "wait", "next"],
        found,
        empty,
        tabs=tabs,
        next_url=_next("my_people", found, chosen, None),
        undo=_just_done(),
    )
    return _show(page)


@blp.get("/team")
@needs(Role.LEAD)
def team() -> str:
    """What members of the lead's teams hold, and how much each of them has."""
    by, chosen, chosen_team = current_caller(), _asked_state((*WORKED, OVERDUE)), _asked_team()
    counts = count_list("team", by=by, at=now())
    tabs = [
        _tab("team", "All", None, counts.of(team_id=chosen_team), chosen_team, chosen is None),
        _tab("team", "Overdue", OVERDUE, counts.overdue(team_id=chosen_team), chosen_team, chosen == OVERDUE),
        *_state_tabs("team", counts, chosen_team, chosen),
    ]
    status = None if chosen == OVERDUE else chosen
    found = _rows("team", by, status=status, team=chosen_team, late=chosen == OVERDUE)
    empty = Empty(
        "Nobody in the team holds anything here", "What waits is in the queue.", "Queue", url_for(".queue")
    )
    page = work_page(
        "Team",
        ["who", "worker", "state", "wait", "next"],
        found,
        empty,
        tabs=tabs,
        teams=_teams("team", by.teams(Role.LEAD), chosen_team),
        next_url=_next("team", found, chosen, chosen_team),
    )
    members = workload(by=by, at=now(), team_id=chosen_team)
    return _show(page, "referrals/lists/team.html", members=members)


@blp.get("/unrouted")
@needs(Role.DUTY_DESK)
def unrouted() -> str:
    """What has no team yet: the duty desk's own list."""
    by, chosen = current_caller(), _asked_state((OVERDUE,))
    counts = count_list("unrouted", by=by, at=now())
    tabs = [
        _tab("unrouted", "All", None, counts.of(), None, chosen is None),
        _tab("unrouted", "Overdue", OVERDUE, counts.overdue(), None, chosen == OVERDUE),
    ]
    found = _rows("unrouted", by, status=None, late=chosen == OVERDUE)
    page = work_page(
        "Unrouted",
        ["who", "needs", "wait", "route", "next"],
        found,
        Empty("Everybody has a team", "What cannot be routed comes here, and you choose the team."),
        caption="Duty desk",
        tabs=tabs,
        next_url=_next("unrouted", found, chosen, None),
    )
    return _show(page)


@blp.get("/sent")
@needs(*SENDERS)
def sent() -> str:
    """Everything the reader's organisations sent; what waits for an answer first."""
    by, at = current_caller(), now()
    chosen = _asked_state(("waiting", "open", "closed"))
    asked = queue_counts(by=by, at=at).asked
    cursor = request.args.get("cursor")
    if chosen == "waiting":
        found = list_referrals("asked", by=by, at=at, cursor=cursor)
    else:
        found = list_referrals("sent", by=by, at=at, status=chosen, cursor=cursor)
    tabs = [
        _tab("sent", "Waiting for you", "waiting", asked, None, chosen == "waiting"),
        _tab("sent", "All", None, None, None, chosen is None),
        _tab("sent", "Open", "open", None, None, chosen == "open"),
        _tab("sent", "Closed", "closed", None, None, chosen == "closed"),
    ]
    if chosen == "waiting":
        empty = Empty("No question is waiting for you", "When a team asks something, it is here.", "Everything sent", url_for(".sent"))  # fmt: skip
    else:
        empty = Empty("Nothing sent yet", "What you send is listed here with its state.", "Refer someone", url_for("refer.start_new"))  # fmt: skip
    page = work_page("Sent", [], found, empty, tabs=tabs, next_url=_next("sent", found, chosen, None))
    return _show(page, "referrals/lists/sent.html")


class FindForm(Schema):
    """A reference or a name; posted, so that no name is in an address."""

    q = fields.String(
        required=True, validate=validate.Length(max=200), metadata={"label": "a reference or a name"}
    )


@blp.route("/find", methods=["GET", "POST"])
@needs(*SENDERS)
def find() -> Any:
    """Among what the reader has a part in; nothing else exists here."""
    if request.method == "GET":
        return render_template("referrals/lists/find.html", form=forms.blank(FindForm()), found=None)
    form = forms.read(FindForm())
    found = find_referrals(form.data["q"], by=current_caller(), at=now()).items if form.ok else None
    page = render_template(
        "referrals/lists/find.html",
        form=form,
        found=found,
        states=STATES,
        routes_in=ROUTE_IN,
        next_words=NEXT_WORDS,
    )
    return page, form.status


def _rows(
    view: str, by: Caller, *, status: str | None, team: UUID | None = None, late: bool = False
) -> ListPage:
    return list_referrals(
        view, by=by, at=now(), status=status, team_id=team, overdue=late, cursor=request.args.get("cursor")
    )


def _asked_state(known: Sequence[str]) -> str | None:
    """The filter in the address; one we do not know is a page that does not exist."""
    chosen = request.args.get("show") or None
    if chosen is not None and chosen not in known:
        raise NotFound
    return chosen


def _asked_team() -> UUID | None:
    text = request.args.get("team")
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


def _tab(page: str, text: str, show: str | None, count: int | None, team: UUID | None, current: bool) -> Tab:
    return Tab(text, url_for(f".{page}", show=show, team=team), current, count)


def _state_tabs(page: str, counts: ListCounts, team: UUID | None, chosen: str | None) -> list[Tab]:
    return [
        _tab(page, STATES[state]["text"], state, counts.of(state, team_id=team), team, chosen == state)
        for state in WORKED
    ]


def _teams(page: str, ids: frozenset[UUID], chosen: UUID | None) -> list[TeamLink]:
    if len(ids) < 2:
        return []
    known = [
        TeamLink(name, url_for(f".{page}", team=team), team == chosen)
        for team, name in Facts.now().teams(ids)
    ]
    return [TeamLink("All", url_for(f".{page}"), chosen is None), *known]


def _next(page: str, found: ListPage, show: str | None, team: UUID | None) -> str | None:
    if found.next_cursor is None:
        return None
    return url_for(f".{page}", show=show, team=team, cursor=found.next_cursor)


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


def _show(page: WorkPage, template: str = "referrals/lists/work.html", **more: Any) -> str:
    told: Mapping[str, Any] = {
        "page": page,
        "states": STATES,
        "routes_in": ROUTE_IN,
        "next_words": NEXT_WORDS,
    }
    return render_template(template, **told, **more)
