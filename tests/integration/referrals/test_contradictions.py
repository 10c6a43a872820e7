"""What contradicts itself or names nobody is refused where it stands; danger is taken all the same."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import text

from services.referrals.store.database import database
from services.referrals.store.directory import forget
from shared.clock import now
from tests.builders.referrals import one, sent, to_westfield
from tests.builders.referrals_world import fill, ident

PCN = str(ident("york-pcn"))
SURGERY = str(ident("westfield-surgery"))
DANGER = {"what_matters": "I cannot go on tonight."}
BOTH_AGES = {"person": {"age_estimate": 74}}
SOONER = {"priority": "sooner"}


def answer(recipient="helpers", purpose="share_referral", agreed=True):
    return {"recipient": recipient, "purpose": purpose, "agreed": agreed, "how": "in person"}


def refused(system, path="/referrals", **changes):
    """What is said of each place in a body that was refused."""
    got = system("practice").post(path, to_westfield(**changes))
    assert got.status_code == 422, got.json
    return {error["pointer"]: error["detail"] for error in got.json["errors"]}


TWICE = [answer(), answer(agreed=False)]
NOBODY = [answer(), answer(str(uuid4()))]


@pytest.fixture
def half_a_copy(app):
    """The directory's copy is not whole: what is missing from it may be there."""
    with database.transaction() as session:
        session.execute(text("update directory_state set complete = false"))
    forget()
    yield
    fill(now())


def test_two_answers_to_one_question_are_refused_at_the_second(system):
    assert list(refused(system, agreement=TWICE)) == ["/agreement/1"]
    spelt = [answer(PCN), answer(PCN.upper(), agreed=False)]
    assert list(refused(system, agreement=spelt)) == ["/agreement/1"]
    assert one("select count(*) from referral") == 0


def test_the_same_answer_twice_is_one_and_two_questions_have_two_answers(system):
    both = [answer(), answer(), answer(purpose="know_of_each_other", agreed=False)]
    sent(system, agreement=both)


def test_an_answer_about_no_organisation_is_refused_where_it_is_named(system):
    assert list(refused(system, agreement=NOBODY)) == ["/agreement/1/recipient"]
    assert list(refused(system, agreement=[answer(str(ident("york-pcn-team")))])) == [
        "/agreement/0/recipient"
    ]


def test_an_answer_written_down_later_is_looked_at_the_same(system):
    made = sent(system)
    for agreement, pointer in ((TWICE, "/agreement/1"), (NOBODY, "/agreement/1/recipient")):
        got = system("practice").act(made["id"], "agreements", agreement=agreement)
        assert got.status_code == 422
        assert [error["pointer"] for error in got.json["errors"]] == [pointer]
    assert one("select count(*) from agreement where recorded_at is not null") == 0


def test_only_people_of_the_directory_are_named_for_a_restricted_one(system):
    named = [str(ident("worker")), str(uuid4())]
    assert list(refused(system, restricted=True, restricted_to=named)) == ["/restricted_to/1"]
    sent(system, restricted=True, restricted_to=named[:1])


def test_while_the_copy_is_not_whole_a_name_is_believed(system, half_a_copy):
    stranger = str(uuid4())
    got = system("practice").post(
        "/referrals", to_westfield(agreement=[answer(stranger)], restricted=True, restricted_to=[stranger])
    )
    assert got.status_code == 201, got.json


@pytest.mark.parametrize("path", ["/referrals", "/routes"])
def test_a_date_of_birth_and_an_age_are_one_too_many(system, path):
    words = refused(system, path, **BOTH_AGES)
    assert words == {"/person/age_estimate": "Give the date of birth or an age, not both."}


@pytest.mark.parametrize(
    "written", ["19520304", "1952-3-4", "1952-03-04T00:00:00", "04/03/1952", "1952-W10-2"]
)
def test_a_day_is_written_in_one_way(system, written):
    words = refused(system, person={"date_of_birth": written})
    assert words == {"/person/date_of_birth": "Give a day as YYYY-MM-DD."}


def test_sooner_has_a_reason(system):
    assert list(refused(system, **SOONER)) == ["/priority_reason"]
    assert list(refused(system, **SOONER, priority_reason="  ")) == ["/priority_reason"]
    sent(system, **SOONER, priority_reason="She leaves hospital on Friday.")


@pytest.mark.parametrize(
    "contradiction",
    [SOONER, BOTH_AGES, {"agreement": TWICE}, {"agreement": NOBODY}, {"restricted_to": [str(uuid4())]}],
    ids=["sooner", "age", "twice", "nobody", "restricted"],
)
@pytest.mark.parametrize("danger", [DANGER, {"safeguarding": "yes"}], ids=["words", "safeguarding"])
def test_danger_is_taken_whatever_it_contradicts(system, contradiction, danger):
    body = to_westfield(**danger, **contradiction)
    got = system("practice").post("/referrals", body)
    assert got.status_code == 201, got.json
    assert one("select urgency from referral where id = :id", id=got.json["id"]) == 0


CONTACT = {"channel": "phone", "value": "01632 960123"}


@pytest.mark.parametrize("said", [1, 0, "true", "yes", "on", "1", [], {}, 1.0])
@pytest.mark.parametrize(
    ("pointer", "changes"),
    [
        ("/person/contacts/0/safe", lambda v: {"person": {"contacts": [{**CONTACT, "safe": v}]}}),
        ("/person/contacts/0/voicemail", lambda v: {"person": {"contacts": [{**CONTACT, "voicemail": v}]}}),
        ("/person/contacts/0/caller_id", lambda v: {"person": {"contacts": [{**CONTACT, "caller_id": v}]}}),
        ("/person/no_fixed_abode", lambda v: {"person": {"no_fixed_abode": v}}),
        ("/person/registered", lambda v: {"person": {"registered": v}}),
        ("/agreement/0/agreed", lambda v: {"agreement": [answer(agreed=v)]}),
        ("/agreement/0/alone", lambda v: {"agreement": [answer() | {"alone": v}]}),
        ("/restricted", lambda v: {"restricted": v}),
        ("/under_18/competent", lambda v: {"under_18": {"competent": v}}),
    ],
)  # fmt: skip
def test_yes_is_true_and_nothing_else(system, pointer, changes, said):
    assert refused(system, **changes(said)) == {pointer: "Give true or false."}


def test_what_the_library_finds_is_said_in_words_that_help(system):
    body = to_westfield(
        colour="red", needs=None, priority="soon", target_service_id="x", person={"contacts": {}}
    )
    del body["lawful_basis"]
    got = system("practice").post("/referrals", body)
    assert {error["pointer"]: error["detail"] for error in got.json["errors"]} == {
        "/colour": "There is no such field: take it out.",
        "/needs": "Give a value here: it cannot be null or empty.",
        "/priority": "Choose one of: routine, sooner.",
        "/target_service_id": "Give an id in the form 6f1c2a34-0000-4000-8000-000000000000.",
        "/person/contacts": "Give a list, as in […].",
        "/lawful_basis": "Give this field.",
    }
