"""An organisation's mailbox: set by its own admins alone, used once confirmed, the old one told."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from time import sleep
from uuid import UUID, uuid4

import pytest

from services.directory.actions import links, mailboxes, people
from services.directory.domain.listings import OrganizationStatus
from services.directory.domain.mailboxes import MOST_LETTERS
from services.directory.store.database import database
from services.directory.store.identity import Account, ActionLink
from services.directory.store.mailboxes import ReferralMailbox
from services.directory.store.organizations import Organization
from services.directory.store.queries.snapshot_docs import documents
from services.directory.store.relay import AccessLog, Outbox
from shared.auth import Caller, Membership, Role
from shared.auth.caller import Kind
from shared.errors import Conflict, Invalid, NotFound, TooMany
from tests.builders.identity import (
    NOON,
    Browser,
    Someone,
    a_person,
    also_in,
    an_organization,
    caller_of,
    rows,
)
from tests.queries import count_queries

pytestmark = pytest.mark.usefixtures("app")
EXAMPLES = Path(__file__).parents[2] / "contract" / "examples" / "directory"


class Killed(BaseException):
    """Stands for SIGKILL: nothing after it runs."""


def an_admin() -> tuple[Someone, UUID]:
    admin = a_person("org_admin")
    assert admin.organization_id
    return admin, admin.organization_id


def an_address(local: str = "referrals") -> str:
    return f"{local}-{uuid4().hex[:8]}@practice.example"


def ask(admin: Someone, email: str, at=NOON) -> UUID:
    return mailboxes.ask(email, admin.organization_id, caller_of(admin), at)


def token_of(link_id: UUID, at=NOON) -> str:
    return links.mint(link_id, at).url.rsplit("/", 1)[-1]


def with_a_mailbox() -> tuple[Someone, UUID, str]:
    admin, organization = an_admin()
    email = an_address()
    mailboxes.confirm(token_of(ask(admin, email)), NOON)
    return admin, organization, email


def in_use(organization: UUID) -> str | None:
    found = mailboxes.addresses_of([organization])
    return found[0].email if found else None


def letters(organization: UUID, kind: str) -> list[str]:
    """To whom letters of this kind went, by the outbox: what is not there is never sent."""
    made = rows(ActionLink, ActionLink.organization_id == organization, ActionLink.kind == kind)
    events = {row.data["link_id"] for row in rows(Outbox, Outbox.type == "account.notice.v1")}
    return [link.email for link in sorted(made, key=lambda x: x.created_at) if str(link.id) in events]


def acts(organization: UUID) -> list[str]:
    found = [row for row in rows(AccessLog) if row.subjects == [organization]]
    return [row.act for row in sorted(found, key=lambda row: row.id)]


def says_there_is_one(organization: UUID) -> bool:
    with database.transaction() as session:
        return bool(
            documents(session, "organization", [str(organization)])[str(organization)]["has_referral_mailbox"]
        )


def test_an_address_is_used_once_its_reader_has_confirmed_it() -> None:
    admin, organization = an_admin()
    email = an_address()
    token = token_of(ask(admin, email))
    assert in_use(organization) is None
    assert not says_there_is_one(organization)
    assert mailboxes.look(token, NOON).email == email
    assert in_use(organization) is None, "looking changes nothing: mail scanners open links"
    mailboxes.confirm(token, NOON)
    assert in_use(organization) == email
    assert says_there_is_one(organization)
    assert letters(organization, "mailbox_confirm") == [email]
    assert letters(organization, "mailbox_ended") == []
    assert acts(organization) == ["ask_for_mailbox", "confirm_mailbox"]


def test_the_link_works_once_and_for_a_week_and_is_kept_as_a_hash() -> None:
    admin, _, _ = with_a_mailbox()
    token = token_of(ask(admin, an_address()))
    (link,) = rows(ActionLink, ActionLink.created_by == str(admin.id), ActionLink.used_at.is_(None))
    assert link.token_hash is not None
    assert token.encode() not in link.token_hash
    with pytest.raises(Conflict, match="too old"):
        mailboxes.confirm(token, NOON + timedelta(days=7))
    mailboxes.confirm(token, NOON + timedelta(days=6))
    with pytest.raises(Conflict, match="used already"):
        mailboxes.confirm(token, NOON + timedelta(days=6))
    with pytest.raises(NotFound):
        mailboxes.confirm("a-token-nobody-made", NOON)


def test_until_a_new_address_is_confirmed_the_old_one_stays_and_then_it_is_told() -> None:
    admin, organization, old = with_a_mailbox()
    new = an_address("new")
    token = token_of(ask(admin, new))
    assert in_use(organization) == old
    assert letters(organization, "mailbox_ended") == []
    mailboxes.confirm(token, NOON)
    assert in_use(organization) == new
    assert letters(organization, "mailbox_ended") == [old]


def test_the_letter_to_the_old_address_carries_no_token() -> None:
    admin, organization, old = with_a_mailbox()
    mailboxes.remove(organization, old, caller_of(admin), NOON)
    (link,) = rows(ActionLink, ActionLink.organization_id == organization, ActionLink.kind == "mailbox_ended")
    letter = links.mint(link.id, NOON)
    assert (letter.to, letter.template) == (old, "mailbox_ended")
    assert letter.url == "http://localhost:5001/"


def test_a_removed_mailbox_is_told_and_used_no_more_and_so_is_one_that_waits() -> None:
    admin, organization, old = with_a_mailbox()
    token = token_of(ask(admin, an_address("new")))
    mailboxes.remove(organization, old, caller_of(admin), NOON)
    assert in_use(organization) is None
    assert not says_there_is_one(organization)
    assert letters(organization, "mailbox_ended") == [old]
    with pytest.raises(Conflict, match="taken back"):
        mailboxes.confirm(token, NOON)
    with pytest.raises(Conflict, match="not the one you were shown"):
        mailboxes.remove(organization, old, caller_of(admin), NOON)
    assert letters(organization, "mailbox_ended") == [old]


def test_a_mailbox_that_was_changed_meanwhile_is_not_removed_in_place_of_the_one_shown() -> None:
    admin, organization, old = with_a_mailbox()
    new = an_address("new")
    mailboxes.confirm(token_of(ask(admin, new)), NOON)
    with pytest.raises(Conflict, match="not the one you were shown"):
        mailboxes.remove(organization, old, caller_of(admin), NOON)
    assert in_use(organization) == new


def test_an_address_that_waits_is_taken_back_replaced_or_asked_again() -> None:
    admin, organization = an_admin()
    by = caller_of(admin)
    first = token_of(ask(admin, an_address("first")))
    second = token_of(ask(admin, an_address("second")))
    for over in (first,):
        with pytest.raises(Conflict, match="replaced"):
            mailboxes.look(over, NOON)
    third = token_of(mailboxes.ask_again(organization, by, NOON))
    with pytest.raises(Conflict, match="replaced"):
        mailboxes.look(second, NOON)
    assert mailboxes.look(third, NOON).email.startswith("second")
    mailboxes.take_back(organization, by, NOON)
    with pytest.raises(Conflict, match="taken back"):
        mailboxes.look(third, NOON)
    for nothing in (mailboxes.take_back, mailboxes.ask_again):
        with pytest.raises(Conflict, match="No address waits"):
            nothing(organization, by, NOON)
    assert mailboxes.mailbox_of(organization, by).waiting is None


def test_so_many_letters_a_day_go_to_unconfirmed_addresses_and_no_more() -> None:
    admin, organization = an_admin()
    for _ in range(MOST_LETTERS):
        ask(admin, an_address())
    with pytest.raises(TooMany):
        ask(admin, an_address())
    with pytest.raises(TooMany):
        mailboxes.ask_again(organization, caller_of(admin), NOON)
    assert len(letters(organization, "mailbox_confirm")) == MOST_LETTERS
    ask(admin, an_address(), NOON + timedelta(days=1, seconds=1))


@pytest.mark.parametrize(
    "text", ["", "nobody", "two@one.example, other@one.example", "a@b\r\nBcc: c@d.example"]
)
def test_what_is_no_address_is_refused_and_nothing_is_sent(text) -> None:
    admin, organization = an_admin()
    with pytest.raises(Invalid) as wrong:
        ask(admin, text)
    assert [problem.pointer for problem in wrong.value.errors] == ["/email"]
    assert letters(organization, "mailbox_confirm") == []


def test_the_address_in_use_is_not_asked_for_again() -> None:
    admin, organization, email = with_a_mailbox()
    with pytest.raises(Invalid):
        ask(admin, email.upper())
    assert letters(organization, "mailbox_confirm") == [email]


def everything(organization: UUID, by: Caller) -> list[object]:
    email = an_address()
    return [
        lambda: mailboxes.mailbox_of(organization, by),
        lambda: mailboxes.ask(email, organization, by, NOON),
        lambda: mailboxes.ask_again(organization, by, NOON),
        lambda: mailboxes.take_back(organization, by, NOON),
        lambda: mailboxes.remove(organization, in_use(organization) or "", by, NOON),
    ]


@pytest.mark.parametrize("role", ["sender", "lead", "safeguarding_lead", "forum_admin", "commissioner"])
def test_to_anybody_but_the_organisations_admins_there_is_no_mailbox(role) -> None:
    _, organization, email = with_a_mailbox()
    for someone in (a_person(role, organization_id=organization), a_person("org_admin")):
        for act in everything(organization, caller_of(someone)):
            with pytest.raises(NotFound):
                act()
    assert in_use(organization) == email


def test_an_admin_whose_second_step_waits_or_whose_part_has_ended_may_not() -> None:
    admin, organization, email = with_a_mailbox()
    also_in(admin, "sender", organization)
    before_the_code = Caller(
        str(admin.id), Kind.PERSON, org=organization, memberships=(Membership(organization, Role.SENDER),)
    )
    other = a_person("org_admin", organization_id=organization)
    stale = caller_of(admin)
    people.remove(organization, admin.id, caller_of(other), NOON)
    for by in (before_the_code, stale):
        for act in everything(organization, by):
            with pytest.raises(NotFound):
                act()
    assert in_use(organization) == email


def test_a_system_may_not_whatever_its_roles_say() -> None:
    _, organization, _ = with_a_mailbox()
    by = Caller(
        "demo-system", Kind.CLIENT, org=organization, memberships=(Membership(organization, Role.ORG_ADMIN),)
    )
    for act in everything(organization, by):
        with pytest.raises(NotFound):
            act()


@pytest.mark.parametrize("how", ["left", "closed"])
def test_what_an_admin_asked_for_is_over_once_they_are_admin_no_more(how) -> None:
    admin, organization = an_admin()
    other = a_person("org_admin", organization_id=organization)
    token = token_of(ask(admin, an_address()))
    if how == "left":
        people.remove(organization, admin.id, caller_of(other), NOON)
    else:
        with database.transaction() as session:
            session.get_one(Account, admin.id).active = False
    for over in (mailboxes.look, mailboxes.confirm):
        with pytest.raises(Conflict, match="taken back"):
            over(token, NOON)
    assert in_use(organization) is None


def test_a_closed_organisation_has_no_mailbox_any_more() -> None:
    admin, organization, _ = with_a_mailbox()
    token = token_of(ask(admin, an_address("new")))
    with database.transaction() as session:
        session.get_one(Organization, organization).status = OrganizationStatus.CLOSED
    assert in_use(organization) is None
    with pytest.raises(Conflict):
        mailboxes.confirm(token, NOON)
    with pytest.raises(NotFound):
        mailboxes.mailbox_of(organization, caller_of(admin))


def test_of_two_admins_asking_at_once_one_address_waits(monkeypatch) -> None:
    write = mailboxes._letter

    def write_slowly(*given) -> ActionLink:
        sleep(0.3)
        return write(*given)

    monkeypatch.setattr(mailboxes, "_letter", write_slowly)
    admin, organization = an_admin()
    other = a_person("org_admin", organization_id=organization)
    addresses = [an_address("one"), an_address("two")]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(ask, (admin, other), addresses))
    waiting = rows(
        ActionLink,
        ActionLink.organization_id == organization,
        ActionLink.revoked_at.is_(None),
        ActionLink.used_at.is_(None),
    )
    assert len(waiting) == 1
    assert waiting[0].email in addresses


def test_confirming_at_once_counts_once_and_tells_the_old_address_once() -> None:
    admin, organization, old = with_a_mailbox()
    token = token_of(ask(admin, an_address("new")))

    def confirm(_: int) -> str:
        try:
            mailboxes.confirm(token, NOON)
        except Conflict as over:
            return over.detail
        return "confirmed"

    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(confirm, range(4)))
    assert said.count("confirmed") == 1
    assert letters(organization, "mailbox_ended") == [old]


def test_removing_while_a_new_one_is_confirmed_leaves_one_story() -> None:
    for _ in range(4):
        admin, organization, old = with_a_mailbox()
        token, by = token_of(ask(admin, an_address("new"))), caller_of(admin)

        def tried(act, *given) -> bool:
            try:
                act(*given)
            except Conflict:
                return False
            return True

        with ThreadPoolExecutor(2) as pool:
            confirmed = pool.submit(tried, mailboxes.confirm, token, NOON)
            removed = pool.submit(tried, mailboxes.remove, organization, old, by, NOON)
        assert confirmed.result() != removed.result()
        assert (in_use(organization) is None) == removed.result()
        assert letters(organization, "mailbox_ended") == [old]


def test_killed_half_way_nothing_has_changed_and_nobody_is_told(monkeypatch) -> None:
    admin, organization, old = with_a_mailbox()
    token = token_of(ask(admin, an_address("new")))

    def killed(*_, **__) -> None:
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(mailboxes, "record", killed)
        with pytest.raises(Killed):
            mailboxes.confirm(token, NOON)
        with pytest.raises(Killed):
            mailboxes.remove(organization, old, caller_of(admin), NOON)
    assert in_use(organization) == old
    assert letters(organization, "mailbox_ended") == []
    mailboxes.confirm(token, NOON)
    assert letters(organization, "mailbox_ended") == [old]


def test_the_other_services_are_told_that_there_is_one_and_never_where() -> None:
    _, organization, email = with_a_mailbox()
    with database.transaction() as session:
        doc = documents(session, "organization", [str(organization)])[str(organization)]
    assert doc["has_referral_mailbox"] is True
    assert email not in str(doc)
    assert not any(email in str(row.data) for row in rows(Outbox))


def test_only_notifications_may_ask_where(app, as_service) -> None:
    _, organization, email = with_a_mailbox()
    without = an_organization()
    body = {"ids": [str(organization), str(without), str(uuid4())]}
    client, path = app.test_client(), "/api/v1/referral-mailboxes/lookup"
    answer = client.post(path, json=body, headers=as_service["notifications"])
    assert answer.json == {"items": [{"organization_id": str(organization), "email": email}]}
    promised = json.loads((EXAMPLES / "referral_mailboxes_lookup.json").read_text())
    assert [set(item) for item in answer.json["items"]] == [set(item) for item in promised["items"]]
    assert client.post(path, json=body, headers=as_service["referrals"]).status_code == 404
    assert client.post(path, json=body).status_code == 401
    many = {"ids": [str(uuid4()) for _ in range(501)]}
    assert client.post(path, json=many, headers=as_service["notifications"]).status_code == 422


def test_many_mailboxes_are_read_in_one_query() -> None:
    some = [with_a_mailbox()[1] for _ in range(3)]
    with count_queries(database.engine) as one:
        mailboxes.addresses_of(some[:1])
    with count_queries(database.engine) as three:
        assert len(mailboxes.addresses_of(some)) == 3
    assert len(three) == len(one)


def test_the_pages_from_an_empty_one_to_a_removed_mailbox(browser: Browser, app) -> None:
    admin, organization = an_admin()
    browser.sign_in(admin)
    home = f"/mailbox/{organization}"
    assert f'href="{home}"' in browser.get(f"/people/{organization}").text
    assert "There is no mailbox yet" in browser.get(home).text

    wrong = browser.send(f"{home}/change", email="nobody")
    assert wrong.status_code == 422
    assert "<title>Error: " in wrong.text
    assert 'value="nobody"' in wrong.text
    email = an_address()
    assert browser.send(f"{home}/change", email=email).status_code == 303
    waiting = browser.get(home).text
    assert email in waiting
    assert "nothing goes there" in waiting
    assert "Choose another address" in waiting

    (link,) = rows(ActionLink, ActionLink.organization_id == organization)
    reader = Browser(app)
    path = links.mint(link.id, NOON).url.removeprefix("http://localhost:5001")
    assert "Yes, send news here" in reader.get(path).text
    assert "from now on" in reader.send(path).text
    again = reader.get(path)
    assert again.status_code == 410
    assert "used already" in again.text

    assert "Since" in browser.get(home).text
    assert email in browser.get(f"{home}/remove").text
    assert browser.send(f"{home}/remove", shown=email).status_code == 303
    assert "The mailbox is removed" in browser.get(home).text
    assert browser.get(f"{home}/remove").status_code == 302
    assert rows(ReferralMailbox, ReferralMailbox.organization_id == organization) == []


def test_the_limit_is_said_on_the_form(browser: Browser) -> None:
    admin, organization = an_admin()
    browser.sign_in(admin)
    for _ in range(MOST_LETTERS):
        browser.send(f"/mailbox/{organization}/change", email=an_address())
    refused = browser.send(f"/mailbox/{organization}/change", email=an_address())
    assert "Try again tomorrow" in refused.text
    assert refused.status_code == 422


def test_the_forums_admin_sees_no_door_to_it_and_no_page(browser: Browser) -> None:
    _, organization, _ = with_a_mailbox()
    browser.sign_in(a_person("forum_admin"))
    assert "Referral mailbox" not in browser.get(f"/people/{organization}").text
    assert browser.get(f"/mailbox/{organization}").status_code == 404
