"""Nobody is lost: what a team can no longer look after goes to the duty desk of its place.

A sharing agreement ends, a person takes their agreement back, a team closes or its last member leaves: the
referral is still open, and nobody would see it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement

from services.referrals.actions.acting import Scene, open_scene, perform
from services.referrals.actions.footing import Footing, footing_of, shaken
from services.referrals.actions.holding import Holding
from services.referrals.actions.passing_on import Destination, put_destination
from services.referrals.actions.seeing import SYSTEM
from services.referrals.domain.states import OPEN, Act, State
from services.referrals.domain.working_days import uk_day
from services.referrals.store import referrals as store
from services.referrals.store import sweeps
from services.referrals.store.database import database
from services.referrals.store.directory import Directory, read_directory
from services.referrals.store.tables import AgreementRow, LostLook, Referral

PURPOSE = "nobody is lost"
BATCH = 500
LONGEST_WRITE = timedelta(minutes=10)
"""What was written before a look began may be committed after it: far more than any act takes."""


class Trouble(StrEnum):
    """Why a team cannot look after what it has."""

    TEAM_GONE = "team_gone"
    NOBODY_THERE = "nobody_there"
    MAY_NOT_READ = "may_not_read"
    ASSIGNEE_GONE = "assignee_gone"


class Fate(StrEnum):
    """What became of one that looked lost."""

    RESCUED = "rescued"
    WELL = "well"
    LEFT = "left"
    """Somebody is working on it just now, or the directory has grown old meanwhile."""


@dataclass(frozen=True)
class Looked:
    """How many were looked at, given to a desk or back to their team's queue, and left for the next run."""

    at: int = 0
    rescued: int = 0
    left: int = 0

    def and_(self, seen: int, fates: Sequence[Fate]) -> Looked:
        """With another batch."""
        return Looked(
            self.at + seen, self.rescued + fates.count(Fate.RESCUED), self.left + fates.count(Fate.LEFT)
        )


def rescue_lost(*, at: datetime, batch: int = BATCH) -> Looked:
    """Look at what may have lost its team since the last look: by what changed of it, or under it.

    Once in a UK day everything open is looked at. A look that finds nothing in its way is written down when
    it is over; one that was ended half-way, or left something, is done again by the next run.
    Does nothing while the copy of the directory is older than a minute or not whole: a team that is not in
    half a copy is not gone. Each referral is its own transaction.
    """
    with database.transaction() as session:
        directory = read_directory(session)
        if not directory.is_fresh(at):
            return Looked()
        footing = footing_of(directory, uk_day(at))
        which = _which(sweeps.last_look(session), footing, at)
    looked, after = Looked(), None
    while True:
        with database.transaction() as session:
            directory = read_directory(session)
            if not directory.is_fresh(at):
                return looked
            rows = sweeps.open_after(session, after, batch, which)
            agreements = store.agreements_of(session, [row.id for row in rows])
            lost = [row.id for row in rows if trouble_of(row, agreements[row.id], directory, uk_day(at))]
            after = rows[-1].id if rows else None
        looked = looked.and_(len(rows), [_rescue_one(referral_id, at) for referral_id in lost])
        if len(rows) < batch:
            break
    if not looked.left:
        with database.transaction() as session:
            sweeps.keep_look(session, at, footing)
    return looked


def _which(last: LostLook | None, footing: Footing, at: datetime) -> ColumnElement[bool]:
    if last is None or uk_day(last.looked_at) != uk_day(at):
        return sweeps.EVERYTHING
    gone = shaken(last.footing, footing)
    since = last.looked_at - LONGEST_WRITE
    return sweeps.touched(since, teams=gone.teams, places=gone.places, pairs=gone.pairs)


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


def _rescue_one(referral_id: UUID, at: datetime) -> Fate:
    with database.transaction() as session:
        if not store.try_lock(session, referral_id):
            return Fate.LEFT
        scene = open_scene(session, referral_id, by=SYSTEM, at=at)
        if not scene.directory.is_fresh(at):
            return Fate.LEFT
        if State(scene.row.status) not in OPEN:
            return Fate.WELL
        trouble = trouble_of(scene.row, scene.agreements, scene.directory, uk_day(at))
        if trouble is None:
            return Fate.WELL
        if trouble is Trouble.ASSIGNEE_GONE:
            done = perform(scene, Act.RELEASE, reason="leaving", purpose=PURPOSE)
        else:
            done = _give_to_desk(scene, trouble)
        return Fate.RESCUED if done else Fate.WELL


def _give_to_desk(scene: Scene, trouble: Trouble) -> bool:
    desk, owner = scene.directory.duty_team(scene.row.place_id), scene.row.owner_org_id
    if desk is None:
        return False
    to = Destination(desk, None, to_desk=True)
    done = perform(scene, Act.ESCALATE, to.given, reason=trouble.value, purpose=PURPOSE)
    put_destination(scene, to, owner)
    scene.row.taken_up_at = None
    return done
