"""Who spoke, where a referral was made on behalf of somebody on the telephone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Spoke(StrEnum):
    """Who was on the line."""

    PERSON = "person"
    SOMEONE_FOR_THEM = "someone_for_them"
    PROFESSIONAL = "professional"


@dataclass(frozen=True)
class Speaker:
    """Who spoke: the person, somebody for them, or a professional; with name and relation where given."""

    who: str
    name: str | None = None
    relation: str | None = None


def name_of_asker(who: str | None) -> str:
    """What is shown of somebody who asked on a public page, in place of a name."""
    return "A family member or friend" if who == Spoke.SOMEONE_FOR_THEM else "The person themself"
