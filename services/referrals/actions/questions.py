"""A question to whoever sent it, and the answer. The owner stays; the person's wait goes on."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.referrals.actions.acting import perform, scene_of
from services.referrals.actions.free_text import check_text
from services.referrals.actions.seeing import account_of, name_of
from services.referrals.actions.views import Done
from services.referrals.domain.life import Given
from services.referrals.domain.states import Act
from services.referrals.store import referrals as store
from services.referrals.store.tables import QuestionRow
from shared.auth.caller import Caller
from shared.errors import Invalid


def ask_question(referral_id: UUID, *, by: Caller, at: datetime, question: str) -> Done:
    """Ask the sender; the next action is theirs until they answer. Raises Invalid at /question."""
    check_text(question=question)
    if not question.strip():
        raise Invalid.field("/question", "Write the question.")
    with scene_of(referral_id, by=by, at=at) as scene:
        changed = perform(scene, Act.ASK, Given(content=question))
        if changed:
            scene.session.add(
                QuestionRow(
                    referral_id=referral_id,
                    question=question,
                    asked_by_id=account_of(by),
                    asked_by_name=name_of(by, scene.directory),
                    asked_at=at,
                )
            )
        return scene.done(changed=changed)


def answer_question(referral_id: UUID, *, by: Caller, at: datetime, answer: str) -> Done:
    """Answer what is open; it answers every question still waiting. Raises Invalid at /answer."""
    check_text(answer=answer)
    if not answer.strip():
        raise Invalid.field("/answer", "Write the answer.")
    with scene_of(referral_id, by=by, at=at) as scene:
        changed = perform(scene, Act.ANSWER, Given(content=answer))
        if changed:
            for row in store.questions_of(scene.session, referral_id):
                if row.answered_at is None:
                    row.answer = answer
                    row.answered_by_id = account_of(by)
                    row.answered_by_name = name_of(by, scene.directory)
                    row.answered_at = at
        return scene.done(changed=changed)
