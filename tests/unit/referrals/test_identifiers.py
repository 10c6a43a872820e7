"""Identifiers as people type them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referrals.domain.identifiers import (
    PostcodeKind,
    age_on,
    looks_like_practice,
    read_birth_date,
    read_nhs_number,
    read_ods_code,
    read_phone,
    read_postcode,
    show_nhs_number,
)
from shared.errors import Invalid

TODAY = date(2026, 11, 23)
SYNTHETIC = ("9990000042", "9990000069", "9990000077", "9990000085", "9990000093")


def pointer_of(refused: pytest.ExceptionInfo[Invalid]) -> str:
    return refused.value.errors[0].pointer


@pytest.mark.parametrize(
    "written", ["999 000 0042", "999-000-0042", " 9990000042 ", "999 000–0042", "999\u00a0000\u00a00042"]
)
def test_an_nhs_number_is_taken_with_any_spaces_and_dashes(written: str) -> None:
    assert read_nhs_number(written) == "9990000042"
    assert show_nhs_number("9990000042") == "999 000 0042"


@pytest.mark.parametrize("number", SYNTHETIC)
def test_numbers_with_a_right_check_digit_are_taken(number: str) -> None:
    assert read_nhs_number(number) == number


@pytest.mark.parametrize(
    "number", ["9991234567", "4857773456", "999000004", "99900000422", "", "nine", "999000004X"]
)
def test_numbers_that_fail_the_check_or_have_the_wrong_length_are_refused(number: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_nhs_number(number)
    assert pointer_of(refused) == "/person/nhs_number"
    assert not number or number not in refused.value.detail


@pytest.mark.parametrize("digit", "0123456789")
def test_ten_times_one_digit_is_no_nhs_number(digit: str) -> None:
    with pytest.raises(Invalid):
        read_nhs_number(digit * 10)


@pytest.mark.parametrize("number", ["012 345 6789", "1963876512", "2983396363", "1032640960"])
def test_scottish_numbers_whose_date_of_birth_is_no_date_are_refused_although_mod_11_holds(
    number: str,
) -> None:
    with pytest.raises(Invalid):
        read_nhs_number(number)


def test_a_scottish_number_with_a_real_date_is_taken() -> None:
    assert read_nhs_number("1907223630") == "1907223630"


def test_digits_of_other_scripts_are_read_as_digits_or_refused_but_never_kept() -> None:
    assert read_nhs_number("９９９００００042") == "9990000042"
    with pytest.raises(Invalid):
        read_nhs_number("٩٩٩٠٠٠٠٠٤٢")


@given(st.sampled_from(SYNTHETIC), st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(number: str, place: int, shift: int) -> None:
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    with pytest.raises(Invalid):
        read_nhs_number(wrong)


@given(st.text(max_size=20))
def test_any_text_is_ten_digits_or_refused(text: str) -> None:
    try:
        number = read_nhs_number(text)
    except Invalid:
        return
    assert len(number) == 10
    assert number.isascii()
    assert read_nhs_number(show_nhs_number(number)) == number


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("yo24 3bz", "YO24 3BZ"),
        ("YO243BZ", "YO24 3BZ"),
        (" wf10-2aa ", "WF10 2AA"),
        ("gir0aa", "GIR 0AA"),
        ("w1a 0ax", "W1A 0AX"),
        ("EC1A1BB", "EC1A 1BB"),
        ("m11ae", "M1 1AE"),
    ],
)
def test_a_postcode_is_written_one_way(written: str, expected: str) -> None:
    postcode = read_postcode(written)
    assert (postcode.value, postcode.kind) == (expected, PostcodeKind.PLACE)
    assert postcode.outward == expected.split(" ", maxsplit=1)[0]


@pytest.mark.parametrize(
    "written", ["", "YO24", "YO24 3B", "QX1 1AA", "YO24 3CI", "VA1 1AA", "YO24 3BZ1", "3BZ YO24"]
)
def test_what_is_no_postcode_is_refused(written: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_postcode(written)
    assert pointer_of(refused) == "/person/postcode"


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("ZZ99 3VZ", PostcodeKind.NO_FIXED_ABODE),
        ("zz993wz", PostcodeKind.UNKNOWN),
        ("ZZ99 3CZ", PostcodeKind.UNKNOWN),
    ],
)
def test_stand_in_postcodes_are_ordinary_answers(written: str, kind: PostcodeKind) -> None:
    assert read_postcode(written).kind is kind


@given(st.text(max_size=12))
def test_a_postcode_read_once_reads_the_same_again(text: str) -> None:
    try:
        postcode = read_postcode(text)
    except Invalid:
        return
    assert read_postcode(postcode.value) == postcode
    assert read_postcode(postcode.value.lower().replace(" ", "")) == postcode


@pytest.mark.parametrize(
    ("written", "expected"), [("b87005", "B87005"), ("k81003001", "K81003001"), ("g7h8j", "G7H8J")]
)
def test_an_ods_code_is_capitals_and_digits(written: str, expected: str) -> None:
    assert read_ods_code(written) == expected


@pytest.mark.parametrize("written", ["", "B8", "B870050012", "B87/05"])
def test_what_is_no_ods_code_is_refused(written: str) -> None:
    with pytest.raises(Invalid):
        read_ods_code(written)


def test_practices_in_england_have_a_letter_and_five_digits() -> None:
    assert looks_like_practice("B87005")
    assert not looks_like_practice("G7H8J")


@pytest.mark.parametrize("born", [date(2026, 11, 24), date(1899, 12, 31)])
def test_birth_dates_in_the_future_or_before_1900_are_refused(born: date) -> None:
    with pytest.raises(Invalid) as refused:
        read_birth_date(born, TODAY)
    assert pointer_of(refused) == "/person/date_of_birth"


@pytest.mark.parametrize("born", [TODAY, date(1900, 1, 1)])
def test_birth_dates_on_the_edges_are_taken(born: date) -> None:
    assert read_birth_date(born, TODAY) == born


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(2008, 12, 14), date(2026, 12, 13), 17),
        (date(2008, 12, 14), date(2026, 12, 14), 18),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
    ],
)
def test_age_changes_on_the_birthday(born: date, on: date, age: int) -> None:
    assert age_on(born, on) == age


@pytest.mark.parametrize("written", ["01632 960001", "(01632) 960 001", "+44 1632 960001"])
def test_a_drama_number_is_kept_with_a_warning(written: str) -> None:
    phone = read_phone(written)
    assert phone.e164 == "+441632960001"
    assert phone.warning is not None


def test_a_number_in_use_has_no_warning() -> None:
    assert read_phone("0300 123 4567").warning is None


@pytest.mark.parametrize("written", ["", "12", "ring her", "01632 9600010000000"])
def test_what_cannot_be_a_phone_number_is_refused(written: str) -> None:
    with pytest.raises(Invalid):
        read_phone(written, "/person/contacts/2/value")
