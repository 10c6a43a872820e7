"""What lists render, and what can be chosen from: plain values, already cut to what the reader may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from services.referrals.actions.views import NeedView, Owner


@dataclass(frozen=True)
class ListItem:
    """One row of a list. `title` is the person's name where the reader may know it, else the reference."""

    id: UUID
    reference: str
    title: str
    status: str
    status_words: str
    view: str
    submitted_at: datetime
    wait_days: int
    owner: Owner | None
    next_action_at: datetime | None
    next_action_by: str | None
    overdue: bool
    alert: bool
    priority: str | None
    route_in: str | None
    needs: tuple[NeedView, ...]
    sender_name: str | None
    service_name: str | None
    restricted: bool
    question_open: bool
    age: int | None = None
    what_matters: str | None = None
    """The person's own words; for the team that has it, and the sender who wrote them down."""
    has_sender: bool = True
    """Whether an organisation sent it; nobody did where it came by the public page."""
    spoke_for: bool = False
    """Whether somebody spoke for the person."""


@dataclass(frozen=True)
class ListPage:
    """One page of a list; `next_cursor` is None on the last one."""

    items: tuple[ListItem, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class TeamMember:
    """Somebody work can be given to, and how much they hold (product rule 11)."""

    id: UUID
    name: str
    open_now: int
    limit: int | None
    away: bool

    @property
    def is_full(self) -> bool:
        """At their own limit or over it: giving more warns."""
        return self.limit is not None and self.open_now >= self.limit


@dataclass(frozen=True)
class TeamChoice:
    """A team a referral can be passed on to, with the service it would be for."""

    team_id: UUID
    team_name: str
    organization_name: str
    service_id: UUID | None
    service_name: str | None
    allowed: bool
    """Agreement and sharing agreement cover it."""
    why_not: str | None = None


@dataclass(frozen=True)
class DraftView:
    """A form in progress; `data` is what was typed, by field name."""

    id: UUID
    data: Mapping[str, Any] = field(default_factory=dict)
    updated_at: datetime | None = None
