"""The lists people work from, and finding one by reference or name. A list is one row of the access log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, true
from sqlalchemy.orm import Session

from services.referrals.actions.free_text import check_text
from services.referrals.actions.list_items import Reader, full_page, shown_rows
from services.referrals.actions.list_views import ListItem, ListPage
from services.referrals.actions.scopes import scope_of, searchable_orgs
from services.referrals.domain.references import is_reference, read_reference
from services.referrals.domain.same_request import normalise_name
from services.referrals.domain.states import CLOSED, OPEN, State
from services.referrals.domain.views import View, shown_status
from services.referrals.store import lists
from services.referrals.store.database import database
from services.referrals.store.directory import Directory, read_directory
from services.referrals.store.lists import Row, Scope
from services.referrals.store.relay import AccessLog
from services.referrals.store.tables import Referral
from shared import audit, paging
from shared.auth.caller import Caller
from shared.errors import Invalid, Malformed

VIEWS = ("queue", "caseload", "team", "sent", "unrouted", "asked")
WORKED = tuple(s.value for s in (State.ACCEPTED, State.IN_PROGRESS, State.ON_HOLD))
MOST = 100
MOST_COUNTED = 1000
SHORTEST_WORD = 2
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
) -> ListPage:
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
        reader = Reader(session, by, read_directory(session), at)
        scope = scope_of(by, reader.directory)
        keep = _keeps(view, status, need)
        if q and is_reference(q):
            rows = _only_in(view, lists.by_reference(session, read_reference(q)), scope)
            items, following = [item for _, item in shown_rows(rows, reader) if keep(item)], None
        else:
            words = _words(q, view, by, scope, reader.directory)
            narrow = narrowed(team_id, at if overdue else None)
            items, following = _page(
                view, scope, reader, keep, _Wanted(status, need, words, narrow), cursor=cursor, limit=limit
            )
        if items:
            _log(session, by, f"list {view}", items, at)
        return ListPage(tuple(items), following)


def _keeps(view: str, status: str | None, need: str | None = None) -> Callable[[ListItem], bool]:
    """Which of the rows a reader may see belong on the list: by what is shown, not by what the row holds."""
    keep = _keeps_status(view, status)
    if need is None:
        return keep
    return lambda item: keep(item) and need in {one.code for one in item.needs}


def _keeps_status(view: str, status: str | None) -> Callable[[ListItem], bool]:
    if view == "asked":
        return lambda item: item.view == "full"
    if view == "sent" and status in set(State):
        return lambda item: item.status == status
    return lambda _item: True


def find_referrals(q: str, *, by: Caller, at: datetime, limit: int = 25) -> ListPage:
    """By reference, or by name among what the caller works on or their organisations sent.

    Police, housing and employers as senders find by reference alone; a name finds them nothing.
    """
    with database.transaction() as session:
        reader = Reader(session, by, read_directory(session), at)
        scope = scope_of(by, reader.directory)
        words = [folded for word in q.split() if (folded := normalise_name(word))]
        items: list[ListItem] = []
        if is_reference(q):
            rows = lists.by_reference(session, read_reference(q))
            items = [item for _, item in shown_rows(rows, reader)]
        elif words and max(len(word) for word in words) >= SHORTEST_WORD:
            senders = searchable_orgs(by, scope, reader.directory)
            items, _ = full_page(
                lambda after, size: lists.by_name(
                    session, words, senders=senders, scope=scope, after=after, limit=size
                ),
                _when_sent,
                lambda item: item.title != item.reference,
                reader,
                after=None,
                limit=min(limit, MOST),
            )
        _log(session, by, "find", items, at)
        return ListPage(tuple(items), None)


def count_asked(*, by: Caller, at: datetime) -> int:
    """How many questions wait for the caller's organisations: as many as are listed."""
    with database.transaction() as session:
        reader = Reader(session, by, read_directory(session), at)
        scope = scope_of(by, reader.directory)
        nothing_else = _Wanted(None, None, (), true())
        asked, _ = _page("asked", scope, reader, _keeps("asked", None), nothing_else, limit=MOST_COUNTED)
        return len(asked)


def _words(q: str | None, view: str, by: Caller, scope: Scope, directory: Directory) -> list[str]:
    if not q or is_reference(q):
        return []
    words = [folded for word in q.split() if (folded := normalise_name(word))]
    if view in ("sent", "asked") and searchable_orgs(by, scope, directory) != scope.send_orgs:
        # No search by name for police, housing and employers.
        return [NOBODY]
    return words or [NOBODY]


@dataclass(frozen=True)
class _Wanted:
    """What narrows a list: one state, one need, words of names, and a team or what is late."""

    status: str | None
    need: str | None
    words: Sequence[str]
    narrow: ColumnElement[bool]


def _page(
    view: str,
    scope: Scope,
    reader: Reader,
    keep: Callable[[ListItem], bool],
    wanted: _Wanted,
    *,
    cursor: str | None = None,
    limit: int,
) -> tuple[list[ListItem], str | None]:
    session = reader.session
    if view == "sent":
        states = _sent_states(wanted.status)
        exact = wanted.status in set(State) - {State.RECEIVED}
        items, key = full_page(
            lambda after, size: lists.sent_page(
                session, scope, status=states, after=after, limit=size, need=wanted.need,
                words=wanted.words, told_more=exact,
            ),
            _when_sent, keep, reader, after=_when_key(cursor), limit=limit,
        )  # fmt: skip
        return items, _when_cursor(key)
    if view == "asked":
        items, key = full_page(
            lambda after, size: lists.asked_page(session, scope, after=after, limit=size),
            _when_due, keep, reader, after=_when_key(cursor), limit=limit,
        )  # fmt: skip
        return items, _when_cursor(key)
    where, allowed, usual = work_of(view, scope)
    states = usual if wanted.status is None else (wanted.status,)
    if not set(states) <= set(allowed):
        raise Invalid.field("/status", f"Choose one of: {', '.join(allowed)}.")
    narrow = and_(where, wanted.narrow)
    items, place = full_page(
        lambda after, size: lists.work_page(
            session, narrow, status=states, after=after, limit=size, need=wanted.need, words=wanted.words
        ),
        _place_in_work, keep, reader, after=_work_key(cursor), limit=limit,
    )  # fmt: skip
    return items, None if place is None else paging.encode(place[0], place[1].isoformat(), str(place[2]))


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
        return scope.at_desk(), (received, *WORKED), (received, *WORKED)
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
    # All states that are shown as this one to somebody: cut to what is shown afterwards.
    return sorted({status} | {state.value for state in State if shown_status(state, View.FULL) == status})


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


def _when_sent(row: Referral) -> tuple[datetime, UUID]:
    return row.submitted_at, row.id


def _when_due(row: Referral) -> tuple[datetime, UUID]:
    # Open, as the lists by this key are: the database refuses an open one without.
    return row.next_action_at or row.submitted_at, row.id


def _place_in_work(row: Referral) -> tuple[int, datetime, UUID]:
    return row.urgency, *_when_due(row)


def _when_cursor(key: tuple[datetime, UUID] | None) -> str | None:
    return None if key is None else paging.encode(key[0].isoformat(), str(key[1]))


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
            return (row.routing_state == "unrouted" or row.escalated) and row.place_id in scope.desk_places
        return row.owner_team_id in teams or row.owner_org_id in orgs

    return [found for found in rows if belongs(found[0])]


def _log(session: Session, by: Caller, act: str, items: Sequence[ListItem], at: datetime) -> None:
    subjects = [item.id for item in items]
    audit.record(session, AccessLog, by, act=act, purpose="find work", subjects=subjects, at=at)
