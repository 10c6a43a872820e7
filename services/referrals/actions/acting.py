"""How every act is done: load with a lock, let the rules decide, save row, history, event and access log.

Each act of `domain.states` has its own function in the modules beside this one; they all go through here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.referrals.actions.heeding import heed
from services.referrals.actions.rendering import load_bundle, render
from services.referrals.actions.seeing import (
    NOT_HERE,
    SYSTEM,
    account_of,
    name_of,
    see,
    see_or_404,
    seen_beside,
)
from services.referrals.actions.views import Done
from services.referrals.domain.advance import advance
from services.referrals.domain.life import Given, Life, Standing
from services.referrals.domain.moves import UNDO_WITHIN, UNDOABLE
from services.referrals.domain.sight import Sight
from services.referrals.domain.states import Act, State, Who
from services.referrals.domain.working_days import NextActionDays
from services.referrals.events import ALARMED, EVENT_OF_ACT
from services.referrals.store import referrals as store
from services.referrals.store.database import database
from services.referrals.store.directory import Directory, read_directory
from services.referrals.store.guard import find_first
from services.referrals.store.lives import life_of, put_life
from services.referrals.store.outbox import outbox
from services.referrals.store.relay import AccessLog
from services.referrals.store.tables import AgreementRow, MoveRow, Referral
from shared import audit
from shared.auth.caller import Caller
from shared.errors import Conflict, NotFound
from shared.idempotency import fingerprint

PURPOSE = "work on this referral"


@dataclass
class Scene:
    """One referral, locked, with what the rules read of it and who is acting."""

    session: Session
    row: Referral
    moves: list[MoveRow]
    agreements: list[AgreementRow]
    directory: Directory
    by: Caller
    at: datetime
    standing: Standing
    # Words of danger came with what is done here: its answer says whom to ring.
    danger: bool = False

    @property
    def life(self) -> Life:
        """The referral as the rules read it, as the row is now."""
        return life_of(self.row, self.moves)

    @property
    def days(self) -> NextActionDays:
        """The place's next-action defaults."""
        place = self.directory.doc("place", self.row.place_id)
        return NextActionDays.of(place.get("next_action_days") if place else None)

    def done(self, *, changed: bool) -> Done:
        """What the caller sees afterwards."""
        self.session.flush()
        sight = see(self.by, self.row, self.agreements, self.directory, self.at)
        if sight.nothing:
            # What somebody has just passed on or given up may be out of their sight: their last look.
            sight = _last_look(self.standing)
        beside = seen_beside(self.session, self.row, self.by, self.directory, self.at)
        bundle = load_bundle(self.session, self.row, self.moves, self.agreements, beside=beside)
        view = render(bundle, sight, self.directory, self.at)
        return Done(replace(view, emergency=self._numbers()) if self.danger else view, changed)

    def heed(self, *texts: str | None) -> None:
        """Put it at the top where any of these texts speaks of danger."""
        self.danger = heed(self.row, self.at, *texts) or self.danger

    def _numbers(self) -> tuple[Mapping[str, str], ...]:
        place = self.directory.doc("place", self.row.place_id) or {}
        return tuple(place.get("emergency") or ())


def _last_look(standing: Standing) -> Sight:
    from services.referrals.domain.views import Part, View

    fields = frozenset({"reference", "status", "owner", "next_action_at"})
    return Sight(View.HOLDER, frozenset({Part.HOLDER}), fields, replace(standing, who=frozenset()))


SYSTEM_STANDING = Standing(None, frozenset({Who.SYSTEM, Who.WORKER, Who.LEAD}), may_know_names=True)


def by_system(scene: Scene) -> Scene:
    """The same scene, in the same transaction, with the system acting."""
    return replace(scene, by=SYSTEM, standing=SYSTEM_STANDING)


@contextmanager
def scene_of(referral_id: UUID, *, by: Caller, at: datetime) -> Iterator[Scene]:
    """One transaction with the referral locked; NotFound where the caller may not know of it."""
    with database.transaction() as session:
        yield open_scene(session, referral_id, by=by, at=at)


def open_scene(session: Session, referral_id: UUID, *, by: Caller, at: datetime) -> Scene:
    """The referral locked in a transaction already begun. The system may act on any."""
    row = store.lock_referral(session, referral_id)
    if row is None:
        raise NotFound(NOT_HERE)
    directory = read_directory(session)
    agreements = store.agreements_of(session, [row.id])[row.id]
    standing = SYSTEM_STANDING if by is SYSTEM else see_or_404(by, row, agreements, directory, at).standing
    moves = list(store.moves_of(session, row.id))
    return Scene(session, row, moves, agreements, directory, by, at, standing)


def perform(
    scene: Scene,
    act: Act,
    given: Given | None = None,
    *,
    reason: str | None = None,
    reason_text: str | None = None,
    outside: str | None = None,
    purpose: str = PURPOSE,
    undoes: UUID | None = None,
    texts: Sequence[str | None] = (),
) -> bool:
    """Do `act`; False when the same caller had done it already. Raises Conflict or Invalid.

    Writes the row, the move, the event and the access log in the scene's transaction. `texts`: what else was
    said with it. Danger said while it is closed is told at once: nobody looks at closed ones tomorrow.
    """
    given = given or Given()
    given = replace(given, content=given.content or said(given, reason, reason_text))
    row, before = scene.row, scene.life
    by_name = "" if scene.by is SYSTEM else name_of(scene.by, scene.directory)
    decision, after = advance(
        act, before, scene.standing, scene.at, given=given, days=scene.days, by_name=by_name
    )
    if not decision.changes:
        log_access(scene, f"{act.value} (already so)", purpose)
        return False
    if before.is_closed and not after.is_closed:
        _stand_beside(scene)
    put_life(row, after, scene.at)
    scene.heed(given.content, reason_text, *texts)
    if given.team_id is not None and after.owner_team_id == given.team_id:
        row.owner_org_id = scene.directory.team_org(given.team_id)
    move = record_move(
        scene.session,
        row,
        act,
        before,
        after.state,
        by=scene.by,
        by_name=by_name,
        at=scene.at,
        given=given,
        reason=reason,
        reason_text=reason_text,
        outside=outside,
    )
    move.event_id = tell(scene.session, row, act, at=scene.at, undoes=undoes)
    if scene.danger and after.is_closed:
        outbox.add(scene.session, ALARMED, subject=row.id, at=scene.at, **_told_of(row, act))
    scene.moves.append(move)
    log_access(scene, act.value, purpose)
    return True


def _stand_beside(scene: Scene) -> None:
    """What is opened again stands beside the same request that its sender has sent since.

    Raises Conflict only where the caller may know of that one. Whose team it has gone to is not for others.
    """
    row = scene.row
    other = find_first(scene.session, row)
    # Asked also where there is none: what is hidden takes no time.
    agreements = store.agreements_of(scene.session, [other.id] if other is not None else [])
    if other is None:
        return
    if not see(scene.by, other, agreements[other.id], scene.directory, scene.at).nothing:
        raise Conflict(
            f"The same request is open already, as {other.reference}, so this one cannot be opened again.",
            slug="already-open",
        )
    row.separate_from_id = other.id


def said(*parts: object) -> str:
    """What came with an act, as a digest: enough to tell a repeat from the same act with other content."""
    return fingerprint(parts) if any(part not in (None, Given()) for part in parts) else ""


def record_move(
    session: Session,
    row: Referral,
    act: Act,
    before: Life,
    to: State,
    *,
    by: Caller,
    by_name: str,
    at: datetime,
    given: Given,
    reason: str | None = None,
    reason_text: str | None = None,
    outside: str | None = None,
) -> MoveRow:
    """One row of the history."""
    move = MoveRow(
        referral_id=row.id,
        act=act.value,
        from_status=before.state.value,
        to_status=to.value,
        at=at,
        by_id=account_of(by),
        by_name=by_name or None,
        by_org_id=by.org,
        by_kind="system" if by is SYSTEM else str(by.kind),
        reason=reason,
        reason_text=reason_text,
        outside=outside,
        content=given.content,
        team_id=given.team_id,
        assignee_id=given.assignee_id,
        next_action_before=before.next_action_at,
        next_by_before=before.next_action_by.value,
    )
    session.add(move)
    return move


def tell(
    session: Session, row: Referral, act: Act, *, at: datetime, undoes: UUID | None = None
) -> UUID | None:
    """Write the event of an act; ids and codes only."""
    name = EVENT_OF_ACT.get(act.value)
    if name is None:
        return None
    data = _told_of(row, act)
    if act in UNDOABLE:
        data["hold_seconds"] = int(UNDO_WITHIN.total_seconds())
    if undoes is not None:
        data["undoes"] = str(undoes)
    return outbox.add(session, name, subject=row.id, at=at, **data)


def _told_of(row: Referral, act: Act) -> dict[str, object]:
    return {
        "referral_id": str(row.id),
        "organization_id": str(row.sender_org_id) if row.sender_org_id else None,
        "team_id": str(row.owner_team_id) if row.owner_team_id else None,
        "act": act.value,
    }


def log_access(scene: Scene, act: str, purpose: str) -> None:
    """Write down who did or read this, about whom."""
    audit.record(
        scene.session,
        AccessLog,
        scene.by,
        act=act,
        purpose=purpose,
        subjects=[scene.row.id, scene.row.person_id],
        at=scene.at,
    )
