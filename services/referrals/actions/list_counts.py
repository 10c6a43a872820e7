"""How many rows each filter of a working list shows: one query, numbers only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_

from services.referrals.actions.choices import people_of_team
from services.referrals.actions.list_referrals import work_of
from services.referrals.actions.list_views import TeamMember
from services.referrals.actions.scopes import scope_of
from services.referrals.domain.working_days import uk_day
from services.referrals.store.database import database
from services.referrals.store.directory import read_directory
from services.referrals.store.list_counts import count_by_state
from services.referrals.store.visible import visible
from shared.auth.caller import Caller, Role


@dataclass(frozen=True)
class StateCount:
    """Of one team and state: how many, and how many of them are overdue."""

    team_id: UUID
    status: str
    total: int
    overdue: int


@dataclass(frozen=True)
class ListCounts:
    """The counts of one list; a filter's number is the sum of what it lets through."""

    by_state: tuple[StateCount, ...] = ()

    def of(self, *statuses: str, team_id: UUID | None = None) -> int:
        """Rows in these states (all where none is named), of one team or all."""
        return sum(c.total for c in self._where(statuses, team_id))

    def overdue(self, *statuses: str, team_id: UUID | None = None) -> int:
        """Those of them whose next action is past."""
        return sum(c.overdue for c in self._where(statuses, team_id))

    def _where(self, statuses: tuple[str, ...], team_id: UUID | None) -> list[StateCount]:
        return [
            c
            for c in self.by_state
            if (not statuses or c.status in statuses) and (team_id is None or c.team_id == team_id)
        ]


def count_list(view: str, *, by: Caller, at: datetime) -> ListCounts:
    """The counts of `queue`, `caseload`, `team` or `unrouted`, of what its rows show and nothing else."""
    with database.transaction() as session:
        directory = read_directory(session)
        scope = scope_of(by, directory)
        where, allowed, _ = work_of(view, scope)
        shown = and_(where, visible(scope, directory.sharing, uk_day(at)))
        found = count_by_state(session, shown, allowed, at)
    return ListCounts(tuple(StateCount(*row) for row in found))


def workload(*, by: Caller, at: datetime, team_id: UUID | None = None) -> tuple[TeamMember, ...]:
    """How much each worker of the teams the caller leads holds; of one team where it is named."""
    teams = by.teams(Role.LEAD)
    wanted = sorted(teams if team_id is None else teams & {team_id})
    with database.transaction() as session:
        directory = read_directory(session)
        found = [one for team in wanted for one in people_of_team(session, directory, team, at)]
    return tuple({(one.id, one.open_now): one for one in found}.values())
