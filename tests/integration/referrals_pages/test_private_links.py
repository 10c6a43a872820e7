import re
from uuid import uuid4

import pytest
from sqlalchemy import text

from services.referrals.actions.find_audience import find_audience
from services.referrals.actions.seeing import SYSTEM
from services.referrals.store.database import database
from shared.clock import now
from tests.builders.asking import PLACE, Asker, reference_of
from tests.builders.referrals import one, rows


@pytest.fixture
def asker(app):
    return Asker(app)


@pytest.fixture
def asked(asker):
    """A request with its private link: its row, the link's path."""
    page = asker.ask()
    return rows("select * from referral where reference = :r", r=reference_of(page))[0], asker.link()


def later(**columns):
    said = ", ".join(f"{name} = {value}" for name, value in columns.items())
    with database.transaction() as session:
        session.execute(text(f"update status_link set {said}"))  # noqa: S608 fixed names


def test_there_is_no_link_unless_somebody_asks_for_one(asker):
    row = rows("select id from referral where reference = :r", r=reference_of(asker.ask()))[0]
    assert one("select count(*) from status_link where referral_id = :id", id=row["id"]) == 0


def test_a_link_is_shown_once_and_only_its_hash_is_kept(asker, asked):
    row, link = asked
    token = link.rsplit("/", 1)[-1]
    assert len(token) == 43
    assert token not in asker.get(f"{PLACE}/sent").html
    kept = rows("select * from status_link where referral_id = :id", id=row["id"])
    assert len(kept) == 1
    assert token not in str(kept)


def test_a_new_link_ends_the_one_before(asker, asked):
    _, first = asked
    second = asker.link()
    assert asker.get(first).status == 404
    assert asker.get(second).status == 200


def test_it_shows_where_it_is_and_what_was_written_and_nothing_of_others(asker, asked, browser):
    row, link = asked
    browser("worker").post(f"/referrals/{row['id']}/accept", {})
    browser("worker").post(
        f"/referrals/{row['id']}/start",
        {"mode": "phone", "attended": "yes", "note": "Sounds unwell, sister rang."},
    )
    shown = asker.get(link)
    assert shown.status == 200
    assert "Help has begun" in shown.words
    assert "I miss going dancing on Fridays." in shown.words
    assert shown.title == "Linkwork"
    assert shown.headers["Cache-Control"] == "no-store"
    for hidden in ("Sounds unwell", "Jo Worker", "Westfield link workers", "Three Bridges"):
        assert hidden not in shown.html


def test_what_others_write_of_danger_does_not_show(asker, asked, browser):
    row, link = asked
    browser("worker").post(f"/referrals/{row['id']}/accept", {})
    browser("worker").post(
        f"/referrals/{row['id']}/start",
        {"mode": "phone", "attended": "yes", "note": "She says she wants to die."},
    )
    assert one("select urgency from referral where id = :id", id=row["id"]) == 0
    assert "Ring now" not in asker.get(link).words


def test_a_passing_back_reads_the_same_whatever_was_the_reason_about_them(app, browser):
    said = set()
    for reason in ("already_supported", "unable_to_contact", "person_declined"):
        asker = Asker(app)
        row = rows("select id from referral where reference = :r", r=reference_of(asker.ask()))[0]
        link = asker.link()
        browser("worker").post(f"/referrals/{row['id']}/decline", {"reason": reason})
        said.add(re.sub(r"LW-\w{4}-\w{3}", "", asker.get(link).words))
    assert len(said) == 1
    assert "This team is not the right one for you just now" in said.pop()


def test_a_sentence_to_whom_nobody_else_asked_for_speaks_of_nobody_else(asker, asked, browser):
    row, link = asked
    browser("worker").post(f"/referrals/{row['id']}/decline", {"reason": "needs_clinical_help"})
    assert "Please talk to your GP surgery, or ring 111." in asker.get(link).words


def test_what_is_added_reaches_the_team_once(asker, asked, browser):
    row, link = asked
    for _ in range(2):
        sent = asker.post(f"{link}/more", {"words": "My new number is 01632 960 002."})
        assert sent.location.endswith(link)
    assert "My new number is 01632 960 002." in asker.get(link).words
    moves = rows("select * from move where referral_id = :id and act = 'add'", id=row["id"])
    assert [(m["content"], m["by_kind"], m["by_id"]) for m in moves] == [
        ("My new number is 01632 960 002.", "self", None)
    ]
    shown = browser("worker").get(f"/referrals/{row['id']}").words
    assert "Added since by private link My new number is 01632 960 002." in shown
    assert "More was said by private link" in shown
    event = "referral.added.v1"
    told = find_audience(row["id"], event=event, event_id=moves[0]["event_id"], by=SYSTEM, at=now())
    assert {each["words"] for each in told["recipients"]} == {"more from the person"}
    # Contact points are confirmed by a worker, never overwritten from here.
    points = rows("select value from contact_point where referral_id = :id", id=row["id"])
    assert [p["value"] for p in points] == ["+441632960001"]


def test_danger_that_is_added_raises_an_alert_and_brings_the_numbers_first(asker, asked):
    row, link = asked
    asker.post(f"{link}/more", {"words": "I want to die."})
    assert one("select urgency from referral where id = :id", id=row["id"]) == 0
    move = rows("select event_id from move where referral_id = :id and act = 'add'", id=row["id"])[0]
    told = find_audience(row["id"], event="referral.added.v1", event_id=move["event_id"], by=SYSTEM, at=now())
    assert {each["template"] for each in told["recipients"]} == {"urgent_arrived"}
    shown = asker.get(link).words
    assert shown.index("Ring now") < shown.index("What was written")


def test_nothing_typed_is_said_so_and_too_much_too(asker, asked):
    _, link = asked
    assert "Enter what you would like to add" in asker.post(f"{link}/more", {"words": " "}).words
    assert asker.post(f"{link}/more", {"words": "a" * 5001}).status == 422


def test_an_agreement_is_taken_back_and_stays_so(asker, asked):
    row, link = asked
    agreement = one("select id from agreement where referral_id = :id", id=row["id"])
    for _ in range(2):
        assert asker.post(f"{link}/agreement", {"agreement": str(agreement)}).status == 302
    answers = rows("select purpose, agreed from agreement where referral_id = :id order by at", id=row["id"])
    assert answers == [
        {"purpose": "know_of_each_other", "agreed": True},
        {"purpose": "know_of_each_other", "agreed": False},
    ]
    assert "Take this back" not in asker.get(link).words


def test_an_agreement_of_somebody_else_is_not_there(asker, asked, app):
    _, link = asked
    other = Asker(app)
    row = rows("select id from referral where reference = :r", r=reference_of(other.ask()))[0]
    theirs = one("select id from agreement where referral_id = :id", id=row["id"])
    assert asker.post(f"{link}/agreement", {"agreement": str(theirs)}).status == 404
    assert one("select count(*) from agreement where referral_id = :id", id=row["id"]) == 1


def test_what_is_no_button_of_the_page_takes_nothing_back_and_does_not_say_so(asker, asked):
    row, link = asked
    for sent in ({}, {"agreement": ""}, {"agreement": "all"}):
        answer = asker.post(f"{link}/agreement", sent)
        assert (answer.status, answer.headers["Location"]) == (302, link)
        assert "taken back" not in asker.get(link).words.lower()
    assert one("select count(*) from agreement where referral_id = :id and not agreed", id=row["id"]) == 0


def test_the_request_is_taken_back_once(asker, asked, browser):
    row, link = asked
    for _ in range(2):
        assert asker.post(f"{link}/take-back", {}).status == 302
    assert one("select status from referral where id = :id", id=row["id"]) == "cancelled"
    shown = asker.get(link).words
    assert "It was taken back" in shown
    assert "Say more" not in shown
    assert "Withdrawn by The person themself" in browser("worker").get(f"/referrals/{row['id']}").words


def test_nothing_changes_by_opening_a_link(asker, asked):
    row, link = asked
    for act in ("more", "agreement", "take-back", "end-link"):
        assert asker.get(f"{link}/{act}").status == 405
    assert one("select version from referral where id = :id", id=row["id"]) == row["version"]


def test_a_link_that_was_ended_opens_nothing_and_the_request_goes_on(asker, asked):
    row, link = asked
    assert asker.post(f"{link}/end-link", {}).status == 200
    assert asker.get(link).status == 404
    assert asker.post(f"{link}/take-back", {}).status == 404
    assert one("select status from referral where id = :id", id=row["id"]) == "received"


def test_a_wrong_an_ended_and_an_old_link_answer_alike(asker, asked):
    row, link = asked
    wrong = asker.get(f"/your-request/{'a' * 43}")
    later(made_at="made_at - interval '60 days'")
    old = asker.get(link)
    later(made_at="now()")
    with database.transaction() as session:
        session.execute(
            text(
                "update referral set status = 'cancelled', closed_at = now() - interval '28 days'"
                " where id = :id"
            ),
            {"id": row["id"]},
        )
    over = asker.get(link)
    assert [page.status for page in (wrong, old, over)] == [404, 404, 404]
    assert wrong.words == old.words == over.words
    assert "01632" not in wrong.words or "999" in wrong.words


def test_every_read_and_write_is_in_the_access_log(asker, asked):
    row, link = asked
    asker.get(link)
    asker.post(f"{link}/more", {"words": "One more thing."})
    asker.post(f"{link}/take-back", {})
    log = rows(
        "select act, actor, actor_kind from access_log where :id = any(subjects) order by id", id=row["id"]
    )
    assert [each["act"] for each in log] == ["submit", "make link", "read", "add", "withdraw"]
    assert {each["actor_kind"] for each in log} == {"self"}
    link_id = one("select id from status_link where referral_id = :id", id=row["id"])
    assert {each["actor"] for each in log[1:]} == {str(link_id)}


def test_links_that_open_nothing_are_counted_and_good_ones_are_not(app, monkeypatch, asked):
    monkeypatch.setenv("RATE_STATUS_LINK", "3 per hour")
    _, link = asked
    guesser = Asker(app, "203.0.113.9")
    for _ in range(5):
        assert guesser.get(link).status == 200
    assert [guesser.get(f"/your-request/{uuid4().hex}").status for _ in range(4)] == [404, 404, 404, 429]


def test_nobody_else_becomes_the_person_by_signing_in(asked, browser):
    row, _ = asked
    for who in ("practice", "police", "other-worker"):
        assert browser(who).get(f"/referrals/{row['id']}").status == 404
    assert browser("practice").post(f"/referrals/{row['id']}/withdraw", {"reason": "other"}).status == 404
