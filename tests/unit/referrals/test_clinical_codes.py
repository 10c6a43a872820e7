"""The clinical codes a practice copies are well-formed concept ids of the UK extension."""

from __future__ import annotations

import re

import pytest

from services.referrals.domain.clinical_codes import CODES, ClinicalCode

_D = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
)  # fmt: skip
_P = (
    "0123456789", "1576283094", "5803796142", "8916043527",
    "9453126870", "4286573901", "2793806415", "7046913258",
)  # fmt: skip


def _passes_verhoeff(digits: str) -> bool:
    check = 0
    for place, digit in enumerate(reversed(digits)):
        check = int(_D[check][int(_P[place % 8][int(digit)])])
    return check == 0


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.concept_id)
def test_a_code_is_a_concept_of_an_extension_and_passes_its_check_digit(code: ClinicalCode) -> None:
    assert re.fullmatch(r"[0-9]{6,18}", code.concept_id)
    assert code.concept_id[-3:-1] == "10"
    assert _passes_verhoeff(code.concept_id)


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.concept_id)
def test_a_mistyped_code_does_not_pass(code: ClinicalCode) -> None:
    first, rest = code.concept_id[0], code.concept_id[1:]
    assert not _passes_verhoeff(str((int(first) + 1) % 10) + rest)
