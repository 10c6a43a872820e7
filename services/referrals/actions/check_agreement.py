"""Looks at the person's answers, whether they come with a referral or are written down afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.referrals.actions.findings import Findings
from services.referrals.actions.new_referral import NewAgreement
from services.referrals.domain.sight_facts import HELPERS, Purpose
from services.referrals.store.directory import Directory

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
CLOCKS_DIFFER = timedelta(minutes=5)


def check_agreements(
    told: Sequence[NewAgreement],
    found: Findings,
    *,
    practice_ods: str | None,
    directory: Directory,
    at: datetime,
    alert: bool = False,
) -> None:
    """Keep every problem of these answers, by its JSON pointer.

    An alert is not held up by answers that contradict each other (the "no" counts) or are about nobody.
    """
    known = not alert and directory.complete
    said: dict[tuple[str, str], bool] = {}
    for place, one in enumerate(told):
        pointer = f"/agreement/{place}"
        readable = _check_one(one, found, pointer, practice_ods=practice_ods, directory=directory, at=at)
        if not readable:
            continue
        recipient = recipient_of(one, practice_ods, directory)
        if known and recipient != HELPERS and directory.doc("organization", recipient) is None:
            found.add(f"{pointer}/recipient", "The directory has no such organisation: give another id.")
        if said.setdefault((recipient, one.purpose), one.agreed) != one.agreed and not alert:
            found.add(pointer, "This was answered with yes and with no: give the answer that counts.")


def _check_one(
    one: NewAgreement,
    found: Findings,
    pointer: str,
    *,
    practice_ods: str | None,
    directory: Directory,
    at: datetime,
) -> bool:
    """Keep the problems of one answer by itself; whether its recipient can be read."""
    readable = True
    found.one_of(f"{pointer}/purpose", one.purpose, tuple(Purpose))
    if one.recipient != HELPERS:
        try:
            UUID(one.recipient)
        except ValueError:
            readable = False
            found.add(f"{pointer}/recipient", "Give the id of an organisation, or “helpers”.")
    elif one.purpose == Purpose.FEEDBACK_TO_GP and directory.practice_id(practice_ods) is None:
        found.add(f"{pointer}/recipient", "Give the id of their GP practice’s organisation.")
    check_asked(one.at, found, f"{pointer}/at", at)
    return readable


def check_asked(asked: datetime | None, found: Findings, pointer: str, at: datetime) -> None:
    """A moment in which somebody was asked: not to come, and not before anybody now alive was born."""
    if asked is not None and asked > at + CLOCKS_DIFFER:
        found.add(pointer, "This is in the future: say when they were asked.")
    if asked is not None and asked < EARLIEST:
        found.add(pointer, "This is before 1900: check the year.")


def recipient_of(one: NewAgreement, practice_ods: str | None, directory: Directory) -> str:
    """The recipient as the store writes it, for answers are found again by their text.

    Their GP practice is an organisation: who agreed that it is told did not agree that all who help are.
    """
    if one.recipient != HELPERS:
        return str(UUID(one.recipient))
    practice = directory.practice_id(practice_ods) if one.purpose == Purpose.FEEDBACK_TO_GP else None
    return str(practice) if practice else HELPERS


def given_at(one: NewAgreement, at: datetime) -> datetime:
    """When the person gave it. Never later than now, or a "no" of the next minutes would not count."""
    return min(one.at or at, at)
