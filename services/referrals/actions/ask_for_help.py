"""A request somebody makes for themself, or for one they know: stored, owned by a team, told.

Nothing is looked up about the person, so the answer is the same, and takes as long, whoever they are. The
same press twice is one request (`once`); asked again later it is another one, and the team that has both
sees that.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from psycopg.errors import UniqueViolation
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.referrals.actions.check_request import check_referral
from services.referrals.actions.holding import Holding
from services.referrals.actions.keep_referral import keep_referral
from services.referrals.actions.new_referral import NewReferral
from services.referrals.actions.route_request import facts_from_request, place_request
from services.referrals.domain.speaker import name_of_asker
from services.referrals.domain.urgency import ALERT
from services.referrals.domain.working_days import uk_day
from services.referrals.store.database import database
from services.referrals.store.directory import Directory, read_directory
from services.referrals.store.guard import Keys
from services.referrals.store.relay import AccessLog, Idempotency
from services.referrals.store.tables import Referral
from shared import audit
from shared.auth.caller import Caller, Kind
from shared.errors import Invalid
from shared.idempotency import Once

PUBLIC = "public"
PUBLIC_SECTORS = frozenset({"health", "social_care", "local_authority", "fire", "police", "education"})
TRIES = 3


@dataclass(frozen=True)
class Asked:
    """What whoever asked is told: nothing in it depends on whether anybody knows the person."""

    referral_id: UUID
    reference: str
    look_by: date | None
    alert: bool


def ask_for_help(new: NewReferral, *, place_id: UUID, at: datetime, once: Once) -> Asked:
    """Store a request that came by the public page of a place. Raises Invalid naming every bad field,
    Unavailable while no duty desk is known.

    The lawful basis is the one of those who keep the place's front door, never the person's agreement.
    """
    for left in reversed(range(TRIES)):
        try:
            with database.transaction() as session:
                return _ask_once(session, new, place_id, at, once)
        except IntegrityError as broken:
            # A reference that was drawn before: draw again.
            if not isinstance(broken.orig, UniqueViolation) or not left:
                raise
    raise AssertionError("unreachable")


def basis_of(place_id: UUID, directory: Directory) -> str:
    """`public_task` where a public body keeps the duty desk, else `legitimate_interests`."""
    desk = directory.team_org(directory.duty_team(place_id))
    keeper = directory.doc("organization", desk) or {}
    return "public_task" if keeper.get("sector") in PUBLIC_SECTORS else "legitimate_interests"


def _ask_once(session: Session, new: NewReferral, place_id: UUID, at: datetime, once: Once) -> Asked:
    directory = read_directory(session)
    if directory.doc("place", place_id) is None:
        raise Invalid.field("/place", "Choose a place from the list.")
    seen = once.replayed(session, Idempotency)
    if seen is not None:
        return _asked(session.get_one(Referral, seen.resource_id))
    new = replace(new, lawful_basis=basis_of(place_id, directory), route_in="self")
    checked = check_referral(new, directory, at)
    by = _caller(checked, place_id)
    facts = facts_from_request(session, checked, by, place_id)
    placement = place_request(facts, None, directory, place_id, at, Holding.of_new(checked, by, at))
    row = keep_referral(
        session, checked, by=by, at=at, directory=directory, placement=placement, keys=Keys(), beside=None,
        place_id=place_id, residence=facts.residence_then or facts.residence,
    ).row  # fmt: skip
    subjects = [row.id, row.person_id]
    audit.record(session, AccessLog, by, act="submit", purpose="ask for help", subjects=subjects, at=at)
    once.done(session, Idempotency, resource_id=row.id, status=201, at=at)
    session.flush()
    return _asked(row)


def _caller(new: NewReferral, place_id: UUID) -> Caller:
    name = name_of_asker(new.speaker.who if new.speaker else None)
    return Caller(sub=PUBLIC, kind=Kind.SELF, place=place_id, name=name)


def _asked(row: Referral) -> Asked:
    look_by = uk_day(row.next_action_at) if row.next_action_at else None
    return Asked(row.id, row.reference, look_by, row.urgency == ALERT)
