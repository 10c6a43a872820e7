"""Who may be what, and how an e-mail address is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from email_validator import EmailNotValidError, validate_email

from shared.errors import Invalid

# What somebody is called on a page, in the order in which roles are offered.
ROLE_WORDS: dict[str, str] = {
    "sender": "Refers people",
    "worker": "Link worker",
    "lead": "Leads a team",
    "duty_desk": "Duty desk",
    "org_admin": "Looks after this organisation's people",
    "safeguarding_lead": "Safeguarding lead",
    "records_steward": "Records steward",
    "commissioner": "Place lead (totals only)",
    "forum_admin": "Forum admin",
    "forum_chair": "Forum chair",
}
ROLE_HINTS: dict[str, str] = {
    "sender": "Can refer people and see what came of it",
    "worker": "Takes referrals from the queue of a team",
    "lead": "Shares out a team's work",
    "duty_desk": "Finds a home for referrals that have none",
    "org_admin": "Invites people and ends their access",
    "safeguarding_lead": "Is told of safeguarding concerns",
    "records_steward": "Decides whether two records are one person",
    "commissioner": "Sees counts, never people",
    "forum_admin": "Keeps the directory of the whole place",
    "forum_chair": "Chairs the forum of the place",
}
# Roles that belong to a team's queue.
TEAM_ROLES = frozenset({"worker", "lead", "duty_desk"})
NEED_SECOND_FACTOR = frozenset(
    {"lead", "org_admin", "forum_admin", "forum_chair", "safeguarding_lead", "records_steward"}
)
LONGEST_NAME = 200


@dataclass(frozen=True)
class TeamFact:
    """What the rules need to know of a team."""

    id: UUID
    kind: str


def email_address(text: str, pointer: str = "/email") -> str:
    """The address as it is stored: its domain in lower case. Raises Invalid where it cannot be one."""
    try:
        found = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as wrong:
        raise Invalid.field(
            pointer, "Enter an e-mail address in the usual form, like name@organisation.example"
        ) from wrong
    return found.normalized


def person_name(text: str, pointer: str = "/name") -> str:
    """A name as a person writes it, without line breaks. Raises Invalid where there is none."""
    name = " ".join(text.split())
    if not name:
        raise Invalid.field(pointer, "Enter your name")
    if len(name) > LONGEST_NAME:
        raise Invalid.field(pointer, f"Your name must be {LONGEST_NAME} characters or fewer")
    return name


def memberships_for(roles: Iterable[str], teams: Sequence[TeamFact]) -> list[tuple[str, UUID | None]]:
    """The (role, team) pairs an invitation stands for; teams are for the roles that belong to one."""
    pairs: list[tuple[str, UUID | None]] = []
    for role in ROLE_WORDS:
        if role not in set(roles):
            continue
        if role == "duty_desk":
            pairs += [(role, team.id) for team in teams if team.kind == "duty_desk"]
        elif role in TEAM_ROLES:
            pairs += [(role, team.id) for team in teams]
        else:
            pairs.append((role, None))
    return pairs
