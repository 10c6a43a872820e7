"""Who sees what of a referral, and in which standing they may act on it. The default is nothing.

`what_may_see` is the one answer to every read and write of a person's data. Parts first (sender, holder,
joined helper, duty desk, safeguarding lead), then the sender's sector, then restriction, the person's
agreement and the signed agreement between the organisations. A caller with view `none` is answered 404.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from services.referrals.domain.holding import why_not_hold
from services.referrals.domain.life import Standing
from services.referrals.domain.sight_facts import (
    COARSE_SECTORS,
    HELPERS,
    AgreementFacts,
    CallerFacts,
    Joined,
    MemberOf,
    Purpose,
    ReferralFacts,
    Sharing,
    SharingFacts,
    agreed,
    may_exchange,
)
from services.referrals.domain.states import Who
from services.referrals.domain.views import (
    COARSE_FIELDS,
    HELPER_FIELDS,
    HOLDER_FIELDS,
    PERSON_FIELDS,
    ROUTING_FIELDS,
    SENDER_FIELDS,
    Part,
    View,
)

_TEAM_ROLES = frozenset({"worker", "lead"})
_SENDING_ROLES = frozenset({"sender", "worker", "lead", "duty_desk"})


@dataclass(frozen=True)
class Sight:
    """The answer: how much, in which parts, which groups of fields, and in which standing to act."""

    view: View = View.NONE
    parts: frozenset[Part] = frozenset()
    fields: frozenset[str] = frozenset()
    standing: Standing = field(default_factory=lambda: Standing(None))

    @property
    def nothing(self) -> bool:
        """The caller may not know that this referral exists: 404."""
        return self.view is View.NONE


NOTHING = Sight()


def what_may_see(
    caller: CallerFacts,
    referral: ReferralFacts,
    agreements: Iterable[AgreementFacts],
    sharing: Iterable[SharingFacts] | Sharing,
    on: date,
) -> Sight:
    """What `caller` may see of `referral` on the UK day `on`.

    Reads use all memberships; where several parts are held the widest view wins. Withdrawn or refused
    agreement, and a missing agreement between organisations, are looked at on every call.
    """
    if caller.person_in is not None:
        return _as_person(caller, referral)
    asked, signed = tuple(agreements), Sharing.of(sharing)
    seen = [
        sight
        for sight in (
            _as_holder(caller, referral, asked, signed, on=on),
            _as_safeguarding_lead(caller, referral),
            _as_duty_desk(caller, referral),
            _as_sender(caller, referral, asked, signed, on=on),
            _as_helper(caller, referral, asked, signed, on=on),
        )
        if not sight.nothing
    ]
    if not seen:
        return NOTHING
    widest = max(seen, key=lambda sight: (_WIDTH[sight.view], len(sight.fields)))
    return Sight(
        view=widest.view,
        parts=frozenset().union(*(s.parts for s in seen)),
        fields=frozenset().union(*(s.fields for s in seen)),
        standing=Standing(
            account_id=caller.account_id,
            who=frozenset().union(*(s.standing.who for s in seen)),
            coarse=all(s.standing.coarse for s in seen),
            is_client=caller.is_client,
            may_know_names=any(s.standing.may_know_names for s in seen),
            sender_hears=referral.sender_org is not None and not _is_coarse(referral, asked, signed, on),
        ),
    )


def is_worked_by(
    people: Iterable[CallerFacts],
    referral: ReferralFacts,
    agreements: Iterable[AgreementFacts],
    sharing: Iterable[SharingFacts] | Sharing,
    on: date,
) -> bool:
    """Whether any of `people` sees `referral` and may act on it, as of its owner somebody always must."""
    asked, signed = tuple(agreements), Sharing.of(sharing)
    return any(
        what_may_see(one, referral, asked, signed, on).standing.can_act_as(Who.WORKER, Who.DUTY_DESK)
        for one in people
    )


_WIDTH = {View.NONE: 0, View.COARSE: 1, View.FULL: 2, View.HOLDER: 3}


def may_break_glass(caller: CallerFacts, referral: ReferralFacts) -> bool:
    """Break-glass is for the holding organisation and its safeguarding leads: a reason, then a review."""
    roles = {m.role for m in caller.memberships if m.org == referral.owner_org}
    return bool(roles & {"worker", "lead", "safeguarding_lead"}) and not caller.is_client


def _as_person(caller: CallerFacts, referral: ReferralFacts) -> Sight:
    """Whoever holds the private link of this referral: what came through it, whoever else knows them."""
    if referral.id is None or caller.person_in != referral.id:
        return NOTHING
    return _sight(View.COARSE, Part.PERSON, PERSON_FIELDS, {Who.PERSON}, coarse=True)


def _in_team(member: MemberOf, referral: ReferralFacts) -> bool:
    """Of the owning team, or with a role for the whole of its organisation."""
    return member.org == referral.owner_org and member.team in {referral.owner_team, None}


def _as_holder(
    caller: CallerFacts,
    referral: ReferralFacts,
    agreements: tuple[AgreementFacts, ...],
    sharing: Sharing,
    *,
    on: date,
) -> Sight:
    if referral.owner_team is None:
        return NOTHING
    roles = {m.role for m in caller.memberships if _in_team(m, referral)}
    at_desk = "duty_desk" in roles and any(
        m.role == "duty_desk" and m.team == referral.owner_team for m in caller.memberships
    )
    if not roles & _TEAM_ROLES and not at_desk:
        return NOTHING
    if not _holder_may_read(referral, agreements, sharing, on):
        return NOTHING
    if referral.restricted and not _named_in_team(caller, referral, roles):
        return NOTHING
    who = {Who.WORKER} if "worker" in roles or at_desk else set()
    who |= {Who.LEAD, Who.WORKER} if "lead" in roles else set()
    who |= {Who.DUTY_DESK} if at_desk else set()
    return _sight(View.HOLDER, Part.HOLDER, HOLDER_FIELDS, who)


def _holder_may_read(
    referral: ReferralFacts,
    agreements: tuple[AgreementFacts, ...],
    sharing: Sharing,
    on: date,
) -> bool:
    """What came while both agreements stood stays with a team that has taken it up: its own record."""
    if referral.taken_up:
        return True
    return (
        why_not_hold(referral.sender_org, referral.owner_org, referral.lawful_basis, agreements, sharing, on)
        is None
    )


def _named_in_team(caller: CallerFacts, referral: ReferralFacts, roles: set[str]) -> bool:
    account = caller.account_id
    if account is None:
        return False
    return account == referral.assignee_id or account in referral.restricted_to or "lead" in roles


def _as_safeguarding_lead(caller: CallerFacts, referral: ReferralFacts) -> Sight:
    orgs = {m.org for m in caller.memberships if m.role == "safeguarding_lead"}
    if referral.owner_org is not None and referral.owner_org in orgs:
        return _sight(View.HOLDER, Part.SAFEGUARDING, HOLDER_FIELDS, set())
    if referral.sender_org is not None and referral.sender_org in orgs:
        if (referral.sender_sector or "") in COARSE_SECTORS:
            return _sight(View.COARSE, Part.SAFEGUARDING, COARSE_FIELDS, set(), coarse=True)
        return _sight(View.FULL, Part.SAFEGUARDING, SENDER_FIELDS, set())
    return NOTHING


def _as_duty_desk(caller: CallerFacts, referral: ReferralFacts) -> Sight:
    """The place's desk sees what nobody has yet, and what came up the ladder: enough to choose a team.

    A restricted referral too, or nobody could route it: this view has no name, contact point or story.
    """
    desks = {m.team for m in caller.memberships if m.role == "duty_desk"}
    on_desk = referral.owner_team is not None and referral.owner_team in desks
    same_place = bool(desks) and referral.place_id in caller.desk_places
    waiting = referral.is_open and (not referral.routed or referral.escalated)
    if not (on_desk or (waiting and same_place)):
        return NOTHING
    return _sight(View.HOLDER, Part.DUTY_DESK, ROUTING_FIELDS, {Who.DUTY_DESK})


def _as_sender(
    caller: CallerFacts,
    referral: ReferralFacts,
    agreements: tuple[AgreementFacts, ...],
    sharing: Sharing,
    *,
    on: date,
) -> Sight:
    org = referral.sender_org
    if org is None or not any(m.org == org and m.role in _SENDING_ROLES for m in caller.memberships):
        return NOTHING
    if referral.restricted and not _author_or_named(caller, referral):
        return NOTHING
    if _is_coarse(referral, agreements, sharing, on):
        return _sight(View.COARSE, Part.SENDER, COARSE_FIELDS, {Who.SENDER}, coarse=True)
    return _sight(View.FULL, Part.SENDER, SENDER_FIELDS, {Who.SENDER})


def _author_or_named(caller: CallerFacts, referral: ReferralFacts) -> bool:
    account = caller.account_id
    return account is not None and (account == referral.author_id or account in referral.restricted_to)


def _is_coarse(
    referral: ReferralFacts,
    agreements: tuple[AgreementFacts, ...],
    sharing: Sharing,
    on: date,
) -> bool:
    # A duty desk is the place's own front door: state may be told before a team has been chosen.
    told = may_exchange(
        referral.sender_org, referral.owner_org, sharing, on, purpose=Purpose.FEEDBACK_TO_SENDER
    )
    if referral.routed and not told:
        return True
    answer = agreed(agreements, referral.sender_org, Purpose.FEEDBACK_TO_SENDER)
    if (referral.sender_sector or "") in COARSE_SECTORS:
        return answer is not True
    # Said no, or took it back: the sender keeps what it sent and learns no more than that it is in hand.
    return answer is False


def _as_helper(
    caller: CallerFacts,
    referral: ReferralFacts,
    agreements: tuple[AgreementFacts, ...],
    sharing: Sharing,
    *,
    on: date,
) -> Sight:
    if referral.discreet or referral.restricted:
        return NOTHING
    if agreed(agreements, HELPERS, Purpose.KNOW_OF_EACH_OTHER) is not True:
        return NOTHING
    for joined in referral.joined:
        if joined.discreet or not _works_for(caller, joined):
            continue
        if may_exchange(joined.org, referral.owner_org, sharing, on, purpose=Purpose.KNOW_OF_EACH_OTHER):
            return _sight(View.COARSE, Part.HELPER, HELPER_FIELDS, set())
    return NOTHING


def _works_for(caller: CallerFacts, joined: Joined) -> bool:
    return any(
        m.org == joined.org and m.role in _TEAM_ROLES and m.team in {joined.team, None}
        for m in caller.memberships
    )


def _sight(view: View, part: Part, fields: frozenset[str], who: set[Who], *, coarse: bool = False) -> Sight:
    standing = Standing(None, frozenset(who), coarse=coarse, may_know_names=view is View.HOLDER)
    return Sight(view, frozenset({part}), fields, standing)
