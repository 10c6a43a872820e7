"""What people do on the pages of referrals, as functions of a Playwright page and the service's address."""

from __future__ import annotations

from playwright.sync_api import Page


def arrive(page: Page, heading: str) -> None:
    """Wait until the page with this heading is there."""
    page.get_by_role("heading", level=1, name=heading).wait_for()


def start_referral(
    page: Page, at: str, *, needs: tuple[str, ...] = ("Loneliness",), postcode: str = "YO24 3BZ"
) -> None:
    """Page 1, up to the list of who can help."""
    page.goto(f"{at}/refer")
    for need in needs:
        page.get_by_label(need, exact=True).check()
    page.get_by_label("Day").first.fill("3")
    page.get_by_label("Month").first.fill("5")
    page.get_by_label("Year").first.fill("1952")
    page.get_by_label("Postcode where they live").fill(postcode)
    page.get_by_role("button", name="See who can help").click()
    arrive(page, "Who can help")


def choose(page: Page, name: str = "Let Linkwork find the right one") -> None:
    """Page 2: one service, or let Linkwork find the right one."""
    page.get_by_label(name, exact=True).check()
    page.get_by_role("button", name="Continue").click()
    arrive(page, "About them")


def tell_about(page: Page, *, given: str = "Ada", family: str = "Example") -> None:
    """Page 3."""
    page.get_by_label("What matters to them, in their own words").fill(
        "I miss going dancing on Fridays, and the house is very quiet."
    )
    page.get_by_label("Given name").fill(given)
    page.get_by_label("Family name").fill(family)
    page.get_by_label("Address, first lines").fill("1 Invented Row")
    page.get_by_label("Phone number").fill("01632 960 001")
    page.get_by_role("group", name="Is there a safeguarding concern?").get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Continue").click()
    arrive(page, "Safe contact and agreement")


def say_how_to_reach(page: Page) -> None:
    """Page 4: a call is safe after six, texts are not."""
    answer(page, "Is it safe to ring them?", "Yes")
    answer(page, "Is it safe to text them?", "No")
    answer(page, "How were they asked?", "In person")
    page.get_by_label("Large print").check()
    page.get_by_role("button", name="Check the answers").click()
    arrive(page, "Check the answers")


def answer(page: Page, question: str, text: str) -> None:
    """Choose a radio of a question."""
    group = page.get_by_role("group", name=question, exact=True)
    group.get_by_label(text, exact=True).first.check()


def send(page: Page) -> str:
    """Page 5; the reference of what was sent."""
    page.get_by_role("button", name="Send").click()
    arrive(page, "Sent")
    return page.get_by_text("Reference LW-").inner_text().split()[-1]


def refer(page: Page, at: str, *, given: str = "Ada", needs: tuple[str, ...] = ("Loneliness",)) -> str:
    """The whole way; the reference."""
    start_referral(page, at, needs=needs)
    choose(page)
    tell_about(page, given=given)
    say_how_to_reach(page)
    return send(page)


def accept_from_queue(page: Page, at: str, reference: str) -> None:
    """Take somebody on from the list."""
    page.goto(f"{at}/queue")
    page.get_by_role("button", name=f"Accept {reference}").click()


def act(page: Page, label: str) -> None:
    """Press one of the buttons of a referral's page."""
    page.get_by_role("group", name="What you can do").get_by_role("button", name=label, exact=True).click()
