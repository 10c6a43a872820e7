"""Whether a team could look after a referral: somebody works there, may see it, and may act on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from services.referrals.actions.new_referral import NewReferral
from services.referrals.domain.sight import is_worked_by
from services.referrals.domain.sight_facts import AgreementFacts, CallerFacts, MemberOf, ReferralFacts
from services.referrals.domain.states import State
from services.referrals.store.directory import Directory
from services.referrals.store.lives import agreement_facts, facts_of
from services.referrals.store.tables import AgreementRow, Referral
from shared.auth.caller import Caller


@dataclass(frozen=True)
class Holding:
    """What decides which team may have a referral, whoever has it now."""

    facts: ReferralFacts
    agreements: tuple[AgreementFacts, ...]

    @classmethod
    def of_new(cls, new: NewReferral, by: Caller, at: datetime) -> Holding:
        """Of one that is being sent."""
        facts = ReferralFacts(
            state=State.RECEIVED,
            sender_org=by.org,
            owner_org=None,
            owner_team=None,
            lawful_basis=new.lawful_basis or "",
            restricted=new.restricted,
            restricted_to=frozenset(new.restricted_to),
        )
        return cls(facts, agreements_of(new, at))

    @classmethod
    def of_row(cls, row: Referral, agreements: Sequence[AgreementRow]) -> Holding:
        """Of one that is stored."""
        return cls(facts_of(row), agreement_facts(agreements))

    @property
    def is_restricted(self) -> bool:
        """Whether only its author and named staff are to see it."""
        return self.facts.restricted or bool(self.facts.restricted_to)

    def is_worked_in(self, team_id: UUID, directory: Directory, on: date, *, taken_up: bool = False) -> bool:
        """Whether somebody of this team would see it and could act, were it newly theirs.

        `taken_up`: it stays the record of an organisation that has taken it up.
        """
        facts = replace(
            self.facts,
            state=State.RECEIVED,
            owner_team=team_id,
            owner_org=directory.team_org(team_id),
            assignee_id=None,
            taken_up=taken_up,
            routed=True,
            escalated=False,
        )
        return is_worked_by(hands_of(directory, team_id), facts, self.agreements, directory.sharing, on)

    def is_worked_now(self, directory: Directory, on: date) -> bool:
        """Whether somebody of the team that has it sees it and can act."""
        people = hands_of(directory, self.facts.owner_team)
        return is_worked_by(people, self.facts, self.agreements, directory.sharing, on)


def agreements_of(new: NewReferral, at: datetime) -> tuple[AgreementFacts, ...]:
    """The person's answers as the rules read them; one without a moment was given now."""
    return tuple(AgreementFacts(a.recipient, a.purpose, a.agreed, min(a.at or at, at)) for a in new.agreement)


def hands_of(directory: Directory, team_id: UUID | None) -> list[CallerFacts]:
    """Everybody who works a team's queue, each with the one membership that says so."""
    return [
        CallerFacts(
            UUID(str(doc["account_id"])),
            (
                MemberOf(
                    UUID(str(doc["organization_id"])),
                    UUID(str(doc["team_id"])) if doc.get("team_id") else None,
                    str(doc["role"]),
                ),
            ),
        )
        for doc in directory.hands_of(team_id)
    ]
