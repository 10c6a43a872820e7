"""One service and one person: eligible, not eligible, or not known until something is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.referrals.domain.routing.area import within_area
from services.referrals.domain.routing.criteria import (
    circumstances,
    open_now,
    right_age,
    right_needs,
    right_route,
    right_sector,
)
from services.referrals.domain.routing.docs import Service
from services.referrals.domain.routing.person import PersonFacts
from services.referrals.domain.routing.snapshot import Snapshot
from services.referrals.domain.routing.verdicts import Answer, No, Reason, Verdict, Yes, combine


@dataclass(frozen=True)
class Asking:
    """What is the same for every service of one request: worked out once."""

    person: PersonFacts
    on: date
    partners: frozenset[str] | None

    @classmethod
    def of(cls, person: PersonFacts, snapshot: Snapshot, on: date) -> Asking:
        """`partners` are the organisations the sender may exchange with; None for a self-referral."""
        sender = person.sender.organization_id
        return cls(person, on, snapshot.partners(sender, on) if sender else None)


def eligibility(service: Service, person: PersonFacts, snapshot: Snapshot, on: date) -> Verdict:
    """The verdict on one service for a request made on the UK day `on`, with its reasons."""
    return judge(service, Asking.of(person, snapshot, on), snapshot)


def judge(service: Service, asking: Asking, snapshot: Snapshot) -> Verdict:
    """As `eligibility`, with what all services share worked out before."""
    person, on = asking.person, asking.on
    route = right_route(service, person)
    answers: list[Answer] = [
        open_now(service, person, on),
        route,
        right_needs(service, person, snapshot),
        within_area(service, person, snapshot),
        right_age(service, person, on),
        *circumstances(service, person, snapshot),
        right_sector(service, person),
    ]
    if isinstance(route, No) and route.reason.code == "self_only":
        # Nothing crosses between organisations when the person goes by themself.
        return combine(
            answers, invitation=service.invitation or f"{service.name}: you are welcome to get in touch."
        )
    return combine([*answers, _agreement(service, asking)])


def _agreement(service: Service, asking: Asking) -> Answer:
    """Nothing crosses between organisations before an agreement is signed and on file."""
    if asking.partners is None or service.organization_id in asking.partners:
        return Yes()
    return No(Reason("no_sharing_agreement", "No sharing agreement yet between the two organisations"))
