"""The forms of *Refer someone*, filled in as a receptionist would; change single answers by keyword."""

from __future__ import annotations

from typing import Any

START: dict[str, Any] = {
    "needs": ["loneliness"],
    "date_of_birth-day": "3",
    "date_of_birth-month": "5",
    "date_of_birth-year": "1952",
    "postcode": "YO24 3BZ",
    "route_in": "professional",
}
ABOUT: dict[str, Any] = {
    "what_matters": "I miss going dancing on Fridays.",
    "given_name": "Ada",
    "family_name": "Example",
    "address": "1 Invented Row",
    "phone": "01632 960 001",
    "priority": "routine",
    "safeguarding": "no",
}
CONTACT: dict[str, Any] = {
    "contacts-0-channel": "phone",
    "contacts-0-value": "01632 960 001",
    "contacts-0-safe": "yes",
    "contacts-0-hours": "weekdays after 6pm",
    "contacts-1-channel": "text",
    "contacts-1-value": "",
    "contacts-1-safe": "not_asked",
    "access_needs": ["Large print"],
    "share_referral": "yes",
    "feedback_to_sender": "yes",
    "how": "in_person",
    "alone": "yes",
    "lawful_basis": "public_task",
}


def begin(browser: Any, **start: Any) -> str:
    """Page 1 sent; the path of the draft, `/refer/<id>`."""
    page = browser.post("/refer", {**START, **start})
    assert page.status == 302, page.words
    return str(page.location).rsplit("/", 1)[0]


def up_to_check(
    browser: Any, *, start: Any = None, choice: str = "any", about: Any = None, contact: Any = None
) -> str:
    """All pages answered; the path of the draft."""
    draft = begin(browser, **(start or {}))
    for page, answers in (
        ("who", {"choice": choice}),
        ("about", {**ABOUT, **(about or {})}),
        ("contact", {**CONTACT, **(contact or {})}),
    ):
        sent = browser.post(f"{draft}/{page}", answers)
        assert sent.status == 302, sent.words
    return draft


def send(browser: Any, **answers: Any) -> str:
    """A referral sent by pages; the path of the referral, `/referrals/<id>`."""
    draft = up_to_check(browser, **answers)
    sent = browser.post(f"{draft}/check", {"once": draft.rsplit("/", 1)[-1]})
    assert sent.status == 302, sent.words
    return str(sent.location).removesuffix("/sent")
