"""The rows of a referral that was open before: its days as they were, and nobody told of any of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from services.referrals.actions.acting import record_move
from services.referrals.actions.keep_referral import (
    agreements_told,
    contact_points_told,
    new_row,
    put_person,
)
from services.referrals.actions.loading.open_rows import OpenRow
from services.referrals.actions.loading.person_cells import moment_of
from services.referrals.actions.route_request import Placement
from services.referrals.actions.seeing import SYSTEM
from services.referrals.domain.advance import advance
from services.referrals.domain.ladder import Rung, rung_at
from services.referrals.domain.life import Ending, Given, Life, RouteIn, Standing
from services.referrals.domain.reasons import LOADED, LOADED_OUTSIDE
from services.referrals.domain.states import Act, State, Who
from services.referrals.domain.urgency import ALERT, ALERT_WITHIN
from services.referrals.domain.working_days import (
    NextActionDays,
    end_of_day,
    end_of_working_day_after,
)
from services.referrals.store.directory import Directory
from services.referrals.store.guard import Keys
from services.referrals.store.lives import put_life
from services.referrals.store.tables import Referral
from shared.auth.caller import Kind

_ALL = Standing(None, frozenset(Who))
Step = tuple[Act, datetime, Given]


def keep_open(session: Session, told: OpenRow, keys: Keys, directory: Directory, at: datetime) -> Referral:
    """Write it with its history from the first day. No event leaves, and no rung of the ladder is told.

    What was late before it came stands on the rung it has reached: only what becomes later is told.
    """
    new, org, sent_at = told.new, told.by.org, moment_of(told.sent_on, at)
    state = "chosen" if told.service is not None else "routed"
    placement = Placement(state, told.team_id, told.service, None, None, route_in=RouteIn(new.route_in))
    person = put_person(session, new, org, sent_at)
    row = new_row(
        new,
        by=told.by,
        org=org,
        at=sent_at,
        placement=placement,
        keys=keys,
        beside=None,
        place_id=told.place_id,
    )
    row.person_id, row.owner_org_id = person.id, told.team_org
    row.author_id, row.author_kind = told.author_id, str(Kind.PERSON if told.author_id else Kind.CLIENT)
    row.author_name = directory.member_name(told.author_id) if told.author_id else None
    row.taken_up_at = moment_of(told.accepted_on, at) if told.accepted_on else None
    row.loaded_at = at
    lives = _lived(row, told, at)
    life = _with_next_action(lives[-1][2], row, told, directory, at)
    put_life(row, life, at)
    row.version = len(lives)
    _put_rung(row, life, at)
    session.add(row)
    # Parents before children: the foreign keys have no relationship to order them by.
    session.flush()
    session.add_all(contact_points_told(new, row, person, directory, sent_at))
    session.add_all(agreements_told(new, row, sent_at))
    for (act, moment, given), before, after in lives:
        record_move(
            session,
            row,
            act,
            before,
            after.state,
            by=SYSTEM,
            by_name="",
            at=moment,
            given=given,
            reason=LOADED,
            outside=LOADED_OUTSIDE if act is Act.SUBMIT else None,
        )
    session.flush()
    return row


def _steps(told: OpenRow, at: datetime) -> Iterator[Step]:
    sent, team = moment_of(told.sent_on, at), Given(team_id=told.team_id)
    yield Act.SUBMIT, sent, team
    yield Act.RECEIVE, sent, team
    yield Act.ROUTE, sent, replace(team, content=str(told.team_id))
    if told.accepted_on is not None and told.worker_id is not None:
        given = Given(assignee_id=told.worker_id, content=str(told.worker_id))
        yield Act.ACCEPT, moment_of(told.accepted_on, at), given
    if told.first_contact_on is not None:
        yield Act.START, moment_of(told.first_contact_on, at), Given()
    if told.stage is State.ON_HOLD and told.held_on is not None:
        yield Act.HOLD, moment_of(told.held_on, at), Given(review_on=told.review_on)


def _lived(row: Referral, told: OpenRow, at: datetime) -> list[tuple[Step, Life, Life]]:
    """Each step with the life before and after it, by the same rules as anybody's act."""
    life = Life(State.DRAFT, routed=False, route_in=RouteIn(row.route_in), ending=Ending(row.ending))
    lived = []
    for step in _steps(told, at):
        _, after = advance(step[0], life, _ALL, step[1], given=step[2])
        lived.append((step, life, after))
        life = after
    return lived


def _with_next_action(life: Life, row: Referral, told: OpenRow, directory: Directory, at: datetime) -> Life:
    """The day the file gives; else the place's usual days, counted from the load: nobody had this before."""
    if told.stage is State.ON_HOLD:
        return life
    if told.next_action_on is not None:
        return replace(life, next_action_at=end_of_day(told.next_action_on))
    place = directory.doc("place", told.place_id)
    days = NextActionDays.of(place.get("next_action_days") if place else None)
    usual = days.received if told.stage is State.RECEIVED else days.accepted
    within = min(usual, ALERT_WITHIN) if row.urgency == ALERT else usual
    return replace(life, next_action_at=end_of_working_day_after(at, within))


def _put_rung(row: Referral, life: Life, at: datetime) -> None:
    if life.next_action_at is None:
        return
    reached = rung_at(life.next_action_at, at, alert=row.urgency == ALERT)
    row.rung, row.escalated = reached, reached is Rung.DUTY_DESK
