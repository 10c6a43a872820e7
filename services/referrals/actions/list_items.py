"""Rows of lists as one reader sees them, and pages made of those rows alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy.orm import Session

from services.referrals.actions.list_views import ListItem
from services.referrals.actions.needs_shown import shown_needs
from services.referrals.actions.row_facts import (
    COARSE_WORDS,
    age_of,
    awaits_action,
    full_name,
    is_overdue,
    named_to,
    owner_seen,
    sender_name,
    spoke_for,
    wait_days,
)
from services.referrals.actions.seeing import caller_facts, see_as
from services.referrals.domain.sight import Sight
from services.referrals.domain.states import STATE_WORDS, State
from services.referrals.domain.views import View, shown_status
from services.referrals.domain.working_days import uk_day
from services.referrals.store import referrals as store
from services.referrals.store.directory import Directory
from services.referrals.store.lists import Row
from services.referrals.store.tables import PersonRecord, Referral
from shared.auth.caller import Caller

AT_ONCE = 200


@dataclass(frozen=True)
class Reader:
    """Who reads a list, of what, and when."""

    session: Session
    by: Caller
    directory: Directory
    at: datetime


Shown = tuple[Referral, ListItem]
Key = TypeVar("Key")


def shown_rows(rows: Sequence[Row], reader: Reader) -> list[Shown]:
    """The rows the reader may see, each cut to what they may see of it."""
    agreements = store.agreements_of(reader.session, [row.id for row, _ in rows])
    known, on = caller_facts(reader.by, reader.directory), uk_day(reader.at)
    items = []
    for row, person in rows:
        sight = see_as(known, row, agreements[row.id], reader.directory, on)
        if not sight.nothing:
            items.append((row, _item(row, person, sight, reader.directory, reader.at)))
    return items


def full_page(
    fetch: Callable[[Key | None, int], Sequence[Row]],
    key_of: Callable[[Referral], Key],
    keep: Callable[[ListItem], bool],
    reader: Reader,
    *,
    after: Key | None,
    limit: int,
) -> tuple[list[ListItem], Key | None]:
    """As many rows as the reader may see and `keep` lets through, and the key of the last where more follow.

    Rows are fetched until the page is full: how long it is, whether another follows and where that one begins
    are told by rows the reader sees, never by those that are hidden from them.
    """
    found: list[Shown] = []
    size = limit + 1
    while True:
        rows = fetch(after, size)
        found += [one for one in shown_rows(rows, reader) if keep(one[1])]
        if len(found) > limit or len(rows) < size:
            break
        after = key_of(rows[-1][0])
        size = AT_ONCE
    following = key_of(found[limit - 1][0]) if len(found) > limit else None
    return [item for _, item in found[:limit]], following


def _item(row: Referral, person: PersonRecord, sight: Sight, directory: Directory, at: datetime) -> ListItem:
    coarse = sight.view is View.COARSE
    inside = sight.view is View.HOLDER
    status = shown_status(State(row.status), sight.view)
    may_name = bool(sight.fields & {"sent", "person"})
    due = "next_action_at" in sight.fields and awaits_action(row)
    age, _ = age_of(person, at) if may_name or "age" in sight.fields else (None, False)
    return ListItem(
        id=row.id,
        reference=row.reference,
        title=full_name(person) if may_name else row.reference,
        status=status,
        status_words=COARSE_WORDS[status] if coarse else STATE_WORDS[State(status)],
        view="coarse" if coarse else "full",
        submitted_at=row.submitted_at,
        wait_days=wait_days(row, at, coarse=coarse),
        owner=owner_seen(row, sight, directory),
        next_action_at=row.next_action_at if due else None,
        next_action_by=row.next_action_by if due else None,
        overdue=due and is_overdue(row, at),
        alert=inside and row.urgency == 0,
        priority=row.priority,
        route_in=row.route_in,
        needs=shown_needs(row, sight, directory),
        sender_name=sender_name(row, directory),
        service_name=_service_name(row, sight, directory),
        restricted=row.restricted,
        question_open=row.question_open and not coarse,
        age=age,
        what_matters=row.what_matters if may_name else None,
        has_sender=row.sender_org_id is not None,
        spoke_for=spoke_for(row),
    )


def _service_name(row: Referral, sight: Sight, directory: Directory) -> str | None:
    known = sight.view is not View.COARSE and named_to(row, sight)
    ident = row.service_id if known else row.target_service_id if sight.view is View.COARSE else None
    return directory.name("service", ident) or None if ident else None
