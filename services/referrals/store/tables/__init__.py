"""The tables of people, referrals and what was said about them, and the copy of the directory."""

from services.referrals.store.tables.agreements import AgreementRow
from services.referrals.store.tables.directory_copy import DirectoryItem, DirectoryPostcode, DirectoryState
from services.referrals.store.tables.drafts import Draft
from services.referrals.store.tables.history import ContactRow, MoveRow, OutcomeRow, QuestionRow
from services.referrals.store.tables.looks import LostLook
from services.referrals.store.tables.people import ContactPointRow, PersonRecord
from services.referrals.store.tables.public import PublicDraft, StatusLink
from services.referrals.store.tables.referrals import Referral
from services.referrals.store.tables.waits import MeasuredWait

__all__ = [
    "AgreementRow",
    "ContactPointRow",
    "ContactRow",
    "DirectoryItem",
    "DirectoryPostcode",
    "DirectoryState",
    "Draft",
    "LostLook",
    "MeasuredWait",
    "MoveRow",
    "OutcomeRow",
    "PersonRecord",
    "PublicDraft",
    "QuestionRow",
    "Referral",
    "StatusLink",
]
