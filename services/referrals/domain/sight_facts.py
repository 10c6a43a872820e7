"""What the rules of sight read: the caller, the referral, the person's agreement, the signed agreements.

Plain values, filled by the store from its own rows and the routing snapshot; roles and sectors are the
codes of the token (`shared.auth.Role` values compare equal to the strings used here).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from services.referrals.domain.states import OPEN, State


class Purpose(StrEnum):
    """What a person agrees to, per recipient."""

    SHARE_REFERRAL = "share_referral"
    KNOW_OF_EACH_OTHER = "know_of_each_other"
    FEEDBACK_TO_SENDER = "feedback_to_sender"
    FEEDBACK_TO_GP = "feedback_to_gp"


HELPERS = "helpers"
"""The recipient that stands for everybody who helps this person."""

COARSE_SECTORS: frozenset[str] = frozenset({"police", "housing", "employer"})
"""Senders who are told received or closed unless the person agreed to more."""


@dataclass(frozen=True)
class MemberOf:
    """One membership: organisation, team (None: the whole organisation) and role code."""

    org: UUID
    team: UUID | None
    role: str


@dataclass(frozen=True)
class CallerFacts:
    """Who asks. `account_id` is a person's account or a client.

    `desk_places` are the places whose duty desk the caller keeps, by the desk teams they are members of.
    `person_in` is the one referral whose private link the caller holds; such a caller has nothing else.
    """

    account_id: UUID | None
    memberships: tuple[MemberOf, ...] = ()
    desk_places: frozenset[UUID] = frozenset()
    is_client: bool = False
    person_in: UUID | None = None


@dataclass(frozen=True)
class Joined:
    """Another referral of the same person joined to this one in a SharedSupport."""

    org: UUID
    team: UUID
    discreet: bool = False


@dataclass(frozen=True)
class ReferralFacts:
    """The referral, as far as sight depends on it. A self-referral has no `sender_org`."""

    state: State
    sender_org: UUID | None
    owner_org: UUID | None
    owner_team: UUID | None
    author_id: UUID | None = None
    sender_sector: str | None = None
    place_id: UUID | None = None
    assignee_id: UUID | None = None
    received_on: date | None = None
    lawful_basis: str = "public_task"
    restricted: bool = False
    restricted_to: frozenset[UUID] = frozenset()
    routed: bool = True
    escalated: bool = False
    discreet: bool = False
    taken_up: bool = False
    joined: tuple[Joined, ...] = ()
    id: UUID | None = None

    @property
    def is_open(self) -> bool:
        """Somebody still waits."""
        return self.state in OPEN


@dataclass(frozen=True)
class AgreementFacts:
    """The person's answer for one recipient and purpose; the newest answer counts.

    `told_to`: the organisation that wrote it down later; None for what came with the referral.
    """

    recipient: str
    purpose: str
    agreed: bool
    at: datetime
    withdrawn_at: datetime | None = None
    told_to: UUID | None = None

    @property
    def is_yes(self) -> bool:
        """Yes, and not taken back."""
        return self.agreed and self.withdrawn_at is None


@dataclass(frozen=True)
class SharingFacts:
    """A signed agreement between two organisations, in either direction, valid on both end days.

    `purposes` are those of `Purpose` it covers; an agreement that names none covers all.
    """

    organization_a: UUID
    organization_b: UUID
    valid_from: date
    valid_until: date | None = None
    purposes: tuple[str, ...] = ()

    def covers(self, purpose: Purpose, on: date) -> bool:
        """Whether it holds on this day for this purpose."""
        in_time = self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)
        return in_time and (not self.purposes or purpose in self.purposes)


class Sharing:
    """All signed agreements, found by the two organisations: reading a list stays fast with thousands."""

    def __init__(self, signed: Iterable[SharingFacts] = ()) -> None:
        self._by_pair: dict[frozenset[UUID], list[SharingFacts]] = {}
        for one in signed:
            pair = frozenset({one.organization_a, one.organization_b})
            self._by_pair.setdefault(pair, []).append(one)

    @classmethod
    def of(cls, signed: Iterable[SharingFacts] | Sharing) -> Sharing:
        """Itself, or the agreements indexed."""
        return signed if isinstance(signed, Sharing) else cls(signed)

    def covers(self, one: UUID, other: UUID, purpose: Purpose, on: date) -> bool:
        """Whether these two may exchange for this purpose on this day."""
        found = self._by_pair.get(frozenset({one, other}), ())
        return any(agreement.covers(purpose, on) for agreement in found)

    def partners(self, one: UUID, purpose: Purpose, on: date) -> frozenset[UUID]:
        """All with whom this one may exchange for this purpose on this day."""
        return frozenset(other for other in self._signed_with(one) if self.covers(one, other, purpose, on))

    def _signed_with(self, one: UUID) -> set[UUID]:
        return {other for pair in self._by_pair if one in pair for other in pair - {one}}

    def pairs(self, purpose: Purpose, on: date) -> frozenset[frozenset[UUID]]:
        """All who may exchange with each other for this purpose on this day, two by two."""
        return frozenset(
            pair
            for pair, found in self._by_pair.items()
            if any(agreement.covers(purpose, on) for agreement in found)
        )


def may_exchange(
    one: UUID | None,
    other: UUID | None,
    sharing: Iterable[SharingFacts] | Sharing,
    on: date,
    *,
    purpose: Purpose = Purpose.SHARE_REFERRAL,
) -> bool:
    """Whether anything may cross between these two on this day; within one organisation nothing crosses.

    A self-referral (no sending organisation) needs no agreement between organisations.
    """
    if one is None or other is None or one == other:
        return True
    return Sharing.of(sharing).covers(one, other, purpose, on)


def agreed(
    agreements: Iterable[AgreementFacts], recipient: UUID | str | None, purpose: Purpose
) -> bool | None:
    """The newest answer for this recipient and purpose: yes, no (or withdrawn), None when not asked."""
    last = newest(agreements, recipient, purpose)
    return None if last is None else last.is_yes


def newest(
    agreements: Iterable[AgreementFacts], recipient: UUID | str | None, purpose: Purpose
) -> AgreementFacts | None:
    """The answer that counts for this recipient and purpose; None when not asked."""
    wanted = str(recipient)
    answers = [a for a in agreements if a.recipient == wanted and a.purpose == purpose]
    # Of two answers given at the same moment the "no" counts.
    return max(answers, key=lambda a: (a.withdrawn_at or a.at, not a.is_yes), default=None)
