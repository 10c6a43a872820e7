"""Who may give and end which role: every role, to oneself and to others, at home and elsewhere."""

from __future__ import annotations

import threading
from uuid import UUID, uuid4

import pytest
from flask import Flask

from services.directory.actions import invitations, links, people
from services.directory.identity_commands import TERMINAL
from services.directory.store.database import database
from services.directory.store.identity import ActionLink, Membership
from services.directory.store.teams import Team
from shared.auth import Role
from shared.errors import Conflict, Invalid, LinkworkError, NotFound
from tests.builders.identity import (
    NOON,
    Browser,
    Someone,
    a_person,
    a_team,
    also_in,
    an_organization,
    caller_of,
    rows,
)
from tests.builders.listings import a_place

pytestmark = pytest.mark.usefixtures("app")
NEW = "kettle walnut harbour"
OF_A_TEAM = {"worker", "lead", "duty_desk"}
READS_PEOPLE = {"sender", "worker", "lead", "duty_desk", "safeguarding_lead", "records_steward"}
OF_THE_FORUM = {"forum_admin", "forum_chair", "commissioner"}
# Who gives what: at home, and in any other organisation. Roles that are not here give nothing anywhere.
GIVES = {
    "org_admin": (READS_PEOPLE | {"org_admin"}, set[str]()),
    "forum_admin": (OF_THE_FORUM | {"org_admin"}, OF_THE_FORUM | {"org_admin"}),
}


def an_address() -> str:
    return f"new-{uuid4().hex[:8]}@somewhere.example"


def a_desk(organization_id: UUID) -> None:
    place_id = a_place()
    with database.transaction() as session:
        session.add(
            Team(
                id=uuid4(),
                organization_id=organization_id,
                place_id=place_id,
                name="Example desk",
                kind="duty_desk",
            )
        )


def invite(by: Someone, organization_id: UUID, *roles: str, email: str = "") -> UUID:
    teams = rows(Team, Team.organization_id == organization_id) if OF_A_TEAM & set(roles) else []
    return invitations.invite(
        email or an_address(),
        roles=roles,
        team_ids=[team.id for team in teams],
        organization_id=organization_id,
        by=caller_of(by),
        at=NOON,
    )


def token_of(link_id: UUID) -> str:
    return links.mint(link_id, NOON).url.rsplit("/", 1)[-1]


def is_open(link_id: UUID) -> bool:
    (link,) = rows(ActionLink, ActionLink.id == link_id)
    return link.revoked_at is None and link.used_at is None


def roles_of(account_id: UUID, organization_id: UUID | None) -> set[str]:
    current = rows(
        Membership,
        Membership.account_id == account_id,
        Membership.organization_id == organization_id,
        Membership.ended_at.is_(None),
    )
    return {m.role for m in current}


def home_of(someone: Someone) -> UUID:
    assert someone.organization_id
    return someone.organization_id


@pytest.mark.parametrize("giver", [str(role) for role in Role])
def test_a_role_is_given_only_by_whom_the_plan_says_and_never_to_oneself(giver: str) -> None:
    home, elsewhere = an_organization(), an_organization()
    for each in (home, elsewhere):
        a_team(each)
        a_desk(each)
    by = a_person(giver, organization_id=home)
    done = set()
    for place, organization in (("home", home), ("elsewhere", elsewhere)):
        for to, email in (("self", by.email.upper()), ("other", "")):
            for role in map(str, Role):
                try:
                    invite(by, organization, role, email=email)
                except (Invalid, NotFound):
                    continue
                done.add((place, to, role))
    at_home, anywhere = GIVES.get(giver, (set(), set()))
    assert done == {("home", "other", role) for role in at_home} | {
        ("elsewhere", "other", role) for role in anywhere
    }


def test_who_looks_after_no_people_is_told_nothing_of_an_organisation() -> None:
    by = a_person("lead")
    with pytest.raises(NotFound):
        invite(by, home_of(by), "sender")


@pytest.mark.parametrize("first", ["forum_admin", "commissioner"])
@pytest.mark.parametrize("second", sorted(READS_PEOPLE))
def test_who_must_never_read_about_people_is_given_no_role_that_does(first: str, second: str) -> None:
    organization = an_organization()
    a_team(organization)
    a_desk(organization)
    both = a_person("org_admin", "forum_admin", organization_id=organization)
    with pytest.raises(Invalid):
        invite(both, organization, first, second)
    for held, given in ((first, second), (second, first)):
        someone = a_person(held)
        token = token_of(invite(both, organization, given, email=someone.email))
        with pytest.raises(Conflict, match="never read about people"):
            invitations.accept_as_known(token, caller_of(someone), NOON)
        assert roles_of(someone.id, organization) == set()


def test_nobody_accepts_an_invitation_of_their_own() -> None:
    admin = a_person("org_admin")
    link_id = invite(admin, home_of(admin), "safeguarding_lead")
    with database.transaction() as session:
        session.get_one(ActionLink, link_id).email = admin.email
    with pytest.raises(Conflict, match="yourself"):
        invitations.accept_as_known(token_of(link_id), caller_of(admin), NOON)


def test_an_invitation_that_was_taken_back_is_not_sent_again() -> None:
    admin = a_person("org_admin")
    link_id = invite(admin, home_of(admin), "sender")
    invitations.withdraw(link_id, caller_of(admin), NOON)
    with pytest.raises(Conflict, match="taken back"):
        invitations.send_again(link_id, caller_of(admin), NOON)


def test_an_invitation_is_sent_again_only_by_whom_may_give_what_it_gives() -> None:
    forum = a_person("forum_admin")
    admin = a_person("org_admin")
    of_forum = invite(forum, home_of(admin), "forum_chair")
    of_organization = invite(admin, home_of(admin), "sender")
    of_both = invite(forum, home_of(admin), "org_admin")
    for by, link_id in ((admin, of_forum), (forum, of_organization)):
        for act in (invitations.send_again, invitations.withdraw):
            with pytest.raises(Conflict):
                act(link_id, caller_of(by), NOON)
    invitations.send_again(of_both, caller_of(admin), NOON)


def test_removing_somebody_takes_back_what_was_sent_to_them_and_what_they_sent() -> None:
    organization, elsewhere = an_organization(), an_organization()
    admin, going = (a_person("org_admin", organization_id=organization) for _ in range(2))
    to_them = invite(admin, organization, "sender", email=going.email.upper())
    by_them = invite(going, organization, "org_admin")
    by_another = invite(admin, organization, "sender")
    from_elsewhere = invite(
        a_person("org_admin", organization_id=elsewhere), elsewhere, "sender", email=going.email
    )
    token = token_of(by_them)
    people.remove(organization, going.id, caller_of(admin), NOON)
    assert [is_open(each) for each in (to_them, by_them, by_another, from_elsewhere)] == [
        False,
        False,
        True,
        True,
    ]
    with pytest.raises(Conflict, match="taken back"):
        invitations.accept_as_new(token, "New Person", NEW, NOON)


def test_who_was_removed_from_the_forum_leaves_no_open_invitation_anywhere() -> None:
    forum = a_person("forum_admin")
    going = a_person("forum_admin", organization_id=forum.organization_id)
    link_id = invite(going, an_organization(), "org_admin")
    people.remove(home_of(forum), going.id, caller_of(forum), NOON)
    assert not is_open(link_id)


def test_an_invitation_opens_nothing_once_its_sender_could_not_send_it() -> None:
    admin = a_person("org_admin")
    link_id = invite(admin, home_of(admin), "sender")
    token = token_of(link_id)
    with database.transaction() as session:
        for membership in session.query(Membership).filter_by(account_id=admin.id):
            membership.ended_at = NOON
    for act in (
        lambda: invitations.look(token, NOON),
        lambda: invitations.accept_as_new(token, "New Person", NEW, NOON),
    ):
        with pytest.raises(Conflict, match="taken back"):
            act()


def test_what_was_printed_at_the_console_needs_no_sender() -> None:
    letter = invitations.first_invitation(an_address(), ["org_admin"], an_organization(), TERMINAL, NOON)
    assert invitations.look(letter.url.rsplit("/", 1)[-1], NOON).roles == ("org_admin",)


def test_an_organisations_admin_ends_its_roles_and_never_the_forums() -> None:
    admin = a_person("org_admin")
    home = home_of(admin)
    both = a_person("forum_chair", "org_admin", organization_id=home)
    people.remove(home, both.id, caller_of(admin), NOON)
    assert roles_of(both.id, home) == {"forum_chair"}
    with pytest.raises(Conflict, match="Ask the forum's admin"):
        people.remove(home, both.id, caller_of(admin), NOON)
    forum = a_person("forum_admin")
    people.remove(home, both.id, caller_of(forum), NOON)
    assert roles_of(both.id, home) == set()


def test_the_forums_admin_does_not_end_what_an_organisation_gave() -> None:
    forum, worker = a_person("forum_admin"), a_person("sender")
    with pytest.raises(Conflict, match="who looks after this organisation's people"):
        people.remove(home_of(worker), worker.id, caller_of(forum), NOON)


def test_the_last_who_looks_after_an_organisation_stays_whoever_asks() -> None:
    admin, forum = a_person("org_admin"), a_person("forum_admin")
    closed = a_person("org_admin", organization_id=admin.organization_id)
    with database.transaction() as session:
        session.get_one(
            Membership, rows(Membership, Membership.account_id == closed.id)[0].id
        ).account.active = False
    for by in (admin, forum):
        with pytest.raises(Conflict, match="Invite somebody to do so"):
            people.remove(home_of(admin), admin.id, caller_of(by), NOON)
    a_person("org_admin", organization_id=admin.organization_id)
    people.remove(home_of(admin), admin.id, caller_of(forum), NOON)


def end_every_forum_admin() -> None:
    with database.transaction() as session:
        for membership in session.query(Membership).filter_by(role="forum_admin", ended_at=None):
            membership.ended_at = NOON


def test_the_last_admin_of_the_forum_stays() -> None:
    end_every_forum_admin()
    last = a_person("forum_admin")
    with pytest.raises(Conflict, match="Nobody else is the forum's admin"):
        people.remove(home_of(last), last.id, caller_of(last), NOON)
    a_person("forum_admin")
    people.remove(home_of(last), last.id, caller_of(last), NOON)
    assert roles_of(last.id, last.organization_id) == set()


def test_two_admins_who_remove_each_other_at_once_leave_one() -> None:
    end_every_forum_admin()
    pair = [a_person("forum_admin"), a_person("forum_admin")]
    ready = threading.Barrier(2)
    refused: list[LinkworkError] = []

    def remove(by: Someone, other: Someone) -> None:
        caller = caller_of(by)
        ready.wait()
        try:
            people.remove(home_of(other), other.id, caller, NOON)
        except LinkworkError as no:
            refused.append(no)

    threads = [threading.Thread(target=remove, args=(pair[i], pair[1 - i])) for i in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(len(roles_of(one.id, one.organization_id)) for one in pair) == 1
    assert len(refused) == 1


def test_pages_offer_what_can_be_done_and_no_more(app: Flask) -> None:
    organization = an_organization()
    a_team(organization)
    member = a_person("sender", organization_id=organization)
    chair = a_person("forum_chair", organization_id=organization)
    forum = a_person("forum_admin")
    admin = a_person("org_admin", organization_id=organization)
    also_in(forum, "forum_chair", home_of(forum))
    of_forum = invite(forum, organization, "forum_chair")
    remove, again = (f"/people/{organization}/{{}}/remove", f"/people/{organization}/invitations/{of_forum}/")
    for someone, offered, ends, stays in (
        (admin, {"sender", "worker"}, member, chair),
        (forum, {"forum_chair", "org_admin"}, chair, member),
    ):
        browser = Browser(app)
        browser.sign_in(someone)
        page = browser.get(f"/people/{organization}").text
        assert remove.format(ends.id) in page
        assert remove.format(stays.id) not in page
        assert (again + "send-again" in page, again + "withdraw" in page) == (someone is forum,) * 2
        form = browser.get(f"/people/{organization}/invite").text
        assert {role for role in map(str, Role) if f'value="{role}"' in form} >= offered
        assert ("In which team?" in form) == (someone is admin)
        refused = browser.send(remove.format(stays.id))
        assert refused.status_code == 409
        assert "not yours to end" in refused.text
