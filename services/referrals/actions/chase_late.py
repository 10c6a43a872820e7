"""Late goes up a ladder: the owner hears, then the team's lead, then the place's duty desk."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.referrals.actions.acting import open_scene, perform
from services.referrals.actions.seeing import SYSTEM
from services.referrals.domain.ladder import Rung, rung_at
from services.referrals.domain.life import Given
from services.referrals.domain.states import OPEN, Act, State
from services.referrals.domain.urgency import ALERT
from services.referrals.store import referrals as store
from services.referrals.store import sweeps
from services.referrals.store.database import database

PURPOSE = "late"
BATCH = 500


def chase_late(*, at: datetime, batch: int = BATCH) -> int:
    """Tell of everything that is late whoever has to know by `at`; how many referrals rose a rung.

    Each rung of each referral is told once, in the history and by `referral.chased.v1`; at the last the
    desk sees the referral beside the team, which keeps it. Whatever is no longer late is off the ladder.
    Each referral is its own transaction; one that somebody is working on just now is left for the next run.
    """
    with database.transaction() as session:
        sweeps.calm(session, at)
    risen, after = 0, None
    while True:
        with database.transaction() as session:
            found = sweeps.late_after(session, at, after, batch)
        risen += sum(_chase_one(referral_id, at) for referral_id, _ in found)
        if len(found) < batch:
            return risen
        after = found[-1]


def _chase_one(referral_id: UUID, at: datetime) -> bool:
    with database.transaction() as session:
        if not store.try_lock(session, referral_id):
            return False
        scene = open_scene(session, referral_id, by=SYSTEM, at=at)
        row = scene.row
        if State(row.status) not in OPEN or row.next_action_at is None:
            return False
        wanted = rung_at(row.next_action_at, at, alert=row.urgency == ALERT)
        if row.owner_team_id == scene.directory.duty_team(row.place_id):
            # The desk is the owner, and nobody stands above it.
            wanted = min(wanted, Rung.OWNER)
        missing = [rung for rung in Rung if row.rung < rung <= wanted]
        for rung in missing:
            word = rung.name.lower()
            perform(scene, Act.CHASE, Given(content=word), reason=word, purpose=PURPOSE)
        if missing:
            row.rung, row.escalated = wanted, wanted is Rung.DUTY_DESK
        return bool(missing)
