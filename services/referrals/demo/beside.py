"""The rows of one referral of the demo: itself, the person, its history and what was said beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from services.referrals.demo.plots import Step
from services.referrals.demo.teams import Scheme, Sender, person_name
from services.referrals.domain.life import Outcome
from services.referrals.store.table import Table
from services.referrals.store.tables import (
    AgreementRow,
    ContactRow,
    MoveRow,
    OutcomeRow,
    PersonRecord,
    QuestionRow,
    Referral,
)
from shared.demo_ids import demo_id


@dataclass
class Story:
    """The rows of one referral."""

    row: Referral
    person: PersonRecord
    scheme: Scheme
    sender: Sender
    worker: str
    moves: list[MoveRow] = field(default_factory=list)
    more: list[Table] = field(default_factory=list)


def contact(story: Story, at: datetime, *, attended: bool) -> ContactRow:
    """A conversation, or an attempt at one."""
    return ContactRow(
        referral_id=story.row.id,
        at=at,
        mode="phone" if len(story.more) % 2 else "in_person",
        length=25 if attended else None,
        attended=attended,
        note="We talked about what a good week looks like." if attended else "No answer.",
        by_id=demo_id("account", story.worker),
        by_name=person_name(story.worker),
        recorded_at=at,
    )


def question(story: Story, step: Step, at: datetime) -> QuestionRow:
    """What the team asked the sender."""
    return QuestionRow(
        referral_id=story.row.id,
        question=step.words,
        asked_by_id=demo_id("account", story.worker),
        asked_by_name=person_name(story.worker),
        asked_at=at,
    )


def answer(story: Story, step: Step, at: datetime) -> None:
    """The sender's answer to what is open."""
    for row in story.more:
        if isinstance(row, QuestionRow) and row.answered_at is None:
            row.answer, row.answered_at = step.words, at
            row.answered_by_id, row.answered_by_name = story.row.author_id, story.row.author_name


def outcome(row: Referral, need: str, place: int, at: datetime) -> OutcomeRow:
    """What became of one need."""
    kinds = (Outcome.MET, Outcome.PARTLY_MET, Outcome.MET, Outcome.NO_LONGER_WANTED, Outcome.NOT_MET)
    kind = kinds[(row.id.int + place) % len(kinds)]
    return OutcomeRow(referral_id=row.id, need=need, outcome=kind.value, recorded_at=at)


def agreement(story: Story) -> AgreementRow:
    """The person agreed that whoever helps them has it."""
    return AgreementRow(
        referral_id=story.row.id,
        recipient="helpers",
        purpose="share_referral",
        agreed=True,
        how="in person",
        alone=True,
        asked_by=story.row.author_name,
        at=story.row.submitted_at,
    )
