"""The lists people work from, and finding one by reference or name. A list is one row of the access log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, true
from sqlalchemy.orm import Session

from services.referrals.actions import views
from services.referrals.actions.free_text import check_text
from services.referrals.actions.rendering import (
    COARSE_WORDS,
    age_of,
    full_name,
    is_overdue,
    need_views,
    owner,
    received_by,
    sender_name,
    wait_days,
)
from services.referrals.actions.scopes import scope_of, searchable_orgs
from services.referrals.actions.seeing import see
from services.referrals.domain.references import is_reference, read_reference
from services.referrals.domain.same_request import normalise_name
from services.referrals.domain.sight import Sight
from services.referrals.domain.states import CLOSED, OPEN, STATE_WORDS, State
from services.referrals.domain.views import Part, View, shown_status
from services.referrals.store import lists
from services.referrals.store import referrals as store
from services.referrals.store.database import database
from services.referrals.store.directory import Directory, read_directory
from services.referrals.store.lists import Row, Scope
from services.referrals.store.relay import AccessLog
from services.referrals.store.tables import PersonRecord, Referral
from shared import audit, paging
from shared.auth.caller import Caller
from shared.errors import Invalid, Malformed

VIEWS = ("queue", "caseload", "team", "sent", "unrouted", "asked")
WORKED = tuple(s.value for s in (State.ACCEPTED, State.IN_PROGRESS, State.ON_HOLD))
MOST = 100
NOBODY = "~"
"""In nobody's folded name."""


def list_referrals(
    view: str,
    *,
    by: Caller,
    at: datetime,
    status: str | None = None,
    q: str | None = None,
    need: str | None = None,
    team_id: UUID | None = None,
    overdue: bool = False,
    cursor: str | None = None,
    limit: int = 25,
) -> views.ListPage:
    """One page of a list, what matters first (`sent`: newest first).

    `view`: `queue` (received by the caller's teams), `caseload` (the caller's own), `team` (what members of
    the teams the caller leads hold), `sent` (by the caller's organisations), `unrouted` (for the place's duty
    desk), `asked` (questions waiting for the caller's organisations). `status` narrows it to one state, for
    `sent` also to `open` or `closed`; `q` to names that hold these words, or one reference. A list the
    caller's roles do not reach is empty. Raises Invalid for an unknown view or status, Malformed for a
    cursor that is not ours.
    """
    if view not in VIEWS:
        raise Invalid.field("/view", f"Choose one of: {', '.join(VIEWS)}.")
    check_text(q=q, need=need)
    limit = max(1, min(limit, MOST))
    with database.transaction() as session:
        directory = read_directory(session)
        scope = scope_of(by)
        words = _words(q, view, by, scope, directory)
        if q and is_reference(q):
            rows = _only_in(view, lists.by_reference(session, read_reference(q)), scope)
        else:
            narrow = narrowed(team_id, at if overdue else None)
            rows = _page(
                session,
                view,
                scope,
                status=status,
                need=need,
                words=words,
                cursor=cursor,
                limit=limit + 1,
                narrow=narrow,
            )
        more, rows = len(rows) > limit, rows[:limit]
        items = _shown(session, rows, by, directory, at)
        if view == "asked":
            items = [item for item in items if item.view == "full"]
        if view == "sent" and status in set(State):
            # By what is shown: a filter must not tell a coarse reader what the row does not.
            items = [item for item in items if item.status == status]
        if items:
            _log(session, by, f"list {view}", items, at)
        following = _cursor(view, rows[-1][0]) if more and rows else None
        return views.ListPage(tuple(items), following)


def find_referrals(q: str, *, by: Caller, at: datetime, limit: int = 25) -> views.ListPage:
    """By reference, or by name among what the caller works on or their organisations sent.

    Police, housing and employers as senders find by reference alone; a name finds them nothing.
    """
    with database.transaction() as session:
        directory = read_directory(session)
        scope = scope_of(by)
        words = [folded for word in q.split() if (folded := normalise_name(word))]
        if is_reference(q):
            rows = lists.by_reference(session, read_reference(q))
        elif not words or max(len(word) for word in words) < 2:
            rows = []
        else:
            senders = searchable_orgs(by, scope, directory)
            rows = lists.by_name(session, words, senders=senders, scope=scope, limit=min(limit, MOST))
        items = _shown(session, rows, by, directory, at)
        if not is_reference(q):
            items = [item for item in items if item.title != item.reference]
        _log(session, by, "find", items, at)
        return views.ListPage(tuple(items), None)


def queue_counts(*, by: Caller, at: datetime) -> views.QueueCounts:
    """How many wait where, for the heads of pages: numbers only, of what the caller's roles reach."""
    with database.transaction() as session:
        queue, overdue, caseload, unrouted, asked = lists.count_work(session, scope_of(by), at)
        return views.QueueCounts(queue, overdue, caseload, unrouted, asked)


def _words(q: str | None, view: str, by: Caller, scope: Scope, directory: Directory) -> list[str]:
    if not q or is_reference(q):
        return []
    words = [folded for word in q.split() if (folded := normalise_name(word))]
    if view in ("sent", "asked") and searchable_orgs(by, scope, directory) != scope.send_orgs:
        # No search by name for police, housing and employers.
        return [NOBODY]
    return words or [NOBODY]


def _page(
    session: Session,
    view: str,
    scope: Scope,
    *,
    status: str | None,
    need: str | None,
    words: Sequence[str],
    cursor: str | None,
    limit: int,
    narrow: ColumnElement[bool],
) -> Sequence[Row]:
    if view == "sent":
        states = _sent_states(status)
        after_sent = _when_key(cursor)
        return lists.sent_page(
            session, scope, status=states, after=after_sent, limit=limit, need=need, words=words
        )
    if view == "asked":
        return lists.asked_page(session, scope, after=_when_key(cursor), limit=limit)
    where, allowed, usual = work_of(view, scope)
    wanted = usual if status is None else (status,)
    if not set(wanted) <= set(allowed):
        raise Invalid.field("/status", f"Choose one of: {', '.join(allowed)}.")
    return lists.work_page(
        session,
        and_(where, narrow),
        status=wanted,
        after=_work_key(cursor),
        limit=limit,
        need=need,
        words=words,
    )


def narrowed(team_id: UUID | None, overdue_at: datetime | None) -> ColumnElement[bool]:
    """One team, and what was due before a moment; everything where neither is given."""
    parts: list[ColumnElement[bool]] = []
    if team_id is not None:
        parts.append(Referral.owner_team_id == team_id)
    if overdue_at is not None:
        parts.append(Referral.next_action_at < overdue_at)
    return and_(true(), *parts)


def work_of(view: str, scope: Scope) -> tuple[ColumnElement[bool], Sequence[str], Sequence[str]]:
    """Whose, the states that may be asked for, and those shown when none is."""
    received = State.RECEIVED.value
    if view == "caseload":
        return scope.own(), WORKED, WORKED
    if view == "team":
        return scope.leads(), WORKED, WORKED
    if view == "unrouted":
        return scope.at_desk(), (received,), (received,)
    return and_(scope.works(), scope.may_see_restricted()), (received, *WORKED), (received,)


def _sent_states(status: str | None) -> Sequence[str] | None:
    if status is None:
        return None
    if status in ("open", State.RECEIVED):
        # For whoever reads it coarsely all that is open is received: cut to what is shown afterwards.
        return sorted(state.value for state in OPEN)
    if status == "closed":
        return sorted(state.value for state in CLOSED)
    if status not in set(State):
        raise Invalid.field("/status", f"Choose open, closed or one of: {', '.join(State)}.")
    return [status]


def _work_key(cursor: str | None) -> tuple[int, datetime, UUID] | None:
    key = paging.decode(cursor, (int, str, str))
    if key is None:
        return None
    try:
        return int(key[0]), datetime.fromisoformat(str(key[1])), UUID(str(key[2]))
    except (TypeError, ValueError) as wrong:
        raise Malformed("This cursor is not one we gave. Start from the first page.") from wrong


def _when_key(cursor: str | None) -> tuple[datetime, UUID] | None:
    key = paging.decode(cursor, (str, str))
    if key is None:
        return None
    try:
        return datetime.fromisoformat(str(key[0])), UUID(str(key[1]))
    except (TypeError, ValueError) as wrong:
        raise Malformed("This cursor is not one we gave. Start from the first page.") from wrong


def _cursor(view: str, row: Referral) -> str:
    if view == "sent":
        return paging.encode(row.submitted_at.isoformat(), str(row.id))
    due = row.next_action_at.isoformat() if row.next_action_at else ""
    return (
        paging.encode(due, str(row.id)) if view == "asked" else paging.encode(row.urgency, due, str(row.id))
    )


def _only_in(view: str, rows: Sequence[Row], scope: Scope) -> Sequence[Row]:
    """A reference typed into the search of one list is looked for in that list alone."""
    teams, orgs = scope.work_teams | scope.desk_teams, scope.work_orgs
    if view == "team":
        teams, orgs = scope.lead_teams, scope.lead_orgs

    def belongs(row: Referral) -> bool:
        if view in ("sent", "asked"):
            return row.sender_org_id in scope.send_orgs
        if view == "caseload":
            return row.assignee_id is not None and row.assignee_id == scope.account_id
        if view == "unrouted":
            return row.routing_state == "unrouted" and row.place_id == scope.place_id
        return row.owner_team_id in teams or row.owner_org_id in orgs

    return [found for found in rows if belongs(found[0])]


def _shown(
    session: Session, rows: Sequence[Row], by: Caller, directory: Directory, at: datetime
) -> list[views.ListItem]:
    """The rows the caller may see, each cut to what they may see of it."""
    agreements = store.agreements_of(session, [row.id for row, _ in rows])
    items = []
    for row, person in rows:
        sight = see(by, row, agreements[row.id], directory, at)
        if not sight.nothing:
            items.append(_item(row, person, sight, directory, at))
    return items


def _item(
    row: Referral, person: PersonRecord, sight: Sight, directory: Directory, at: datetime
) -> views.ListItem:
    coarse = sight.view is View.COARSE
    inside = sight.view is View.HOLDER
    status = shown_status(State(row.status), sight.view)
    may_name = bool(sight.fields & {"sent", "person"})
    due = "next_action_at" in sight.fields
    can_needs = Part.SENDER in sight.parts or "sensitive_needs" in sight.fields
    age, _ = age_of(person, at) if may_name or "age" in sight.fields else (None, False)
    return views.ListItem(
        id=row.id,
        reference=row.reference,
        title=full_name(person) if may_name else row.reference,
        status=status,
        status_words=COARSE_WORDS[status] if coarse else STATE_WORDS[State(row.status)],
        view="coarse" if coarse else "full",
        submitted_at=row.submitted_at,
        wait_days=wait_days(row, at, coarse=coarse),
        owner=owner(row, directory) if "owner" in sight.fields else received_by(row, directory),
        next_action_at=row.next_action_at if due else None,
        next_action_by=row.next_action_by if due else None,
        overdue=due and is_overdue(row, at),
        alert=inside and row.urgency == 0,
        priority=row.priority,
        route_in=row.route_in,
        needs=need_views(row.needs, directory, sensitive=can_needs),
        sender_name=sender_name(row, directory),
        service_name=_service_name(row, directory, coarse=coarse),
        restricted=row.restricted,
        question_open=row.question_open and not coarse,
        age=age,
        what_matters=row.what_matters if may_name else None,
    )


def _service_name(row: Referral, directory: Directory, *, coarse: bool) -> str | None:
    ident = row.target_service_id if coarse else row.service_id
    return directory.name("service", ident) or None if ident else None


def _log(session: Session, by: Caller, act: str, items: Sequence[views.ListItem], at: datetime) -> None:
    subjects = [item.id for item in items]
    audit.record(session, AccessLog, by, act=act, purpose="find work", subjects=subjects, at=at)
