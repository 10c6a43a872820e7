import re

import pytest
from sqlalchemy import select

from services.referrals.store.database import database
from services.referrals.store.tables import AgreementRow, PersonRecord, Referral
from tests.builders.referrals_journeys import ABOUT, CONTACT, START, begin, send, up_to_check
from tests.builders.referrals_world import ident

INTRODUCE = {"route_in": "introduction", "needs": []}
MEET = {
    "contacts-0-channel": "via",
    "contacts-0-value": "At the library on Tuesdays, with Val",
    "contacts-0-safe": "yes",
    "share_referral": "not_asked",
    "feedback_to_sender": "not_asked",
    "lawful_basis": "legitimate_interests",
}


def fields_of(page):
    """Names of the fields a page shows."""
    shown = set(re.findall(r'name="([a-z_]+)(?:-[a-z]+)?"', page.html))
    return shown - {"csrf_token", "viewport", "theme", "description", "robots"}


def about_page(browser, who, **start):
    return fields_of(browser(who).get(f"{begin(browser(who), **start)}/about"))


@pytest.mark.parametrize(
    ("who", "asked", "not_asked"),
    [
        ("practice", {"nhs_number", "gp_practice", "address"}, set()),
        ("council", {"nhs_number", "gp_practice", "address"}, set()),
        ("housing", {"address", "safeguarding"}, {"nhs_number", "gp_practice"}),
        ("fire", {"address", "safeguarding"}, {"nhs_number", "gp_practice"}),
        ("police", {"safeguarding", "priority"}, {"nhs_number", "gp_practice", "address"}),
        ("school", {"safeguarding", "priority"}, {"nhs_number", "gp_practice", "address"}),
    ],
)
def test_each_sector_is_asked_only_what_its_route_needs(browser, who, asked, not_asked):
    shown = about_page(browser, who)
    assert asked <= shown
    assert not not_asked & shown
    assert len(shown - {"safeguarding"}) <= 10


@pytest.mark.parametrize(
    ("who", "note"),
    [
        ("police", "Leave out any offence, report or suspect"),
        ("housing", "Leave out the tenancy’s history, complaints"),
        ("fire", "not what was found in the home"),
        ("school", "Leave out the family and other pupils"),
    ],
)
def test_what_does_not_belong_in_the_story_is_said_where_it_is_written(browser, who, note):
    page = browser(who).get(f"{begin(browser(who))}/about")
    assert note in page.words


@pytest.mark.parametrize(
    ("who", "feedback", "told"),
    [
        ("police", "not_asked", "You are told that it was received, and when it is closed."),
        ("housing", "no", "You are told that it was received, and when it is closed."),
        ("police", "yes", "You are told each time."),
        ("practice", "not_asked", "You are told each time."),
    ],
)
def test_the_confirmation_promises_a_sender_no_more_than_it_is_told(browser, who, feedback, told):
    sender = browser(who)
    path = send(sender, about={"family_name": f"Told {feedback}"}, contact={"feedback_to_sender": feedback})
    assert told in sender.get(f"{path}/sent").words


def test_what_a_sector_is_not_asked_is_not_taken_from_a_forged_form_either(browser):
    path = send(browser("police"), about={"nhs_number": "999 000 0018", "given_name": "Forged"})
    with database.transaction() as session:
        row = session.get_one(Referral, path.rsplit("/", 1)[-1])
        person = session.get_one(PersonRecord, row.person_id)
    assert person.given_name == "Forged"
    assert person.nhs_number is None


INTRODUCED_START = {"route_in", "postcode", "where"}
INTRODUCED_ABOUT = {"given_name", "line_name", "line_role"}
UNDER_18 = {"competent", "parental_responsibility", "not_to_contact"}


def test_an_introduction_asks_a_name_how_to_meet_who_introduces_and_where_they_live(browser):
    charity = browser("charity")
    start = charity.get("/refer")
    assert "Introduce someone" in start.words
    assert fields_of(start) == INTRODUCED_START
    draft = begin(charity, **INTRODUCE)
    assert fields_of(charity.get(f"{draft}/start")) == INTRODUCED_START
    assert not fields_of(charity.get(f"{draft}/who")) - {"choice"}
    about = charity.get(f"{draft}/about")
    assert "Introduce someone" in about.words
    assert fields_of(about) == INTRODUCED_ABOUT
    assert charity.post(f"{draft}/about", {"given_name": "Ida"}).status == 302
    contact = charity.get(f"{draft}/contact")
    assert "How to meet them" in contact.words
    assert "Have they said yes to being introduced?" in contact.words
    assert "Not asked yet" in contact.words
    shown = {name for name in fields_of(contact) if not name.startswith("contacts")}
    assert shown == {"share_referral", "how", "alone", "restricted"} | UNDER_18


def test_whoever_introduces_can_refer_instead_and_whoever_refers_introduce(browser):
    charity, practice = browser("charity"), browser("practice")
    assert {"needs", "age_estimate"} <= fields_of(charity.get("/refer?as=professional"))
    assert "/refer?as=introduction" in practice.get("/refer").html
    assert fields_of(practice.get("/refer?as=introduction")) == INTRODUCED_START
    assert {"needs", "age_estimate"} <= fields_of(practice.get("/refer?as=nothing"))


def test_what_an_introduction_does_not_ask_is_not_taken_from_a_forged_form_either(browser):
    charity = browser("charity")
    draft = begin(charity, **INTRODUCE)
    forged = {**ABOUT, **MEET, **CONTACT, "given_name": "Ida"}
    for page, answers in (("who", {"choice": "any"}), ("about", forged), ("contact", forged)):
        assert charity.post(f"{draft}/{page}", answers).status == 302
    done = charity.post(f"{draft}/check", {"once": draft.rsplit("/", 1)[-1]})
    assert done.status == 302, done.words
    with database.transaction() as session:
        row = session.scalars(select(Referral).order_by(Referral.submitted_at.desc()).limit(1)).one()
        person = session.get_one(PersonRecord, row.person_id)
        assert (row.what_matters, row.needs, row.lawful_basis) == (None, [], "legitimate_interests")
        assert (person.family_name, person.date_of_birth, person.access_needs) == (None, None, [])
        purposes = session.scalars(select(AgreementRow.purpose).where(AgreementRow.referral_id == row.id))
        assert set(purposes) == {"share_referral"}


def test_a_referral_that_was_an_introduction_asks_again_what_an_introduction_does_not(browser):
    charity = browser("charity")
    draft = begin(charity, **INTRODUCE)
    for page, answers in (("who", {"choice": "any"}), ("about", {"given_name": "Ida"}), ("contact", MEET)):
        assert charity.post(f"{draft}/{page}", answers).status == 302
    assert charity.get(f"{draft}/check").status == 200
    charity.post(f"{draft}/start", START)
    assert charity.get(f"{draft}/check").status == 302
    assert "safeguarding" in fields_of(charity.get(f"{draft}/about"))


def test_an_introduction_with_a_name_and_a_place_alone_reaches_the_coordinators(browser):
    charity = browser("charity")
    draft = begin(
        charity, **INTRODUCE, **{"date_of_birth-day": "", "date_of_birth-month": "", "date_of_birth-year": ""}
    )
    who = charity.get(f"{draft}/who")
    assert "York Local Area Coordinators" in who.words
    for page, answers in (
        ("who", {"choice": str(ident("york-lac"))}),
        ("about", {"given_name": "Ida", "line_name": "Val Vcse", "line_role": "Runs the lunch club"}),
        ("contact", MEET),
    ):
        sent = charity.post(f"{draft}/{page}", answers)
        assert sent.status == 302, sent.words
    check = charity.get(f"{draft}/check")
    assert "Val Vcse, Runs the lunch club" in check.words
    assert "They said yes to being introduced: not asked" in check.words
    assert "NHS number" not in check.words
    done = charity.post(f"{draft}/check", {"once": draft.rsplit("/", 1)[-1]})
    assert done.status == 302, done.words
    with database.transaction() as session:
        row = session.scalars(select(Referral).order_by(Referral.submitted_at.desc()).limit(1)).one()
        assert (row.route_in, row.needs, row.safeguarding) == ("introduction", [], "not_known")
        assert row.owner_team_id == ident("york-lac-team")
        assert row.referrer_role == "Runs the lunch club"


def test_somebody_who_said_no_is_not_introduced(browser):
    charity = browser("charity")
    draft = begin(charity, **INTRODUCE)
    charity.post(f"{draft}/who", {"choice": "any"})
    charity.post(f"{draft}/about", {"given_name": "Ida"})
    page = charity.post(f"{draft}/contact", {**MEET, "share_referral": "no", "how": "in_person"})
    assert page.status == 422
    assert "They said no, so nothing is sent" in page.words
    assert "Delete without sending" in page.words


def test_a_referral_still_says_a_need(browser):
    page = browser("charity").post("/refer", {**START, "needs": [], "route_in": "professional"})
    assert page.status == 422
    assert "Choose at least one thing they would like help with" in page.words


def test_what_the_new_way_in_does_not_ask_goes_when_the_way_in_is_changed(browser):
    practice = browser("practice")
    draft = up_to_check(practice, about={"nhs_number": "999 000 0018", **ABOUT}, contact=CONTACT)
    assert "999 000 0018" in practice.get(f"{draft}/check").words
    practice.post(f"{draft}/start", {**START, "route_in": "introduction"})
    assert "999 000 0018" not in practice.get(f"{draft}/check").words
