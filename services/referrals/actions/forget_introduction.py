"""The person said no to being introduced: what was written about them is deleted, for good."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.referrals.actions.acting import perform, scene_of
from services.referrals.actions.views import Done
from services.referrals.domain.reasons import FORGOTTEN_OUTSIDE
from services.referrals.domain.states import Act
from services.referrals.store.forgetting import forget_person, forget_words
from shared.auth.caller import Caller

PURPOSE = "the person said no to being introduced"


def forget_introduction(referral_id: UUID, *, by: Caller, at: datetime) -> Done:
    """End an introduction before help has begun, and delete what it says of the person.

    Kept: that there was one, when, by which organisation to which team, who did what when, and the sender's
    own id of it, so that a system that sends it again does not bring the person back. Nothing of it can be
    opened again.
    """
    with scene_of(referral_id, by=by, at=at) as scene:
        changed = perform(scene, Act.FORGET, outside=FORGOTTEN_OUTSIDE, purpose=PURPOSE)
        if changed:
            forget_words(scene.session, scene.row, scene.moves)
            forget_person(scene.session, scene.row, at)
            scene.agreements.clear()
        return scene.done(changed=changed)
