"""The published order: what is weighed, how much each thing counts, and why a service has its score.

`WEIGHTS` is the whole of it: each part scores 0 to 1, is multiplied by its weight, and the sum (0 to 100)
is rounded. Equal scores are ordered by a hash of service and day, so that no name and no body is always
first. Size of the organisation, and who already knows the person, are no part of it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from services.referrals.domain.routing.area import covers
from services.referrals.domain.routing.criteria import matched, way_in
from services.referrals.domain.routing.docs import Service
from services.referrals.domain.routing.people_docs import Member
from services.referrals.domain.routing.person import PersonFacts
from services.referrals.domain.routing.snapshot import Snapshot
from services.referrals.domain.routing.verdicts import Reason, written_day
from services.referrals.domain.sight_facts import COARSE_SECTORS

WEIGHTS: dict[str, int] = {
    "policy_fit": 20,
    "cover": 20,
    "needs": 25,
    "capacity": 15,
    "distance": 8,
    "language_and_days": 7,
    "freshness": 5,
}

WEIGHT_WORDS: dict[str, str] = {
    "policy_fit": "Whether the service takes people by this route without a further step",
    "cover": "How closely its patch or its practices fit: a session at the practice, a ward, a council area",
    "needs": "How many of the needs it helps with, and whether they are what it is there for",
    "capacity": "Open places and the wait to expect",
    "distance": "How far it is from home (never from a private address)",
    "language_and_days": "Whether somebody speaks the person’s language and works on days that are safe",
    "freshness": "How lately somebody checked that its entry is right",
}
"""The same table in words, for the page that publishes the order."""

MEASURED_FROM = 10
"""A measured wait counts when this many people started within 90 days."""

_SHORT_WAIT, _LONG_WAIT = 7, 84
_NEAR_KM, _FAR_KM = 1.0, 20.0
_FRESH_DAYS, _OLD_DAYS = 90, 365
_NEUTRAL = 0.5
_ANY_NEED = 0.75


@dataclass(frozen=True)
class MeasuredWait:
    """Measured for a service: median days to first contact, and how many started within 90 days."""

    days: int
    started: int


@dataclass(frozen=True)
class Wait:
    """The wait that is shown, and on what it rests: `measured`, `declared` or `unknown`."""

    days: int | None
    basis: str


def shown_wait(service: Service, measured: Mapping[str, MeasuredWait]) -> Wait:
    """Measured where 10 or more started in 90 days, else what the service declares, saying which."""
    found = measured.get(service.id)
    if found is not None and found.started >= MEASURED_FROM:
        return Wait(found.days, "measured")
    declared = service.capacity.declared_wait_days
    return Wait(declared, "declared") if declared is not None else Wait(None, "unknown")


@dataclass(frozen=True)
class Score:
    """Points per part (they add up to `total`), and what is worth saying about them."""

    points: Mapping[str, float]
    reasons: tuple[Reason, ...]
    wait: Wait

    @property
    def total(self) -> int:
        """0 to 100."""
        return round(sum(self.points.values()))


def score(
    service: Service,
    person: PersonFacts,
    snapshot: Snapshot,
    on: date,
    measured: Mapping[str, MeasuredWait],
) -> Score:
    """How well this service fits this person, part by part, with the reasons to show."""
    wait = shown_wait(service, measured)
    parts = {
        "policy_fit": _policy_fit(service, person),
        "cover": _cover(service, person),
        "needs": _needs(service, person),
        "capacity": _capacity(service, wait),
        "distance": _distance(service, person),
        "language_and_days": _language_and_days(service, person, snapshot, on),
        "freshness": _freshness(service, on),
    }
    said = [reason for _, reasons in parts.values() for reason in reasons]
    points = {name: WEIGHTS[name] * value for name, (value, _) in parts.items()}
    return Score(points, tuple(said), wait)


_Part = tuple[float, list[Reason]]


def _policy_fit(service: Service, person: PersonFacts) -> _Part:
    value = 1.0
    said: list[Reason] = []
    if way_in(service, person) is not person.route_in:
        value = 0.8
    if service.ask_first:
        value -= 0.2
        said.append(Reason("ask_first", "Asks to be asked first"))
    if service.discreet:
        said.append(Reason("discreet", "Offer this to the person alone: it is never sent automatically"))
    own = service.organization_id == person.sender.organization_id
    if own and person.sender.sector in COARSE_SECTORS:
        value -= 0.5
        said.append(Reason("own_organisation", "Run by the organisation that is sending this"))
    return max(value, 0.0), said


def _cover(service: Service, person: PersonFacts) -> _Part:
    sessions = [s for s in service.sessions if s.practice_ods == person.practice_ods]
    safe = [s for s in sessions if not person.safe_weekdays or s.weekday in person.safe_weekdays]
    if safe:
        days = ", ".join(sorted({_WEEKDAYS[s.weekday] for s in safe}, key=_WEEKDAYS.index))
        return 1.0, [Reason("session", f"Holds a session at their practice on {days}")]
    if person.practice_ods is not None and person.practice_ods in service.area.practices:
        return 0.9, []
    home = person.home()
    if home is not None and covers(service.area, home):
        return (0.9 if service.area.is_patchwork else 0.7), []
    return (0.6 if "present" in service.criteria.area_basis else 0.4), []


_WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


def _needs(service: Service, person: PersonFacts) -> _Part:
    if not service.needs or not person.needs:
        return _ANY_NEED, []
    met = len(matched(service, person))
    return 0.85 * met / len(person.needs) + 0.15 * met / len(service.needs), []


def _capacity(service: Service, wait: Wait) -> _Part:
    if wait.days is None:
        value = _NEUTRAL
    else:
        value = 1 - (min(max(wait.days, _SHORT_WAIT), _LONG_WAIT) - _SHORT_WAIT) / (_LONG_WAIT - _SHORT_WAIT)
    if service.capacity.open_places is not None and service.capacity.open_places <= 0:
        return value / 2, [Reason("full", "All places are taken just now: there is a wait")]
    return value, []


def _distance(service: Service, person: PersonFacts) -> _Part:
    home = person.home()
    if home is None or home.private or home.point is None or service.point is None:
        return _NEUTRAL, []
    away = kilometres(home.point, service.point)
    value = 1 - (min(max(away, _NEAR_KM), _FAR_KM) - _NEAR_KM) / (_FAR_KM - _NEAR_KM)
    words = "less than a kilometre away" if away < 1 else f"about {away:.0f} km away"
    return value, [Reason("distance", words[:1].upper() + words[1:])]


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Distance over ground between two points (latitude, longitude in degrees, WGS84), as the crow flies."""
    lat = math.radians(one[0] - other[0])
    lon = math.radians(one[1] - other[1]) * math.cos(math.radians((one[0] + other[0]) / 2))
    return 6371.0 * math.hypot(lat, lon)


def _language_and_days(service: Service, person: PersonFacts, snapshot: Snapshot, on: date) -> _Part:
    value: float = 1.0
    said: list[Reason] = []
    if person.language and person.language != "en":
        value, said = _language(service, person.language, snapshot, person.day(on))
    days = service.working_days
    if person.safe_weekdays and days and not person.safe_weekdays & days:
        value /= 2
        said.append(Reason("days", "Does not work on the days that are safe"))
    return value, said


def _language(service: Service, language: str, snapshot: Snapshot, day: date) -> _Part:
    members = [m for team in service.team_ids for m in snapshot.team_members.get(team, ())]
    speakers = [m for m in members if language in m.languages]
    if any(m.absence(day) is None for m in speakers):
        return 1.0, [Reason("language", "Somebody there speaks their language")]
    if speakers:
        return 0.5, [_away(speakers, day)]
    if language in service.languages:
        return 0.9, [Reason("language", "Offered in their language")]
    return 0.2, [Reason("interpreter", "An interpreter would be needed")]


def _away(speakers: list[Member], day: date) -> Reason:
    """The nearest return of somebody who speaks the language, and whether the work is covered meanwhile."""
    absences = [absence for m in speakers if (absence := m.absence(day)) is not None]
    back = [a.last for a in absences if a.last is not None]
    until = f" until {written_day(min(back))}" if back else ""
    covered = "; the work is covered meanwhile" if any(a.covered for a in absences) else ""
    return Reason("speaker_away", f"The worker who speaks their language is away{until}{covered}")


def _freshness(service: Service, on: date) -> _Part:
    stale = [Reason("stale", "Nobody has checked this entry lately: ring first")]
    if service.valid_until is not None and service.valid_until < on:
        return 0.0, stale
    if service.verified_on is None:
        return 0.3, []
    age = (on - service.verified_on).days
    if age > _OLD_DAYS:
        return 0.0, stale
    return (1.0 if age <= _FRESH_DAYS else 0.5), []
