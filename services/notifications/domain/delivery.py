"""What is handed to a provider, and what it may answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True)
class Letter:
    """One e-mail. `letter_id` is its Message-ID, the same at every try."""

    letter_id: str
    to: str
    subject: str
    text: str
    at: datetime


class Outcome(StrEnum):
    """What came of one try. `unclear`: it may have been taken; only a repeat with the same id is safe."""

    ACCEPTED = "accepted"
    TEMPORARY = "temporary"
    PERMANENT = "permanent"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Answer:
    """A provider's answer in words without any address. `away`: nobody else need be tried just now."""

    outcome: Outcome
    words: str
    away: bool = False


UNANSWERED = "No answer was kept: the worker stopped. It is sent again under the same id."
