"""Bodies of API calls, as a partner's system would send them. Everybody in them is invented."""

from __future__ import annotations

import itertools
import secrets
from typing import Any

import nhs_number


def referral_body(**changes: Any) -> dict[str, Any]:
    """A practice refers a woman of 74 who is lonely; `changes` replace whole top-level fields."""
    return {
        "person": {
            "given_name": "Winifred",
            "family_name": f"Testperson-{secrets.token_hex(4)}",
            "date_of_birth": "1952-03-04",
            "nhs_number": invented_nhs_number(),
            "postcode": "YO24 3BZ",
            "contacts": [{"channel": "phone", "value": "01632 960123", "safe": True}],
        },
        "needs": ["loneliness"],
        "what_matters": "Somebody to have a cup of tea with.",
        "priority": "routine",
        "route_in": "professional",
        "lawful_basis": "public_task",
        "agreement": [
            {
                "recipient": "helpers",
                "purpose": "share_referral",
                "agreed": True,
                "how": "in_person",
                "alone": True,
                "at": "2026-11-20T10:00:00Z",
            }
        ],
        "safeguarding": "no",
    } | changes


# The people of the demo have the numbers from 999 100.
_middles = itertools.count(200_000 + secrets.randbelow(600_000))


def invented_nhs_number() -> str:
    """An NHS number from the 999 range, never given to anybody, that passes the check.

    In one process none comes twice: two drawn at random would be one person after a thousand referrals.
    """
    for middle in _middles:
        digits = f"999{middle % 10**6:06}"
        total = sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=True))
        check = (11 - total % 11) % 11
        if check < 10:
            number = f"{digits}{check}"
            assert nhs_number.is_valid(number)
            return number
    raise AssertionError("counting ends")
