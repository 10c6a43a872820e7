"""A new referral: looked at, compared with what is open, given to a team, stored and told, all or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.errors import ForeignKeyViolation, UniqueViolation
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.referrals.actions.check_request import check_referral
from services.referrals.actions.heeding import is_alert
from services.referrals.actions.holding import Holding
from services.referrals.actions.keep_referral import keep_referral
from services.referrals.actions.new_referral import NewReferral
from services.referrals.actions.referrers import check_referrer
from services.referrals.actions.rendering import Bundle, load_bundle, render
from services.referrals.actions.route_request import (
    Placement,
    facts_from_request,
    place_of,
    place_request,
    refuse_target,
)
from services.referrals.actions.same_request import keys_of_request
from services.referrals.actions.scopes import scope_of
from services.referrals.actions.seeing import see, see_or_404, seen_beside
from services.referrals.actions.views import Submitted
from services.referrals.domain.moves import available_actions
from services.referrals.domain.routing.people_docs import Residence
from services.referrals.domain.views import shown_status
from services.referrals.store import referrals as store
from services.referrals.store.database import database
from services.referrals.store.directory import Directory, read_directory
from services.referrals.store.guard import Keys, external_lock, find_same, lock_keys
from services.referrals.store.lives import life_of
from services.referrals.store.relay import AccessLog, Idempotency
from services.referrals.store.tables import Referral
from shared import audit
from shared.auth.caller import Caller, Role
from shared.errors import Conflict, Invalid
from shared.idempotency import Once

SENDING_ROLES = (Role.SENDER, Role.WORKER, Role.LEAD, Role.DUTY_DESK)
TRIES = 3


class _Repeat(Conflict):
    """It is there already: `subjects` are who and what was looked at in order to say so."""

    def __init__(self, detail: str, found: Referral, **extra: Any) -> None:
        self.subjects = [found.id, found.person_id]
        super().__init__(detail, **extra)


@dataclass(frozen=True)
class _Sending:
    """What one try of sending works with."""

    session: Session
    new: NewReferral
    by: Caller
    at: datetime
    directory: Directory
    place_id: UUID


def submit_referral(new: NewReferral, *, by: Caller, at: datetime, once: Once | None = None) -> Submitted:
    """Send a referral. It is stored, owned by a team and told in one transaction.

    The same request sent twice by one organisation is one referral: Conflict `already-open` with `existing
    {reference, status, available_actions}`; `separate_reason` sends it all the same, linked to the first.
    What other organisations have sent is never looked at. A repeated `once` gives the first answer again,
    under today's rights. Raises Invalid naming every field that cannot be taken, `self-referral-only` with
    the invitation where people come to the chosen service by themselves; Unavailable while no duty desk is
    known. Danger is never bounced: what is an alert goes to the duty desk where another would be refused.
    """
    for left in reversed(range(TRIES)):
        try:
            with database.transaction() as session:
                return _submit_once(session, new, by, at, once)
        except IntegrityError as broken:
            # Behind the locks stand unique indexes; whoever meets one looks again and finds the first.
            # And a record of the person may have been deleted between finding and using it.
            if not isinstance(broken.orig, UniqueViolation | ForeignKeyViolation) or not left:
                raise
        except _Repeat as repeat:
            _write_down_look(repeat.subjects, by, at)
            raise
    raise AssertionError("unreachable")


def _write_down_look(subjects: list[UUID], by: Caller, at: datetime) -> None:
    """The refusal undid its transaction, but somebody was told of a person: that stays written down."""
    with database.transaction() as session:
        audit.record(
            session,
            AccessLog,
            by,
            act="read",
            purpose="send a referral (refused as a repeat)",
            subjects=subjects,
            at=at,
        )


def _submit_once(
    session: Session, new: NewReferral, by: Caller, at: datetime, once: Once | None
) -> Submitted:
    directory = read_directory(session)
    if once is not None:
        seen = once.replayed(session, Idempotency)
        if seen is not None:
            return _again(session, seen.resource_id, by, directory, at)
    if by.org is None or not by.has(*SENDING_ROLES, org=by.org):
        raise Invalid.field("", "Choose the organisation you are sending for.")
    checked = check_referral(new, directory, at)
    check_referrer(checked.referrer, by, directory)
    sending = _Sending(session, checked, by, at, directory, place_of(by, directory))
    keys = keys_of_request(checked, by.org)
    beside = _refuse_repeat(sending, keys)
    placement, residence = _place(sending)
    kept = keep_referral(
        session, checked, by=by, at=at, directory=directory, placement=placement, keys=keys, beside=beside,
        place_id=sending.place_id, residence=residence,
    )  # fmt: skip
    subjects = [kept.row.id, kept.person.id]
    subjects += [beside.id, beside.person_id] if beside is not None else []
    audit.record(session, AccessLog, by, act="submit", purpose="send a referral", subjects=subjects, at=at)
    if once is not None:
        once.done(session, Idempotency, resource_id=kept.row.id, status=201, at=at)
    session.flush()
    return Submitted(_rendered(kept, sending), emergency=_emergency(directory, sending.place_id))


def _refuse_repeat(sending: _Sending, keys: Keys) -> Referral | None:
    """The open referral this one goes beside, where that was said. Raises Conflict for a mere repeat."""
    new, by = sending.new, sending.by
    more = [external_lock(by.sub, new.external)] if new.external else []
    lock_keys(sending.session, keys.known, *more)
    scope = scope_of(by, sending.directory)
    same, by_external = find_same(sending.session, keys, client=by.sub, external=new.external, scope=scope)
    if by_external is not None:
        raise _Repeat(
            "You have sent this before with the same external id.",
            by_external,
            slug="external-id-used",
            existing=_existing(by_external, sending),
        )
    for row in same:
        seen = _existing(row, sending)
        if seen is None:
            # A colleague keeps it to themself: for this sender it is not there, nor is it linked.
            continue
        if new.separate_reason is None:
            raise _Repeat(
                "Your organisation has this request open already. "
                "Give separate_reason to send it all the same.",
                row,
                slug="already-open",
                existing=seen,
            )
        return row
    return None


def _existing(row: Referral, sending: _Sending) -> dict[str, Any] | None:
    """What may be told of the first; None where a colleague keeps it to themself (restricted)."""
    session, at = sending.session, sending.at
    agreements = store.agreements_of(session, [row.id])[row.id]
    sight = see(sending.by, row, agreements, sending.directory, at)
    if sight.nothing:
        return None
    life = life_of(row, store.moves_of(session, row.id))
    return {
        "reference": row.reference,
        "status": shown_status(life.state, sight.view),
        "available_actions": available_actions(life, sight.standing, at),
    }


def _place(sending: _Sending) -> tuple[Placement, Residence | None]:
    new, directory = sending.new, sending.directory
    facts = facts_from_request(sending.session, new, sending.by, sending.place_id)
    target = new.target_service_id
    if target is not None and directory.doc("service", target) is None:
        raise Invalid.field("/target_service_id", "Choose a service of the directory, or leave it out.")
    holding = Holding.of_new(new, sending.by, sending.at)
    placement = place_request(facts, target, directory, sending.place_id, sending.at, holding)
    if placement.refused is not None and not is_alert(new):
        raise refuse_target(placement.refused, placement.answer)
    return placement, facts.residence_then or facts.residence


def _rendered(kept: Bundle, sending: _Sending) -> Any:
    sight = see_or_404(sending.by, kept.row, kept.agreements, sending.directory, sending.at)
    return render(kept, sight, sending.directory, sending.at)


def _again(session: Session, referral_id: UUID, by: Caller, directory: Directory, at: datetime) -> Submitted:
    """The first answer, under today's rights. Raises NotFound where the caller may not see it any more."""
    row = session.get_one(Referral, referral_id)
    agreements = store.agreements_of(session, [row.id])[row.id]
    sight = see_or_404(by, row, agreements, directory, at)
    moves = store.moves_of(session, row.id)
    bundle = load_bundle(session, row, moves, agreements, beside=seen_beside(session, row, by, directory, at))
    audit.record(
        session,
        AccessLog,
        by,
        act="read",
        purpose="send a referral (repeated)",
        subjects=[row.id, row.person_id],
        at=at,
    )
    return Submitted(
        render(bundle, sight, directory, at), replayed=True, emergency=_emergency(directory, row.place_id)
    )


def _emergency(directory: Directory, place_id: UUID) -> tuple[Mapping[str, str], ...]:
    place = directory.doc("place", place_id) or {}
    return tuple(place.get("emergency") or ())
