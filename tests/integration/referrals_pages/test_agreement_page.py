from uuid import uuid4

from services.referrals.store.database import database
from services.referrals.store.tables import AgreementRow
from tests.builders.referrals_journeys import send
from tests.builders.referrals_world import ident


def a_referral(browser, **answers):
    """Of somebody nobody has sent before."""
    return send(browser, about={"given_name": f"Ada-{uuid4()}"}, **answers)


ANSWER = {
    "about": "know_of_each_other:helpers",
    "agreed": "yes",
    "how": "phone",
    "alone": "yes",
}


def test_an_answer_given_later_is_written_down_and_shown(browser):
    practice = browser("practice")
    path = a_referral(practice)
    assert "Record another answer, or that they take one back" in practice.get(path).words
    form = practice.get(f"{path}/agreement")
    assert "York council" not in form.words
    assert "Those who help may know of each other" in form.words
    assert "checked" not in form.html
    done = practice.post(f"{path}/agreement", ANSWER)
    assert done.status == 302, done.words
    page = practice.follow(done)
    assert "What they said is recorded, and holds from now on." in page.words
    assert "Those who help may know of each other Yes" in page.words


def test_what_is_missing_is_named_and_nothing_is_kept(browser):
    practice = browser("practice")
    path = a_referral(practice)
    with database.transaction() as session:
        before = session.query(AgreementRow).count()
    page = practice.post(f"{path}/agreement", {"about": "", "asked_by": "Kit"})
    assert page.status == 422
    for words in ("Choose what they were asked about", "Choose what they said", "Choose how they were asked"):
        assert words in page.words
    assert 'value="Kit"' in page.html
    with database.transaction() as session:
        assert session.query(AgreementRow).count() == before


def test_a_choice_that_is_not_one_is_refused_where_it_was_made(browser):
    practice = browser("practice")
    path = a_referral(practice)
    page = practice.post(f"{path}/agreement", {**ANSWER, "about": "everything:everybody"})
    assert page.status == 422
    assert "Choose one of" in page.words


def test_a_coarse_sender_is_not_shown_who_has_it(browser):
    police = browser("police")
    path = a_referral(police)
    form = police.get(f"{path}/agreement")
    assert "Everybody who helps may see this referral" in form.words
    assert "Primary Care Network may see" not in form.words


def test_whoever_has_no_part_finds_no_page(browser):
    path = a_referral(browser("practice"))
    assert browser("other-practice").get(f"{path}/agreement").status == 404
    assert browser("other-practice").post(f"{path}/agreement", ANSWER).status == 404


def test_the_worker_who_takes_it_back_for_them_sees_what_stays(browser):
    practice = browser("practice")
    path = a_referral(practice, choice=str(ident("westfield-link")))
    worker = browser("worker")
    worker.post(f"{path}/accept")
    to_sender = f"feedback_to_sender:{ident('westfield-surgery')}"
    done = worker.post(f"{path}/agreement", {**ANSWER, "about": to_sender, "agreed": "no"})
    assert done.status == 302, done.words
    assert "We may be told how it goes No" in worker.follow(done).words
