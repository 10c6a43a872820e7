"""A working list says once, in words for people, how somebody came."""

import re
from html import unescape

import pytest

from tests.builders.asking import Asker, reference_of
from tests.builders.referrals import one
from tests.builders.referrals_journeys import send

THEMSELF, FRIEND = "Asked for themself", "A family member or friend asked"


def row_of(page, reference):
    """The words of one row of a list."""
    found = [row for row in re.findall(r"<tr.*?</tr>", page.html, re.DOTALL) if reference in row]
    assert len(found) == 1, page.words
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[0])).split())


@pytest.mark.parametrize(("who", "said", "unsaid"), [("me", THEMSELF, FRIEND), ("other", FRIEND, THEMSELF)])
def test_who_asked_on_the_public_page_is_said_once(app, browser, who, said, unsaid):
    reference = reference_of(Asker(app).ask(who={"who": who}))
    row = row_of(browser("worker").get("/queue"), reference)
    assert row.count(said) == 1
    assert unsaid not in row
    assert "Themselves" not in row
    assert "Came by" not in row


def test_the_desk_and_a_search_say_it_once_too(app, browser):
    unknown = Asker(app).ask(about={"postcode": "", "gp_practice": ""}, what={"needs": []})
    reference = reference_of(unknown)
    assert row_of(browser("desk").get("/unrouted"), reference).count(THEMSELF) == 1
    assert row_of(browser("desk").post("/find", {"q": reference}), reference).count(THEMSELF) == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [("person", f"{THEMSELF}, typed in at "), ("someone_for_them", "Somebody asked for them, typed in at ")],
)
def test_what_a_worker_typed_in_says_who_asked_and_where_it_was_typed_in(browser, line, said):
    worker = browser("worker")
    about = {"line_who": line, "family_name": line, "gp_practice": "Z90001"}
    path = send(worker, start={"route_in": "self"}, about=about)
    reference = one("select reference from referral where id = :id", id=path.rsplit("/", 1)[-1])
    row = row_of(worker.get("/queue"), reference)
    assert row.count("typed in at") == 1
    assert said in row
    assert FRIEND not in row


def test_who_a_professional_sent_is_said_as_before(browser):
    path = send(browser("practice"), about={"family_name": "Sent"})
    reference = one("select reference from referral where id = :id", id=path.rsplit("/", 1)[-1])
    row = row_of(browser("worker").get("/queue"), reference)
    assert row.count("Professional referral, Kite Lane Surgery") == 1


def test_an_organisation_with_the_name_of_nobody_is_shown_by_its_name(app, browser, monkeypatch):
    """What decides is what the referral is, never the words a name has."""
    monkeypatch.setattr(
        "services.referrals.actions.list_items.sender_name", lambda *_: "A family member or friend"
    )
    reference = reference_of(Asker(app).ask())
    row = row_of(browser("worker").get("/queue"), reference)
    assert THEMSELF in row
    assert FRIEND not in row
