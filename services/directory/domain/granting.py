"""Who may give which role to whom, and who may end it.

An organisation's admin gives that organisation's own roles. The forum's admin gives the forum's roles
anywhere, and says who looks after an organisation's people; never a role that reads referrals, because the
forum's admin reads no case data at all (product.md). Nobody gives a role to themselves. Whoever may give a
role may end it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from services.directory.domain.accounts import ROLE_WORDS, TEAM_ROLES, TeamFact
from shared.errors import Conflict, Invalid

EVERY_ROLE = frozenset(ROLE_WORDS)
# Roles with which somebody reads about people who are referred.
READS_PEOPLE = frozenset({"sender", "worker", "lead", "duty_desk", "safeguarding_lead", "records_steward"})
# Roles that reach beyond one organisation.
OF_THE_FORUM = frozenset({"commissioner", "forum_admin", "forum_chair"})
ORG_ADMIN_GIVES = READS_PEOPLE | {"org_admin"}
FORUM_ADMIN_GIVES = OF_THE_FORUM | {"org_admin"}
# "Never read any case data at all"; "never see rows" (product.md, who uses it).
NEVER_READ_PEOPLE = frozenset({"forum_admin", "commissioner"})

NOT_ONESELF = "You cannot give yourself a role. Ask somebody else who looks after people."
NEVER_BOTH = (
    "The forum's admin and the place lead never read about people who are referred, so nobody can hold "
    "such a role together with one that does."
)


def may_give(*, org_admin: bool, forum_admin: bool) -> frozenset[str]:
    """The roles somebody gives and ends in an organisation, by what they are: its admin, the forum's."""
    own: frozenset[str] = ORG_ADMIN_GIVES if org_admin else frozenset()
    return own | FORUM_ADMIN_GIVES if forum_admin else own


def check_grant(roles: Sequence[str], teams: Iterable[TeamFact], *, gives: Collection[str]) -> None:
    """May these roles be given, in these teams? Raises Invalid naming `/roles` or `/team_ids`.

    `gives` is what the giver may give (`may_give`). The duty desk sees every referral without a home, so
    that role fits a duty desk's team only.
    """
    chosen, found = set(roles), list(teams)
    if not chosen:
        raise Invalid.field("/roles", "Choose at least one role")
    if not chosen <= EVERY_ROLE & set(gives):
        raise Invalid.field("/roles", "Choose roles from the list")
    if mixes(chosen):
        raise Invalid.field("/roles", NEVER_BOTH)
    if chosen & TEAM_ROLES and not found:
        raise Invalid.field("/team_ids", "Choose the team this person works in")
    if found and not chosen & TEAM_ROLES:
        raise Invalid.field("/team_ids", "Teams are for link workers, leads and the duty desk")
    if "duty_desk" in chosen and not any(team.kind == "duty_desk" for team in found):
        raise Invalid.field("/team_ids", "Choose the duty desk's team for the duty desk role")


def mixes(roles: Collection[str]) -> bool:
    """True where these roles together would let somebody read about people who never may."""
    return bool(NEVER_READ_PEOPLE & set(roles) and READS_PEOPLE & set(roles))


def check_ending(
    held: Collection[str], *, ends: Collection[str], last_of_organization: bool, last_of_forum: bool
) -> None:
    """May somebody's roles `held` in an organisation be ended by whoever `ends` those? Raises Conflict.

    `last_of_organization`: nobody else looks after its people; `last_of_forum`: nobody else is the
    forum's admin.
    """
    ending = set(held) & set(ends)
    if not ending:
        asked = (
            "the forum's admin" if set(held) <= OF_THE_FORUM else "who looks after this organisation's people"
        )
        raise Conflict(f"What this person is here is not yours to end. Ask {asked}.")
    if "org_admin" in ending and last_of_organization:
        raise Conflict(
            "Nobody else looks after this organisation's people. Invite somebody to do so; once they have "
            "accepted, this person can be removed."
        )
    if "forum_admin" in ending and last_of_forum:
        raise Conflict(
            "Nobody else is the forum's admin. Invite somebody to be; once they have accepted, this person "
            "can be removed."
        )
