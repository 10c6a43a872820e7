"""A referral as it comes in, from a form or the API: plain values, not yet looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from services.referrals.domain.same_request import Identity
from services.referrals.domain.speaker import Speaker
from services.referrals.domain.under_18 import Under18


@dataclass(frozen=True)
class NewContact:
    """A way to reach the person. None means "not asked", which counts as no."""

    channel: str
    value: str
    safe: bool | None = None
    voicemail: bool | None = None
    caller_id: bool | None = None
    hours: str | None = None
    code_word: str | None = None
    asked_by: str | None = None
    asked_at: datetime | None = None


@dataclass(frozen=True)
class ResidenceThen:
    """Where the person will be living, from a day on: leaving hospital or prison, or moving."""

    postcode: str
    starts_on: date


@dataclass(frozen=True)
class NewPerson:
    """The person; everything may be unknown. `circumstances` holds what was asked: True or False."""

    given_name: str | None = None
    family_name: str | None = None
    date_of_birth: date | None = None
    age_estimate: int | None = None
    nhs_number: str | None = None
    postcode: str | None = None
    no_fixed_abode: bool = False
    address_lines: tuple[str, ...] = ()
    contacts: tuple[NewContact, ...] = ()
    language: str | None = None
    access_needs: tuple[str, ...] = ()
    gp_practice_ods: str | None = None
    registered: bool | None = None
    residence_then: ResidenceThen | None = None
    circumstances: Mapping[str, bool] = field(default_factory=dict)
    present_in: str | None = None

    @property
    def identity(self) -> Identity:
        """What the same-request guard compares."""
        return Identity(
            given_name=self.given_name,
            family_name=self.family_name,
            date_of_birth=self.date_of_birth,
            age_estimate=self.age_estimate,
            nhs_number=self.nhs_number,
            postcode=self.postcode,
        )


@dataclass(frozen=True)
class NewAgreement:
    """The person's answer for one recipient (an organisation's id, or "helpers") and one purpose."""

    recipient: str
    purpose: str
    agreed: bool
    how: str | None = None
    alone: bool | None = None
    asked_by: str | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class Referrer:
    """Who in the sending organisation asks, where that is not the caller."""

    name: str
    role: str | None = None
    email: str | None = None


@dataclass(frozen=True)
class NewReferral:
    """One request for help. `external` is the sender's own `(source_system, id)`."""

    person: NewPerson
    needs: tuple[str, ...] = ()
    what_matters: str | None = None
    priority: str = "routine"
    priority_reason: str | None = None
    wanted_from: date | None = None
    route_in: str = "professional"
    target_service_id: UUID | None = None
    lawful_basis: str | None = None
    agreement: tuple[NewAgreement, ...] = ()
    safeguarding: str = "not_known"
    restricted: bool = False
    restricted_to: tuple[UUID, ...] = ()
    external: tuple[str, str] | None = None
    referrer: Referrer | None = None
    separate_reason: str | None = None
    under_18: Under18 | None = None
    speaker: Speaker | None = None
