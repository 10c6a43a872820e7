"""Looks at the person's answers, whether they come with a referral or are written down afterwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.referrals.actions.findings import Findings
from services.referrals.actions.new_referral import NewAgreement
from services.referrals.domain.sight_facts import HELPERS, Purpose
from services.referrals.store.directory import Directory

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
CLOCKS_DIFFER = timedelta(minutes=5)


def check_agreement(
    one: NewAgreement,
    found: Findings,
    pointer: str,
    *,
    practice_ods: str | None,
    directory: Directory,
    at: datetime,
) -> None:
    """Keep every problem of one answer, by its JSON pointer."""
    found.one_of(f"{pointer}/purpose", one.purpose, tuple(Purpose))
    if one.recipient != HELPERS:
        try:
            UUID(one.recipient)
        except ValueError:
            found.add(f"{pointer}/recipient", "Give the id of an organisation, or “helpers”.")
    elif one.purpose == Purpose.FEEDBACK_TO_GP and directory.practice_id(practice_ods) is None:
        found.add(f"{pointer}/recipient", "Give the id of their GP practice’s organisation.")
    check_asked(one.at, found, f"{pointer}/at", at)


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
