"""The directory's pages about signing in, accounts and people, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Page, expect

from services.directory.actions import invitations, links
from services.directory.store.identity import ActionLink
from shared.clock import now
from tests.builders.identity import (
    PASSWORD,
    Someone,
    a_person,
    a_team,
    also_in,
    an_organization,
    caller_of,
    rows,
)
from tests.e2e.conftest import CheckPage
from tests.e2e.directory import directory_at_home

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def home(directory_database: str, valkey: str) -> Iterator[str]:
    """The directory, served on a free port; its public address."""
    with directory_at_home(with_demo=False) as address:
        yield address


def sign_in(page: Page, home: str, someone: Someone) -> None:
    page.goto(f"{home}/sign-in")
    page.get_by_label("E-mail address").fill(someone.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_what_anybody_sees(page: Page, home: str, check_page: CheckPage) -> None:
    paths = {
        "welcome": "/",
        "sign-in": "/sign-in",
        "forgotten": "/forgotten",
        "forgotten-sent": "/forgotten/sent",
        "problems": "/problems",
        "problem": "/problems/already-open",
        "link-over": "/reset/made-up",
        "accessibility": "/accessibility",
    }
    for name, path in paths.items():
        page.goto(home + path)
        check_page(page, f"directory-{name}")


def test_a_wrong_password_is_said_where_it_is_seen(page: Page, home: str, check_page: CheckPage) -> None:
    someone = a_person("sender")
    page.goto(f"{home}/sign-in")
    page.get_by_label("E-mail address").fill(someone.email)
    page.get_by_label("Password").fill("not the one at all")
    page.get_by_role("button", name="Sign in").click()
    assert page.title().startswith("Error: ")
    page.get_by_role("link", name="The e-mail address or the password is not right").click()
    assert page.evaluate("document.activeElement.id") == "password"
    assert page.get_by_label("E-mail address").input_value() == someone.email
    check_page(page, "directory-sign-in-wrong")


def test_signing_in_works_without_javascript(plain_page: Page, home: str) -> None:
    sign_in(plain_page, home, a_person("sender"))
    expect(plain_page.get_by_role("heading", level=1)).to_have_text("What would you like to do?")
    plain_page.get_by_role("link", name="Sign out").click()
    plain_page.get_by_role("button", name="Sign out").click()
    expect(plain_page.get_by_text("You are signed out.")).to_be_visible()


def test_ones_own_account_from_home_to_second_step(page: Page, home: str, check_page: CheckPage) -> None:
    someone = a_person("sender")
    also_in(someone, "sender", an_organization("Example Housing"))
    sign_in(page, home, someone)
    check_page(page, "directory-acting")
    page.get_by_label("Example Housing").check()
    page.get_by_role("button", name="Continue").click()
    check_page(page, "directory-home")
    page.goto(f"{home}/account")
    check_page(page, "directory-account")
    page.get_by_role("button", name="Change your password").click()
    check_page(page, "directory-password")
    page.goto(f"{home}/account/second-step")
    check_page(page, "directory-second-step")
    key = page.locator("code.app-key").inner_text().replace(" ", "")
    known = Someone(someone.id, someone.email, None, key)
    page.get_by_role("textbox", name="Code").fill(known.code(now()))
    page.get_by_role("button", name="Turn on the second step").click()
    expect(page.locator(".app-codes li")).to_have_count(10)
    check_page(page, "directory-recovery-codes")
    page.goto(f"{home}/account/second-step/off")
    check_page(page, "directory-second-step-off")
    page.goto(f"{home}/sign-out")
    check_page(page, "directory-sign-out")
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, home, someone)
    check_page(page, "directory-code")


def test_looking_after_people(page: Page, home: str, check_page: CheckPage) -> None:
    organization = an_organization("Front Street Example Surgery")
    a_team(organization, "Example link workers")
    admin = a_person("org_admin", "sender", organization_id=organization)
    member = a_person("sender", organization_id=organization)
    sign_in(page, home, admin)
    page.goto(f"{home}/people")
    page.get_by_role("button", name="Invite somebody").click()
    check_page(page, "directory-invite")
    page.get_by_role("button", name="Send the invitation").click()
    check_page(page, "directory-invite-wrong")
    page.get_by_label("Their e-mail address").fill(f"new-{uuid4().hex[:6]}@somewhere.example")
    page.get_by_label("Link worker", exact=True).check()
    page.get_by_label("Example link workers").check()
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("The invitation is on its way")).to_be_visible()
    check_page(page, "directory-people")
    page.goto(f"{home}/people/{organization}/{member.id}/remove")
    check_page(page, "directory-remove")
    page.get_by_role("button", name="Yes, remove").click()
    expect(page.get_by_text("They do not belong to this organisation any more.")).to_be_visible()


def test_choosing_changing_and_removing_the_referral_mailbox(
    page: Page, plain_page: Page, home: str, check_page: CheckPage
) -> None:
    organization = an_organization("Front Street Example Surgery")
    sign_in(page, home, a_person("org_admin", organization_id=organization))
    page.goto(f"{home}/people")
    page.get_by_role("button", name="Referral mailbox").click()
    check_page(page, "directory-mailbox-none")
    page.get_by_role("button", name="Choose a mailbox").click()
    check_page(page, "directory-mailbox-choose")
    page.get_by_role("button", name="Send the letter").click()
    check_page(page, "directory-mailbox-choose-wrong")
    first = f"referrals-{uuid4().hex[:6]}@practice.example"
    page.get_by_label("E-mail address of the mailbox").fill(first)
    page.get_by_role("button", name="Send the letter").click()
    expect(page.get_by_text("A letter is on its way to that address.")).to_be_visible()
    check_page(page, "directory-mailbox-waiting")

    letter = mailbox_letter(organization)
    page.goto(letter)
    check_page(page, "directory-mailbox-confirm")
    page.get_by_role("button", name="Yes, send news here").click()
    expect(page.get_by_role("heading", name="News comes here from now on")).to_be_visible()
    check_page(page, "directory-mailbox-confirmed")
    page.goto(letter)
    check_page(page, "directory-mailbox-link-over")

    page.goto(f"{home}/mailbox/{organization}")
    expect(page.get_by_text("Waiting to be confirmed")).to_have_count(0)
    check_page(page, "directory-mailbox-in-use")
    page.get_by_role("button", name="Change the address").click()
    second = f"new-{uuid4().hex[:6]}@practice.example"
    page.get_by_label("E-mail address of the mailbox").fill(second)
    check_page(page, "directory-mailbox-change")
    page.get_by_role("button", name="Send the letter").click()
    expect(page.get_by_text(f"news goes on to {first}")).to_be_visible()
    check_page(page, "directory-mailbox-in-use-and-waiting")

    # Whoever reads a mailbox may have no account, and here no JavaScript.
    plain_page.goto(mailbox_letter(organization))
    plain_page.get_by_role("button", name="Yes, send news here").click()
    plain_page.get_by_role("heading", name="News comes here from now on").wait_for()
    page.reload()
    page.get_by_role("button", name="Remove the mailbox").click()
    check_page(page, "directory-mailbox-remove")
    page.get_by_role("button", name="Yes, remove the mailbox").click()
    expect(page.get_by_text("The mailbox is removed.")).to_be_visible()
    expect(page.get_by_text("There is no mailbox yet")).to_be_visible()
    expect(page.get_by_role("main")).not_to_contain_text(second)


def mailbox_letter(organization: UUID) -> str:
    """The address the newest letter to a mailbox leads to."""
    (link,) = rows(
        ActionLink,
        ActionLink.organization_id == organization,
        ActionLink.kind == "mailbox_confirm",
        ActionLink.used_at.is_(None),
    )
    return links.mint(link.id, now()).url


def test_joining_by_an_invitation(page: Page, home: str, check_page: CheckPage) -> None:
    admin = a_person("org_admin", organization_id=an_organization("Example Circle"))
    assert admin.organization_id
    link_id = invitations.invite(
        f"joiner-{uuid4().hex[:6]}@somewhere.example",
        roles=["sender"],
        team_ids=[],
        organization_id=admin.organization_id,
        by=caller_of(admin),
        at=now(),
    )
    page.goto(links.mint(link_id, now()).url)
    check_page(page, "directory-invitation")
    page.get_by_label("Your name").fill("Jo Testperson")
    page.get_by_label("Choose a password").fill("kettle walnut harbour")
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_text("Your account is made.")).to_be_visible()


def test_the_forums_admin_looks_for_an_organisation(page: Page, home: str, check_page: CheckPage) -> None:
    an_organization("Looked For Example")
    sign_in(page, home, a_person("forum_admin"))
    page.goto(f"{home}/people")
    page.get_by_label("Part of its name").fill("looked")
    page.get_by_role("button", name="Find").click()
    check_page(page, "directory-people-find")
