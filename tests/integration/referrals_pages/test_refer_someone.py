import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select, text

from services.referrals.store.database import database
from services.referrals.store.directory import forget
from services.referrals.store.tables import Referral
from shared.clock import now
from tests.builders.referrals_browser import Browser
from tests.builders.referrals_journeys import ABOUT, CONTACT, START, begin, send, up_to_check
from tests.builders.referrals_world import fill, ident


@pytest.fixture
def name():
    return f"Ada{now().timestamp()}".replace(".", "")


def stored():
    with database.transaction() as session:
        return session.scalar(select(func.count()).select_from(Referral))


def test_the_first_page_asks_what_helps_and_says_who_to_ring(browser):
    page = browser("practice").get("/refer")
    assert page.status == 200
    assert "What would they like help with?" in page.words
    assert "01632 960 130" in page.words
    assert "Nothing is sent yet" in page.words


def test_no_postcode_or_name_is_ever_in_an_address(browser, name):
    practice = browser("practice")
    draft = up_to_check(practice, about={"given_name": name})
    sent = practice.post(f"{draft}/check", {"once": draft.rsplit("/", 1)[-1]})
    for address in (draft, sent.location):
        assert re.fullmatch(r"/(refer|referrals)/[0-9a-f-]{36}(/sent)?", address)


def test_needs_are_asked_for_and_everything_typed_stays(browser):
    page = browser("practice").post("/refer", {**START, "needs": [], "postcode": "NOWHERE"})
    assert page.status == 422
    assert page.title == "Error: Refer someone – Linkwork"
    assert "Choose at least one thing they would like help with" in page.words
    assert "Enter a full UK postcode" in page.words
    assert 'value="NOWHERE"' in page.html
    assert 'value="1952"' in page.html


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"date_of_birth-year": "2999"}, "The date of birth is in the future."),
        ({"date_of_birth-year": "1852"}, "1900"),
        ({"age_estimate": "74"}, "Give the date of birth or an age, not both"),
        ({"where": "no_fixed_abode"}, "Give a postcode, or choose from this list, not both"),
        ({"later_postcode": "YO31 7DE"}, "Say from when they will live there"),
        ({"needs": ["flying"]}, "Choose from the list"),
    ],
)
def test_a_fact_that_cannot_be_is_named(browser, typed, said):
    page = browser("practice").post("/refer", {**START, **typed})
    assert page.status == 422
    assert said in page.words


def test_who_can_help_is_ranked_with_reasons_wait_and_capacity(browser):
    practice = browser("practice")
    page = practice.get(f"{begin(practice)}/who")
    words = page.words
    assert words.index("Westfield link workers") < words.index("York Local Area Coordinators")
    assert "Expected wait 14 days (as the service says)" in words
    assert "6 open places" in words
    assert "Works with their GP practice" in words
    assert "The person is 74 on that day; this service takes people from 11 to 25" in words
    assert "Open Circle meets on Tuesday evenings." in words


def test_a_neighbours_contact_stands_beside_why_not(browser):
    practice = browser("practice")
    page = practice.get(f"{begin(practice, postcode='YO19 6LE')}/who")
    assert "North Yorkshire community line, 01632 960 120" in page.words


def test_a_discreet_service_is_offered_to_the_person(browser):
    practice = browser("practice")
    page = practice.get(f"{begin(practice, needs=['domestic_abuse'])}/who")
    assert "Offer these to the person" in page.words
    assert "Haven North one-to-one" in page.words


def test_a_question_is_answered_right_there_and_changes_the_list(browser):
    practice = browser("practice")
    draft = begin(practice, needs=["caring"])
    page = practice.get(f"{draft}/who")
    assert "Do they look after somebody?" in page.words
    assert page.words.index("It depends") < page.words.rindex("York carers’ connectors")
    done = practice.post(f"{draft}/answers", {"circumstances--carer": "yes"})
    assert done.status == 302
    after = practice.get(f"{draft}/who").words
    assert "For people who care for somebody" in after
    assert "Do they look after somebody?" not in after


@pytest.fixture
def landlords(browser):
    """Two services for people of York take the tenants of their own organisation alone."""
    with database.transaction() as session:
        ids = [str(ident(word)) for word in ("york-housing", "york-lac")]
        session.execute(
            text("""
                update directory_item set doc = jsonb_set(doc, '{criteria, circumstances}', '["tenant"]')
                where kind = 'service' and id = any(:ids)
            """),
            {"ids": ids},
        )
    forget()
    yield ids
    fill(now())


def test_each_landlord_is_asked_about_by_itself(browser, landlords):
    practice = browser("practice")
    draft = begin(practice, needs=["housing"])

    def asked():
        return set(re.findall(r'name="(circumstances--tenant:[^"]+)"', practice.get(f"{draft}/who").html))

    first, second = sorted(asked())
    assert practice.post(f"{draft}/answers", {first: "yes"}).status == 302
    assert asked() == {second}
    assert practice.post(f"{draft}/answers", {second: "no"}).status == 302
    assert asked() == set()
    assert "For people who are tenants of" in practice.get(f"{draft}/who").words


def test_an_answer_that_cannot_be_is_named(browser):
    practice = browser("practice")
    draft = begin(practice, postcode="", where="no_fixed_abode")
    assert "Which part of town" in practice.get(f"{draft}/who").words
    page = practice.post(f"{draft}/answers", {"postcode": "nowhere"})
    assert page.status == 422
    assert "Enter a full UK postcode" in page.words


def test_nobody_chosen_is_said(browser):
    practice = browser("practice")
    page = practice.post(f"{begin(practice)}/who", {})
    assert page.status == 422
    assert "Choose who should take this person, or let Linkwork find the right one" in page.words


def test_nothing_about_safety_or_agreement_is_ticked_beforehand(browser):
    practice = browser("practice")
    draft = begin(practice)
    practice.post(f"{draft}/who", {"choice": "any"})
    practice.post(f"{draft}/about", ABOUT)
    page = practice.get(f"{draft}/contact")
    assert "Not asked means no" in page.words
    checked = re.findall(r'name="([^"]+)"[^>]*value="[^"]+"[^>]*\bchecked', page.html)
    assert checked == ["lawful_basis"]
    assert 'value="01632 960 001"' in page.html


def test_a_way_that_is_safe_needs_to_be_named(browser):
    practice = browser("practice")
    draft = begin(practice)
    practice.post(f"{draft}/who", {"choice": "any"})
    practice.post(f"{draft}/about", ABOUT)
    page = practice.post(f"{draft}/contact", {**CONTACT, "contacts-0-value": "", "how": ""})
    assert page.status == 422
    assert "Enter the number that is safe to ring" in page.words
    assert "Say how they were asked" in page.words


def test_the_check_page_leads_back_to_every_part_and_keeps_everything(browser, name):
    practice = browser("practice")
    draft = up_to_check(practice, about={"given_name": name})
    page = practice.get(f"{draft}/check")
    for part in ("start", "who", "about", "contact"):
        assert f'href="{draft}/{part}"' in page.html
    assert f"{name} Example" in page.words
    assert "3 May 1952" in page.words
    assert "Phone call: 01632 960 001 (safe; voicemail not asked; number shown not asked" in page.words
    assert f'value="{name}"' in practice.get(f"{draft}/about").html
    contact = practice.get(f"{draft}/contact").html
    assert re.search(r'name="contacts-0-safe"[^>]*value="yes"[^>]*checked', contact)
    assert 'value="1952"' in practice.get(f"{draft}/start").html


def test_sending_says_reference_next_steps_and_text_for_ones_own_record(browser, name):
    practice = browser("practice")
    page = practice.get(f"{send(practice, about={'given_name': name})}/sent")
    assert "Reference LW-" in page.words
    assert "looks at it within 2 working days" in page.words
    assert "Social prescribing referral LW-" in page.words
    assert name not in page.words
    assert name not in page.title


def test_a_second_press_and_a_reload_send_once(browser, name):
    practice = browser("practice")
    draft = up_to_check(practice, about={"given_name": name})
    before = stored()
    key = {"once": draft.rsplit("/", 1)[-1]}
    first, second = practice.post(f"{draft}/check", key), practice.post(f"{draft}/check", key)
    assert first.location == second.location
    assert stored() == before + 1
    assert "It was not sent a second time." in practice.follow(practice.get(f"{draft}/check")).words


def test_two_presses_at_the_same_time_send_once(app, name):
    practice = Browser(app, "practice")
    draft = up_to_check(practice, about={"given_name": name})
    before = stored()
    key = {"once": draft.rsplit("/", 1)[-1]}
    browsers = [Browser(app, "practice") for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda one: one.post(f"{draft}/check", key), browsers))
    assert {answer.status for answer in answers} == {302}
    assert len({answer.location for answer in answers}) == 1
    assert stored() == before + 1


def test_the_same_request_again_shows_what_is_open_and_can_be_sent_anyway(browser, name):
    practice = browser("practice")
    about = {"given_name": name}
    first = practice.get(f"{send(practice, about=about)}/sent").words
    reference = re.search(r"LW-\w{4}-\w{3}", first)[0]
    draft = up_to_check(practice, about=about)
    before = stored()
    again = practice.post(f"{draft}/check", {"once": "x"})
    assert again.status == 409
    assert "You have already sent this" in again.words
    assert reference in again.words
    assert "Received" in again.words
    silent = practice.post(f"{draft}/check", {"once": "x", "anyway": "yes"})
    assert "Say why it is a separate request" in silent.words
    assert stored() == before
    done = practice.post(f"{draft}/check", {"once": "x", "anyway": "yes", "separate_reason": "Another need"})
    assert done.status == 302
    assert stored() == before + 1


def test_another_organisations_same_request_is_sent_like_a_strangers(browser, name):
    send(browser("practice"), about={"given_name": name})
    page = browser("charity").get(f"{send(browser('charity'), about={'given_name': name})}/sent")
    assert "Reference LW-" in page.words
    assert "already" not in page.words


def test_a_draft_is_its_writers_alone_and_can_be_deleted(browser, name):
    practice = browser("practice")
    draft = up_to_check(practice, about={"given_name": name})
    listed = practice.get("/refer/drafts")
    assert f"{name} Example" in listed.words
    assert f'href="{draft}/check"' in listed.html
    for part in ("start", "who", "about", "contact", "check"):
        assert browser("practice-colleague").get(f"{draft}/{part}").status == 404
    assert name not in browser("practice-colleague").get("/refer/drafts").words
    assert practice.post(f"{draft}/delete").status == 302
    assert practice.get(f"{draft}/check").status == 404
    assert name not in practice.get("/refer/drafts").words


def test_a_sent_draft_keeps_nothing_that_was_typed(browser, name):
    practice = browser("practice")
    send(practice, about={"given_name": name})
    assert name not in practice.get("/refer/drafts").words


def test_on_the_phone_the_pages_follow_a_call(browser):
    practice = browser("practice")
    page = practice.get("/refer/on-the-phone")
    assert "are you somewhere private?" in page.words
    draft = str(practice.post("/refer/on-the-phone", START).location).rsplit("/", 1)[0]
    practice.post(f"{draft}/who", {"choice": "any"})
    about = practice.get(f"{draft}/about").words
    assert "Who is on the line?" in about
    assert about.index("what matters to you") < about.index("What matters to them, in their own words")
    nameless = practice.post(f"{draft}/about", {**ABOUT, "line_who": "professional"})
    assert "Enter the name of the professional on the line" in nameless.words


def test_sooner_needs_a_reason(browser):
    practice = browser("practice")
    draft = begin(practice)
    practice.post(f"{draft}/who", {"choice": "any"})
    page = practice.post(f"{draft}/about", {**ABOUT, "priority": "sooner"})
    assert "Say why they should be seen sooner" in page.words


@pytest.mark.parametrize("number", ["123", "999 000 0000", "111 111 1111"])
def test_an_nhs_number_that_is_none_is_named(browser, number):
    practice = browser("practice")
    draft = begin(practice)
    practice.post(f"{draft}/who", {"choice": "any"})
    page = practice.post(f"{draft}/about", {**ABOUT, "nhs_number": number})
    assert page.status == 422
    assert f'value="{number}"' in page.html


NAUGHTY = [
    "<script>alert(1)</script>",
    "'; drop table referral; --",
    "{{ 7 * 7 }}",
    "\u202etxet",
    "Ω≈ç√∫˜µ",
    "\x00",
]


@pytest.mark.parametrize("words", NAUGHTY)
def test_naughty_words_are_shown_as_written_or_refused(browser, name, words):
    practice = browser("practice")
    draft = begin(practice)
    practice.post(f"{draft}/who", {"choice": "any"})
    answered = practice.post(f"{draft}/about", {**ABOUT, "given_name": name, "what_matters": words})
    assert answered.status in (302, 422)
    if answered.status == 422:
        return
    practice.post(f"{draft}/contact", CONTACT)
    sent = practice.post(f"{draft}/check", {"once": "x"})
    assert sent.status in (302, 422)
    page = practice.get(sent.location.removesuffix("/sent")) if sent.status == 302 else sent
    assert page.status in (200, 422)
    assert "<script>alert" not in page.html
    if sent.status == 302:
        assert words in page.words


def test_somebody_with_nothing_known_but_a_need_is_sent(browser):
    practice = browser("practice")
    nothing = {"date_of_birth-day": "", "date_of_birth-month": "", "date_of_birth-year": "", "postcode": ""}
    empty = {"given_name": "", "family_name": "", "address": "", "phone": "", "what_matters": ""}
    path = send(
        practice,
        start=nothing,
        about=empty,
        contact={"contacts-0-value": "", "contacts-0-safe": "not_asked"},
    )
    assert "Name not known" in practice.get(path).words


def test_those_who_do_not_send_have_no_such_page(browser):
    assert browser("forum").get("/refer").status == 404


def test_where_somebody_without_an_address_stays_settles_the_question(browser):
    practice = browser("practice")
    draft = begin(practice, postcode="", where="no_fixed_abode")
    assert "Which part of town do they mostly stay in?" in practice.get(f"{draft}/who").words
    assert practice.post(f"{draft}/answers", {"postcode": "YO24 3BZ"}).status == 302
    page = practice.get(f"{draft}/who")
    assert "Which part of town do they mostly stay in?" not in page.words
    assert "no fixed address" in page.words


def test_a_worker_types_in_somebody_who_asked_for_themself(browser, name):
    worker = browser("worker")
    path = send(worker, start={"route_in": "self"}, about={"given_name": name, "gp_practice": "Z90001"})
    assert worker.get(f"{path}/sent").status == 200
    assert "Asked for themself" in worker.get(path).words


def test_who_typed_in_a_self_referral_for_another_team_still_gets_its_reference(browser, name):
    worker = browser("other-worker")
    path = send(
        worker,
        start={"route_in": "self"},
        choice=str(ident("westfield-link")),
        about={"given_name": name, "gp_practice": "Z90001"},
    )
    page = worker.get(f"{path}/sent")
    assert page.status == 200
    assert "Reference LW-" in page.words
    assert "Westfield link workers has it in its queue" in page.words


def test_a_postcode_is_shown_in_its_written_form_however_it_was_typed(browser):
    practice = browser("practice")
    page = practice.get(f"{begin(practice, postcode='yo243bz')}/who")
    assert "YO24 3BZ" in page.words
    assert "yo243bz" not in page.words
