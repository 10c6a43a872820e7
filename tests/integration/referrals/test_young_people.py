"""Under 18, or of unknown age: what is asked, who reads the answers; and who spoke for somebody."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from shared.clock import now, uk_date
from tests.builders.referrals import rows, sent, to_westfield
from tests.builders.referrals_world import ident

TODAY = uk_date(now())
ASKED = ["under_18.competent", "under_18.parental_responsibility", "under_18.not_to_contact"]
SAID = {
    "competent": True,
    "parental_responsibility": "Her aunt, Bea Example",
    "not_to_contact": "Her parents",
}
AUNT = {"who": "someone_for_them", "name": "Bea Example", "relation": "Her aunt"}


def _born_years_ago(years: int, and_days: int = 0) -> str:
    """So many years and days before the first of this month."""
    return (date(TODAY.year - years, TODAY.month, 1) - timedelta(days=and_days)).isoformat()


@pytest.mark.parametrize(
    ("person", "wanted_in", "asked"),
    [
        ({"date_of_birth": _born_years_ago(17, 10)}, 0, ASKED),
        ({"date_of_birth": _born_years_ago(17, 300)}, 90, []),
        ({"date_of_birth": _born_years_ago(18)}, 0, []),
        ({"date_of_birth": None, "age_estimate": 16}, 0, ASKED),
        ({"date_of_birth": None}, 0, ASKED),
        ({"date_of_birth": "1952-03-04"}, 0, []),
    ],
)
def test_the_answer_asks_what_the_rule_asks_by_the_age_on_the_day_wanted(system, person, wanted_in, asked):
    made = sent(
        system,
        person=person,
        wanted_from=(TODAY + timedelta(days=wanted_in)).isoformat(),
        target_service_id=str(ident("york-lac")),
        route_in="introduction",
    )
    assert [ask["field"] for ask in made["sent"]["asks"]] == asked
    assert all(ask["question"].endswith("?") for ask in made["sent"]["asks"])


def test_what_was_asked_is_stored_and_read_by_those_with_sight_alone(system):
    made = sent(system, under_18=SAID, speaker=AUNT, person={"date_of_birth": _born_years_ago(16)},
                target_service_id=str(ident("york-lac")), route_in="introduction")  # fmt: skip
    for who in ("practice", "practice-colleague", "other-worker"):
        told = system(who).get(f"/referrals/{made['id']}").json["sent"]
        assert (told["under_18"], told["speaker"], told["asks"]) == (SAID, AUNT, [])
    for who in ("other-practice", "police", "charity"):
        assert system(who).get(f"/referrals/{made['id']}").status_code == 404


def test_not_asked_is_not_no(system):
    sent(system, under_18={"not_to_contact": "  "})
    (row,) = rows("select competent, parental_responsibility, not_to_contact, speaker from referral")
    assert row == {
        "competent": None,
        "parental_responsibility": None,
        "not_to_contact": None,
        "speaker": None,
    }


@pytest.mark.parametrize(
    ("told", "pointer"),
    [
        ({"speaker": {"who": "a friend"}}, "/speaker/who"),
        ({"speaker": {"who": "person", "name": "x" * 501}}, "/speaker/name"),
        ({"under_18": {"competent": "maybe"}}, "/under_18/competent"),
        ({"under_18": {"not_to_contact": "\x07"}}, "/under_18/not_to_contact"),
    ],
)
def test_an_answer_that_cannot_be_taken_is_named(system, told, pointer):
    answer = system("practice").post("/referrals", to_westfield(**told))
    assert answer.status_code == 422
    assert [problem["pointer"] for problem in answer.json["errors"]] == [pointer]
