import re
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median

import pytest
from sqlalchemy import text

from services.referrals.actions.find_audience import find_audience
from services.referrals.actions.public_drafts import clear_public_drafts
from services.referrals.actions.seeing import SYSTEM
from services.referrals.store.database import database
from shared.clock import now
from tests.builders.asking import ANSWERS, PLACE, Asker, reference_of
from tests.builders.referrals import one, rows
from tests.builders.referrals_journeys import send
from tests.queries import count_queries


@pytest.fixture
def asker(app):
    return Asker(app)


def row_of(page):
    return rows("select * from referral where reference = :r", r=reference_of(page))[0]


def count():
    return one("select count(*) from referral")


def test_the_first_page_says_who_to_ring_and_how_to_leave(asker):
    page = asker.get(PLACE)
    assert page.status == 200
    assert page.title == "Linkwork"
    assert "01632 960 130" in page.words
    assert 'href="/for-you/leave"' in page.html
    assert page.headers["Cache-Control"] == "no-store"


def test_places_are_listed_where_there_are_several(asker):
    assert "Wakefield" in asker.get("/for-you").words
    assert asker.get("/for-you/nowhere").status == 404


def test_a_request_has_no_sender_and_a_team_that_looks_after_it(asker):
    page = asker.ask()
    row = row_of(page)
    assert (row["route_in"], row["sender_org_id"], row["author_id"]) == ("self", None, None)
    assert (row["lawful_basis"], row["speaker"], row["status"]) == ("public_task", "person", "received")
    assert row["routing_state"] == "routed"
    assert "A team in York reads it by" in page.words
    assert "Westfield link workers" not in page.words


def test_only_what_was_ticked_is_safe_and_only_what_was_ticked_is_agreed_to(asker):
    row = row_of(asker.ask(last={"know_of_each_other": "", "feedback_to_gp": "yes"}))
    points = rows("select * from contact_point where referral_id = :id", id=row["id"])
    assert [(p["channel"], p["safe"], p["voicemail"], p["caller_id"]) for p in points] == [
        ("phone", True, True, False)
    ]
    agreed = rows("select purpose, agreed from agreement where referral_id = :id", id=row["id"])
    assert agreed == [{"purpose": "feedback_to_gp", "agreed": True}]


def test_nothing_but_a_way_to_reach_them_and_a_word_must_be_given(asker):
    nothing = {"name": "", "age": "", "postcode": "", "gp_practice": ""}
    row = row_of(asker.ask(about=nothing, what={"needs": []}, last={"know_of_each_other": ""}))
    assert row["routing_state"] == "unrouted"
    assert row["owner_team_id"] is not None


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("who", {"who": ""}, "Choose who this is for"),
        ("what", {"what_matters": "", "needs": []}, "Write a few words, or tick something below"),
        ("what", {"needs": ["flying"]}, "Choose from the list"),
        ("about", {"age": "200"}, "The age in whole years must be 0 to 130"),
        ("about", {"postcode": "NOWHERE"}, "Enter a full UK postcode"),
        ("about", {"gp_practice": "Z99999"}, "Choose from the list"),
        ("about", {"where": "here"}, "Give a postcode, or choose here, not both"),
        ("reach", {"ways": []}, "Tick at least one way that is safe"),
        ("reach", {"ways": ["email"]}, "Enter the e-mail address"),
        ("reach", {"phone_value": "12"}, "phone number"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field_and_nothing_typed_is_lost(asker, name, typed, said):
    page = asker.up_to_check(**{name: typed})
    assert page.status == 422
    assert said in page.words
    assert page.title == "Error: Linkwork"


def test_answers_are_kept_between_pages_and_mended_from_the_last_one(asker):
    asker.up_to_check()
    assert 'value="YO24 3BZ"' in asker.get(f"{PLACE}/about").html
    mended = asker.post(f"{PLACE}/about", {**ANSWERS["about"], "name": "Adeline"})
    assert mended.location.endswith("/check")
    assert "Adeline" in asker.get(f"{PLACE}/check").words


def test_whoever_comes_next_to_the_same_screen_begins_afresh(asker):
    asker.up_to_check(about={"name": "Zephyrina"})
    assert "checked" not in asker.get(PLACE).html
    assert asker.post(PLACE, ANSWERS["who"]).location.endswith("/what")
    assert "dancing" not in asker.get(f"{PLACE}/what").html


def test_going_back_to_the_first_page_loses_nothing(asker):
    asker.up_to_check()
    assert "checked" in asker.get(f"{PLACE}?back=1").html
    changed = asker.post(PLACE, {"who": "other", "back": "1"})
    assert changed.location.endswith("/them")
    asker.post(f"{PLACE}/them", ANSWERS["them"])
    assert "dancing" in asker.get(f"{PLACE}/what").html


def test_no_page_can_be_opened_before_the_one_before_it(asker):
    for name in ("what", "about", "reach", "last", "check", "sent"):
        assert asker.get(f"{PLACE}/{name}").location.endswith(PLACE)
    asker.post(PLACE, ANSWERS["who"])
    assert asker.get(f"{PLACE}/reach").location.endswith(PLACE)


def test_nothing_typed_is_in_an_address_or_readable_in_the_store(asker):
    page = asker.up_to_check(about={"name": "Zephyrina"})
    assert re.fullmatch(r"/for-you/york/check", page.location)
    kept = rows("select sealed from public_draft")
    assert kept
    assert all(b"Zephyrina" not in bytes(each["sealed"]) for each in kept)


def test_leaving_forgets_what_was_typed_and_back_shows_nothing(asker):
    asker.up_to_check()
    before = one("select count(*) from public_draft")
    left = asker.get("/for-you/leave")
    assert left.status == 302
    assert not left.location.startswith("/")
    assert one("select count(*) from public_draft") == before - 1
    assert asker.get(f"{PLACE}/about").location.endswith(PLACE)


def test_what_nobody_touched_for_an_hour_is_gone(asker):
    asker.up_to_check()
    with database.transaction() as session:
        session.execute(text("update public_draft set updated_at = now() - interval '61 minutes'"))
    assert asker.get(f"{PLACE}/check").location.endswith(PLACE)
    assert clear_public_drafts(at=now()) > 0
    assert one("select count(*) from public_draft") == 0


def test_pressed_twice_it_is_one_request(asker):
    asker.up_to_check()
    before = count()
    first = asker.follow(asker.post(f"{PLACE}/check", {}))
    again = asker.follow(asker.post(f"{PLACE}/check", {}))
    assert reference_of(first) == reference_of(again)
    assert count() == before + 1


def test_pressed_at_the_same_moment_it_is_one_request(app):
    asker = Asker(app)
    asker.up_to_check()
    before, token = count(), asker._token
    cookies = [
        asker.client.get_cookie("linkwork_ask", path="/for-you"),
        asker.client.get_cookie("linkwork_csrf_referrals"),
    ]

    def press(_):
        client = app.test_client()
        for cookie in cookies:
            client.set_cookie(cookie.key, cookie.value, path=cookie.path)
        return client.post(f"{PLACE}/check", data={"csrf_token": token}).status_code

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(press, range(4))) == {302}
    assert count() == before + 1


def test_asked_again_later_it_is_another_request_with_the_same_words(app):
    pages = [Asker(app).ask() for _ in range(2)]
    first, second = (page.words.replace(reference_of(page), "") for page in pages)
    assert first == second
    assert row_of(pages[0])["id"] != row_of(pages[1])["id"]


def test_a_known_person_and_a_stranger_get_the_same_answer_in_the_same_time(app, browser):
    known = {"name": "Ada", "age": "74"}
    for turn in range(5):
        send(browser("practice"), about={"given_name": "Ada", "family_name": f"Known{turn}"})
    took = {"known": [], "stranger": []}
    said = set()
    for turn in range(6):
        for who, about in (("known", known), ("stranger", {"name": f"Nobody{turn}", "age": "74"})):
            asker = Asker(app)
            asker.up_to_check(about=about)
            begun = time.perf_counter()
            answer = asker.post(f"{PLACE}/check", {})
            took[who].append(time.perf_counter() - begun)
            page = asker.follow(answer)
            said.add((answer.status, answer.location, page.words.replace(reference_of(page), "")))
    assert len(said) == 1
    assert median(took["known"]) < 3 * median(took["stranger"])


def test_nothing_about_people_is_read_while_somebody_asks(app):
    asker = Asker(app)
    asker.up_to_check()
    with count_queries(database.engine) as made:
        asker.post(f"{PLACE}/check", {})
    of_people = re.compile(r"\bfrom (person_record|referral|contact_point)\b", re.IGNORECASE)
    assert len(made) > 5
    assert not [each for each in made.statements if of_people.search(each)]


def test_words_of_crisis_bring_the_numbers_first_and_an_alert_and_are_never_turned_away(asker):
    asker.post(PLACE, ANSWERS["who"])
    asker.post(f"{PLACE}/what", {"what_matters": "I can't go on tonight and want to die."})
    next_page = asker.get(f"{PLACE}/about")
    assert next_page.words.index("Ring now") < next_page.words.index("What name shall we call you?")
    assert "You matter. Please ring one of these numbers now." in next_page.words
    asker.post(f"{PLACE}/about", {})
    assert asker.post(f"{PLACE}/reach", {}).location.endswith("/last")
    asker.post(f"{PLACE}/last", {})
    page = asker.follow(asker.post(f"{PLACE}/check", {}))
    row = row_of(page)
    assert (row["urgency"], row["crisis_words"]) == (0, True)
    assert page.words.index("Ring now") < page.words.index("What happens next")
    assert "You ticked no safe way" in page.words


def test_a_friend_asks_only_for_somebody_who_knows_of_it(asker):
    before = count()
    page = asker.up_to_check(who={"who": "other"}, them={"knows": "not_yet"})
    assert page.location.endswith("/not-yet")
    told = asker.follow(page)
    assert "We only ask for help for somebody who knows about it and wants it" in told.words
    assert "01632 960 130" in told.words
    assert count() == before
    assert asker.get(f"{PLACE}/what").location.endswith(PLACE)


def test_a_friend_is_kept_as_who_spoke_and_agrees_to_nothing_for_them(asker, browser):
    page = asker.ask(who={"who": "other"})
    row = row_of(page)
    assert (row["speaker"], row["speaker_name"]) == ("someone_for_them", "Bea Example")
    assert rows("select 1 from agreement where referral_id = :id", id=row["id"]) == []
    shown = browser("worker").get(f"/referrals/{row['id']}").words
    assert "Somebody for them: Bea Example, his daughter" in shown
    assert "From A family member or friend" in shown
    assert "A family member or friend asked" in browser("worker").get("/queue").words


def test_of_a_child_too_young_to_ask_the_one_who_looks_after_them_asks(asker):
    child = {"who": {"who": "other"}, "them": {"knows": "child", "relation": "her mother"}}
    refused = asker.up_to_check(**child, about={"age": "16"})
    assert "Somebody of 16 or over has to know" in refused.words
    row = row_of(asker.ask(**child, about={"age": "9"}, last={"not_to_contact": "Her father"}))
    assert (row["competent"], row["parental_responsibility"]) == (False, "Bea Example, her mother")
    assert row["not_to_contact"] == "Her father"


def test_somebody_under_18_says_whom_not_to_tell(asker):
    asker.up_to_check(about={"age": "15"}, reach={"phone_value": "1"})
    asker.post(f"{PLACE}/reach", ANSWERS["reach"])
    assert "Is there anybody we must not contact or tell?" in asker.get(f"{PLACE}/last").words
    row = row_of(asker.ask(about={"age": "15"}, last={"not_to_contact": "My parents"}))
    assert row["not_to_contact"] == "My parents"


def test_who_fills_in_the_hidden_field_is_asked_to_press_again(asker):
    asker.up_to_check()
    before = count()
    page = asker.post(f"{PLACE}/check", {"website": "https://buy.example"})
    assert page.status == 422
    assert "Please press Send once more" in page.words
    assert "buy.example" not in page.html
    assert count() == before
    assert asker.post(f"{PLACE}/check", {}).status == 302


def test_a_network_that_sends_too_much_reads_whom_to_ring_and_loses_nothing(app, monkeypatch):
    monkeypatch.setenv("RATE_ASK_SENT", "1 per hour")
    address = "203.0.113.7"
    Asker(app, address).ask()
    second = Asker(app, address)
    second.up_to_check()
    refused = second.post(f"{PLACE}/check", {})
    assert refused.status == 429
    assert "01632 960 130" in refused.words
    assert refused.headers["Retry-After"]
    monkeypatch.setenv("RATE_ASK_SENT", "600 per minute")
    assert second.post(f"{PLACE}/check", {}).status == 302


def test_the_team_sees_that_nobody_else_can_be_asked(asker, browser):
    row = row_of(asker.ask())
    worker = browser("worker")
    assert "Asked for themself" in worker.get("/queue").words
    shown = worker.get(f"/referrals/{row['id']}")
    assert "From Themselves" in shown.words
    assert "Ask a question" not in shown.words
    assert f"/referrals/{row['id']}/ask" not in shown.html
    refused = worker.post(f"/referrals/{row['id']}/ask", {"question": "Which days?"})
    assert refused.status == 409


def test_no_sender_is_told_and_the_team_is(asker):
    row = row_of(asker.ask())
    for event in ("referral.received.v1", "referral.completed.v1", "referral.declined.v1"):
        told = find_audience(row["id"], event=event, event_id=None, by=SYSTEM, at=now())
        assert told["recipients"] == []
    arrived = find_audience(row["id"], event="referral.routed.v1", event_id=None, by=SYSTEM, at=now())
    assert arrived["recipients"]
