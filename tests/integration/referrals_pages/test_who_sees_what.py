import re

import pytest

from shared.clock import now
from tests.builders.referrals_journeys import send

ACTS = ("accept", "decline", "ask", "answer", "redirect", "release", "start", "contact", "complete", "void")


@pytest.fixture
def sent(browser):
    """Sent by the practice, to the Westfield link workers."""
    return send(browser("practice"), about={"given_name": f"Ada{now().timestamp()}"})


def test_another_organisation_is_told_of_nothing_there(browser, sent):
    for who in ("other-practice", "police", "other-worker"):
        stranger = browser(who)
        for path in ("", "/sent", *(f"/{act}" for act in ACTS)):
            answer = stranger.get(f"{sent}{path}")
            assert answer.status == 404, (who, path)
            assert "Ada" not in answer.html
        for act in ("accept", "undo", "withdraw"):
            assert stranger.post(f"{sent}/{act}", {"reason": "other", "reason_text": "x"}).status == 404


def test_the_sender_sees_state_and_outside_words_but_no_notes(browser, sent):
    worker = browser("worker")
    worker.post(f"{sent}/accept")
    worker.post(f"{sent}/start", {"mode": "phone", "note": "A private note of the team."})
    page = browser("practice").get(sent)
    assert page.status == 200
    assert "Being helped" in page.words
    assert "A private note of the team." not in page.html
    assert "A private note of the team." in worker.get(sent).words


def test_police_as_sender_read_received_and_no_more(browser):
    police = browser("police")
    path = send(
        police,
        start={"postcode": "YO24 3BZ"},
        contact={"feedback_to_sender": "no", "lawful_basis": "public_task"},
        about={"given_name": f"Bo{now().timestamp()}", "gp_practice": "Z90001"},
    )
    page = police.get(path)
    assert "Received" in page.words
    browser("worker").post(f"{path}/accept")
    after = police.get(path)
    assert after.status == 200
    assert "Accepted" not in after.words
    assert "Jo Worker" not in after.words


def test_a_restricted_referral_is_its_authors_even_inside_the_practice(browser):
    practice = browser("practice")
    path = send(practice, about={"given_name": f"Cy{now().timestamp()}"}, contact={"restricted": "yes"})
    assert practice.get(path).status == 200
    assert browser("practice-colleague").get(path).status == 404
    assert browser("worker").get(path).status == 404
    assert browser("lead").get(path).status == 200


def test_the_duty_desk_chooses_a_team_for_a_restricted_referral_without_seeing_who_it_is(browser):
    practice, desk = browser("practice"), browser("desk")
    name = f"Dy{now().timestamp()}"
    path = send(
        practice,
        start={"postcode": "", "where": "", "needs": ["immigration_asylum"]},
        about={"given_name": name, "gp_practice": ""},
        contact={"restricted": "yes"},
    )
    listed = desk.get("/unrouted")
    assert listed.status == 200
    assert path in listed.html
    assert name not in listed.html
    page = desk.get(path)
    assert page.status == 200
    assert name not in page.html
    choice = desk.get(f"{path}/route")
    value = re.search(r'name="team"[^>]*value="([^"]+)"', choice.html)[1]
    done = desk.post(f"{path}/route", {"team": value})
    assert done.status == 302
    assert path not in desk.get("/unrouted").html


def test_an_alert_stands_at_the_top_of_the_queue(browser):
    name = f"Ed{now().timestamp()}"
    path = send(browser("practice"), about={"given_name": name, "safeguarding": "yes"})
    queue = browser("worker").get("/queue")
    assert queue.html.index(name) < queue.html.index("Accept<span")
    assert "Alert" in queue.words
    assert "Alert: a safeguarding concern. Look at this first" in browser("worker").get(path).words


def test_the_forum_reads_the_cases_and_no_referral(browser, sent):
    forum = browser("forum")
    page = forum.get("/scenarios")
    assert page.status == 200
    agreed, cases = re.search(r"(\d+) of (\d+) come out as agreed", page.words).groups()
    assert int(cases) >= 10
    assert agreed == cases
    assert forum.get(sent).status == 404
    assert browser(None).get("/scenarios").status == 302


def test_how_routing_works_is_public_and_read_from_the_rules(browser):
    from services.referrals.domain.routing.ranking import WEIGHT_WORDS, WEIGHTS
    from services.referrals.domain.states import LABELS, MOVES

    words = browser(None).get("/how-routing-works").words
    for part, points in WEIGHTS.items():
        assert WEIGHT_WORDS[part] in words
        assert str(points) in words
    assert all(LABELS[move.act] in words for move in MOVES)
