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
