"""The pages of notifications in a real browser, at both widths."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
import responses
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import text

from services.notifications.actions.plan_messages import plan_messages
from services.notifications.actions.receive_events import receive_events
from services.notifications.actions.send_messages import check_provider, send_due
from services.notifications.app import create_app
from services.notifications.domain.rules import Channel
from services.notifications.store.database import database
from shared.auth import Caller, Role
from shared.auth.sessions import COOKIE
from tests.builders.notifications import AT, LATER, Neighbours, PostOffice, account_notice, event, person
from tests.builders.notifications_browser import token, trust_the_directory
from tests.e2e.conftest import CheckPage
from tests.e2e.serving import served

pytestmark = pytest.mark.e2e
WORDS = ("received", "accepted", "a question for you", "passed back", "completed")
REFERRAL = UUID("00000000-0000-0000-0000-00000000000a")


@pytest.fixture(scope="module")
def site(notifications_database: str, valkey: str) -> Iterator[str]:
    trust_the_directory()
    with served(create_app()) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def told(site: str) -> Caller:
    """Somebody who was told five things, one of which did not arrive; and an invitation."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as stub, PostOffice() as office:
        neighbours = Neighbours(stub)
        recipient = neighbours.account("email", "inbox")
        with pytest.MonkeyPatch.context() as settings:
            settings.setenv("SMTP_URL", f"smtp://127.0.0.1:{office.port}")
            for minute, words in enumerate(WORDS):
                at = AT + timedelta(minutes=minute)
                happened = event("referral.asked.v1", REFERRAL, time=at.isoformat())
                template = "question_waiting" if "question" in words else "referral_news"
                neighbours.tells(happened, recipient | {"words": words, "template": template})
                receive_events([happened], at)
                plan_messages(at)
                office.say += ["550 no such mailbox"] if words == "completed" else []
                send_due(at, "worker")
            waiting = event("referral.declined.v1", REFERRAL, time=LATER.isoformat())
            neighbours.tells(waiting, recipient)
            notice = account_notice("invitation")
            link = {"to": "terry@somewhere.example", "url": "http://localhost:5001/invitation/an-example"}
            neighbours.links[notice["data"]["link_id"]] = link
            receive_events([waiting, notice, event("weather.changed.v9")], LATER)
            plan_messages(LATER)
            send_due(LATER, "worker")
            check_provider(Channel.EMAIL, LATER)
    return person(Role.SENDER, Role.ORG_ADMIN, account=UUID(recipient["id"]))


@pytest.fixture
def signed_in(site: str, told: Caller, context: BrowserContext) -> str:
    context.add_cookies([{"name": COOKIE, "value": token(told), "url": site}])
    return site


def test_notices_are_clean_at_both_widths_and_can_be_read(
    signed_in: str, page: Page, check_page: CheckPage
) -> None:
    page.goto(f"{signed_in}/")
    expect(page.get_by_role("heading", name="Notices", exact=True)).to_be_visible()
    check_page(page, "notifications-notices")
    page.get_by_role("button", name="Mark as read").first.click()
    expect(page.get_by_text("The notice is marked as read.")).to_be_visible()
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.get_by_text("You have read them all.")).to_be_visible()
    check_page(page, "notifications-notices-read")


def test_an_empty_inbox_is_clean_and_says_what_will_come(
    site: str, context: BrowserContext, page: Page, check_page: CheckPage
) -> None:
    context.add_cookies([{"name": COOKIE, "value": token(person()), "url": site}])
    page.goto(f"{site}/notices")
    expect(page.get_by_text("No notices yet")).to_be_visible()
    check_page(page, "notifications-empty")


def test_who_was_told_what_is_clean_and_a_failed_message_is_sent_again(
    signed_in: str, page: Page, check_page: CheckPage
) -> None:
    page.goto(f"{signed_in}/messages/{REFERRAL}")
    expect(page.get_by_text("Did not arrive")).to_be_visible()
    check_page(page, "notifications-told")
    page.goto(f"{signed_in}/messages?failed=1")
    check_page(page, "notifications-failed")
    page.get_by_text("Each try (1)").click()
    expect(page.get_by_text("no such mailbox").last).to_be_visible()
    page.get_by_role("button", name="Send it again").click()
    expect(page.get_by_text("The message will be sent again now.")).to_be_visible()
    page.goto(f"{signed_in}/messages?failed=1")
    expect(page.get_by_text("Every message arrived, or is on its way")).to_be_visible()
    with database.transaction() as session:
        session.execute(text("update message set status = 'failed' where status = 'queued' and tries = 0"))


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/messages", "messages"),
        ("/sending", "sending"),
        ("/status", "status"),
        ("/docs", "docs"),
        ("/messages/" + str(UUID(int=99)), "none"),
    ],
)
def test_other_pages_are_clean_at_both_widths(
    signed_in: str, page: Page, check_page: CheckPage, path: str, name: str
) -> None:
    page.goto(signed_in + path)
    check_page(page, f"notifications-{name}")


def test_a_choice_of_e_mails_is_kept(signed_in: str, page: Page, check_page: CheckPage) -> None:
    page.goto(f"{signed_in}/preferences")
    check_page(page, "notifications-preferences")
    page.get_by_label("New in the queue").uncheck()
    page.get_by_role("button", name="Keep my choice").click()
    expect(page.get_by_text("Your choice is kept.")).to_be_visible()
    expect(page.get_by_label("New in the queue")).not_to_be_checked()
    expect(page.get_by_label("Questions")).to_be_checked()


def test_the_outbox_is_clean_and_its_links_lead_on(
    site: str, told: Caller, page: Page, check_page: CheckPage
) -> None:
    page.goto(f"{site}/outbox")
    check_page(page, "notifications-outbox")
    page.get_by_role("link", name="You are invited to Linkwork").click()
    link = page.get_by_role("link", name="http://localhost:5001/invitation/an-example-1")
    expect(link).to_have_attribute("href", "http://localhost:5001/invitation/an-example-1")
    check_page(page, "notifications-letter")
