"""Who is asking, and what they may see of a referral: one answer for every read and write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy.orm import Session

from services.referrals.domain.sight import Sight, what_may_see
from services.referrals.domain.sight_facts import CallerFacts, MemberOf
from services.referrals.domain.working_days import uk_day
from services.referrals.store.directory import Directory
from services.referrals.store.lives import agreement_facts, facts_of
from services.referrals.store.referrals import agreements_of
from services.referrals.store.tables import AgreementRow, Referral
from shared.auth.caller import Caller, Kind, Role
from shared.errors import NotFound

SYSTEM = Caller(sub="referrals", kind=Kind.SERVICE)
"""Who acts when the service itself does: routing late, releasing after somebody left."""

TEAM_ROLES = frozenset({Role.WORKER, Role.LEAD, Role.DUTY_DESK})
"""Roles by which somebody works what a team has."""

NOT_HERE = "There is no such referral, or it is not for you."


def account_of(by: Caller) -> UUID | None:
    """The id under which the caller is remembered; a client whose id is a word gets one made from it.

    A service has none, nor has somebody without an account.
    """
    if by.kind in (Kind.SERVICE, Kind.SELF):
        return None
    try:
        return UUID(by.sub)
    except ValueError:
        return uuid5(NAMESPACE_URL, f"urn:linkwork:client:{by.sub}")


def as_member(by: Caller, directory: Directory) -> Caller:
    """The caller with the memberships of teams that still stand in the directory's copy.

    A token outlives a membership by minutes, and by hours with the directory away; the copy knows sooner.
    Systems are not in it. While the copy is not whole the token is believed.
    """
    if by.kind is not Kind.PERSON or not directory.complete:
        return by
    account = account_of(by)
    held = directory.members.get(account, ()) if account is not None else ()
    standing = {
        (str(doc.get("organization_id")), doc.get("team_id") or None, str(doc.get("role"))) for doc in held
    }
    kept = tuple(
        m
        for m in by.memberships
        if m.role not in TEAM_ROLES or (str(m.org), str(m.team) if m.team else None, str(m.role)) in standing
    )
    return replace(by, memberships=kept)


def caller_facts(by: Caller, directory: Directory) -> CallerFacts:
    """The caller as the rules of sight read them."""
    known = as_member(by, directory)
    return CallerFacts(
        account_id=account_of(by),
        memberships=tuple(MemberOf(m.org, m.team, str(m.role)) for m in known.memberships),
        desk_places=directory.desk_places(known.teams(Role.DUTY_DESK)),
        is_client=by.kind is Kind.CLIENT,
        person_in=UUID(by.scope[0]) if by.kind is Kind.SELF and by.scope else None,
    )


def see(
    by: Caller, row: Referral, agreements: Sequence[AgreementRow], directory: Directory, at: datetime
) -> Sight:
    """What the caller may see of this referral now; may be nothing."""
    return see_as(caller_facts(by, directory), row, agreements, directory, uk_day(at))


def see_as(
    known: CallerFacts, row: Referral, agreements: Sequence[AgreementRow], directory: Directory, on: date
) -> Sight:
    """As `see`, on the UK day `on`, where `caller_facts` and the day are worked out once for many rows."""
    return what_may_see(known, facts_of(row), agreement_facts(agreements), directory.sharing, on)


def see_or_404(
    by: Caller, row: Referral, agreements: Sequence[AgreementRow], directory: Directory, at: datetime
) -> Sight:
    """As `see`; NotFound where the caller may not know that there is such a referral."""
    sight = see(by, row, agreements, directory, at)
    if sight.nothing:
        raise NotFound(NOT_HERE)
    return sight


def seen_beside(
    session: Session, row: Referral, by: Caller, directory: Directory, at: datetime
) -> Referral | None:
    """The earlier referral that `row` was knowingly sent beside, where the caller may see that one too."""
    other = session.get(Referral, row.separate_from_id) if row.separate_from_id else None
    if other is None:
        return None
    agreements = agreements_of(session, [other.id])[other.id]
    return None if see(by, other, agreements, directory, at).nothing else other


def name_of(by: Caller, directory: Directory) -> str:
    """The caller's name as colleagues know it: from the directory, else from the token."""
    account = account_of(by)
    if account is not None and account in directory.members:
        return directory.member_name(account)
    return by.name or by.sub
