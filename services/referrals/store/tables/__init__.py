"""The tables of people, referrals and what was said about them, and the copy of the directory."""

from .directory_copy import DirectoryItem, DirectoryPostcode, DirectoryState
from .drafts import Draft
from .history import MoveRow, OutcomeRow, QuestionRow
from .people import ContactPointRow, PersonRecord
from .referrals import AgreementRow, ContactRow, Referral
from .waits import MeasuredWait

__all__ = [
    "AgreementRow",
    "ContactPointRow",
    "ContactRow",
    "DirectoryItem",
    "DirectoryPostcode",
    "DirectoryState",
    "Draft",
    "MeasuredWait",
    "MoveRow",
    "OutcomeRow",
    "PersonRecord",
    "QuestionRow",
    "Referral",
]
