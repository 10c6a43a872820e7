"""What was said and done about a referral, as one reader may see it: questions, outcomes, history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from services.referrals.actions import views
from services.referrals.actions.row_facts import owner_seen
from services.referrals.domain.life import OUTCOME_WORDS, Outcome
from services.referrals.domain.reasons import (
    DECLINE,
    FAILED_OUTSIDE,
    LOADED,
    LOADED_WORDS,
    REASONS,
    SYSTEM_REASONS,
    Audience,
    DeclineReason,
)
from services.referrals.domain.recording import read_by
from services.referrals.domain.sight import Sight
from services.referrals.domain.sight_facts import HELPERS, Purpose
from services.referrals.domain.states import CLOSED, Act, State
from services.referrals.domain.views import View, told_as
from services.referrals.store.directory import Directory
from services.referrals.store.lives import agreement_facts
from services.referrals.store.tables import AgreementRow, ContactRow, MoveRow, OutcomeRow

if TYPE_CHECKING:
    from services.referrals.actions.rendering import Bundle

DONE_WORDS: dict[Act, str] = {
    Act.SUBMIT: "Sent",
    Act.RECEIVE: "Received",
    Act.ROUTE: "A team was chosen",
    Act.ACCEPT: "Accepted",
    Act.DECLINE: "Passed back",
    Act.ASK: "A question was asked",
    Act.ANSWER: "The question was answered",
    Act.REASSIGN: "Given to somebody else in the team",
    Act.REDIRECT: "Passed on to another team",
    Act.RELEASE: "Given back to the team",
    Act.START: "First contact made",
    Act.HOLD: "Put on hold",
    Act.RESUME: "Carried on",
    Act.COMPLETE: "Completed",
    Act.FAIL: "We could not reach them",
    Act.WITHDRAW: "Withdrawn",
    Act.VOID: "Marked as sent in error",
    Act.REOPEN: "Opened again",
    Act.UNDO: "The last step was undone",
    Act.ESCALATE: "Given to the duty desk",
    Act.CHASE: "It was late: somebody was reminded",
    Act.ADD: "More was said by private link",
    Act.FORGET: "They said no: what was written about them was deleted",
}
"""What happened, for a page."""


RECORDED_ACT = "agreement"
ANSWER_WORDS: dict[Purpose, str] = {
    Purpose.SHARE_REFERRAL: "{} may see this referral",
    Purpose.KNOW_OF_EACH_OTHER: "Those who help may know of each other",
    Purpose.FEEDBACK_TO_SENDER: "{} may be told how it goes",
    Purpose.FEEDBACK_TO_GP: "{} may be told how it goes",
}
"""What was asked, with the recipient's name."""

RECORDED = "What the person agreed to was written down"


def read_answers(
    rows: Sequence[AgreementRow], sight: Sight, sender_org: UUID | None
) -> tuple[AgreementRow, ...]:
    """Those of the person's answers that this view reads."""
    facts = zip(rows, agreement_facts(rows), strict=True)
    return tuple(row for row, fact in facts if read_by(fact, sight.view, sender_org))


def agreement_views(rows: Sequence[AgreementRow], directory: Directory) -> tuple[views.AgreementView, ...]:
    """The person's answers, oldest first."""
    return tuple(
        views.AgreementView(
            recipient=row.recipient,
            recipient_name=recipient_name(row, directory),
            purpose=row.purpose,
            agreed=row.agreed,
            how=row.how,
            alone=row.alone,
            asked_by=row.asked_by,
            at=row.at,
            withdrawn_at=row.withdrawn_at,
        )
        for row in rows
    )


def recipient_name(row: AgreementRow, directory: Directory) -> str:
    """About whom an answer is."""
    if row.recipient == HELPERS:
        return "Everybody who helps"
    return str(directory.name("organization", row.recipient, "An organisation"))


def question_views(bundle: Bundle, sight: Sight, directory: Directory) -> tuple[views.QuestionView, ...]:
    """Questions and answers; senders read the team's name as the asker, where they read which team has it."""
    inside, asker = sight.view is View.HOLDER, owner_seen(bundle.row, sight, directory)
    team = asker.team_name if asker is not None else "The team"
    return tuple(
        views.QuestionView(
            id=row.id,
            question=row.question,
            asked_by=row.asked_by_name if inside else team,
            asked_at=row.asked_at,
            answer=row.answer,
            answered_by=row.answered_by_name,
            answered_at=row.answered_at,
        )
        for row in bundle.questions
    )


def outcome_views(
    rows: Sequence[OutcomeRow], directory: Directory, *, inside: bool
) -> tuple[views.OutcomeView, ...]:
    """Outcomes by need; the words added to them stay inside the team."""
    needs = directory.snapshot.needs
    return tuple(
        views.OutcomeView(
            need=row.need,
            need_label=needs[row.need].label if row.need in needs else row.need.replace("_", " "),
            outcome=row.outcome,
            outcome_words=OUTCOME_WORDS[Outcome(row.outcome)],
            text=row.text if inside else None,
        )
        for row in rows
    )


def contact_views(rows: Sequence[ContactRow]) -> tuple[views.ContactMade, ...]:
    """Conversations and attempts, oldest first."""
    return tuple(
        views.ContactMade(row.at, row.mode, row.length, row.attended, row.note, row.by_name) for row in rows
    )


def history_views(
    rows: Sequence[MoveRow], answers: Sequence[AgreementRow], sight: Sight, directory: Directory
) -> tuple[views.HistoryItem, ...]:
    """The history, oldest first: everything inside; for senders acts, times and outside wordings only.

    `answers` are those this view reads; what came with the referral is part of its sending.
    """
    inside = sight.view is View.HOLDER and "reasons_inside" in sight.fields
    later = [_recorded(row, directory, inside=inside) for row in answers if row.recorded_at is not None]
    if inside:
        made = [_inside(row) for row in rows]
    elif sight.view is View.COARSE:
        made = _coarse(rows)
    else:
        made = [_outside(row) for row in rows]
    # Sorting keeps the order of what happened in one moment.
    return tuple(sorted([*made, *later], key=lambda item: item.at))


def _recorded(row: AgreementRow, directory: Directory, *, inside: bool) -> views.HistoryItem:
    at = row.recorded_at or row.at
    if not inside:
        return views.HistoryItem(act=RECORDED_ACT, label=RECORDED, at=at, outside=None)
    about = ANSWER_WORDS[Purpose(row.purpose)].format(recipient_name(row, directory))
    words = f"{about}: {'yes' if row.agreed else 'no'}"
    return views.HistoryItem(
        act=RECORDED_ACT, label=RECORDED, at=at, outside=None, by=row.by_name, content=words
    )


def _inside(row: MoveRow) -> views.HistoryItem:
    act = Act(row.act)
    return views.HistoryItem(
        act=row.act,
        label=DONE_WORDS[act],
        at=row.at,
        outside=row.outside,
        from_status=row.from_status,
        to_status=row.to_status,
        by=row.by_name or "Linkwork",
        reason=row.reason,
        reason_words=reason_words(act, row.reason),
        reason_text=row.reason_text,
        content=row.content if act in (Act.ASK, Act.ANSWER, Act.ADD) else None,
    )


def _outside(row: MoveRow) -> views.HistoryItem:
    act = told_as(Act(row.act))
    return views.HistoryItem(act=act.value, label=DONE_WORDS[act], at=row.at, outside=row.outside)


def _coarse(rows: Sequence[MoveRow]) -> list[views.HistoryItem]:
    """Sent and received; and, where it has ended, that it is closed. An undone end never was one."""
    items = [_outside(row) for row in rows if row.act in (Act.SUBMIT, Act.RECEIVE)]
    last = next((row for row in reversed(rows) if row.from_status != row.to_status), None)
    if last is not None and State(last.to_status) in CLOSED:
        words = FAILED_OUTSIDE[Audience.SENDER_COARSE]
        items.append(views.HistoryItem(act="close", label="Closed", at=last.at, outside=words))
    return items


def reason_words(act: Act, code: str | None) -> str | None:
    """The words of a coded reason, inside the team."""
    if code is None:
        return None
    if code == LOADED:
        return LOADED_WORDS
    if act is Act.DECLINE:
        return DECLINE[DeclineReason(code)].label if code in set(DeclineReason) else code
    return (REASONS.get(act) or SYSTEM_REASONS.get(act, {})).get(code, code)
