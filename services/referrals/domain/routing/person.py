"""What the router is told about a person, and what follows from it on the day help is wanted.

Nothing is compulsory; None means "not known". There is no field for who already knows the person, so no
answer can depend on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from services.referrals.domain.identifiers import age_on
from services.referrals.domain.life import RouteIn
from services.referrals.domain.routing.docs import OF_AN_ORGANIZATION
from services.referrals.domain.routing.people_docs import Residence

ESTIMATE_WITHIN = 5
"""An estimated age may be this many years off either way."""

BIRTHDAY_SOON_DAYS = 90
"""A birthday this near makes "when is help wanted?" worth asking before saying no."""


@dataclass(frozen=True)
class Sender:
    """Who is calling. A person referring themself has neither organisation nor sector."""

    organization_id: str | None = None
    sector: str | None = None
    place_id: str | None = None


@dataclass(frozen=True)
class PersonFacts:
    """The facts of one request.

    `residence` is where they live now, or mostly stay when they have no fixed abode; `residence_then` where
    they will be living. `present_in` is the authority they can be met in now when that is not where they
    live. `registered` is False when they have no GP. `circumstances` holds what was asked (True, False);
    what is not in it has not been asked.
    `safe_weekdays` are the days they can be met safely (Monday is 0), empty for any day.
    """

    needs: frozenset[str] = frozenset()
    route_in: RouteIn = RouteIn.PROFESSIONAL
    sender: Sender = field(default_factory=Sender)
    date_of_birth: date | None = None
    age_estimate: int | None = None
    residence: Residence | None = None
    residence_then: Residence | None = None
    no_fixed_abode: bool = False
    present_in: str | None = None
    practice_ods: str | None = None
    registered: bool | None = None
    language: str | None = None
    circumstances: Mapping[str, bool] = field(default_factory=dict)
    wanted_from: date | None = None
    safe_weekdays: frozenset[int] = frozenset()

    def day(self, on: date) -> date:
        """The day help is wanted: not before today."""
        return max(on, self.wanted_from) if self.wanted_from else on

    def ages(self, day: date) -> tuple[int, int] | None:
        """The youngest and oldest they can be on the day, or None when the age is not known at all."""
        if self.date_of_birth is not None:
            age = age_on(self.date_of_birth, day)
            return age, age
        if self.age_estimate is not None:
            return max(0, self.age_estimate - ESTIMATE_WITHIN), self.age_estimate + ESTIMATE_WITHIN
        return None

    def age_words(self, day: date) -> str:
        """The age on the day for a sentence: "23", or "about 74" where it is an estimate."""
        return str(age_on(self.date_of_birth, day)) if self.date_of_birth else f"about {self.age_estimate}"

    def birthday(self, age: int) -> date | None:
        """The day they reach this age, if the date of birth is known."""
        born = self.date_of_birth
        if born is None:
            return None
        try:
            return born.replace(year=born.year + age)
        except ValueError:
            return date(born.year + age, 3, 1)

    def home(self) -> Residence | None:
        """Where they will be living when help comes: the coming address where one is known, else today's.

        Help is often arranged before a move (leaving prison or hospital), so a coming address decides even
        when help is wanted earlier.
        """
        if self.residence_then is not None:
            return self.residence_then
        return self.residence

    def circumstance(self, code: str) -> bool | None:
        """Yes, no, or None when not asked.

        Of a code with an organisation (`tenant:<id>`) the code without one says no for all of them, and yes
        for the one that sends.
        """
        if code == "no_fixed_abode" and self.no_fixed_abode:
            return True
        known = self.circumstances.get(code)
        kind, _, organization = code.partition(":")
        if known is not None or not organization or kind not in OF_AN_ORGANIZATION:
            return known
        of_any = self.circumstances.get(kind)
        return None if of_any and organization != self.sender.organization_id else of_any
