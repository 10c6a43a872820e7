"""Codes of an authenticator (RFC 6238) and recovery codes."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from services.directory.domain import second_factor as codes

# RFC 6238, appendix B: the ASCII secret 12345678901234567890 (SHA-1), here in base32; last six digits.
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
RFC_CODES = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
]
NOON = datetime(2026, 11, 22, 12, 0, 10, tzinfo=UTC)


@pytest.mark.parametrize(("second", "code"), RFC_CODES)
def test_the_codes_of_the_standard_are_taken(second: int, code: str) -> None:
    assert codes.counter_of(RFC_SECRET, code, datetime.fromtimestamp(second, UTC), 0) == second // 30


def test_a_code_is_not_taken_twice_nor_one_older_than_the_last() -> None:
    code = pyotp.TOTP(RFC_SECRET).at(NOON)
    counter = codes.counter_of(RFC_SECRET, code, NOON, 0)
    assert counter is not None
    assert codes.counter_of(RFC_SECRET, code, NOON, counter) is None
    earlier = pyotp.TOTP(RFC_SECRET).at(NOON - timedelta(seconds=30))
    assert codes.counter_of(RFC_SECRET, earlier, NOON, counter) is None


def test_a_clock_may_be_half_a_minute_wrong_and_not_more() -> None:
    for off in (-30, 30):
        code = pyotp.TOTP(RFC_SECRET).at(NOON + timedelta(seconds=off))
        assert codes.counter_of(RFC_SECRET, code, NOON, 0) is not None
    for off in (-90, 90):
        code = pyotp.TOTP(RFC_SECRET).at(NOON + timedelta(seconds=off))
        assert codes.counter_of(RFC_SECRET, code, NOON, 0) is None


@pytest.mark.parametrize("wrong", ["", "12345", "1234567", "abcdef", "٢٨٧٠٨٢", "💛💛💛💛💛💛"])
def test_what_is_not_six_digits_is_no_code(wrong: str) -> None:
    assert codes.counter_of(RFC_SECRET, wrong, datetime.fromtimestamp(59, UTC), 0) is None


def test_a_code_may_be_typed_with_a_space() -> None:
    assert codes.counter_of(RFC_SECRET, " 287 082 ", datetime.fromtimestamp(59, UTC), 0) == 1


def test_ten_recovery_codes_all_differ_and_hold_eighty_bits() -> None:
    made = codes.new_recovery_codes()
    assert len(set(made)) == 10
    assert all(len(code.replace("-", "")) == 16 for code in made)
    assert len(set(codes._ALPHABET)) == 32


def test_a_recovery_code_is_the_same_with_other_case_and_dashes() -> None:
    code = codes.new_recovery_codes()[0]
    assert codes.recovery_hash(code.upper().replace("-", " ")) == codes.recovery_hash(code)
    assert codes.recovery_hash(codes.new_recovery_codes()[0]) != codes.recovery_hash(code)
    assert codes.looks_like_recovery_code(code)
    assert not codes.looks_like_recovery_code("123456")
