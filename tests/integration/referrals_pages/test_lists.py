import re

import pytest

from tests.builders.referrals_journeys import send


@pytest.fixture(scope="module")
def sent(app):
    """Three referrals of the practice; their paths."""
    from tests.builders.referrals_browser import Browser

    practice = Browser(app, "practice")
    return [
        send(practice, about={"given_name": name, "priority": priority, "priority_reason": reason})
        for name, priority, reason in (
            ("Ada", "routine", ""),
            ("Bea", "sooner", "the house is cold"),
            ("Cai", "routine", ""),
        )
    ]


def rows_of(page):
    return (
        len(re.findall(r'class="nhsuk-table__row"', page.html.split("<tbody", 1)[-1]))
        if "<tbody" in page.html
        else 0
    )


def count_of(page, tab):
    found = re.search(re.escape(tab) + r"\s*<span class=\"app-tabs__count\">(\d+)", page.html)
    assert found, page.html
    return int(found[1])


def test_the_queue_shows_what_matters_first_with_wait_route_and_next_action(browser, sent):
    page = browser("worker").get("/queue")
    assert page.status == 200
    assert "“I miss going dancing on Fridays.”" in page.words
    assert "Professional referral, Kite Lane Surgery" in page.words
    assert "The team looks at it by" in page.words
    assert "today" in page.words


def test_sooner_stands_above_routine(browser, sent):
    words = browser("worker").get("/queue").words
    assert words.index("Bea Example") < words.index("Ada Example")


def test_each_filter_counts_the_rows_it_shows(browser, sent):
    worker = browser("worker")
    for tab, path in (
        ("To take on", "/queue"),
        ("Overdue", "/queue?show=overdue"),
        ("Accepted", "/queue?show=accepted"),
    ):
        page = worker.get(path)
        assert page.status == 200, page.words
        assert rows_of(page) == count_of(page, tab), tab


def test_a_filter_nobody_knows_is_no_page(browser, sent):
    assert browser("worker").get("/queue?show=everything").status == 404
    assert browser("worker").get("/queue?team=mine").status == 404


def test_accept_from_the_list_can_be_undone_for_a_minute(browser, sent):
    worker = browser("worker")
    before = count_of(worker.get("/queue"), "To take on")
    done = worker.post(f"{sent[2]}/accept", {"from": "queue"})
    assert done.status == 302
    page = worker.follow(done)
    assert "Accepted. Nobody is told until" in page.words
    assert count_of(page, "To take on") == before - 1
    assert count_of(worker.get("/my-people"), "All") == 1
    back = worker.post(f"{sent[2]}/undo", {"from": "queue"})
    assert back.location.endswith("/queue")
    assert count_of(worker.follow(back), "To take on") == before


def test_another_teams_worker_sees_nothing_of_it(browser, sent):
    stranger = browser("other-worker")
    assert "Nobody is waiting to be taken on" in stranger.get("/queue").words
    assert stranger.get(sent[0]).status == 404
    assert stranger.get(f"{sent[0]}/decline").status == 404
    assert stranger.post(f"{sent[0]}/accept").status == 404


def test_the_lead_sees_how_much_each_worker_holds_and_who_is_over_the_limit(browser, sent):
    browser("colleague").post(f"{sent[1]}/accept")
    page = browser("lead").get("/team")
    assert page.status == 200
    assert "1 of 1 full" in page.words
    assert "Bea Example" in page.words
    assert browser("lead").get("/team?show=overdue").status == 200
    assert browser("worker").get("/team").status == 404


def test_the_practice_sees_everything_it_sent_and_nothing_of_others(browser, sent):
    words = browser("practice").get("/sent").words
    assert "Ada Example" in words
    assert "Bea Example" in words
    assert "Nothing sent yet" in browser("other-practice").get("/sent").words
    for show in ("waiting", "open", "closed"):
        assert browser("practice").get(f"/sent?show={show}").status == 200


def test_empty_lists_say_what_to_do_next(browser, sent):
    assert "Take somebody on from the queue." in browser("other-worker").get("/my-people").words
    assert "No question is waiting for you" in browser("practice").get("/sent?show=waiting").words


def test_find_takes_a_name_or_a_reference_by_post(browser, sent):
    practice = browser("practice")
    page = practice.post("/find", {"q": "bea example"})
    assert "1 referral found" in page.words
    reference = re.findall(r"LW-\w{4}-\w{3}", page.words)[-1]
    assert "Bea Example" in practice.post("/find", {"q": reference.lower()}).words
    assert (
        "Nothing found that you have a part in"
        in browser("other-practice").post("/find", {"q": reference}).words
    )
    assert "Enter a reference or a name" in practice.post("/find", {"q": ""}).words


def test_everybody_has_a_first_page(browser):
    doors = {"practice": "/refer", "worker": "/queue", "lead": "/queue", "desk": "/unrouted"}
    for who, path in doors.items():
        assert browser(who).get("/").location.endswith(path)
    assert browser("forum").get("/").location == "http://localhost:5001/"


def test_nobody_signed_in_is_sent_to_sign_in(browser):
    answer = browser(None).get("/queue")
    assert answer.status == 302
    assert "/sign-in?next=" in answer.location
