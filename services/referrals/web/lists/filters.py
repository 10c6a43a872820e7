"""What the address of a working list may say: which part of it, which team, from where on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import request, url_for

from services.referrals.actions.list_counts import ListCounts
from services.referrals.actions.list_referrals import WORKED, list_referrals
from services.referrals.actions.list_views import ListPage
from services.referrals.domain.states import State
from services.referrals.web.facts import Facts
from services.referrals.web.lists.shown import Tab, TeamLink
from services.referrals.web.words import STATES
from shared.auth import Caller
from shared.clock import now
from shared.errors import NotFound

RECEIVED = State.RECEIVED.value
OVERDUE = "overdue"


@dataclass(frozen=True)
class Filters:
    """The filters of one page as they are set: `chosen` is a tab's name, None for the first tab."""

    page: str
    chosen: str | None = None
    team: UUID | None = None

    @classmethod
    def read(cls, page: str, known: Sequence[str]) -> Filters:
        """From the address; NotFound for a tab or a team that cannot be."""
        chosen, team = request.args.get("show") or None, request.args.get("team")
        if chosen is not None and chosen not in known:
            raise NotFound
        try:
            return cls(page, chosen, UUID(team) if team else None)
        except ValueError:
            raise NotFound from None

    @property
    def late(self) -> bool:
        """Only what is overdue."""
        return self.chosen == OVERDUE

    def rows(self, view: str, by: Caller, *, usual: str | None = None) -> ListPage:
        """One page of the list; `usual` is the state of the first tab, and of what is overdue in it."""
        status = usual if self.late or self.chosen is None else self.chosen
        cursor = request.args.get("cursor")
        return list_referrals(
            view, by=by, at=now(), status=status, team_id=self.team, overdue=self.late, cursor=cursor
        )

    def tab(self, text: str, show: str | None, count: int | None = None) -> Tab:
        """One filter, with how many rows it shows."""
        href = url_for(f".{self.page}", show=show, team=self.team)
        return Tab(text, href, self.chosen == show, count)

    def tabs(self, first: str, counts: ListCounts, *usual: str, states: Sequence[str] = WORKED) -> list[Tab]:
        """The first tab, what of it is overdue, and one for each state."""
        return [
            self.tab(first, None, counts.of(*usual, team_id=self.team)),
            self.tab("Overdue", OVERDUE, counts.overdue(*usual, team_id=self.team)),
            *(
                self.tab(STATES[state]["text"], state, counts.of(state, team_id=self.team))
                for state in states
            ),
        ]

    def teams(self, ids: frozenset[UUID]) -> list[TeamLink]:
        """The reader's teams to choose from; none where there is only one."""
        if len(ids) < 2:
            return []
        known = [
            TeamLink(name, url_for(f".{self.page}", team=team), team == self.team)
            for team, name in Facts.now().teams(ids)
        ]
        return [TeamLink("All", url_for(f".{self.page}"), self.team is None), *known]

    def next_url(self, found: ListPage) -> str | None:
        """Where the list goes on."""
        if found.next_cursor is None:
            return None
        return url_for(f".{self.page}", show=self.chosen, team=self.team, cursor=found.next_cursor)
