"""What the person agreed to, written down after the referral was sent; a "no" takes an answer back.

It stays out of the table of moves: no state, owner or date changes with it. What it opens and closes is
worked out from the newest answers on every read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.referrals.actions.acting import PURPOSE, Scene, by_system, log_access, scene_of
from services.referrals.actions.check_agreement import CLOCKS_DIFFER, check_agreements, given_at, recipient_of
from services.referrals.actions.check_request import MOST_LISTED
from services.referrals.actions.findings import Findings
from services.referrals.actions.free_text import LONGEST_LINE, problems_of
from services.referrals.actions.new_referral import NewAgreement
from services.referrals.actions.route_waiting import route_now
from services.referrals.actions.seeing import NOT_HERE, account_of, name_of, see, see_or_404
from services.referrals.actions.views import Done
from services.referrals.domain.recording import (
    may_record,
    opens,
    refused_to_another,
    why_not_record,
)
from services.referrals.domain.sight_facts import HELPERS, Purpose
from services.referrals.domain.states import State
from services.referrals.store import referrals as store
from services.referrals.store.database import database
from services.referrals.store.directory import read_directory
from services.referrals.store.lives import agreement_facts
from services.referrals.store.tables import AgreementRow
from shared.auth.caller import Caller
from shared.errors import Conflict, Invalid, NotFound

ACT = "agreement"


@dataclass(frozen=True)
class AgreementChoice:
    """Something the reader may write down an answer about."""

    recipient: str
    purpose: str
    recipient_name: str


def record_agreement(
    referral_id: UUID, *, by: Caller, at: datetime, agreement: Sequence[NewAgreement]
) -> Done:
    """Write down the person's answers, in this order.

    The same answer again by the same account changes nothing.

    Raises NotFound for whoever has no part in which answers are written down, Invalid naming each field that
    cannot be taken, Conflict where it was entered in error or where the person said no to somebody else to
    what would let the caller see more.
    """
    with scene_of(referral_id, by=by, at=at) as scene:
        parts = see(by, scene.row, scene.agreements, scene.directory, at).parts
        if not may_record(parts):
            raise NotFound(NOT_HERE)
        if scene.row.status == State.ENTERED_IN_ERROR:
            raise Conflict("This was sent in error: nothing more is written down about it.")
        practice = store.person_of(scene.session, scene.row).gp_practice_ods
        _check_form(agreement, practice, scene)
        told = [replace(one, recipient=recipient_of(one, practice, scene.directory)) for one in agreement]
        _check_parts(told, scene)
        kept = [one for place, one in enumerate(told) if _record(one, scene, f"/agreement/{place}")]
        log_access(scene, ACT if kept else f"{ACT} (already so)", PURPOSE)
        if kept:
            scene.row.updated_at = at
            scene.row.version += 1
            scene.heed(*(text for one in kept for text in (one.how, one.asked_by)))
        if any(one.purpose == Purpose.SHARE_REFERRAL for one in kept):
            _look_for_a_team(scene)
        return scene.done(changed=bool(kept))


def _check_form(agreement: Sequence[NewAgreement], practice: str | None, scene: Scene) -> None:
    found = Findings()
    if not 0 < len(agreement) <= MOST_LISTED:
        found.add("/agreement", f"Give at least one answer and at most {MOST_LISTED}.")
    for place, one in enumerate(agreement[:MOST_LISTED]):
        pointer = f"/agreement/{place}"
        for name in ("recipient", "how", "asked_by"):
            found.problems += problems_of(getattr(one, name), f"{pointer}/{name}", LONGEST_LINE)
    few = agreement[:MOST_LISTED]
    check_agreements(few, found, practice_ods=practice, directory=scene.directory, at=scene.at)
    if found.problems:
        raise Invalid(found.problems)


def _check_parts(told: Sequence[NewAgreement], scene: Scene) -> None:
    sight = see(scene.by, scene.row, scene.agreements, scene.directory, scene.at)
    found = Findings()
    for place, one in enumerate(told):
        (facts,) = agreement_facts([_row_of(one, scene)])
        refused = why_not_record(facts, sight.parts, scene.row.sender_org_id)
        if refused is not None:
            found.add(f"/agreement/{place}/{refused[0]}", refused[1])
    if found.problems:
        raise Invalid(found.problems)


def _record(one: NewAgreement, scene: Scene, pointer: str) -> bool:
    """Keep one answer; False where it was written down already."""
    if _is_repeat(one, scene):
        return False
    row = _row_of(one, scene)
    _check_own_gain(row, scene, pointer)
    scene.session.add(row)
    scene.agreements.append(row)
    scene.agreements.sort(key=lambda each: each.at)
    return True


def _check_own_gain(row: AgreementRow, scene: Scene, pointer: str) -> None:
    """Where the answer lets its own writer see more, it says who asked and how, and outweighs nobody's no."""
    before = see(scene.by, scene.row, scene.agreements, scene.directory, scene.at)
    after = see(scene.by, scene.row, [*scene.agreements, row], scene.directory, scene.at)
    (facts,) = agreement_facts([row])
    gains = row.agreed and opens(before, after)
    if gains and refused_to_another(facts, agreement_facts(scene.agreements), scene.row.sender_org_id):
        raise Conflict("This cannot be written down by you: ask the person to tell the team that helps them.")
    if not gains:
        return
    found = Findings()
    if not (row.how or "").strip():
        found.add(f"{pointer}/how", "Say how they were asked: this lets you see more.")
    if not (row.asked_by or "").strip():
        found.add(f"{pointer}/asked_by", "Say who asked them: this lets you see more.")
    if found.problems:
        raise Invalid(found.problems)


def _row_of(one: NewAgreement, scene: Scene) -> AgreementRow:
    return AgreementRow(
        referral_id=scene.row.id,
        recipient=one.recipient,
        purpose=one.purpose,
        agreed=one.agreed,
        how=one.how,
        alone=one.alone,
        asked_by=one.asked_by,
        at=given_at(one, scene.at),
        recorded_at=scene.at,
        by_id=account_of(scene.by),
        by_name=name_of(scene.by, scene.directory),
        by_org_id=scene.by.org,
    )


def _is_repeat(one: NewAgreement, scene: Scene) -> bool:
    """Whether this account was the last to write down anything about this, and wrote down the same."""
    pair = [
        row
        for row in scene.agreements
        if (row.recipient, row.purpose) == (one.recipient, one.purpose) and row.recorded_at is not None
    ]
    last = max(pair, key=lambda row: row.recorded_at or row.at, default=None)
    if last is None or last.by_id != account_of(scene.by):
        return False
    same = (last.agreed, last.how, last.alone, last.asked_by) == (
        one.agreed,
        one.how,
        one.alone,
        one.asked_by,
    )
    return same and _same_moment(one.at, last)


def _same_moment(said: datetime | None, last: AgreementRow) -> bool:
    if said is None or said == last.at:
        return True
    # Their clock was ahead of ours: it was kept as of the moment in which it came.
    return last.at == last.recorded_at and last.at < said <= last.at + CLOCKS_DIFFER


def _look_for_a_team(scene: Scene) -> None:
    """What waits for a team may have one now: at once where that can be told, else with the next look."""
    if scene.row.routed_at is None and scene.row.routing_state == "unrouted":
        scene.row.tried_version = scene.row.tried_on = None
        scene.session.flush()
        route_now(by_system(scene), scene.at)


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
        return tuple(
            AgreementChoice(str(recipient), purpose.value, _name(recipient, directory.name))
            for purpose, recipient in about
            if recipient is not None and may_record(sight.parts)
        )


def _name(recipient: UUID | str, names: Callable[..., str]) -> str:
    return "Everybody who helps" if recipient == HELPERS else names("organization", recipient, "Another one")
