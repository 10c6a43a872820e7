"""References people read out over the phone."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referrals.domain.references import (
    ALPHABET,
    check_character,
    is_reference,
    new_reference,
    read_reference,
)
from shared.errors import Invalid

bodies = st.text(alphabet=ALPHABET, min_size=6, max_size=6)
characters = st.sampled_from(ALPHABET)


def written(body: str) -> str:
    seven = body + check_character(body)
    return f"LW-{seven[:4]}-{seven[4:]}"


def test_a_new_reference_is_short_and_reads_back_as_itself() -> None:
    chance = random.Random(1)
    for _ in range(200):
        reference = new_reference(chance.randrange)
        assert re.fullmatch(r"LW-[2-9A-Z]{4}-[2-9A-Z]{3}", reference)
        assert read_reference(reference) == reference


def test_the_alphabet_has_no_vowels_and_no_two_that_look_alike() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET) == 23
    assert not set(ALPHABET) & set("AEIOU01LSZGBQ")


def test_references_are_random() -> None:
    assert len({new_reference() for _ in range(500)}) == 500


@pytest.mark.parametrize(
    "typed", ["lw-7k2f-9d{0}", " LW 7K2F 9D{0}", "7k2f9d{0}", "lw7k2f9d{0}", "LW–7K2F–9D{0}", "Lw/7k2f.9d{0}"]
)
def test_what_people_type_is_read(typed: str) -> None:
    last = check_character("7K2F9D")
    assert read_reference(typed.format(last)) == f"LW-7K2F-9D{last}"


@given(bodies)
def test_look_alikes_are_read_as_what_they_look_like(body: str) -> None:
    reference = written(body)
    mistyped = reference[2:].translate(str.maketrans("5268VD", "SZGBUO"))
    assert read_reference(mistyped) == reference
    assert read_reference(mistyped.replace("O", "0")) == reference


@given(bodies, st.integers(0, 6), characters)
def test_one_wrong_character_is_always_noticed(body: str, place: int, wrong: str) -> None:
    seven = body + check_character(body)
    changed = seven[:place] + wrong + seven[place + 1 :]
    assert is_reference(changed) == (changed == seven)


@given(bodies, st.integers(0, 5))
def test_two_neighbours_exchanged_are_always_noticed(body: str, place: int) -> None:
    seven = body + check_character(body)
    changed = seven[:place] + seven[place + 1] + seven[place] + seven[place + 2 :]
    assert is_reference(changed) == (changed == seven)


@given(st.text(max_size=20))
def test_any_text_is_a_reference_or_refused(text: str) -> None:
    if is_reference(text):
        assert read_reference(read_reference(text)) == read_reference(text)
    else:
        with pytest.raises(Invalid):
            read_reference(text)
