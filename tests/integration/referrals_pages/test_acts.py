import re
from datetime import timedelta

import pytest

from services.referrals.domain.states import STATE_WORDS
from shared.clock import now, uk_date
from tests.builders.referrals_journeys import send


@pytest.fixture
def received(browser):
    """A fresh referral in the queue; its path."""
    return send(browser("practice"), about={"given_name": f"Ada{now().timestamp()}"})


@pytest.fixture
def accepted(browser, received):
    assert browser("worker").post(f"{received}/accept").status == 302
    return received


@pytest.fixture
def started(browser, accepted):
    done = browser("worker").post(f"{accepted}/start", {"mode": "phone", "length": "20", "note": "We spoke."})
    assert done.status == 302
    return accepted


def day(days):
    on = uk_date(now()) + timedelta(days=days)
    return {"review_on-day": on.day, "review_on-month": on.month, "review_on-year": on.year}


def state_of(page):
    found = re.search(rf"State ({'|'.join(STATE_WORDS.values())})", page.words)
    assert found, page.words
    return found[1]


def test_the_page_begins_with_what_matters_and_how_to_reach_them(browser, received):
    page = browser("worker").get(received)
    assert page.status == 200
    words = page.words
    assert (
        words.index("What matters to them") < words.index("Reaching them") < words.index("What is asked for")
    )
    assert "I miss going dancing on Fridays." in words
    assert "Ring 01632 960001 Not now: safe weekdays after 6pm." in words or "Safe now" in words
    assert "Leave no voicemail. Withhold your number." in words
    assert "They need: Large print" in words
    assert "Do not:" in words
    assert "text, e-mail, write or visit (not asked)" in words


def test_nothing_personal_is_in_title_or_address(browser, received):
    page = browser("worker").get(received)
    assert re.fullmatch(r"Referral LW-\w{4}-\w{3} – Linkwork", page.title)
    assert "example" not in received.lower()
    act = browser("worker").get(f"{received}/decline")
    assert "Ada" not in act.title


def test_pass_back_shows_what_the_sender_will_be_told_before_it_is_sent(browser, received):
    worker = browser("worker")
    page = worker.get(f"{received}/decline")
    assert "They read: “This is outside the area this service covers." in page.words
    done = worker.post(f"{received}/decline", {"reason": "person_declined"})
    assert done.status == 302
    sender = browser("practice").get(received)
    assert state_of(sender) == "Passed back"
    assert "said no" not in sender.words
    assert "This team is not able to take this referral forward." in sender.words


def test_pass_back_for_another_reason_needs_words_and_keeps_them(browser, received):
    page = browser("worker").post(f"{received}/decline", {"reason": "other"})
    assert page.status == 422
    assert page.title.startswith("Error: ")
    assert "Say in a few words why this is passed back." in page.words


def test_a_question_goes_to_the_sender_and_its_answer_comes_back(browser, received):
    worker, practice = browser("worker"), browser("practice")
    assert worker.post(f"{received}/ask", {"question": ""}).status == 422
    assert worker.post(f"{received}/ask", {"question": "Which days <b>suit</b> them?"}).status == 302
    waiting = practice.get("/sent?show=waiting")
    assert "Answer the question" in waiting.words
    page = practice.get(f"{received}/answer")
    assert "Which days <b>suit</b> them?" in page.words
    assert "<b>suit</b>" not in page.html
    assert practice.post(f"{received}/answer", {"answer": "Mondays."}).status == 302
    assert "Mondays." in worker.get(received).words
    assert "Answer the question" not in practice.get("/sent?show=waiting").words


def test_first_contact_hold_resume_and_close_with_outcomes(browser, accepted):
    worker = browser("worker")
    assert "Reaching them" in worker.get(f"{accepted}/start").words
    assert worker.post(f"{accepted}/start", {"mode": "phone", "note": "We spoke."}).status == 302
    assert state_of(worker.get(accepted)) == "Being helped"
    assert worker.post(f"{accepted}/hold", {"reason": "not_now", **day(14)}).status == 302
    assert state_of(worker.get(accepted)) == "On hold"
    assert worker.post(f"{accepted}/resume").status == 302
    assert state_of(worker.get(accepted)) == "Being helped"
    page = worker.get(f"{accepted}/complete")
    assert "Loneliness" in page.words
    done = worker.post(
        f"{accepted}/complete",
        {
            "outcomes-0-need": "loneliness",
            "outcomes-0-outcome": "met",
            "outcomes-0-text": "Dances again",
            "ended_by": "together",
        },
    )
    assert done.status == 302
    closed = worker.get(accepted)
    assert state_of(closed) == "Completed"
    assert "Helped with: Dances again" in closed.words


def test_closing_without_an_outcome_keeps_everything_typed(browser, started):
    page = browser("worker").post(
        f"{started}/complete", {"outcomes-0-need": "loneliness", "outcomes-0-text": "Dances <i>again</i>"}
    )
    assert page.status == 422
    assert "Choose what became of this need" in page.words
    assert "Choose who ended it" in page.words
    assert "Dances &lt;i&gt;again&lt;/i&gt;" in page.html


def test_a_hold_needs_a_day_to_come(browser, accepted):
    page = browser("worker").post(f"{accepted}/hold", {"reason": "not_now", **day(0)})
    assert page.status == 422
    assert "Give a day after today" in page.words


def test_another_reason_needs_words(browser, accepted):
    page = browser("worker").post(f"{accepted}/release", {"reason": "other"})
    assert "Say in a few words why" in page.words
    done = browser("worker").post(f"{accepted}/release", {"reason": "other", "reason_text": "I am off sick"})
    assert done.status == 302
    assert state_of(browser("worker").get(accepted)) == "Received"


def test_attempts_are_recorded_before_saying_that_nobody_could_be_reached(browser, accepted):
    worker = browser("worker")
    assert worker.post(f"{accepted}/contact", {"mode": "phone", "attended": "no"}).status == 302
    early = worker.post(f"{accepted}/fail", {"made": "0"})
    assert early.status == 409
    assert "This service tries 3 times before saying so; 1 recorded so far." in early.words
    assert worker.post(f"{accepted}/fail", {"made": "2"}).status == 302
    assert state_of(worker.get(accepted)) == "We could not reach them"
    sender = browser("practice").get(accepted).words
    assert "could not reach" not in sender.lower()
    assert "Passed back" in sender


def test_a_lead_gives_it_to_somebody_else_and_sees_the_load(browser, accepted):
    lead = browser("lead")
    page = lead.get(f"{accepted}/reassign")
    assert "Sam Colleague" in page.words
    value = re.search(r'name="assignee_id"[^>]*value="([^"]+)"', page.html)[1]
    assert lead.post(f"{accepted}/reassign", {"assignee_id": value}).status == 302
    assert browser("worker").get(f"{accepted}/reassign").status == 409


def test_pass_on_to_another_team_leaves_the_queue(browser, received):
    worker = browser("worker")
    page = worker.get(f"{received}/redirect")
    assert "York Local Area Coordinators" in page.words
    value = re.search(r'value="([^"]+)"[^>]*>\s*<label[^>]*>\s*York Local Area Coordinators', page.html)[1]
    done = worker.post(f"{received}/redirect", {"team": value, "reason": "better_fit"})
    assert done.status == 302
    assert worker.get(received).status == 404
    assert browser("other-worker").get(received).status == 200


def test_the_sender_withdraws_and_the_lead_reopens(browser, received):
    practice = browser("practice")
    page = practice.get(f"{received}/withdraw")
    assert "The team stops." in page.words
    assert practice.post(f"{received}/withdraw", {"reason": "found_other_help"}).status == 302
    assert state_of(practice.get(received)) == "Withdrawn"
    assert browser("lead").post(f"{received}/reopen", {"reason": "person_came_back"}).status == 302
    assert state_of(browser("lead").get(received)) == "Received"


def test_a_referral_sent_in_error_is_hidden(browser, received):
    practice = browser("practice")
    assert practice.post(f"{received}/void", {"reason": "entered_twice"}).status == 302


def test_somebody_was_first_says_who_and_loses_nothing_typed(browser, received):
    assert browser("colleague").post(f"{received}/decline", {"reason": "no_capacity"}).status == 302
    page = browser("worker").post(f"{received}/decline", {"reason": "other", "text": "Too far to walk"})
    assert page.status == 409
    assert "Sam Colleague has already done this" in page.words
    assert "Too far to walk" in page.words
    assert "Open again" in page.words


def test_the_same_press_twice_is_no_conflict(browser, accepted):
    assert browser("worker").post(f"{accepted}/accept").status == 302


def test_an_act_that_is_no_act_is_no_page(browser, received):
    assert browser("worker").get(f"{received}/explode").status == 404
    assert browser("worker").post(f"{received}/submit").status == 404


def test_undo_is_offered_on_the_page_and_ends(browser, received):
    worker = browser("worker")
    worker.post(f"{received}/accept")
    assert "Nobody is told until" in worker.get(received).words
    assert worker.post(f"{received}/undo").status == 302
    assert state_of(worker.get(received)) == "Received"
    assert worker.post(f"{received}/accept").status == 302
    assert browser("colleague").post(f"{received}/undo").status == 409


DANGER = "She says she wants to die."
RING = "If someone is in danger now (York) 999 Emergency services"


def test_whoever_ends_it_reads_whom_to_ring_before_and_after(browser, received, accepted):
    worker, practice = browser("worker"), browser("practice")
    for reader, act in ((worker, "complete"), (worker, "fail"), (worker, "decline"), (practice, "withdraw")):
        assert RING in reader.get(f"{accepted}/{act}").words, act
    assert "999" not in worker.get(accepted).words.partition("Linkwork is not an emergency service")[0]
    ended = worker.post(f"{accepted}/decline", {"reason": "other", "text": DANGER})
    assert ended.status == 302
    words = worker.get(accepted).words
    assert "ring 999" in words.partition("Linkwork is not an emergency service")[0]
    assert RING in words
    assert RING in worker.get(accepted).words
    assert "999" not in practice.get(accepted).words.partition("Linkwork is not an emergency service")[0]


def test_a_sender_who_withdraws_it_and_speaks_of_danger_reads_whom_to_ring(browser, received):
    practice = browser("practice")
    done = practice.post(f"{received}/withdraw", {"reason": "other", "reason_text": DANGER})
    assert done.status == 302, done.words
    shown = practice.get(received).words.partition("Linkwork is not an emergency service")[0]
    assert "If somebody may be in danger now, ring 999." in shown
    assert "crisis" not in shown
