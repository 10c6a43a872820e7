"""Every page of asking for help lets one leave at once and says whom to ring, the pages of errors too."""

import re

import pytest
from sqlalchemy.exc import OperationalError

from services.referrals.store.database import database
from shared.request_body import LARGEST_BODY
from tests.builders.asking import PLACE, Asker

EXIT = re.compile(r'<a [^>]*data-exit-this-page\s+href="([^"]+)"')
YORK, EVERYWHERE = "01632 960 130", "999"
TOLD_TO_OTHERS = ("signed in", "role", "For developers", "referral")


@pytest.fixture
def asker(app):
    return Asker(app)


def lets_them_leave(page, number=YORK):
    assert EXIT.findall(page.html) == ["/for-you/leave"], page.words
    assert 'id="who-to-ring"' in page.html
    assert number in page.words
    assert page.title in ("Linkwork", "Error: Linkwork")
    main = page.html[page.html.index("<main") : page.html.index("</main>")]
    assert not [each for each in TOLD_TO_OTHERS if each in main]
    assert "For developers" not in page.words


@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("/for-you/nowhere", EVERYWHERE),
        ("/for-you/york/nothing-here", YORK),
        ("/for-you/nowhere/nothing-here", EVERYWHERE),
        ("/your-request", EVERYWHERE),
        ("/your-request/wrong", EVERYWHERE),
        ("/your-request/wrong/nothing-here", EVERYWHERE),
    ],
)
def test_an_address_that_is_not_there(asker, path, number):
    page = asker.get(path)
    assert page.status == 404
    lets_them_leave(page, number)
    assert "Ask for help" in page.words


def test_a_method_that_is_not_taken(asker):
    page = asker.get("/your-request/wrong/more")
    assert page.status == 405
    lets_them_leave(page, EVERYWHERE)


def test_a_form_without_its_token(asker):
    asker.up_to_check()
    asker._token = "forged"
    page = asker.post(f"{PLACE}/check", {})
    assert page.status == 403
    lets_them_leave(page)
    assert "Nothing was saved" in page.words


def test_a_page_that_was_open_for_too_long(asker, app, monkeypatch):
    asker.up_to_check()
    monkeypatch.setitem(app.config, "WTF_CSRF_TIME_LIMIT", -1)
    page = asker.post(f"{PLACE}/what", {"what_matters": "Dancing."})
    assert "open for too long" in page.words
    lets_them_leave(page)


def test_more_than_can_be_taken_at_once(asker):
    page = asker.post(f"{PLACE}/what", {"what_matters": "x" * (LARGEST_BODY + 1)})
    assert page.status == 413
    lets_them_leave(page)


def test_too_much_from_one_network(app, monkeypatch):
    monkeypatch.setenv("RATE_ASK", "1 per hour")
    address = "203.0.113.77"
    Asker(app, address).up_to_check()
    page = Asker(app, address).post(f"{PLACE}/what", {})
    assert page.status == 429
    lets_them_leave(page)


def test_too_many_wrong_links_from_one_network(app, monkeypatch):
    monkeypatch.setenv("RATE_STATUS_LINK", "1 per hour")
    asker = Asker(app, "203.0.113.78")
    pages = [asker.get("/your-request/wrong") for _ in range(3)]
    assert pages[-1].status == 429
    lets_them_leave(pages[-1], EVERYWHERE)


@pytest.fixture
def store_away(monkeypatch):
    def refuse():
        raise OperationalError("select 1", {}, Exception("the store is away"))

    monkeypatch.setattr(database, "transaction", refuse)


def test_a_service_whose_store_is_away(asker, store_away):
    for path in ("/for-you", PLACE, f"{PLACE}/what", "/your-request/any"):
        page = asker.get(path)
        assert page.status == 503
        lets_them_leave(page, EVERYWHERE)


def test_an_error_of_another_kind_while_the_store_is_away(asker, store_away):
    page = asker.get("/for-you/york/nothing-here")
    assert page.status == 404
    lets_them_leave(page, EVERYWHERE)


def test_leaving_is_not_held_up_by_a_store_that_is_away(asker, monkeypatch):
    asker.up_to_check()

    def refuse():
        raise OperationalError("select 1", {}, Exception("the store is away"))

    monkeypatch.setattr(database, "transaction", refuse)
    left = asker.get("/for-you/leave")
    assert left.status == 302
    assert not left.location.startswith("/")
    assert asker.client.get_cookie("linkwork_ask", path="/for-you") is None


def test_every_page_of_asking_and_of_the_private_link_leaves_by_the_address_that_forgets(asker):
    lets_them_leave(asker.get("/for-you"), EVERYWHERE)
    lets_them_leave(asker.get(f"{PLACE}/not-yet"))
    lets_them_leave(asker.ask())
    link = asker.link()
    for page in (asker.get(link), asker.post(f"{link}/more", {"words": ""})):
        assert EXIT.findall(page.html) == ["/for-you/leave"]
        assert YORK in page.words
    ended = asker.post(f"{link}/end-link", {})
    assert EXIT.findall(ended.html) == ["/for-you/leave"]
    assert "999" in ended.words


def test_what_their_footer_leads_to(asker, browser):
    lets_them_leave(asker.get("/accessibility"), EVERYWHERE)
    assert not EXIT.search(browser("worker").get("/accessibility").html)


def test_pages_for_people_at_work_are_as_they_were(asker, browser):
    for path in ("/nothing-here", "/for-yourself", "/referrals/nothing"):
        assert not EXIT.search(browser("worker").get(path).html)
        assert not EXIT.search(asker.get(path).html)
