"""Pages one comes to by filling in forms or by a letter, and pages that say what went wrong."""

from __future__ import annotations

import re
from secrets import token_hex

import pyotp
import pytest

from tests.builders.running_lives import act, send
from tests.builders.visitors import Visitor
from tests.builders.walking import ASK, JOINING, MAILBOX, PASSWORD_FORGOTTEN, REFER, Walk, tab_of
from tests.e2e import pages_asking as asking
from tests.e2e import pages_referrals as job
from tests.stack import PASSWORD, eventually

pytestmark = [pytest.mark.deep, pytest.mark.e2e]
PHRASE = "kettle walnut harbour"


@pytest.fixture
def walk(stack, check_page):
    return Walk(stack, check_page)


def link_in_letter(stack, to, words):
    """The address in the newest letter to somebody that has `words` in its path."""

    def found():
        letters = stack.rows(
            "notifications",
            "select body from caught_letter where recipient ilike %s order by id desc",
            f"%{to}%",
        )
        links = [link for (body,) in letters for link in re.findall(rf"https?://\S*/{words}/\S+", body)]
        return links[0] if links else None

    return eventually(found, within=30)


def test_the_pages_of_sending_a_referral_are_in_order(stack, browser, walk):
    at = stack.url("referrals")
    with tab_of(browser, Visitor(stack, "practice")) as page:
        page.goto(f"{at}/refer")
        walk.look(page, "refer-start")
        page.get_by_role("button", name="See who can help").click()
        page.get_by_role("alert").wait_for()
        walk.look(page, "refer-start-errors")
        job.start_referral(page, at, needs=("Loneliness and isolation",))
        walk.look(page, "refer-who")
        page.get_by_role("button", name="Continue").click()
        walk.look(page, "refer-who-none-chosen")
        job.choose(page)
        walk.look(page, "refer-about")
        page.get_by_role("button", name="Continue").click()
        walk.look(page, "refer-about-empty")
        page.goto(page.url.rsplit("/", 1)[0] + "/about")
        job.tell_about(page, family=f"Steps-{token_hex(4)}")
        walk.look(page, "refer-contact")
        job.say_how_to_reach(page)
        walk.look(page, "refer-check")
        page.get_by_role("link", name="Who it is").click()
        walk.look(page, "refer-start-again")
        page.go_back()
        job.send(page)
        walk.look(page, "refer-sent")
    assert walk.opened >= REFER


def test_the_pages_of_asking_for_help_are_in_order(stack, browser, walk):
    at = stack.url("referrals", "/for-you/york")
    with tab_of(browser, None) as page:
        page.goto(at)
        walk.look(page, "ask-who")
        page.get_by_role("button", name="Start").click()
        page.get_by_role("alert").wait_for()
        walk.look(page, "ask-who-errors")
        asking.start(page, at, "Somebody in my family, or a friend")
        walk.look(page, "ask-them")
        page.get_by_label("Not yet, or I am not sure").check()
        page.get_by_role("button", name="Continue").click()
        asking.arrive(page, "Talk to them first")
        walk.look(page, "ask-not-yet")
        for name, heading in asking.begin_for_oneself(page, at):
            walk.look(page, f"ask-{name}")
            if name in ("what", "reach"):
                page.get_by_role("button", name="Continue").click()
                page.get_by_role("alert").wait_for()
                walk.look(page, f"ask-{name}-errors")
            asking.answer(page, name, heading)
        walk.look(page, "ask-check")
        page.get_by_role("button", name="Send").click()
        asking.arrive(page, "Thank you. It is sent")
        walk.look(page, "ask-sent")
        link = asking.private_link(page)
        walk.look(page, "ask-sent-link")
        page.goto(link)
        walk.look(page, "ask-status")
        page.get_by_label("Anything to add?").fill("I can't go on and want to die.")
        page.get_by_role("button", name="Send it to the team").click()
        page.get_by_text("The team has it now.").wait_for()
        walk.look(page, "ask-status-danger")
        page.goto(link[:-1])
        walk.look(page, "ask-no-link")
    assert walk.opened >= ASK


def test_the_pages_of_a_forgotten_password_are_in_order(stack, browser, walk):
    with tab_of(browser, None) as page:
        page.goto(stack.url("directory", "/forgotten"))
        walk.look(page, "forgotten")
        page.get_by_role("button", name="Send me a link").click()
        page.get_by_role("alert").wait_for()
        walk.look(page, "forgotten-empty")
        page.get_by_label("E-mail address").fill("housing@demo.example")
        page.get_by_role("button", name="Send me a link").click()
        page.wait_for_url("**/forgotten/sent")
        walk.look(page, "forgotten-sent")
        page.goto(link_in_letter(stack, "housing@demo.example", "reset"))
        walk.look(page, "reset")
        page.get_by_label("New password").fill("short")
        page.get_by_role("button", name="Set the password").click()
        page.get_by_role("alert").wait_for()
        walk.look(page, "reset-too-short")
        page.goto(stack.url("directory", "/reset/made-up"))
        walk.look(page, "reset-over")
    assert walk.opened >= PASSWORD_FORGOTTEN


def test_the_pages_of_joining_and_of_the_second_step_are_in_order(stack, browser, walk):
    newcomer = f"joiner-{token_hex(4)}@somewhere.example"
    with tab_of(browser, Visitor(stack, "practice-admin")) as page:
        page.goto(stack.url("directory", "/people"))
        page.get_by_role("button", name="Invite somebody").click()
        walk.look(page, "invite")
        page.get_by_role("button", name="Send the invitation").click()
        page.get_by_role("alert").wait_for()
        walk.look(page, "invite-empty")
        page.get_by_label("Their e-mail address").fill(newcomer)
        page.get_by_role("group", name="What will they do?").get_by_role("checkbox").first.check()
        page.get_by_role("button", name="Send the invitation").click()
        page.get_by_text("The invitation is on its way").wait_for()
        walk.look(page, "people-invited")
    with tab_of(browser, None) as page:
        page.goto(link_in_letter(stack, newcomer, "invitation"))
        walk.look(page, "invitation")
        page.get_by_role("button", name="Join").click()
        page.get_by_role("alert").wait_for()
        walk.look(page, "invitation-empty")
        page.get_by_label("Your name").fill("Jo Testperson")
        page.get_by_label("Choose a password").fill(PHRASE)
        page.get_by_role("button", name="Join").click()
        page.get_by_text("Your account is made.").wait_for()
        walk.look(page, "joined")
        page.get_by_label("E-mail address").fill(newcomer)
        page.get_by_label("Password").fill(PHRASE)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("link", name="Sign out").wait_for()
        page.goto(stack.url("directory", "/account/second-step"))
        walk.look(page, "second-step")
        secret = page.locator("code.app-key").inner_text().replace(" ", "")
        page.get_by_role("textbox", name="Code").fill(pyotp.TOTP(secret).now())
        page.get_by_role("button", name="Turn on the second step").click()
        page.locator(".app-codes").wait_for()
        walk.look(page, "recovery-codes")
        page.goto(stack.url("directory", "/account/recovery-codes"))
        walk.look(page, "recovery-codes-again")
        page.goto(stack.url("directory", "/account/second-step/off"))
        walk.look(page, "second-step-off")
    with tab_of(browser, None) as page:
        page.goto(stack.url("directory", "/sign-in"))
        page.get_by_label("E-mail address").fill(newcomer)
        page.get_by_label("Password").fill(PHRASE)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/sign-in/code*")
        walk.look(page, "code")
        page.get_by_role("textbox", name="Code").fill("000000")
        page.get_by_role("button", name="Continue").click()
        page.get_by_role("alert").wait_for()
        walk.look(page, "code-wrong")
    assert walk.opened >= JOINING


def test_the_pages_of_a_referral_mailbox_are_in_order(stack, browser, walk):
    address = f"referrals-{token_hex(4)}@somewhere.example"
    with tab_of(browser, Visitor(stack, "practice-admin")) as page:
        page.goto(stack.url("directory", "/people"))
        page.get_by_role("button", name="Referral mailbox").click()
        walk.look(page, "mailbox")
        page.get_by_role("button", name="Change the address").click()
        page.get_by_role("button", name="Send the letter").click()
        page.get_by_role("alert").wait_for()
        walk.look(page, "mailbox-empty")
        page.get_by_label("E-mail address of the mailbox").fill(address)
        page.get_by_role("button", name="Send the letter").click()
        page.get_by_text("A letter is on its way to that address.").wait_for()
        walk.look(page, "mailbox-waiting")
    with tab_of(browser, None) as page:
        page.goto(link_in_letter(stack, address, "mailbox/confirm"))
        walk.look(page, "mailbox-confirm")
        page.get_by_role("button", name="Yes, send news here").click()
        page.get_by_role("heading", name="News comes here from now on").wait_for()
        walk.look(page, "mailbox-confirmed")
        page.goto(stack.url("directory", "/mailbox/confirm/made-up"))
        walk.look(page, "mailbox-over")
    referral = send(stack)["id"]
    eventually(lambda: told_by_letter(stack, address, referral), within=60)
    assert walk.opened >= MAILBOX


def told_by_letter(stack, address, referral):
    """True once a letter to this address leads to the referral."""
    letters = stack.rows("notifications", "select body from caught_letter where recipient = %s", address)
    return any(referral in body for (body,) in letters)


def test_pages_that_say_what_went_wrong_are_in_order(stack, browser, walk):
    referral = send(stack)["id"]
    act(stack, referral, "accept")
    with tab_of(browser, Visitor(stack, "lead")) as page:
        at = stack.url("referrals", f"/referrals/{referral}")
        for name in ("accept", "decline", "reassign", "redirect", "start", "hold", "complete", "contact"):
            page.goto(f"{at}/{name}")
            walk.look(page, f"act-{name}")
            buttons = page.locator(
                "main form[method=post] button[type=submit], main form[method=post] button"
            )
            if page.locator("main form[method=post]").count() and name not in ("accept",):
                buttons.first.click()
                walk.look(page, f"act-{name}-sent-empty")
        page.goto(stack.url("referrals", "/find"))
        page.get_by_role("main").get_by_role("button", name="Find").click()
        walk.look(page, "find-nothing-typed")


@pytest.mark.parametrize("who", [None, "practice"])
@pytest.mark.parametrize("service", ["directory", "referrals", "notifications"])
def test_a_page_that_is_not_there_is_in_order(service, who, stack, browser, check_page):
    with tab_of(browser, who and Visitor(stack, who)) as page:
        answer = page.goto(stack.url(service, "/nothing/is/here"))
        assert answer.status == 404
        check_page(page, f"steps-{service}-not-there-{who or 'nobody'}")


def test_a_form_that_comes_from_elsewhere_is_refused_with_a_page_in_order(stack, browser, check_page):
    with tab_of(browser, None) as page:
        page.goto(stack.url("directory", "/sign-in"))
        page.locator("main input[name=csrf_token]").first.evaluate("(field) => { field.value = 'made-up' }")
        page.get_by_label("E-mail address").fill("practice@demo.example")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        check_page(page, "steps-form-from-elsewhere")
        assert "sent" not in page.url
