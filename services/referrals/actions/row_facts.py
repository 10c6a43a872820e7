"""Single facts of a referral and its person, as pages and lists of all kinds say them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.referrals.actions import views
from services.referrals.domain.identifiers import age_on
from services.referrals.domain.sight import Sight
from services.referrals.domain.speaker import Spoke
from services.referrals.domain.states import OPEN, State
from services.referrals.domain.views import View
from services.referrals.domain.working_days import uk_day
from services.referrals.store.directory import Directory
from services.referrals.store.tables import PersonRecord, Referral

COARSE_WORDS = {"received": "Received", "closed": "Closed"}
UNNAMED = views.Owner(None, "A team that helps")


def owner(row: Referral, directory: Directory) -> views.Owner | None:
    """Who has it now."""
    if row.owner_team_id is None:
        return None
    assignee = None
    if row.assignee_id is not None:
        assignee = views.Assignee(row.assignee_id, directory.member_name(row.assignee_id))
    name = directory.name("team", row.owner_team_id, "A team")
    return views.Owner(row.owner_team_id, name, assignee)


def owner_seen(row: Referral, sight: Sight, directory: Directory) -> views.Owner | None:
    """Who has it now, as far as this sight reads it.

    Senders read the team that took it in, the one they chose, the one the router found and a duty desk. What
    somebody passed on is with "a team that helps", the same whoever that is: a discreet service is not named,
    and that a name is missing says nothing.
    """
    if "owner" not in sight.fields:
        return received_by(row, directory)
    return owner(row, directory) if named_to(row, sight) else UNNAMED


def service_seen(row: Referral, sight: Sight, directory: Directory) -> views.Chosen | None:
    """The service it is for now, as far as this sight reads it."""
    return chosen(row.service_id, directory) if named_to(row, sight) else None


def named_to(row: Referral, sight: Sight) -> bool:
    """Whether who has it now is named to this reader; senders hear it of their own choice alone."""
    return row.owner_named or sight.view is not View.FULL


def received_by(row: Referral, directory: Directory) -> views.Owner:
    """For a coarse view: the team that took it in, which never changes and so tells nothing more."""
    return views.Owner(row.received_team_id, directory.name("team", row.received_team_id, "A team"))


def sender_name(row: Referral, directory: Directory) -> str:
    """The sending organisation, or that the person came without one."""
    if row.sender_org_id is None:
        return "A family member or friend" if spoke_for(row) else "Themselves"
    return directory.name("organization", row.sender_org_id, "An organisation")


def spoke_for(row: Referral) -> bool:
    """Whether somebody spoke for the person: on the telephone, or on the public page."""
    return row.speaker == Spoke.SOMEONE_FOR_THEM


def wait_days(row: Referral, at: datetime, *, coarse: bool = False) -> int:
    """Whole days from the first day; to its end where it has ended and the reader may know when."""
    until = row.closed_at if row.closed_at is not None and not coarse else at
    return max((uk_day(until) - uk_day(row.submitted_at)).days, 0)


def awaits_action(row: Referral) -> bool:
    """Whether anybody has anything to do next: nobody has once it has ended (its row keeps it for undo)."""
    return State(row.status) in OPEN


def is_overdue(row: Referral, at: datetime) -> bool:
    """Still open and past its next action."""
    return row.next_action_at is not None and State(row.status) in OPEN and row.next_action_at < at


def full_name(person: PersonRecord) -> str:
    """The names known, or that none is."""
    return " ".join(name for name in (person.given_name, person.family_name) if name) or "Name not known"


def age_of(person: PersonRecord, at: datetime) -> tuple[int | None, bool]:
    """Age today, and whether it is an estimate (moved on by the years since it was made)."""
    on = uk_day(at)
    if person.date_of_birth is not None:
        return age_on(person.date_of_birth, on), False
    if person.age_estimate is not None:
        since = age_on(person.age_estimated_on, on) if person.age_estimated_on else 0
        return person.age_estimate + since, True
    return None, False


def chosen(service_id: UUID | None, directory: Directory) -> views.Chosen | None:
    """The service a referral is for, by name."""
    if service_id is None:
        return None
    return views.Chosen(service_id, directory.name("service", service_id, "A service"))
