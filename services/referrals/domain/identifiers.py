"""Identifiers as people type them, brought to one written form, or refused with a sentence that helps.

Every function takes the JSON Pointer of the field it reads and raises `shared.errors.Invalid` naming it.
All these fields are optional in a referral: "not known" is left out, never made up.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import phonenumbers
from nhs_number.validate import is_valid

from shared.errors import Invalid

EARLIEST_BIRTH = date(1900, 1, 1)

_SEPARATORS = re.compile(r"[\s\-‐‑‒–—]+")
_TEN_DIGITS = re.compile(r"[0-9]{10}")
_ODS = re.compile(r"[A-Z0-9]{3,9}")
_PRACTICE = re.compile(r"[A-Z][0-9]{5}")
_POSTCODE = re.compile(
    r"(GIR 0AA|(?:[A-PR-UWYZ][0-9]{1,2}|[A-PR-UWYZ][A-HK-Y][0-9]{1,2}|[A-PR-UWYZ][0-9][A-HJKPS-UW]"
    r"|[A-PR-UWYZ][A-HK-Y][0-9][ABEHMNPRV-Y]) [0-9][ABD-HJLNP-UW-Z]{2})"
)
_PSEUDO_POSTCODE = re.compile(r"ZZ99 [0-9][A-Z]{2}")


def _bare(text: str) -> str:
    """Without spaces, dashes and look-alike characters of other alphabets' digits and letters."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()


def read_nhs_number(text: str, pointer: str = "/person/nhs_number") -> str:
    """The ten digits of an NHS number, without spaces. Raises `Invalid`.

    Ten digits, mod 11 (weights 10 to 2; check 11 is 0, check 10 is none), and not ten times one digit.
    Libraries disagree on numbers such as 012 345 6789: they pass mod 11 but lie in Scotland's CHI range
    (0100000000 to 3112999999), where the first six digits are a date of birth, and are no date. We refuse
    them, with `nhs-number` and against `python-stdnum`: nobody was ever given such a number, it is what
    people type to get past a compulsory field, and two people with the same invented number would be taken
    for one. A number is optional here, so refusing it keeps nobody from help.
    """
    digits = _bare(text)
    if not _TEN_DIGITS.fullmatch(digits):
        raise Invalid.field(
            pointer, "An NHS number has 10 digits, such as 999 123 4567. Leave it out if unknown."
        )
    if len(set(digits)) == 1 or not is_valid(digits):
        raise Invalid.field(
            pointer, "This is not an NHS number: check each digit, or leave it out if unknown."
        )
    return digits


def show_nhs_number(digits: str) -> str:
    """As the NHS writes it, in groups of 3, 3 and 4."""
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}"


class PostcodeKind(StrEnum):
    """What a postcode says: a real place, or one of the NHS's stand-ins (ZZ99)."""

    PLACE = "place"
    NO_FIXED_ABODE = "no_fixed_abode"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Postcode:
    """A postcode in its written form (`YO24 3BZ`) and what kind it is."""

    value: str
    kind: PostcodeKind

    @property
    def outward(self) -> str:
        """The half before the space (`YO24`): coarse enough to tell others."""
        return self.value.split(" ")[0]


def read_postcode(text: str, pointer: str = "/person/postcode") -> Postcode:
    """A postcode in capitals with one space before its last three. Raises `Invalid`.

    The NHS's pseudo-postcodes are ordinary answers: ZZ99 3VZ is no fixed abode, every other ZZ99 means that
    the place is not known or not in the United Kingdom; neither is looked up on a map.
    """
    bare = _bare(text)
    value = f"{bare[:-3]} {bare[-3:]}"
    if _PSEUDO_POSTCODE.fullmatch(value):
        kind = PostcodeKind.NO_FIXED_ABODE if value == "ZZ99 3VZ" else PostcodeKind.UNKNOWN
        return Postcode(value, kind)
    if not _POSTCODE.fullmatch(value):
        raise Invalid.field(
            pointer, "Enter a full UK postcode, such as YO24 3BZ, or say that there is no fixed abode."
        )
    return Postcode(value, PostcodeKind.PLACE)


def read_ods_code(text: str, pointer: str = "/person/gp_practice_ods") -> str:
    """An ODS code in capitals: 3 to 9 letters and digits. Raises `Invalid`."""
    code = _bare(text)
    if not _ODS.fullmatch(code):
        raise Invalid.field(pointer, "An ODS code has 3 to 9 letters and digits, such as B12345.")
    return code


def looks_like_practice(code: str) -> bool:
    """The pattern of every GP practice in England: a letter and five digits. Newer codes may differ."""
    return bool(_PRACTICE.fullmatch(code))


def read_birth_date(value: date, on: date, pointer: str = "/person/date_of_birth") -> date:
    """A date of birth, not in the future and not before 1900. Raises `Invalid`."""
    if value > on:
        raise Invalid.field(pointer, "The date of birth is in the future.")
    if value < EARLIEST_BIRTH:
        raise Invalid.field(pointer, "The date of birth is before 1900: check the year.")
    return value


def age_on(born: date, on: date) -> int:
    """Whole years on a day; someone born on 29 February turns a year older on 1 March in other years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


@dataclass(frozen=True)
class Phone:
    """A phone number in E.164; `warning` says when it is possible but not one in use."""

    e164: str
    warning: str | None = None


def read_phone(text: str, pointer: str = "/person/contacts/0/value") -> Phone:
    """A phone number, British unless it begins with +. Raises `Invalid` when it cannot be one.

    A possible number that no operator has been given is kept with a warning: tables of numbers in use are
    always a little old, and a person who cannot be rung is worse than a doubt.
    """
    try:
        number = phonenumbers.parse(unicodedata.normalize("NFKC", text), "GB")
    except phonenumbers.NumberParseException:
        raise Invalid.field(pointer, "Enter a phone number, such as 01632 960 001.") from None
    if not phonenumbers.is_possible_number(number):
        raise Invalid.field(pointer, "This phone number has too few or too many digits.")
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if phonenumbers.is_valid_number(number):
        return Phone(e164)
    return Phone(e164, "This number does not look like one in use: please check it.")
