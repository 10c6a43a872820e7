"""Between the row of a referral and its life as the rules read it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.referrals.domain.life import Ending, LastMove, Life, NextBy, RouteIn
from services.referrals.domain.sight_facts import AgreementFacts, ReferralFacts
from services.referrals.domain.states import Act, State
from services.referrals.domain.urgency import ALERT
from services.referrals.domain.working_days import uk_day
from services.referrals.store.tables import AgreementRow, MoveRow, Referral


def life_of(row: Referral, moves: Sequence[MoveRow]) -> Life:
    """The life of `row`; `moves` are its history, oldest first."""
    entered = next((m for m in reversed(moves) if m.from_status != m.to_status), None)
    return Life(
        state=State(row.status),
        owner_team_id=row.owner_team_id,
        assignee_id=row.assignee_id,
        next_action_at=row.next_action_at,
        next_action_by=NextBy(row.next_action_by),
        routed=row.routing_state != "unrouted",
        alert=row.urgency == ALERT,
        escalated=row.escalated,
        route_in=RouteIn(row.route_in),
        ending=Ending(row.ending),
        held_from=State(row.held_from) if row.held_from else None,
        review_on=row.review_on,
        question_open=row.question_open,
        submitted_at=row.submitted_at,
        first_contact_at=row.first_contact_at,
        closed_at=row.closed_at,
        attempts_made=row.attempts_made,
        attempts_needed=row.attempts_needed,
        last=_last_move(moves[-1]) if moves else None,
        entered=_last_move(entered) if entered else None,
    )


def _last_move(row: MoveRow) -> LastMove:
    return LastMove(
        act=Act(row.act),
        by=row.by_id,
        at=row.at,
        from_state=State(row.from_status),
        by_name=row.by_name or "",
        content=row.content,
        next_action_before=row.next_action_before,
        next_by_before=NextBy(row.next_by_before) if row.next_by_before else None,
    )


def put_life(row: Referral, life: Life, at: datetime) -> None:
    """Write what the rules decided to the row. Its version rises."""
    row.status = life.state.value
    row.owner_team_id = life.owner_team_id
    row.assignee_id = life.assignee_id
    row.next_action_at = life.next_action_at
    row.next_action_by = life.next_action_by.value
    row.held_from = life.held_from.value if life.held_from else None
    row.review_on = life.review_on
    row.question_open = life.question_open
    row.first_contact_at = life.first_contact_at
    row.closed_at = life.closed_at
    row.attempts_made = life.attempts_made
    row.updated_at = at
    row.version += 1


def facts_of(row: Referral) -> ReferralFacts:
    """What the rules of sight read of a referral."""
    return ReferralFacts(
        state=State(row.status),
        sender_org=row.sender_org_id,
        owner_org=row.owner_org_id,
        owner_team=row.owner_team_id,
        author_id=row.author_id,
        sender_sector=row.sender_sector,
        place_id=row.place_id,
        assignee_id=row.assignee_id,
        received_on=uk_day(row.submitted_at),
        lawful_basis=row.lawful_basis,
        restricted=row.restricted,
        restricted_to=frozenset(row.restricted_to),
        routed=row.routing_state != "unrouted",
        escalated=row.escalated,
        discreet=row.discreet,
        taken_up=row.taken_up_at is not None,
        id=row.id,
    )


def agreement_facts(rows: Sequence[AgreementRow]) -> tuple[AgreementFacts, ...]:
    """What the rules of sight read of the person's agreements."""
    return tuple(
        AgreementFacts(row.recipient, row.purpose, row.agreed, row.at, row.withdrawn_at, row.by_org_id)
        for row in rows
    )
