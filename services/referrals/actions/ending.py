"""Taking a referral back, hiding one sent in error, opening one again, and undoing the last step."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete

from services.referrals.actions.acting import Scene, perform, scene_of
from services.referrals.actions.free_text import check_text
from services.referrals.actions.views import Done
from services.referrals.domain.life import Given
from services.referrals.domain.reasons import WITHDRAWN_OUTSIDE, read_reason
from services.referrals.domain.states import Act
from services.referrals.store.tables import OutcomeRow
from shared.auth.caller import Caller


def withdraw_referral(referral_id: UUID, *, by: Caller, at: datetime, reason: str) -> Done:
    """The sender takes it back. `reason` is a code of `domain.reasons.REASONS` or free words."""
    check_text(reason=reason)
    why = read_reason(Act.WITHDRAW, reason)
    with scene_of(referral_id, by=by, at=at) as scene:
        changed = perform(
            scene,
            Act.WITHDRAW,
            reason=why.code,
            reason_text=why.text or None,
            outside=WITHDRAWN_OUTSIDE,
        )
        return scene.done(changed=changed)


def void_referral(referral_id: UUID, *, by: Caller, at: datetime, reason: str) -> Done:
    """It was entered in error: hidden from lists, never deleted."""
    check_text(reason=reason)
    why = read_reason(Act.VOID, reason)
    with scene_of(referral_id, by=by, at=at) as scene:
        changed = perform(scene, Act.VOID, reason=why.code, reason_text=why.text or None)
        return scene.done(changed=changed)


def reopen_referral(referral_id: UUID, *, by: Caller, at: datetime, reason: str) -> Done:
    """Open again within 28 days; its outcomes are taken away, the history keeps them.

    Raises Conflict (`already-open`) where the sender has meanwhile sent the same request again and the caller
    may know of that one; where they may not, it is opened beside it.
    """
    check_text(reason=reason)
    why = read_reason(Act.REOPEN, reason)
    with scene_of(referral_id, by=by, at=at) as scene:
        changed = perform(scene, Act.REOPEN, reason=why.code, reason_text=why.text or None)
        if changed:
            _forget_end(scene)
        return scene.done(changed=changed)


def undo_last(referral_id: UUID, *, by: Caller, at: datetime) -> Done:
    """Undo one's own accept, pass back or complete within 60 seconds, before anybody was told.

    What the call waited for the referral counts towards the 60 seconds.
    """
    begun = time.monotonic()
    with scene_of(referral_id, by=by, at=at) as scene:
        scene.at = at + timedelta(seconds=time.monotonic() - begun)
        last = scene.moves[-1] if scene.moves else None
        changed = perform(
            scene,
            Act.UNDO,
            Given(content=last.act if last else ""),
            undoes=last.event_id if last else None,
        )
        if changed and last is not None:
            if last.act == Act.ACCEPT and scene.row.taken_up_at == last.at:
                scene.row.taken_up_at = None
            if last.act == Act.COMPLETE:
                _forget_end(scene)
        return scene.done(changed=changed)


def _forget_end(scene: Scene) -> None:
    scene.row.ended_by = None
    scene.session.execute(delete(OutcomeRow).where(OutcomeRow.referral_id == scene.row.id))
