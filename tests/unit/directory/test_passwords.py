"""Which passwords are taken, and how they are kept."""

import pytest

from services.directory.domain import passwords
from shared.errors import Invalid


def refusal(password: str, name: str = "Jane Example", email: str = "jane.example@surgery.example") -> str:
    with pytest.raises(Invalid) as refused:
        passwords.check(password, name=name, email=email)
    return refused.value.errors[0].detail


@pytest.mark.parametrize("short", ["", "short", "elevenchars"])
def test_a_password_of_fewer_than_twelve_characters_is_refused_with_its_length(short: str) -> None:
    assert "12 characters" in refusal(short)


@pytest.mark.parametrize(
    "common",
    [
        "passwordpassword",
        "Password2026!",
        "letmeinletmein",
        "linkworker2026",
        "aaaaaaaaaaaaaaaa",
        "abababababab",
        "1234567890123",
        "demo-only-password",
    ],
)
def test_a_password_people_would_guess_is_refused(common: str) -> None:
    assert "easy to guess" in refusal(common)


def test_a_password_of_ones_own_name_is_refused() -> None:
    assert "easy to guess" in refusal("JaneExample1!")
    assert "easy to guess" in refusal("jane.example.7", name="Somebody")


def test_a_password_longer_than_256_characters_is_refused() -> None:
    assert "256 characters" in refusal("plum teapot lantern " * 20)


@pytest.mark.parametrize(
    "good",
    [
        "plum teapot lantern",
        "correct pony battery",
        "p1um-t3apot-x",
        "näytä kahvi tänään",
        "早上好,今天要去散步吗朋友",
    ],
)
def test_words_and_any_characters_make_a_password(good: str) -> None:
    passwords.check(good, name="Jane Example", email="jane@surgery.example")


def test_the_stored_form_is_argon2id_and_fits_only_its_password() -> None:
    stored = passwords.hash_of("plum teapot lantern", cheap=True)
    assert stored.startswith("$argon2id$")
    assert passwords.fits(stored, "plum teapot lantern", cheap=True)
    assert not passwords.fits(stored, "plum teapot lanterN", cheap=True)


def test_two_ways_of_writing_a_letter_are_one_password() -> None:
    stored = passwords.hash_of("caf\u00e9 lantern plum", cheap=True)
    assert passwords.fits(stored, "cafe\u0301 lantern plum", cheap=True)


def test_without_a_stored_form_nothing_fits() -> None:
    assert not passwords.fits(None, "nobody has this password: \N{EM DASH}", cheap=True)


def test_a_stored_form_that_cannot_be_read_fits_nothing() -> None:
    assert not passwords.fits("not a hash", "plum teapot lantern", cheap=True)


def test_a_form_made_with_other_parameters_is_known_to_be_dated() -> None:
    stored = passwords.hash_of("plum teapot lantern", cheap=True)
    assert not passwords.is_dated(stored, cheap=True)
    assert passwords.is_dated(stored)
