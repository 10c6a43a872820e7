"""What the person agreed to, or took back, after the referral was sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.referrals.actions.acting import Scene, log_access, scene_of
from services.referrals.actions.check_agreement import check_agreement, recipient_of
from services.referrals.actions.check_request import MOST_LISTED
from services.referrals.actions.findings import Findings
from services.referrals.actions.free_text import LONGEST_LINE, problems_of
from services.referrals.actions.new_referral import NewAgreement
from services.referrals.actions.seeing import NOT_HERE, name_of, see_or_404
from services.referrals.actions.views import Done
from services.referrals.domain.moves import available_actions
from services.referrals.domain.recording import later_answer, may_record
from services.referrals.domain.sight_facts import HELPERS, AgreementFacts, Purpose
from services.referrals.domain.states import State
from services.referrals.store import referrals as store
from services.referrals.store.database import database
from services.referrals.store.directory import read_directory
from services.referrals.store.lives import agreement_facts
from services.referrals.store.tables import AgreementRow
from shared.auth.caller import Caller
from shared.errors import Conflict, Invalid, NotFound

PURPOSE = "write down what the person agreed to"


@dataclass(frozen=True)
class AgreementChoice:
    """Something the reader may write down an answer about."""

    recipient: str
    purpose: str
    recipient_name: str


def record_agreement(
    referral_id: UUID, *, by: Caller, at: datetime, agreement: Sequence[NewAgreement]
) -> Done:
    """Write down answers the person gave after it was sent: a later *no* takes an earlier *yes* back.

    All or nothing. An answer that stands already changes nothing. What it allows or forbids holds from the
    next read; a team that may not have the referral any more loses it to the duty desk, and one that waits
    there for a yes is routed anew. Raises Invalid naming the answer, Conflict for one entered in error.
    """
    with scene_of(referral_id, by=by, at=at) as scene:
        allowed = may_record(scene.standing)
        if not allowed or State(scene.row.status) is State.ENTERED_IN_ERROR:
            raise Conflict(
                "What the person agreed to is not written down here.",
                available_actions=available_actions(scene.life, scene.standing, at),
            )
        answers = _checked(scene, agreement, allowed)
        made = [row for one in answers if (row := _row(one, scene)) is not None]
        if made:
            scene.session.add_all(made)
            scene.agreements.extend(made)
            scene.row.updated_at = at
            scene.row.version += 1
            # Tried in vain without this answer: try again.
            scene.row.tried_version = None
            scene.heed(*(text for one in answers for text in (one.how, one.asked_by)))
        log_access(scene, "agreement" if made else "agreement (already so)", PURPOSE)
        return scene.done(changed=bool(made))


def _checked(
    scene: Scene, agreement: Sequence[NewAgreement], allowed: frozenset[Purpose]
) -> list[NewAgreement]:
    if not agreement:
        raise Invalid.field("/agreement", "Give at least one answer.")
    if len(agreement) > MOST_LISTED:
        raise Invalid.field("/agreement", f"Give at most {MOST_LISTED}.")
    found, practice = Findings(), store.person_of(scene.session, scene.row).gp_practice_ods
    for place, one in enumerate(agreement):
        pointer = f"/agreement/{place}"
        for name in ("recipient", "how", "asked_by"):
            found.problems += problems_of(getattr(one, name), f"{pointer}/{name}", LONGEST_LINE)
        check_agreement(one, found, pointer, practice_ods=practice, directory=scene.directory, at=scene.at)
        if not (one.how or "").strip():
            found.add(f"{pointer}/how", "Say how they were asked.")
        if one.purpose in set(Purpose) - allowed:
            found.add(
                f"{pointer}/purpose", "This answer is for whoever speaks with the person to write down."
            )
    if found.problems:
        raise Invalid(found.problems)
    read = [replace(one, recipient=recipient_of(one, practice, scene.directory)) for one in agreement]
    known = agreement_facts(scene.agreements)
    for place, one in enumerate(read):
        if later_answer(known, _facts(one, scene.at)) is not None:
            found.add(f"/agreement/{place}/at", "They gave a later answer, which is written down already.")
    if found.problems:
        raise Invalid(found.problems)
    return read


def _facts(one: NewAgreement, at: datetime) -> AgreementFacts:
    return AgreementFacts(one.recipient, one.purpose, one.agreed, one.at or at)


def _row(one: NewAgreement, scene: Scene) -> AgreementRow | None:
    """The answer to keep; None where the newest one about the same says just this."""
    asked_by = one.asked_by or name_of(scene.by, scene.directory)
    same = [row for row in scene.agreements if (row.recipient, row.purpose) == (one.recipient, one.purpose)]
    newest = max(same, key=lambda row: row.at, default=None)
    said = (one.agreed, one.how, one.alone, asked_by)
    if newest is not None and newest.withdrawn_at is None:
        stands = (newest.agreed, newest.how, newest.alone, newest.asked_by)
        if stands == said and one.at in (None, newest.at):
            return None
    return AgreementRow(
        referral_id=scene.row.id,
        recipient=one.recipient,
        purpose=one.purpose,
        agreed=one.agreed,
        how=one.how,
        alone=one.alone,
        asked_by=asked_by,
        at=one.at or scene.at,
    )


def agreement_choices(referral_id: UUID, *, by: Caller, at: datetime) -> tuple[AgreementChoice, ...]:
    """What the reader may write down answers about; empty for those who only read. NotFound as a read."""
    with database.transaction() as session:
        row = store.get_referral(session, referral_id)
        if row is None:
            raise NotFound(NOT_HERE)
        directory = read_directory(session)
        sight = see_or_404(by, row, store.agreements_of(session, [row.id])[row.id], directory, at)
        practice = directory.practice_id(store.person_of(session, row).gp_practice_ods)
        # Who has it is for those to know who may: a coarse sender asks about whoever helps.
        owner = row.owner_org_id if "owner" in sight.fields else None
        about = [
            (Purpose.SHARE_REFERRAL, owner),
            (Purpose.SHARE_REFERRAL, HELPERS),
            (Purpose.KNOW_OF_EACH_OTHER, HELPERS),
            (Purpose.FEEDBACK_TO_SENDER, row.sender_org_id),
            (Purpose.FEEDBACK_TO_GP, practice),
        ]
        allowed = may_record(sight.standing)
        return tuple(
            AgreementChoice(str(recipient), purpose.value, _name(recipient, directory.name))
            for purpose, recipient in about
            if recipient is not None and purpose in allowed
        )


def _name(recipient: UUID | str, names: Callable[..., str]) -> str:
    return "Everybody who helps" if recipient == HELPERS else names("organization", recipient, "Another one")
