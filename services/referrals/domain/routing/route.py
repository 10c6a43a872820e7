"""The whole answer: everybody who can take this person in the published order, who cannot, what to ask.

Only services that can concern the person or the sender are looked at, found by index: those of the
person's authority and practice, of the sender's place and of places next door. What is listed as not
eligible or unknown is bounded, nearest misses first.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from services.referrals.domain.routing.answer import Entry, Routes
from services.referrals.domain.routing.criteria import suits
from services.referrals.domain.routing.docs import Service
from services.referrals.domain.routing.eligibility import Asking, judge
from services.referrals.domain.routing.person import PersonFacts
from services.referrals.domain.routing.ranking import MeasuredWait, Score, score
from services.referrals.domain.routing.snapshot import Snapshot
from services.referrals.domain.routing.turns import tie_break
from services.referrals.domain.routing.verdicts import Ask, Eligible, NotEligible, Reason, Unknown
from services.referrals.domain.working_days import uk_day

MOST_NOT_ELIGIBLE = 25
MOST_UNKNOWN = 25
MOST_INVITATIONS = 5


def route(
    person: PersonFacts,
    snapshot: Snapshot,
    at: datetime,
    measured: Mapping[str, MeasuredWait] | None = None,
) -> Routes:
    """Everybody who can take this person at `at` (aware UTC), and why; `measured` waits by service id."""
    on = uk_day(at)
    asking = Asking.of(person, snapshot, on)
    waits = measured or {}
    eligible: list[Entry] = []
    refused: list[_Refused] = []
    unknown: list[Entry] = []
    other_needs: list[Service] = []
    for service in candidates(person, snapshot):
        if not suits(service, person):
            other_needs.append(service)
            continue
        verdict = judge(service, asking, snapshot)
        if isinstance(verdict, Eligible):
            found = score(service, person, snapshot, on, waits)
            eligible.append(_scored(service, verdict.reasons, found, snapshot))
        elif isinstance(verdict, Unknown):
            unknown.append(_plain(service, verdict.reasons, snapshot, asks=verdict.asks))
        else:
            refused.append((service, verdict))
    refused += _invitations(person, snapshot, asking)
    eligible.sort(key=lambda entry: (-entry.score, tie_break(entry.service, on)))
    unknown.sort(key=lambda entry: (len(entry.asks), tie_break(entry.service, on)))
    misses = _nearest(refused, other_needs, asking, snapshot)
    return Routes(tuple(eligible), misses, tuple(unknown[:MOST_UNKNOWN]))


_Refused = tuple[Service, NotEligible]


def _nearest(
    refused: list[_Refused], other_needs: list[Service], asking: Asking, snapshot: Snapshot
) -> tuple[Entry, ...]:
    """The nearest misses, filled up with services for other needs; a discreet one is not named needlessly."""
    on = asking.on
    refused.sort(key=lambda found: (_miss(found[1]), tie_break(found[0], on)))
    room = max(0, MOST_NOT_ELIGIBLE - len(refused))
    others = heapq.nsmallest(room, (s for s in other_needs if not s.discreet), key=lambda s: tie_break(s, on))
    for service in others:
        verdict = judge(service, asking, snapshot)
        if isinstance(verdict, NotEligible):
            refused.append((service, verdict))
    return tuple(
        _plain(service, verdict.reasons, snapshot, invitation=verdict.invitation)
        for service, verdict in refused[:MOST_NOT_ELIGIBLE]
    )


def choose(routes: Routes, may_have: Callable[[str], bool] = lambda _team: True) -> Entry | None:
    """The team for a referral that names none: the first eligible scheme that may be sent to unasked.

    Discreet services are offered to the person, never chosen for them; a scheme without a team has no queue.
    `may_have` says of a team's id whether somebody there would see the referral.
    """
    return next(
        (e for e in routes.eligible if not e.service.discreet and e.team_id and may_have(e.team_id)), None
    )


def kept_close(routes: Routes, person: PersonFacts, snapshot: Snapshot) -> Routes:
    """Of what is restricted: where the need is a sensitive one, only teams of the person's own practice.

    Somebody in a team of the neighbourhood may know whom they are kept from, so no such team gets it unasked:
    where their practice has none, a person at the duty desk chooses.
    """
    needs = (snapshot.needs.get(code) for code in person.needs)
    if not any(need is not None and need.sensitive for need in needs):
        return routes
    practice = person.practice_ods
    own = (e for e in routes.eligible if practice is not None and practice in e.service.area.practices)
    return replace(routes, eligible=tuple(own))


def consider(
    service_id: str,
    person: PersonFacts,
    snapshot: Snapshot,
    at: datetime,
    measured: Mapping[str, MeasuredWait] | None = None,
) -> Entry | None:
    """The entry for a service somebody named, whatever its kind; None when it is not in the snapshot.

    `asks` set: unknown; `wait` set: eligible; else not eligible, with `invitation` where one is to pass on.
    """
    service = snapshot.services.get(service_id)
    if service is None:
        return None
    on = uk_day(at)
    verdict = judge(service, Asking.of(person, snapshot, on), snapshot)
    if isinstance(verdict, Eligible):
        return _scored(
            service, verdict.reasons, score(service, person, snapshot, on, measured or {}), snapshot
        )
    if isinstance(verdict, Unknown):
        return _plain(service, verdict.reasons, snapshot, asks=verdict.asks)
    return _plain(service, verdict.reasons, snapshot, invitation=verdict.invitation)


def candidates(person: PersonFacts, snapshot: Snapshot) -> Iterable[Service]:
    """Schemes that can concern this person or this sender, each once."""
    found: dict[str, Service] = {service.id: service for service in snapshot.schemes_anywhere}
    for authority in _authorities(person):
        found.update({s.id: s for s in snapshot.schemes_of_authority.get(authority, ())})
    if person.practice_ods is not None:
        found.update({s.id: s for s in snapshot.schemes_of_practice.get(person.practice_ods, ())})
    for place_id in sorted(places_concerned(person, snapshot)):
        found.update({s.id: s for s in snapshot.schemes_of_place.get(place_id, ())})
    return found.values()


def _authorities(person: PersonFacts) -> set[str]:
    homes = (person.residence, person.residence_then)
    return {home.authority for home in homes if home and home.authority} | (
        {person.present_in} if person.present_in else set()
    )


def places_concerned(person: PersonFacts, snapshot: Snapshot) -> set[str]:
    """The person's place, their practice's, the sender's; where they live in none, the places next door."""
    authorities = _authorities(person)
    places = {place.id for place in snapshot.places.values() if authorities & set(place.authorities)}
    practice_place = snapshot.practice_place.get(person.practice_ods or "")
    if practice_place is not None:
        places.add(practice_place)
    if not places:
        neighbours = ((p.id, {n.authority for n in p.neighbours}) for p in snapshot.places.values())
        places = {place_id for place_id, near in neighbours if authorities & near}
    if person.sender.place_id is not None:
        places.add(person.sender.place_id)
    return places or set(snapshot.places)


def _invitations(person: PersonFacts, snapshot: Snapshot, asking: Asking) -> list[_Refused]:
    """Groups people can only come to by themselves, where they meet a need: an invitation to pass on.

    One for veterans, say, is passed on where the person is known to be one, and not on the chance of it.
    """
    places = places_concerned(person, snapshot)
    wanted = [(place_id, need) for place_id in places for need in person.needs]
    found: list[_Refused] = []
    for service in snapshot.self_only.on(asking.on, wanted):
        if any(person.circumstance(code) is None for code in service.circumstances):
            continue
        verdict = judge(service, asking, snapshot)
        if isinstance(verdict, NotEligible) and [r.code for r in verdict.reasons] == ["self_only"]:
            found.append((service, verdict))
            if len(found) == MOST_INVITATIONS:
                break
    return found


_NEAREST_FIRST = (
    "paused",
    "self_only",
    "no_sharing_agreement",
    "out_of_area",
    "age",
    "other_practice",
    "sector",
)


def _miss(verdict: NotEligible) -> tuple[int, int]:
    """How near a miss is: few reasons first, and among them those somebody can do something about."""
    code = verdict.reasons[0].code
    order = _NEAREST_FIRST.index(code) if code in _NEAREST_FIRST else len(_NEAREST_FIRST)
    return len(verdict.reasons), order


def _name(service: Service, snapshot: Snapshot) -> str:
    organization = snapshot.organizations.get(service.organization_id)
    return organization.name if organization else ""


def _scored(service: Service, reasons: tuple[Reason, ...], found: Score, snapshot: Snapshot) -> Entry:
    return Entry(
        service=service,
        organization_name=_name(service, snapshot),
        team_id=snapshot.team_of(service),
        reasons=reasons + found.reasons,
        score=found.total,
        points=found.points,
        wait=found.wait,
    )


def _plain(
    service: Service,
    reasons: tuple[Reason, ...],
    snapshot: Snapshot,
    *,
    asks: tuple[Ask, ...] = (),
    invitation: str | None = None,
) -> Entry:
    return Entry(
        service=service,
        organization_name=_name(service, snapshot),
        team_id=snapshot.team_of(service),
        reasons=reasons,
        asks=asks,
        invitation=invitation,
    )
