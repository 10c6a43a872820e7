"""One line of the file as a referral that is open already: who sent it, who has it, and how far it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.referrals.actions.check_request import LAWFUL_BASES, PRIORITIES, SAFEGUARDING, check_referral
from services.referrals.actions.loading import person_cells
from services.referrals.actions.loading.finding import (
    member_named,
    organization_named,
    service_of_team,
    team_named,
    worker_named,
)
from services.referrals.actions.new_referral import NewReferral, Referrer
from services.referrals.actions.referrers import check_referrer
from services.referrals.domain.life import RouteIn
from services.referrals.domain.moves import LONGEST_HOLD
from services.referrals.domain.routing.docs import Service
from services.referrals.domain.sheets import Line
from services.referrals.domain.states import State
from services.referrals.domain.working_days import uk_day
from services.referrals.store.directory import Directory
from shared.auth.caller import Caller, Kind
from shared.errors import FieldProblem, Invalid

LOADER = "load-open"
"""Under this name and the holding organisation's id the external ids of a load are unique."""

STAGES = (State.RECEIVED, State.ACCEPTED, State.IN_PROGRESS, State.ON_HOLD)
OLDEST = date(2000, 1, 1)
DAYS = ("sent_on", "accepted_on", "first_contact_on", "held_on")

REQUIRED = (
    "source_system",
    "external_id",
    "sender_organization",
    "team",
    "stage",
    "sent_on",
    "lawful_basis",
)
OPTIONAL = (
    *person_cells.COLUMNS,
    "needs",
    "what_matters",
    "priority",
    "priority_reason",
    "safeguarding",
    "restricted",
    "route_in",
    "service",
    "worker",
    "accepted_on",
    "first_contact_on",
    "held_on",
    "hold_review_on",
    "next_action_on",
    "referrer_name",
    "referrer_role",
    "referrer_email",
)


@dataclass(frozen=True)
class OpenRow:
    """What one line says, checked: `new` as a post would bring it, and where it stands since when."""

    new: NewReferral
    by: Caller
    author_id: UUID | None
    team_id: UUID
    team_org: UUID
    place_id: UUID
    service: Service | None
    worker_id: UUID | None
    stage: State
    sent_on: date
    accepted_on: date | None
    first_contact_on: date | None
    held_on: date | None
    review_on: date | None
    next_action_on: date | None


def read_open_row(line: Line, directory: Directory, at: datetime) -> OpenRow | None:
    """The referral of a line; None where it has problems, all of which the line then names."""
    sender = organization_named(line, "sender_organization", directory)
    team = team_named(line, "team", directory)
    team_org = directory.team_org(team)
    place = _place_of(team, sender, directory)
    if sender is None or team is None or team_org is None or place is None:
        if team is not None and sender is not None:
            line.refuse("team", "The team belongs to no place yet: name its place in the directory.")
        return None
    service = service_of_team(line, "service", team, directory)
    worker = worker_named(line, "worker", team, directory)
    stage = _stage_of(line)
    author = member_named(line.text("referrer_email") or "", sender, directory)
    new = _request(
        line, sender=sender, holder=team_org, service=service, worker=worker, directory=directory, at=at
    )
    organization = directory.doc("organization", sender) or {}
    by = Caller(
        sub=f"{LOADER}:{team_org}",
        kind=Kind.CLIENT,
        org=sender,
        sector=str(organization.get("sector") or ""),
        place=place,
    )
    new = _checked(line, new, by, directory, at)
    days = {name: line.day(name) for name in DAYS}
    review, following = line.day("hold_review_on"), line.day("next_action_on")
    if stage is not None:
        _check_days(line, stage, days, uk_day(at))
        _check_next(line, stage, review, following, uk_day(at))
        _check_worker(line, stage, worker)
    if stage is None or line.problems or days["sent_on"] is None:
        return None
    return OpenRow(
        new=new,
        by=by,
        author_id=author,
        team_id=team,
        team_org=team_org,
        place_id=place,
        service=service,
        worker_id=worker,
        stage=stage,
        sent_on=days["sent_on"],
        accepted_on=days["accepted_on"],
        first_contact_on=days["first_contact_on"],
        held_on=_held_on(days) if stage is State.ON_HOLD else None,
        review_on=review,
        next_action_on=following,
    )


def _stage_of(line: Line) -> State | None:
    text = line.text("stage")
    if text not in STAGES:
        line.refuse("stage", f"Write one of: {', '.join(STAGES)}.")
        return None
    return State(text)


def _place_of(team: UUID | None, sender: UUID | None, directory: Directory) -> UUID | None:
    """The place whose duty desk stands above: the team's, else the sender's."""
    docs = (directory.doc("team", team), directory.doc("organization", sender))
    known = [doc["place_id"] for doc in docs if doc and doc.get("place_id")]
    return next((UUID(str(place)) for place in known if directory.duty_team(place) is not None), None)


def _request(
    line: Line,
    *,
    sender: UUID,
    holder: UUID,
    service: Service | None,
    worker: UUID | None,
    directory: Directory,
    at: datetime,
) -> NewReferral:
    restricted = bool(line.yes("restricted"))
    route_in = line.one_of("route_in", list(RouteIn), _usual_route(service))
    if service is not None and service.routes_in and route_in not in service.routes_in:
        line.refuse("route_in", f"This service takes: {', '.join(sorted(service.routes_in))}.")
    return NewReferral(
        person=person_cells.read_person(line, at),
        needs=line.words("needs"),
        what_matters=line.text("what_matters"),
        priority=line.one_of("priority", PRIORITIES, "routine"),
        priority_reason=line.text("priority_reason"),
        route_in=route_in,
        target_service_id=UUID(service.id) if service else None,
        lawful_basis=line.one_of("lawful_basis", LAWFUL_BASES, "") or None,
        agreement=person_cells.read_agreements(
            line, sender=sender, holder=holder, directory=directory, at=at
        ),
        safeguarding=line.one_of("safeguarding", SAFEGUARDING, "not_known"),
        restricted=restricted,
        restricted_to=(worker,) if restricted and worker else (),
        external=(line.said("source_system"), line.said("external_id")),
        referrer=_referrer(line),
        under_18=person_cells.read_under_18(line),
    )


def _usual_route(service: Service | None) -> str:
    """By which route it came where that is not said: as professionals send, if the service takes that."""
    routes = sorted(service.routes_in) if service else []
    usual = RouteIn.PROFESSIONAL.value
    return routes[0] if len(routes) == 1 and usual not in routes else usual


def _referrer(line: Line) -> Referrer | None:
    name, role, email = (line.text(f"referrer_{part}") for part in ("name", "role", "email"))
    if name is None and (role or email):
        line.refuse("referrer_name", "Give the name of whoever asked, or leave all three empty.")
    return Referrer(name, role, email) if name else None


def _checked(line: Line, new: NewReferral, by: Caller, directory: Directory, at: datetime) -> NewReferral:
    """The same checks as a post has; every problem at its column."""
    try:
        check_referrer(new.referrer, by, directory)
    except Invalid as wrong:
        _say(line, new, wrong.errors)
    try:
        return check_referral(new, directory, at)
    except Invalid as wrong:
        _say(line, new, wrong.errors)
        return new


def _say(line: Line, new: NewReferral, problems: Iterable[FieldProblem]) -> None:
    for problem in problems:
        line.refuse(_column(problem.pointer, new), problem.detail)


_PARTS = {"external/source_system": "source_system", "external/id": "external_id"}
_CONTACT_PARTS = {"asked_by": "contact_asked_by", "asked_at": "contact_asked_on", "value": None}
_AGREEMENT_PARTS = {"how": "agreed_how", "asked_by": "agreed_asked_by", "at": "agreed_on"}


def _column(pointer: str, new: NewReferral) -> str:
    """The column that a place in the request was read from."""
    parts = pointer.strip("/").removeprefix("person/").split("/")
    if parts[0] == "contacts" and len(parts) > 2:
        return _CONTACT_PARTS.get(parts[2], parts[2]) or new.person.contacts[int(parts[1])].channel
    if parts[0] == "agreement":
        if len(parts) < 3:
            return "agreed_share_referral"
        return _AGREEMENT_PARTS.get(parts[2]) or f"agreed_{new.agreement[int(parts[1])].purpose}"
    if parts[0] in ("referrer", "external"):
        return _PARTS.get("/".join(parts), f"referrer_{parts[-1]}")
    return parts[1] if parts[0] == "under_18" and len(parts) > 1 else parts[0]


def _check_worker(line: Line, stage: State, worker: UUID | None) -> None:
    if stage is State.RECEIVED and line.text("worker"):
        line.refuse("worker", "What is received has no worker yet: say accepted, or leave this empty.")
    if stage is not State.RECEIVED and worker is None:
        line.refuse("worker", "Give the e-mail address of the worker who has it.")


def _check_days(line: Line, stage: State, days: dict[str, date | None], today: date) -> None:
    """Each day is needed or empty as the stage says, none is to come, and they follow each other."""
    needed = {"sent_on"} | ({"accepted_on"} if stage is not State.RECEIVED else set())
    needed |= {"first_contact_on"} if stage is State.IN_PROGRESS else set()
    may_be = needed | ({"first_contact_on", "held_on"} if stage is State.ON_HOLD else set())
    before = OLDEST
    for name, day in days.items():
        if day is None:
            if name in needed:
                line.refuse(name, f"A referral that is {stage.value} has this day.")
            continue
        if name not in may_be:
            line.refuse(name, f"A referral that is {stage.value} has no such day: leave it empty.")
        elif day > today:
            line.refuse(name, "This day is still to come.")
        elif day < before:
            line.refuse(name, f"This is before {before.isoformat()}: the days follow each other.")
        else:
            before = day


def _check_next(line: Line, stage: State, review: date | None, following: date | None, today: date) -> None:
    on_hold = stage is State.ON_HOLD
    if on_hold and review is None:
        line.refuse("hold_review_on", "Say on which day somebody looks at this again.")
    if review is not None and not on_hold:
        line.refuse("hold_review_on", "Only what is on-hold has a review day: leave it empty.")
    if on_hold and following is not None:
        line.refuse("next_action_on", "On hold, the review day is the next action: leave this empty.")
    held = _held_on({name: line.day(name) for name in DAYS})
    if review is not None and held is not None and not held < review <= held + LONGEST_HOLD:
        line.refuse(
            "hold_review_on", "Give a day after the one it was held on (held_on), within a year of it."
        )
    if following is not None and not OLDEST <= following <= today + LONGEST_HOLD:
        line.refuse("next_action_on", "Give a day within a year: nobody is put aside for longer.")


def _held_on(days: dict[str, date | None]) -> date | None:
    """The day it was put on hold; the last one known, where that is not said."""
    return next((days[name] for name in reversed(DAYS) if days[name] is not None), None)
