"""A restricted referral in the running product: who is sent what, and what the pages of all services say.

Beside `test_restricted_case`, which reads the referrals' world to the letter: here are the letters, notices,
message lists, totals and pages of the other two services, as everybody of the demo place who is not named
reads them.
"""

from __future__ import annotations

import re
from secrets import token_hex

import pytest
import requests

from tests.builders.crawling import crawl
from tests.builders.referrals_journeys import ABOUT, CONTACT, START
from tests.builders.routes import every_route
from tests.builders.sent_by_each import CLIENTS
from tests.builders.visitors import PEOPLE, Visitor
from tests.stack import Stack, eventually

pytestmark = pytest.mark.deep

NAMED = {"practice", "lead", "linkworker"}
"""Her surgery's receptionist, who wrote it; the team's lead; the link worker it was given to."""
NOT_NAMED = [*(who for who in PEOPLE if who not in NAMED), "dutydesk-wakefield", "chair"]


class Her:
    """The id, the reference and the name of the woman's referral."""

    def __init__(self, id: str, reference: str, name: str) -> None:
        self.id, self.reference, self.name = id, reference, name

    def found_in(self, text: str) -> list[str]:
        """Which of them are in a text."""
        return [word for word in (self.id, self.reference, self.name) if word in text]


@pytest.fixture(scope="module")
def her(stack: Stack) -> Her:
    """Sent by the pages, kept to named staff, given to a link worker, begun, asked about, answered."""
    practice, lead = Visitor(stack, "practice"), Visitor(stack, "lead")
    name = f"Qz{token_hex(6)}"
    begun = practice.post_anyhow("referrals", "/refer", **START | {"needs": "loneliness"})
    draft = begun.headers["Location"].rpartition("/")[0]
    about = ABOUT | {"family_name": name, "gp_practice": "Z99001"}
    contact = CONTACT | {"restricted": "yes"}
    for page, answers in (("who", {"choice": "any"}), ("about", about), ("contact", contact)):
        sent = practice.post_anyhow("referrals", f"{draft}/{page}", **answers)
        assert sent.status_code == 302, sent.text
    sent = practice.post_anyhow("referrals", f"{draft}/check", once=draft.rpartition("/")[2])
    assert sent.status_code == 302, sent.text
    id = sent.headers["Location"].removesuffix("/sent").rpartition("/")[2]
    ((reference, restricted),) = stack.rows(
        "referrals", "select reference, restricted from referral where id = %s", id
    )
    assert restricted
    linkworker = stack.rows("directory", "select id from account where email = 'linkworker@demo.example'")
    for act, fields in (
        ("accept", {}),
        ("reassign", {"assignee_id": str(linkworker[0][0]), "reason": "Knows her."}),
        ("start", {"mode": "phone", "attended": "yes"}),
        ("ask", {"question": "Which day is safe?"}),
    ):
        done = lead.post_anyhow("referrals", f"/referrals/{id}/{act}", **fields)
        assert done.status_code == 302, f"{act}: {done.text}"
    done = practice.post_anyhow("referrals", f"/referrals/{id}/answer", answer="Wednesday.")
    assert done.status_code == 302, done.text
    told = (
        "select count(*) from message where referral_id = %s and status not in ('queued', 'sending', 'held')"
    )
    eventually(lambda: stack.rows("notifications", told, id)[0][0] >= 4, within=120)
    return Her(id, reference, name)


def test_only_those_named_are_sent_anything_and_it_says_nothing(her, stack):
    told = stack.rows(
        "notifications",
        "select account_id, restricted from message where referral_id = %s",
        her.id,
    )
    named = stack.rows(
        "directory", "select id from account where email = any(%s)", [f"{who}@demo.example" for who in NAMED]
    )
    assert told
    assert {row[0] for row in told} <= {row[0] for row in named}
    assert all(row[1] for row in told), "each is kept from colleagues who look at what was sent"
    letters = stack.rows(
        "notifications",
        "select recipient, subject || body from caught_letter where body like %s",
        f"%{her.id}%",
    )
    assert letters
    assert {row[0] for row in letters} <= {f"{who}@demo.example" for who in NAMED}
    assert not [row for row in letters if her.name in row[1] or "lonel" in row[1].lower()]


@pytest.mark.parametrize("who", NOT_NAMED)
def test_no_page_of_any_service_shows_or_finds_her_to_somebody_not_named(who, her, stack):
    visitor = Visitor(stack, who)
    # The outbox of the demo stands for everybody's letter box, and is not there in production.
    texts = {where: text for where, text in crawl(visitor, times=3).texts.items() if "/outbox" not in where}
    for route in every_route():
        if route.is_page and route.method == "GET" and not route.arguments and route.rule != "/outbox":
            texts[str(route)] = visitor.get(route.service, route.rule).text
    for q in (her.name, her.reference):
        found = visitor.post_anyhow("referrals", "/find", q=q).text
        texts[f"find {q}"] = found.replace(q, "")
        texts[f"queue {q}"] = visitor.get("referrals", f"/queue?q={q}").text.replace(q, "")
    assert {where: her.found_in(text) for where, text in texts.items() if her.found_in(text)} == {}
    assert visitor.get("referrals", f"/referrals/{her.id}").status_code == 404
    listed = visitor.get("notifications", f"/messages/{her.id}")
    nobodys = visitor.get("notifications", "/messages/6f1c2a34-0000-4000-8000-000000000000")
    assert listed.status_code == nobodys.status_code
    assert re.sub(r"[0-9a-f-]{36}", "", listed.text) == re.sub(r"[0-9a-f-]{36}", "", nobodys.text)


@pytest.mark.parametrize("client", CLIENTS)
def test_no_system_hears_of_her_not_even_those_of_her_surgery_and_her_team(client, her, stack):
    told = [
        stack.call(client, "GET", "/referrals", params={"view": view, "limit": 100}).text
        for view in ("queue", "caseload", "team", "sent", "unrouted", "asked")
    ]
    told += [
        stack.call(client, "POST", "/find", {"q": q}).text.replace(q, "") for q in (her.name, her.reference)
    ]
    told.append(stack.call(client, "GET", "/messages", service="notifications").text)
    of_hers = stack.call(client, "GET", "/messages", service="notifications", params={"referral_id": her.id})
    assert of_hers.status_code == 404 or of_hers.json()["items"] == []
    after: str | None = None
    for _ in range(200):
        page = stack.call(client, "GET", "/events", params={"after": after} if after else None)
        told.append(page.text)
        if page.status_code != 200 or page.json()["next_cursor"] in (None, after):
            break
        after = page.json()["next_cursor"]
    assert her.found_in("\n".join(told)) == []
    assert stack.call(client, "GET", f"/referrals/{her.id}").status_code == 404


def test_what_anybody_reads_without_signing_in_says_nothing_of_her(her, stack):
    for path in ("/services", "/link-workers"):
        assert her.found_in(requests.get(stack.url("directory", path), timeout=20).text) == []


def test_those_named_read_her(her, stack):
    """Else everything above would pass with a referral nobody can read."""
    for who in NAMED:
        visitor = Visitor(stack, who)
        assert her.name in visitor.get("referrals", f"/referrals/{her.id}").text, who
    # The lead took it up before anybody was told that it came.
    for who in NAMED - {"lead"}:
        assert her.reference in Visitor(stack, who).get("notifications", "/notices").text, who
