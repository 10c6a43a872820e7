"""Who may be given which role, and what an invitation stands for."""

from uuid import UUID

import pytest

from services.directory.domain.accounts import (
    NEED_SECOND_FACTOR,
    ROLE_HINTS,
    ROLE_WORDS,
    TEAM_ROLES,
    TeamFact,
    email_address,
    memberships_for,
    person_name,
)
from services.directory.domain.doors import DOORS, doors_for
from services.directory.domain.granting import (
    EVERY_ROLE,
    FORUM_ADMIN_GIVES,
    ORG_ADMIN_GIVES,
    READS_PEOPLE,
    check_grant,
    may_give,
    mixes,
)
from shared.auth import Role
from shared.errors import Invalid
from shared.web.navigation import NAV

TEAM = TeamFact(UUID(int=1), "scheme")
DESK = TeamFact(UUID(int=2), "duty_desk")


def pointer_of_refusal(
    roles: list[str], teams: list[TeamFact], gives: frozenset[str] = ORG_ADMIN_GIVES
) -> str:
    with pytest.raises(Invalid) as refused:
        check_grant(roles, teams, gives=gives)
    return refused.value.errors[0].pointer


def test_every_role_has_words_and_no_words_are_without_a_role() -> None:
    roles = {str(role) for role in Role}
    assert set(ROLE_WORDS) == set(ROLE_HINTS) == roles
    assert roles > NEED_SECOND_FACTOR
    assert roles > TEAM_ROLES
    assert ORG_ADMIN_GIVES | FORUM_ADMIN_GIVES == EVERY_ROLE == roles
    assert {role for door in DOORS for role in door.roles} <= roles


@pytest.mark.parametrize("role", ["commissioner", "forum_admin", "forum_chair"])
def test_only_the_forum_gives_roles_that_reach_beyond_an_organisation(role: str) -> None:
    assert pointer_of_refusal([role], []) == "/roles"
    check_grant([role], [], gives=FORUM_ADMIN_GIVES)


def test_the_forum_gives_no_role_that_reads_about_people() -> None:
    assert not may_give(org_admin=False, forum_admin=True) & READS_PEOPLE
    assert not may_give(org_admin=False, forum_admin=False)


@pytest.mark.parametrize("role", sorted(READS_PEOPLE))
def test_who_must_never_read_about_people_holds_no_role_that_does(role: str) -> None:
    for never in ("forum_admin", "commissioner"):
        assert mixes([role, never])
        assert pointer_of_refusal([role, never], [TEAM, DESK], gives=EVERY_ROLE) == "/roles"
    assert not mixes([role, "org_admin", "forum_chair"])


def test_an_invitation_without_a_role_or_with_an_unknown_one_is_refused() -> None:
    assert pointer_of_refusal([], []) == "/roles"
    assert pointer_of_refusal(["emperor"], [], gives=EVERY_ROLE) == "/roles"


@pytest.mark.parametrize("role", sorted(TEAM_ROLES))
def test_a_role_of_a_team_needs_one(role: str) -> None:
    assert pointer_of_refusal([role], []) == "/team_ids"


def test_a_team_without_a_role_of_a_team_is_refused() -> None:
    assert pointer_of_refusal(["sender"], [TEAM]) == "/team_ids"


def test_the_duty_desk_role_fits_only_a_duty_desk() -> None:
    assert pointer_of_refusal(["duty_desk"], [TEAM]) == "/team_ids"
    check_grant(["duty_desk"], [DESK], gives=ORG_ADMIN_GIVES)


def test_an_invitation_stands_for_each_role_in_each_team_it_belongs_to() -> None:
    pairs = memberships_for(["org_admin", "lead", "worker", "duty_desk"], [TEAM, DESK])
    assert pairs == [
        ("worker", TEAM.id),
        ("worker", DESK.id),
        ("lead", TEAM.id),
        ("lead", DESK.id),
        ("duty_desk", DESK.id),
        ("org_admin", None),
    ]


@pytest.mark.parametrize(
    "wrong", ["", "name", "name@", "@b.example", "a b@c.example", "a@b", "a@b.example\n@c"]
)
def test_an_address_in_no_usual_form_is_refused(wrong: str) -> None:
    with pytest.raises(Invalid):
        email_address(wrong)


def test_an_address_keeps_its_name_and_lowers_its_domain() -> None:
    assert email_address(" Jane.Example@Surgery.EXAMPLE ") == "Jane.Example@surgery.example"


def test_a_name_loses_stray_spaces_and_must_say_something() -> None:
    assert person_name("  Jane \n Example ") == "Jane Example"
    for wrong in ("   ", "x" * 201):
        with pytest.raises(Invalid):
            person_name(wrong)


def test_a_sender_is_shown_the_door_to_refer_and_not_to_the_queue() -> None:
    paths = {door.path for door in doors_for(["sender"])}
    assert "/refer" in paths
    assert "/queue" not in paths
    assert "/people" not in paths
    assert {door.path for door in doors_for([])} == {"/services", "/link-workers", "/notices", "/account"}


def test_every_door_leads_where_the_header_leads_and_for_the_same_people() -> None:
    # The home page of somebody signed in has no door for those who are not.
    shown = [item for item in NAV if item.signed_in is not False]
    header = {(item.service, item.path): (item.label, frozenset(item.roles)) for item in shown}
    assert {(door.service, door.path): (door.title, door.roles) for door in DOORS} == header
