"""The pages ask about the under-18s what the rule asks, and who speaks for somebody on the telephone."""

from __future__ import annotations

import pytest

from shared.clock import now, uk_date
from tests.builders.referrals_journeys import ABOUT, CONTACT, START, begin, send

YOUNG = {"date_of_birth-year": str(uk_date(now()).year - 15)}
NO_DATE = {"date_of_birth-day": "", "date_of_birth-month": "", "date_of_birth-year": ""}
ANSWERS = {
    "competent": "yes",
    "parental_responsibility": "Bea Example, their aunt",
    "not_to_contact": "Their parents",
}


@pytest.mark.parametrize(
    ("start", "heading"),
    [(YOUNG, "They are under 18"), (NO_DATE, "If they are under 18"), ({}, None)],
    ids=["young", "unknown", "grown up"],
)
def test_the_page_asks_those_under_18_and_of_unknown_age(browser, start, heading):
    practice = browser("practice")
    draft = begin(practice, **start)
    practice.post(f"{draft}/who", {"choice": "any"})
    practice.post(f"{draft}/about", ABOUT)
    words = practice.get(f"{draft}/contact").words
    assert ("must not be contacted or told?" in words) is (heading is not None)
    assert heading is None or heading in words


def test_what_was_answered_is_read_with_the_referral(browser):
    path = send(browser("practice"), start=YOUNG, contact=ANSWERS)
    words = browser("practice").get(path).words
    assert "Must not be contacted or told Their parents" in words
    assert "Parental responsibility Bea Example, their aunt" in words
    assert "Can decide for themself Yes" in words


def test_what_was_not_asked_is_said(browser):
    path = send(
        browser("practice"), start=YOUNG, about={"family_name": "Another"}, contact={"competent": "yes"}
    )
    assert browser("practice").get(path).words.count("Not asked") == 2


def test_the_team_sees_who_spoke_for_the_person_and_whom_not_to_contact(browser):
    practice = browser("practice")
    draft = str(practice.post("/refer/on-the-phone", START).location).rsplit("/", 1)[0]
    practice.post(f"{draft}/who", {"choice": "any"})
    line = {"line_who": "someone_for_them", "speaker_name": "Bea Example", "speaker_relation": "her aunt"}
    assert practice.post(f"{draft}/about", {**ABOUT, **line, "gp_practice": "Z90001"}).status == 302
    practice.post(f"{draft}/contact", {**CONTACT, "not_to_contact": "Her brother"})
    assert "Somebody for them: Bea Example, her aunt" in practice.get(f"{draft}/check").words
    path = str(practice.post(f"{draft}/check", {"once": "1"}).location).removesuffix("/sent")
    page = browser("worker").get(path).words
    assert "Somebody for them: Bea Example, her aunt" in page
    assert page.index("Must not be contacted or told: Her brother") < page.index("Do not:")
