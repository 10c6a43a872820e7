"""What a caller sees at all, as a condition of SQL: for counting what is not read row by row.

It says of every row what `domain.sight.what_may_see` says; a test holds the two beside each other.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, Text, and_, cast, func, or_, select

from services.referrals.domain.holding import CONSENT
from services.referrals.domain.sight_facts import HELPERS, Purpose, Sharing
from services.referrals.store.lists import Scope, any_of, written
from services.referrals.store.tables import AgreementRow, Referral
from services.referrals.store.tables.referrals import IS_OPEN


def visible(scope: Scope, sharing: Sharing, on: date) -> ColumnElement[bool]:
    """Whether the caller of this scope may know of a referral on this UK day, in whatever part."""
    leads = scope.safeguarding_orgs
    sent = any_of((Referral.sender_org_id, scope.send_orgs))
    return or_(
        _as_holder(scope, sharing, on),
        any_of((Referral.owner_team_id, scope.desk_teams)),
        and_(scope.at_desk(), written(IS_OPEN)),
        any_of((Referral.owner_org_id, leads), (Referral.sender_org_id, leads)),
        and_(sent, _not_restricted_to_others(scope, as_sender=True)),
    )


def _as_holder(scope: Scope, sharing: Sharing, on: date) -> ColumnElement[bool]:
    may_read = or_(Referral.taken_up_at.is_not(None), _may_hold(scope, sharing, on))
    return and_(scope.works(), _not_restricted_to_others(scope), may_read)


def _not_restricted_to_others(scope: Scope, *, as_sender: bool = False) -> ColumnElement[bool]:
    me = scope.account_id
    named = [] if as_sender else [scope.leads()]
    if me is not None:
        own = Referral.author_id if as_sender else Referral.assignee_id
        named += [own == me, Referral.restricted_to.contains([me])]
    return or_(~Referral.restricted, *named)


def _may_hold(scope: Scope, sharing: Sharing, on: date) -> ColumnElement[bool]:
    """As `domain.holding.why_not_hold` answers for the organisation that has it."""
    own = Referral.sender_org_id.is_not_distinct_from(Referral.owner_org_id)
    return or_(own, and_(_may_exchange(scope, sharing, on), _person_agrees()))


def _may_exchange(scope: Scope, sharing: Sharing, on: date) -> ColumnElement[bool]:
    with_us = [
        and_(Referral.owner_org_id == org, Referral.sender_org_id.in_(sorted(partners)))
        for org in sorted(scope.holding_orgs)
        if (partners := sharing.partners(org, Purpose.SHARE_REFERRAL, on))
    ]
    return or_(Referral.sender_org_id.is_(None), Referral.owner_org_id.is_(None), *with_us)


def _person_agrees() -> ColumnElement[bool]:
    said_no = or_(~AgreementRow.agreed, AgreementRow.withdrawn_at.is_not(None))
    newest = (
        select(~said_no)
        .where(
            AgreementRow.referral_id == Referral.id,
            AgreementRow.purpose == Purpose.SHARE_REFERRAL.value,
            AgreementRow.recipient.in_([cast(Referral.owner_org_id, Text), HELPERS]),
        )
        # What was said about this organisation counts before what was said about all who help.
        .order_by(
            AgreementRow.recipient == HELPERS,
            func.coalesce(AgreementRow.withdrawn_at, AgreementRow.at).desc(),
            said_no.desc(),
        )
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(newest, Referral.lawful_basis != CONSENT)
