"""A working list as its page shows it: columns, tabs with counts, what to say when it is empty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from services.referrals.actions.list_views import ListItem, ListPage
from services.referrals.web.referral.shown import Undo

HEADS: dict[str, Any] = {
    "who": "What matters, and who",
    "needs": "Needs",
    "wait": "Waiting",
    "route": "How they came",
    "state": "State",
    "next": "Next action",
    "worker": "Worker",
    "team": "Team",
    "accept": "Take it on",
}


@dataclass(frozen=True)
class Tab:
    """One filter with how many rows it shows; None where it is not counted."""

    text: str
    href: str
    current: bool
    count: int | None = None


@dataclass(frozen=True)
class TeamLink:
    """A team of the reader's."""

    name: str
    href: str
    current: bool


@dataclass(frozen=True)
class Empty:
    """What to say and do when nothing is there."""

    heading: str
    text: str
    link_text: str = ""
    href: str = ""


@dataclass(frozen=True)
class WorkPage:
    """Everything `lists/work.html` needs."""

    title: str
    caption: str
    columns: Sequence[str]
    items: Sequence[ListItem]
    empty: Empty
    tabs: Sequence[Tab] = ()
    teams: Sequence[TeamLink] = ()
    next_url: str | None = None
    undo: Undo | None = None
    head: list[Any] = field(default_factory=list)

    @property
    def table_caption(self) -> str:
        """For those who hear the table."""
        return f"{self.title}: {len(self.items)} on this page"


def work_page(title: str, columns: Sequence[str], found: ListPage, empty: Empty, **more: Any) -> WorkPage:
    """A list with the columns asked for."""
    return WorkPage(
        title=title,
        caption=more.pop("caption", ""),
        columns=columns,
        items=found.items,
        empty=empty,
        head=[HEADS[column] for column in columns],
        **more,
    )
