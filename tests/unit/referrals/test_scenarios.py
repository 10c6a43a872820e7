"""The scenario bank: the router does what people agreed, and a broken case is told in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.referrals.domain.scenarios import Case, load, places, run

CASES = load()


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_the_router_does_what_people_agreed(case: Case) -> None:
    assert run(case).differences == ()


def test_there_are_thirty_cases_the_ten_of_the_product_first() -> None:
    assert [case.number for case in CASES] == list(range(1, 31))
    assert len({case.id for case in CASES}) == 30
    assert [case.id for case in CASES[:10]] == [
        "boundary",
        "birthday",
        "no-address",
        "abuse",
        "self-only",
        "police-to-lac",
        "known-elsewhere",
        "release",
        "landlord",
        "crisis-words",
    ]
    assert all("eligible" in case.expect for case in CASES)


def test_every_service_a_case_names_exists() -> None:
    known = set(places().services)
    for case in CASES:
        for part in ("eligible", "not_eligible", "unknown", "says", "never_shown", "order"):
            assert set(case.expect.get(part, ())) <= known, case.id


@pytest.mark.parametrize(
    ("expect", "words"),
    [
        ({"eligible": []}, "castleford-link should not be eligible, but is"),
        (
            {"eligible": ["castleford-link", "wakefield-lac"]},
            "wakefield-lac should be eligible, but is not eligible: lives in Leeds",
        ),
        ({"first": "wakefield-lac"}, "wakefield-lac should come first, but the order is castleford-link"),
        ({"order": ["wakefield-lac", "castleford-link"]}, "the order should be"),
        ({"chosen": None}, "nobody should be chosen, but castleford-link is"),
        ({"not_eligible": {"wakefield-lac": "age"}}, "wakefield-lac should be refused for age"),
        (
            {"unknown": {"castleford-link": ["postcode"]}},
            "castleford-link should ask ['postcode'], but asks nothing",
        ),
        ({"never_shown": ["wakefield-lac"]}, "wakefield-lac should not be shown at all"),
        ({"says": {"wakefield-lac": "York"}}, "wakefield-lac should say “York”"),
        ({"never_says": ["Leeds"]}, "the answer should not contain “Leeds”"),
        ({"could_not_offer": 3}, "3 should be counted as unable to offer a place, not 0"),
        ({"target": "eligible"}, "the service named should be answered eligible, but is not found"),
        (
            {"waits": {"castleford-link": [1, "measured"]}},
            "castleford-link should show a wait of [1, 'measured'], but shows [28, 'declared']",
        ),
        ({"sees": {"the officer": "full, accepted"}}, "the officer should see full, accepted, but sees None"),
        ({"message_channels": ["text"]}, "messages may go by ['text'], not by nothing"),
    ],
)
def test_a_case_that_does_not_hold_says_why_in_words(expect: dict, words: str) -> None:
    outcome = run(replace(CASES[0], expect=expect))
    assert not outcome.holds
    assert any(words in difference for difference in outcome.differences)


def test_requests_of_one_organisation_are_not_separate() -> None:
    known_elsewhere = CASES[6]
    given = {**known_elsewhere.given, "also_sent_by": ["haxby-surgery"]}
    expect = {"separate_requests": ["haxby-surgery", "haxby-surgery"]}
    assert not run(replace(known_elsewhere, given=given, expect=expect)).holds


def test_an_expectation_nobody_knows_is_an_error_and_not_passed_over() -> None:
    with pytest.raises(KeyError):
        run(replace(CASES[0], expect={"eligibel": []}))
