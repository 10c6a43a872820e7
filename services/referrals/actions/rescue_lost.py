"""Nobody is lost: what a team can no longer look after goes to the duty desk of its place.

A sharing agreement ends, a person takes their agreement back, a team closes or its last member leaves: the
referral is still open, and nobody would see it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from services.referrals.actions.acting import Scene, open_scene, perform
from services.referrals.actions.holding import Holding
from services.referrals.actions.passing_on import Destination, put_destination
from services.referrals.actions.seeing import SYSTEM
from services.referrals.domain.states import OPEN, Act, State
from services.referrals.domain.working_days import uk_day
from services.referrals.store import referrals as store
from services.referrals.store import sweeps
from services.referrals.store.database import database
from services.referrals.store.directory import Directory, read_directory
from services.referrals.store.tables import AgreementRow, Referral

PURPOSE = "nobody is lost"
BATCH = 500


class Trouble(StrEnum):
    """Why a team cannot look after what it has."""

    TEAM_GONE = "team_gone"
    NOBODY_THERE = "nobody_there"
    MAY_NOT_READ = "may_not_read"
    ASSIGNEE_GONE = "assignee_gone"


def rescue_lost(*, at: datetime, batch: int = BATCH) -> int:
    """Look at everything open; how many referrals were given to a desk or back to their team's queue.

    Does nothing while the copy of the directory is older than a minute or not whole: a team that is not in
    half a copy is not gone. Each referral is its own transaction; one that somebody is working on just now
    is left for the next run.
    """
    moved, after = 0, None
    while True:
        with database.transaction() as session:
            directory = read_directory(session)
            if not directory.is_fresh(at):
                return moved
            rows = sweeps.open_after(session, after, batch)
            agreements = store.agreements_of(session, [row.id for row in rows])
            lost = [row.id for row in rows if trouble_of(row, agreements[row.id], directory, uk_day(at))]
            after = rows[-1].id if rows else None
        moved += sum(_rescue_one(referral_id, at) for referral_id in lost)
        if len(rows) < batch:
            return moved


def trouble_of(
    row: Referral, agreements: Sequence[AgreementRow], directory: Directory, on: date
) -> Trouble | None:
    """What is wrong with the team that has it; None where somebody there sees it and can act.

    Above the desk of a place there is nobody, so nothing is ever wrong with it.
    """
    desk = directory.duty_team(row.place_id)
    if desk is None or row.owner_team_id == desk:
        return None
    if directory.doc("team", row.owner_team_id) is None:
        return Trouble.TEAM_GONE
    people = {str(doc["account_id"]) for doc in directory.hands_of(row.owner_team_id)}
    if not people:
        return Trouble.NOBODY_THERE
    if not Holding.of_row(row, agreements).is_worked_now(directory, on):
        return Trouble.MAY_NOT_READ
    gone = row.assignee_id is not None and str(row.assignee_id) not in people
    return Trouble.ASSIGNEE_GONE if gone else None


def _rescue_one(referral_id: UUID, at: datetime) -> bool:
    with database.transaction() as session:
        if not store.try_lock(session, referral_id):
            return False
        scene = open_scene(session, referral_id, by=SYSTEM, at=at)
        if State(scene.row.status) not in OPEN or not scene.directory.is_fresh(at):
            return False
        trouble = trouble_of(scene.row, scene.agreements, scene.directory, uk_day(at))
        if trouble is None:
            return False
        if trouble is Trouble.ASSIGNEE_GONE:
            return perform(scene, Act.RELEASE, reason="leaving", purpose=PURPOSE)
        return _give_to_desk(scene, trouble)


def _give_to_desk(scene: Scene, trouble: Trouble) -> bool:
    desk, owner = scene.directory.duty_team(scene.row.place_id), scene.row.owner_org_id
    if desk is None:
        return False
    to = Destination(desk, None, to_desk=True)
    done = perform(scene, Act.ESCALATE, to.given, reason=trouble.value, purpose=PURPOSE)
    put_destination(scene, to, owner)
    scene.row.taken_up_at = None
    return done
