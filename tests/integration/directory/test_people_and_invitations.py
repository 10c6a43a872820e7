"""Inviting, accepting, taking back and removing: only for those who look after the organisation's people."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask

from services.directory.actions import accounts, invitations, links, people
from services.directory.store.database import database
from services.directory.store.identity import Account, ActionLink, Membership
from services.directory.store.relay import AccessLog, Outbox
from shared.clock import now
from shared.errors import Conflict, Invalid, NotFound
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
from tests.queries import count_queries

pytestmark = pytest.mark.usefixtures("app")
NEW = "kettle walnut harbour"


def an_admin() -> tuple[Someone, UUID]:
    admin = a_person("org_admin")
    assert admin.organization_id
    return admin, admin.organization_id


def an_address() -> str:
    return f"new-{uuid4().hex[:8]}@somewhere.example"


def invite(
    admin: Someone, organization_id: UUID, *roles: str, email: str = "", teams: tuple[UUID, ...] = ()
) -> UUID:
    return invitations.invite(
        email or an_address(),
        roles=roles or ("sender",),
        team_ids=teams,
        organization_id=organization_id,
        by=caller_of(admin),
        at=NOON,
    )


def token_of(link_id: UUID) -> str:
    return links.mint(link_id, NOON).url.rsplit("/", 1)[-1]


def roles_of(account_id: UUID) -> set[tuple[str, UUID | None]]:
    current = rows(Membership, Membership.account_id == account_id, Membership.ended_at.is_(None))
    return {(m.role, m.team_id) for m in current}


def test_an_invitation_makes_an_account_with_the_roles_and_teams_it_names() -> None:
    admin, organization = an_admin()
    team = a_team(organization)
    email = an_address()
    token = token_of(invite(admin, organization, "worker", "sender", email=email, teams=(team,)))
    shown = invitations.look(token, NOON)
    assert (shown.email, shown.roles, shown.has_account) == (email, ("worker", "sender"), False)
    assert invitations.accept_as_new(token, " New  Person ", NEW, NOON) == email
    (account,) = rows(Account, Account.email == email)
    assert account.name == "New Person"
    assert roles_of(account.id) == {("worker", team), ("sender", None)}


def test_an_invitation_is_accepted_once() -> None:
    admin, organization = an_admin()
    token = token_of(invite(admin, organization))
    invitations.accept_as_new(token, "New Person", NEW, NOON)
    with pytest.raises(Conflict, match="used already"):
        invitations.accept_as_new(token, "Another Person", NEW, NOON)


def test_an_invitation_is_good_for_seven_days() -> None:
    admin, organization = an_admin()
    token = token_of(invite(admin, organization))
    assert invitations.look(token, NOON + timedelta(days=7) - timedelta(seconds=1))
    with pytest.raises(Conflict, match="too old"):
        invitations.look(token, NOON + timedelta(days=7))


def test_an_invitation_that_was_taken_back_opens_nothing() -> None:
    admin, organization = an_admin()
    link_id = invite(admin, organization)
    token = token_of(link_id)
    invitations.withdraw(link_id, caller_of(admin), NOON)
    with pytest.raises(Conflict):
        invitations.look(token, NOON)
    with pytest.raises(Conflict):
        links.mint(link_id, NOON)


def test_sending_again_replaces_the_older_link() -> None:
    admin, organization = an_admin()
    old = invite(admin, organization)
    old_token = token_of(old)
    new = invitations.send_again(old, caller_of(admin), NOON + timedelta(days=8))
    with pytest.raises(Conflict):
        invitations.look(old_token, NOON)
    (link,) = rows(ActionLink, ActionLink.id == new)
    assert link.expires_at == NOON + timedelta(days=15)


def test_inviting_the_same_address_again_replaces_the_first() -> None:
    admin, organization = an_admin()
    email = an_address()
    first = invite(admin, organization, email=email)
    invite(admin, organization, email=email.upper())
    with pytest.raises(Conflict):
        links.mint(first, NOON)


def test_somebody_with_an_account_accepts_with_it_and_only_they() -> None:
    admin, organization = an_admin()
    known, other = a_person("sender"), a_person("sender")
    token = token_of(invite(admin, organization, email=known.email))
    with pytest.raises(Conflict, match="another address"):
        invitations.accept_as_known(token, caller_of(other), NOON)
    with pytest.raises(Conflict, match="Sign in"):
        invitations.accept_as_new(token, "Known Person", NEW, NOON)
    invitations.accept_as_known(token, caller_of(known), NOON)
    assert {m.organization_id for m in rows(Membership, Membership.account_id == known.id)} == {
        known.organization_id,
        organization,
    }


def test_accepting_a_role_one_holds_already_does_not_double_it() -> None:
    admin, organization = an_admin()
    known = a_person("org_admin", organization_id=organization)
    token = token_of(invite(admin, organization, "org_admin", "sender", email=known.email))
    invitations.accept_as_known(token, caller_of(known), NOON)
    assert roles_of(known.id) == {("org_admin", None), ("sender", None)}


@pytest.mark.parametrize("role", ["forum_admin", "forum_chair", "commissioner"])
def test_an_organisations_admin_cannot_give_the_forums_roles(role: str) -> None:
    admin, organization = an_admin()
    with pytest.raises(Invalid):
        invite(admin, organization, role)


def test_nobody_invites_into_an_organisation_they_do_not_look_after() -> None:
    admin, _ = an_admin()
    elsewhere = an_organization()
    link = invite(*an_admin())
    sender = a_person("sender", organization_id=elsewhere)
    for someone in (admin, sender):
        with pytest.raises(NotFound):
            invite(someone, elsewhere)
        with pytest.raises(NotFound):
            people.people_of(elsewhere, caller_of(someone), NOON)
        for act in (invitations.withdraw, invitations.send_again):
            with pytest.raises(NotFound):
                act(link, caller_of(someone), NOON)


def test_a_role_that_ended_a_moment_ago_invites_nobody_whatever_the_token_says() -> None:
    admin, organization = an_admin()
    by = caller_of(admin)
    a_person("org_admin", organization_id=organization)
    people.remove(organization, admin.id, by, NOON)
    with pytest.raises(NotFound):
        invitations.invite(
            an_address(), roles=["sender"], team_ids=[], organization_id=organization, by=by, at=NOON
        )


def test_another_organisations_team_cannot_be_given() -> None:
    admin, organization = an_admin()
    with pytest.raises(Invalid) as refused:
        invite(admin, organization, "worker", teams=(a_team(an_organization()),))
    assert refused.value.errors[0].pointer == "/team_ids"


def test_the_forums_admin_invites_into_any_organisation() -> None:
    forum = a_person("forum_admin")
    elsewhere = an_organization()
    assert invite(forum, elsewhere, "forum_chair")


def test_removing_somebody_ends_every_role_and_tells_referrals() -> None:
    admin, organization = an_admin()
    team = a_team(organization)
    someone = a_person("worker", "sender", organization_id=organization, team_id=team)
    also_in(someone, "sender", an_organization())
    people.remove(organization, someone.id, caller_of(admin), NOON)
    assert roles_of(someone.id) == {("sender", None)}
    told = rows(Outbox, Outbox.type == "membership.ended.v1", Outbox.subject == str(someone.id))
    assert {row.data["team_id"] for row in told} == {str(team), None}
    assert {row.data["organization_id"] for row in told} == {str(organization)}
    logged = [row for row in rows(AccessLog, AccessLog.act == "remove_person") if someone.id in row.subjects]
    assert len(logged) == 1


def test_the_last_one_who_looks_after_people_cannot_be_removed() -> None:
    admin, organization = an_admin()
    with pytest.raises(Conflict):
        people.remove(organization, admin.id, caller_of(admin), NOON)
    another = a_person("org_admin", organization_id=organization)
    people.remove(organization, admin.id, caller_of(another), NOON)


def test_a_removed_person_no_longer_is_a_member_by_address(
    app: Flask, as_service: dict[str, dict[str, str]]
) -> None:
    admin, organization = an_admin()
    someone = a_person("sender", organization_id=organization)
    client = app.test_client()

    def asked(email: str) -> dict[str, object]:
        body = {"email": email, "organization_id": str(organization)}
        return dict(client.post("/api/v1/accounts/by-email", json=body, headers=as_service["referrals"]).json)

    assert asked(someone.email.upper()) == {"member": True, "account_id": str(someone.id)}
    assert asked("stranger@somewhere.example") == {"member": False, "account_id": None}
    people.remove(organization, someone.id, caller_of(admin), NOON)
    assert asked(someone.email) == {"member": False, "account_id": None}
    other = client.post(
        "/api/v1/accounts/by-email",
        json={"email": someone.email, "organization_id": str(organization)},
        headers=as_service["notifications"],
    )
    assert other.status_code == 404


def test_accounts_are_looked_up_in_the_order_asked_with_two_queries(
    app: Flask, as_service: dict[str, dict[str, str]]
) -> None:
    first, second = a_person("sender", "org_admin"), a_person()
    ids = [str(second.id), str(uuid4()), str(first.id), str(second.id)]
    client = app.test_client()
    with count_queries(database.engine) as counted:
        answer = client.post(
            "/api/v1/accounts/lookup", json={"ids": ids}, headers=as_service["notifications"]
        )
    assert len(counted) == 2
    assert answer.json == {
        "items": [
            {
                "id": str(second.id),
                "name": "Terry Testperson",
                "email": second.email,
                "active": True,
                "organizations": [],
            },
            {
                "id": str(first.id),
                "name": "Terry Testperson",
                "email": first.email,
                "active": True,
                "organizations": [str(first.organization_id)],
            },
        ]
    }
    assert accounts.look_up([]) == []


def test_a_letter_is_minted_for_notifications_alone(
    app: Flask, as_service: dict[str, dict[str, str]]
) -> None:
    admin, organization = an_admin()
    email = an_address()
    link_id = invitations.invite(
        email, roles=["sender"], team_ids=[], organization_id=organization, by=caller_of(admin), at=now()
    )
    client = app.test_client()
    path = f"/api/v1/links/{link_id}/mint"
    answer = client.post(path, headers=as_service["notifications"])
    assert answer.status_code == 200
    assert answer.json["to"] == email
    assert answer.json["template"] == "invitation"
    assert answer.json["url"].startswith("http://localhost:5001/invitation/")
    assert client.post(path, headers=as_service["referrals"]).status_code == 404
    assert client.post(path).status_code == 401
    invitations.withdraw(link_id, caller_of(admin), now())
    over = client.post(path, headers=as_service["notifications"])
    assert over.status_code == 409
    assert over.json["type"].endswith("/problems/link-ended")
    missing = client.post(f"/api/v1/links/{uuid4()}/mint", headers=as_service["notifications"])
    assert missing.status_code == 404


def test_the_whole_way_by_page_from_inviting_to_signing_in(app: Flask) -> None:
    admin, organization = an_admin()
    team = a_team(organization, "Example link workers")
    email = an_address()
    browser = Browser(app)
    browser.sign_in(admin)
    assert browser.get("/people").headers["Location"] == f"/people/{organization}"
    path = f"/people/{organization}/invite"
    unfinished = browser.send(path, email=email, roles="worker")
    assert unfinished.status_code == 422
    assert "Choose the team" in unfinished.text
    sent = browser.send(path, email=email, roles="worker", team_ids=str(team))
    assert sent.headers["Location"] == f"/people/{organization}"
    assert email in browser.get(f"/people/{organization}").text
    (link,) = rows(ActionLink, ActionLink.email == email)
    address = links.mint(link.id, now()).url.removeprefix("http://localhost:5001")
    invited = Browser(app)
    for _ in range(2):
        assert "Link worker" in invited.get(address).text
    assert invited.send(address, name="", password=NEW).status_code == 422
    assert invited.send(address, name="New Person", password=NEW).headers["Location"] == "/sign-in"
    assert invited.get(address).status_code == 410
    assert invited.send("/sign-in", email=email, password=NEW).status_code == 303
    people_page = browser.get(f"/people/{organization}").text
    assert "New Person" in people_page
    (account,) = rows(Account, Account.email == email)
    remove = f"/people/{organization}/{account.id}/remove"
    assert "Yes, remove New Person" in browser.get(remove).text
    assert roles_of(account.id)
    browser.send(remove)
    assert roles_of(account.id) == set()


def test_an_invitation_to_somebody_with_an_account_is_accepted_by_page(app: Flask) -> None:
    admin, organization = an_admin()
    known, stranger = a_person("sender"), a_person("sender")
    link_id = invitations.invite(
        known.email,
        roles=["sender"],
        team_ids=[],
        organization_id=organization,
        by=caller_of(admin),
        at=now(),
    )
    path = links.mint(link_id, now()).url.removeprefix("http://localhost:5001")
    nobody = Browser(app).get(path).text
    assert "Sign in to accept" in nobody
    other = Browser(app)
    other.sign_in(stranger)
    assert "signed in as somebody else" in other.get(path).text
    theirs = Browser(app)
    theirs.sign_in(known)
    joined = theirs.send(path + "/accept", page=path)
    assert (joined.status_code, joined.headers["Location"]) == (303, "/")
    assert ("sender", None) in roles_of(known.id)
    assert "Act for another organisation" in theirs.get("/").text


def test_pages_about_people_are_not_there_for_others(app: Flask) -> None:
    _, organization = an_admin()
    member = a_person("sender", organization_id=organization)
    foreign, _ = an_admin()
    for someone in (member, foreign):
        browser = Browser(app)
        browser.sign_in(someone)
        for path in ("", "/invite", f"/{member.id}/remove"):
            assert browser.get(f"/people/{organization}{path}").status_code == 404


def test_the_forums_admin_finds_an_organisation_by_part_of_its_name(app: Flask) -> None:
    name = f"Example 100% {uuid4().hex[:6]}"
    organization = an_organization(name)
    browser = Browser(app)
    browser.sign_in(a_person("forum_admin"))
    assert f"/people/{organization}" in browser.get("/people", query_string={"q": name.upper()[3:]}).text
    assert "Nothing found" in browser.get("/people", query_string={"q": "_____%"}).text
    assert browser.get(f"/people/{organization}").status_code == 200


def test_the_people_page_costs_a_fixed_number_of_queries(app: Flask) -> None:
    admin, organization = an_admin()
    browser = Browser(app)
    browser.sign_in(admin)
    browser.get(f"/people/{organization}")
    counts = []
    for more in (0, 4):
        for _ in range(more):
            a_person("sender", organization_id=organization)
        with count_queries(database.engine) as counted:
            browser.get(f"/people/{organization}")
        counts.append(len(counted))
    assert counts == [7, 7]
