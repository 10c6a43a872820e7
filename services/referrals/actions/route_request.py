"""Which team gets a new referral: the chosen one, the first that can take the person, or the duty desk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.referrals.actions.holding import Holding
from services.referrals.actions.new_referral import NewReferral
from services.referrals.domain.contact_hours import read_hours
from services.referrals.domain.life import RouteIn
from services.referrals.domain.routing.answer import Entry
from services.referrals.domain.routing.criteria import way_in
from services.referrals.domain.routing.docs import Service
from services.referrals.domain.routing.person import PersonFacts, Sender
from services.referrals.domain.routing.route import choose, consider, kept_close, route
from services.referrals.domain.working_days import uk_day
from services.referrals.store.directory import Directory, find_residence
from services.referrals.store.tables import PersonRecord, Referral
from shared.auth.caller import Caller
from shared.errors import FieldProblem, Invalid, Unavailable

SELF_ONLY = "self_only"
NO_AGREEMENT = "no_sharing_agreement"


@dataclass(frozen=True)
class Placement:
    """Where a referral goes. `state` is `chosen`, `routed` or `unrouted`; the desk has it when unrouted.

    `route_in` is the route by which the service gets it: an introduction where it takes only those.
    `refused` is set where the service that was named cannot take it: the sender hears it before sending, or,
    where the directory was away then, gets it back.
    """

    state: str
    team_id: UUID
    service: Service | None
    answer: Mapping[str, Any] | None
    tried_version: int | None
    refused: Entry | None = None
    route_in: RouteIn | None = None


def place_of(by: Caller, directory: Directory) -> UUID:
    """The place a referral belongs to: the sending organisation's. Raises Unavailable when none is known."""
    organization = directory.doc("organization", by.org)
    known = (organization or {}).get("place_id") or by.place
    if known is None or directory.duty_team(known) is None:
        places = directory.docs.get("place", {})
        known = next(iter(sorted(places)), None) if len(places) == 1 else None
    if known is None:
        raise Unavailable("The directory has not been heard of yet, so nobody could take this. Try again.")
    return UUID(str(known))


def facts_from_request(session: Session, new: NewReferral, by: Caller, place_id: UUID) -> PersonFacts:
    """What the router is told about a person who is being sent."""
    person, then = new.person, new.person.residence_then
    return PersonFacts(
        needs=frozenset(new.needs),
        route_in=RouteIn(new.route_in),
        sender=Sender(_text(by.org), by.sector, _text(place_id)),
        date_of_birth=person.date_of_birth,
        age_estimate=person.age_estimate,
        residence=find_residence(session, person.postcode, private=new.restricted),
        residence_then=find_residence(session, then.postcode, private=new.restricted) if then else None,
        no_fixed_abode=person.no_fixed_abode,
        present_in=person.present_in,
        practice_ods=person.gp_practice_ods,
        registered=person.registered,
        language=person.language,
        circumstances=person.circumstances,
        wanted_from=new.wanted_from,
        safe_weekdays=_safe_weekdays(tuple(c.hours for c in person.contacts if c.safe and c.hours)),
    )


def facts_from_rows(session: Session, row: Referral, person: PersonRecord) -> PersonFacts:
    """The same from what was stored, for routing later."""
    answers = row.answers
    return PersonFacts(
        needs=frozenset(row.needs),
        route_in=RouteIn(row.route_in),
        sender=Sender(_text(row.sender_org_id), row.sender_sector, _text(row.place_id)),
        date_of_birth=person.date_of_birth,
        age_estimate=person.age_estimate,
        residence=find_residence(session, person.postcode, private=row.restricted),
        residence_then=find_residence(session, row.residence_postcode, private=row.restricted),
        no_fixed_abode=person.no_fixed_abode,
        present_in=answers.get("present_in"),
        practice_ods=person.gp_practice_ods,
        registered=answers.get("registered"),
        language=person.language,
        circumstances=dict(answers.get("circumstances") or {}),
        wanted_from=row.wanted_from,
    )


def _text(ident: UUID | None) -> str | None:
    return str(ident) if ident is not None else None


def _safe_weekdays(hours: tuple[str, ...]) -> frozenset[int]:
    windows = [window for text in hours for window in read_hours(text) or ()]
    return frozenset(day for window in windows for day in window.days)


def place_request(
    facts: PersonFacts,
    target: UUID | None,
    directory: Directory,
    place_id: UUID,
    at: datetime,
    holding: Holding,
) -> Placement:
    """Choose the team at `at`: never one in which nobody would see the referral, by `holding`.

    With an old copy of the directory the duty desk holds it until it is fresh. Raises Unavailable where not
    even a duty desk is known.
    """
    desk = directory.duty_team(place_id)
    if desk is None:
        raise Unavailable("No duty desk is known yet, so nobody could look after this. Try again.")
    if not directory.is_fresh(at):
        return Placement("unrouted", desk, None, None, None)
    snapshot, on = directory.snapshot, uk_day(at)
    routes = route(facts, snapshot, at, directory.waits)
    answer, version = routes.as_json(), directory.version

    def may_have(team: str) -> bool:
        return holding.is_worked_in(UUID(team), directory, on)

    if target is None:
        unasked = kept_close(routes, facts, snapshot) if holding.is_restricted else routes
        entry = choose(unasked, may_have)
        if entry is None or entry.team_id is None:
            return Placement("unrouted", desk, None, answer, version)
        way = way_in(entry.service, facts)
        return Placement("routed", UUID(entry.team_id), entry.service, answer, version, route_in=way)
    named = consider(str(target), facts, snapshot, at, directory.waits)
    if named is None:
        return Placement("unrouted", desk, None, answer, version)
    placed = _place_named(named, desk, answer, version, may_have)
    return replace(placed, route_in=way_in(placed.service, facts)) if placed.service else placed


def _place_named(
    named: Entry,
    desk: UUID,
    answer: Mapping[str, Any],
    version: int,
    may_have: Callable[[str], bool],
) -> Placement:
    if named.wait is None and not named.asks:
        codes = {reason.code for reason in named.reasons}
        # The organisations have to sign first: the desk is told by holding it.
        refused = None if codes == {NO_AGREEMENT} else named
        return Placement("unrouted", desk, None, answer, version, refused)
    if named.team_id is None or not may_have(named.team_id):
        return Placement("unrouted", desk, None, answer, version)
    return Placement("chosen", UUID(named.team_id), named.service, answer, version)


def is_self_only(entry: Entry) -> bool:
    """Whether people can only come to this service by themselves."""
    return any(reason.code == SELF_ONLY for reason in entry.reasons)


def invitation_of(entry: Entry) -> str:
    """The words a sender may pass on."""
    return entry.invitation or (
        f"{entry.service.name} is open to you: you can get in touch with them yourself, whenever you like."
    )


def refuse_target(
    entry: Entry, answer: Mapping[str, Any] | None, pointer: str = "/target_service_id"
) -> Invalid:
    """The refusal for a service that cannot take this person by this route, with who else can."""
    reasons = [{"code": reason.code, "text": reason.text} for reason in entry.reasons]
    others = list((answer or {}).get("eligible", ()))
    if is_self_only(entry):
        words = "People come to this service by themselves. Pass on the invitation, or choose another."
        return Invalid(
            [FieldProblem(pointer, words)],
            slug="self-referral-only",
            invitation={
                "service_id": entry.service.id,
                "name": entry.service.name,
                "text": invitation_of(entry),
            },
            reasons=reasons,
            eligible=others,
        )
    said = "; ".join(reason.text for reason in entry.reasons)
    return Invalid(
        [FieldProblem(pointer, f"This service cannot take this referral: {said}.")],
        slug="not-eligible",
        reasons=reasons,
        eligible=others,
    )
