"""Builders of lives, standings and people for the referral rules; every name and number is invented."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from services.referrals.domain.advance import advance
from services.referrals.domain.life import Given, Life, Standing
from services.referrals.domain.states import OPEN, Act, State, Who

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
"""A Monday."""

_SPACE = UUID("00000000-0000-0000-0000-00000000c0de")


def an_id(name: str) -> UUID:
    """The same id for the same name."""
    return uuid5(_SPACE, name)


SAM, ALEX, DANA, PAT, KIT = (an_id(name) for name in ("sam", "alex", "dana", "pat", "kit"))
TEAM, OTHER_TEAM = an_id("team"), an_id("other team")

WORKER = Standing(SAM, frozenset({Who.WORKER}), may_know_names=True)
OTHER_WORKER = Standing(ALEX, frozenset({Who.WORKER}), may_know_names=True)
LEAD = Standing(DANA, frozenset({Who.LEAD}), may_know_names=True)
SENDER = Standing(PAT, frozenset({Who.SENDER}))
COARSE_SENDER = Standing(PAT, frozenset({Who.SENDER}), coarse=True)
PERSON = Standing(KIT, frozenset({Who.PERSON}))
SYSTEM = Standing(None, frozenset({Who.SYSTEM}))
DESK = Standing(DANA, frozenset({Who.DUTY_DESK, Who.WORKER}), may_know_names=True)
CLIENT = Standing(an_id("client"), frozenset({Who.WORKER}), is_client=True)


def a_life(state: State = State.RECEIVED, **changes: Any) -> Life:
    """A referral in this state, sent an hour ago, its team's and due the day after tomorrow."""
    fields: dict[str, Any] = {
        "state": state,
        "owner_team_id": TEAM,
        "next_action_at": NOON + timedelta(days=2) if state in OPEN else None,
        "submitted_at": NOON - timedelta(hours=1),
    }
    if state is State.ON_HOLD:
        fields["held_from"] = State.IN_PROGRESS
    if state not in OPEN and state is not State.DRAFT:
        fields["closed_at"] = NOON - timedelta(days=1)
    return Life(**{**fields, **changes})


def after(
    life: Life, act: Act, standing: Standing, at: datetime = NOON, by_name: str = "", **given: Any
) -> Life:
    """The life after this act."""
    return advance(act, life, standing, at, given=Given(**given), by_name=by_name)[1]
