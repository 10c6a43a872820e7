import pytest

from services.referrals.domain.intake import BY_SECTOR, INTRODUCTION, Question, intake_of, must_say_needs
from services.referrals.domain.life import RouteIn
from services.referrals.domain.safe_contact import Channel

SECTORS = (
    "health", "social_care", "local_authority", "housing", "police", "fire", "vcse", "education", "employer",
    "other", None,
)  # fmt: skip
CARE_RECORD = {Question.NHS_NUMBER, Question.GP_PRACTICE}


@pytest.mark.parametrize("sector", SECTORS)
def test_only_those_with_a_care_record_are_asked_for_what_stands_in_it(sector):
    keeps_one = sector in ("health", "social_care", "local_authority")
    assert bool(CARE_RECORD & intake_of(sector, "professional").questions) is keeps_one


@pytest.mark.parametrize("sector", SECTORS)
def test_every_professional_is_asked_about_safeguarding_and_every_way_of_contact(sector):
    form = intake_of(sector, "professional")
    assert form.asks("safeguarding")
    assert set(form.channels) == set(Channel)


@pytest.mark.parametrize("sector", SECTORS)
def test_an_introduction_is_the_same_short_form_for_everybody(sector):
    form = intake_of(sector, "introduction")
    assert form is INTRODUCTION
    assert form.questions == {Question.INTRODUCED_BY}


def test_police_are_told_to_leave_out_offences_and_suspects():
    assert "Leave out any offence" in BY_SECTOR["police"].note
    assert "suspect" in BY_SECTOR["police"].note


def test_only_an_introduction_may_begin_without_a_need():
    assert [must_say_needs(route) for route in RouteIn] == [route != "introduction" for route in RouteIn]
