"""A referral with a word of its own in every field that takes words, so that any leak can be named."""

from __future__ import annotations

from secrets import randbelow, token_hex
from typing import Any

from tests.builders.bodies import invented_nhs_number, referral_body


class Marked:
    """`body` is a referral; `marks` are what only those with a part in it may read: field → word.

    `phone` is `7700 900…`, one that nobody else has.
    """

    def __init__(self, phone: str | None = None, **changes: Any) -> None:
        self.marks: dict[str, str] = {}
        number = invented_nhs_number()
        phone = phone or f"7700 900{randbelow(1000):03}"
        self.body = (
            referral_body(
                person={
                    "given_name": self.word("given_name"),
                    "family_name": self.word("family_name"),
                    "date_of_birth": "1952-03-04",
                    "nhs_number": number,
                    "postcode": "YO24 3BZ",
                    "address_lines": [self.word("address_1"), self.word("address_2")],
                    "language": "en",
                    "access_needs": [self.word("access_need")],
                    "gp_practice_ods": "Z99001",
                    "contacts": [
                        {
                            "channel": "phone",
                            "value": f"0{phone}",
                            "safe": True,
                            "hours": self.word("hours"),
                            "code_word": self.word("code_word"),
                            "asked_by": self.word("asked_by"),
                        },
                        {"channel": "email", "value": f"{self.word('email')}@post.example", "safe": True},
                        {"channel": "via", "value": self.word("via"), "safe": True},
                    ],
                },
                what_matters=f"To see {self.word('what_matters')} again.",
                priority="sooner",
                priority_reason=self.word("priority_reason"),
                separate_reason=self.word("separate_reason"),
                external={"source_system": self.word("source_system"), "id": self.word("external_id")},
                referrer={"name": self.word("referrer_name"), "role": self.word("referrer_role")},
            )
            | changes
        )
        for agreement in self.body["agreement"]:
            agreement |= {"how": self.word("how"), "asked_by": self.word("agreement_asked_by")}
        self.marks["nhs_number"] = number
        self.marks["nhs_number_spaced"] = f"{number[:3]} {number[3:6]} {number[6:]}"
        # However a telephone number is written, and only as its last nine digits together.
        self.marks["phone"] = phone.replace(" ", "")
        self.marks["phone_spaced"] = phone

    def word(self, field: str) -> str:
        """A word that occurs nowhere else."""
        self.marks[field] = f"Qz{token_hex(6)}"
        return self.marks[field]

    def found_in(self, text: str) -> list[str]:
        """The fields whose words are in `text`, however they are cased."""
        folded = text.casefold()
        return [field for field, mark in self.marks.items() if mark.casefold() in folded]
