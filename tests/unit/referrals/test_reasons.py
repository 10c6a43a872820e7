"""What leaves the team says nothing about the person."""

from __future__ import annotations

import pytest

from services.referrals.domain.reasons import (
    DECLINE,
    DISCLOSING,
    FAILED_OUTSIDE,
    REASONS,
    Audience,
    DeclineReason,
    Reason,
    bars_code,
    outside_wording,
    read_decline,
    read_reason,
)
from services.referrals.domain.states import Act
from shared.errors import Invalid

BARS_CODES = {"21", "22", "23", "24", "26", "27", "31", "32", "40", "41", "42", "99"}


@pytest.mark.parametrize("audience", list(Audience))
def test_reasons_that_disclose_something_read_exactly_like_any_other_reason(audience: Audience) -> None:
    told = {outside_wording(reason, audience) for reason in DISCLOSING}
    assert told == {outside_wording(DeclineReason.OTHER, audience)}


def test_a_coarse_sender_reads_one_sentence_for_every_reason_and_for_a_failure() -> None:
    told = {outside_wording(reason, Audience.SENDER_COARSE) for reason in DeclineReason}
    assert told == {"This referral has been closed."} == {FAILED_OUTSIDE[Audience.SENDER_COARSE]}


def test_a_full_sender_is_told_that_the_area_or_the_places_were_the_matter() -> None:
    assert "area" in outside_wording(DeclineReason.OUT_OF_AREA, Audience.SENDER_FULL)
    assert "cannot offer a place" in outside_wording(DeclineReason.NO_CAPACITY, Audience.SENDER_FULL)


def test_no_outside_wording_uses_words_of_failure_or_hidden_labels() -> None:
    for words in DECLINE.values():
        for sentence in (words.sender, words.person):
            assert not any(word in sentence.lower() for word in ("reject", "refus", "fail", "duplicate"))


def test_every_reason_maps_to_a_code_of_the_national_list() -> None:
    assert {words.bars_code for words in DECLINE.values()} <= BARS_CODES
    assert bars_code(DeclineReason.NOT_ELIGIBLE) == "40"
    assert bars_code(DeclineReason.NO_CAPACITY) == "22"
    assert bars_code(DeclineReason.PERSON_DECLINED) == "26"


def test_outside_a_disclosing_reason_has_the_code_of_other() -> None:
    for reason in DISCLOSING:
        assert bars_code(reason, Audience.SENDER_FULL) == "99"
    assert {bars_code(reason, Audience.SENDER_COARSE) for reason in DeclineReason} == {"99"}
    assert bars_code(DeclineReason.OUT_OF_AREA, Audience.SENDER_FULL) == "42"


def test_an_unknown_reason_is_refused_with_the_ones_there_are() -> None:
    with pytest.raises(Invalid, match="not_eligible, out_of_area") as refused:
        read_decline("rejected")
    assert refused.value.errors[0].pointer == "/reason"


@pytest.mark.parametrize("text", [None, "", "   "])
def test_another_reason_needs_words(text: str | None) -> None:
    with pytest.raises(Invalid) as refused:
        read_decline("other", text)
    assert refused.value.errors[0].pointer == "/text"
    assert read_decline("other", "We are moving") is DeclineReason.OTHER


def test_reasons_of_other_acts_are_codes_or_words() -> None:
    assert read_reason(Act.HOLD, "waiting_list") == Reason("waiting_list")
    assert read_reason(Act.RELEASE, " annual leave ") == Reason("other", " annual leave ")
    with pytest.raises(Invalid):
        read_reason(Act.WITHDRAW, "  ")


@pytest.mark.parametrize("act", list(REASONS))
def test_every_list_of_reasons_has_a_way_to_say_something_else(act: Act) -> None:
    assert "other" in REASONS[act]
