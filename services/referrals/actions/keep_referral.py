"""The rows of a new referral: person, request, ways to reach them, agreements, moves and events."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from services.referrals.actions.acting import record_move, tell
from services.referrals.actions.check_agreement import given_at
from services.referrals.actions.heeding import urgency_of
from services.referrals.actions.new_referral import NewContact, NewPerson, NewReferral
from services.referrals.actions.rendering import Bundle
from services.referrals.actions.route_request import Placement
from services.referrals.actions.said import said_columns
from services.referrals.actions.same_request import keys_of_person
from services.referrals.actions.seeing import SYSTEM, account_of, name_of
from services.referrals.domain.advance import advance
from services.referrals.domain.life import Ending, Given, Life, RouteIn, Standing
from services.referrals.domain.references import new_reference
from services.referrals.domain.routing.people_docs import Residence
from services.referrals.domain.states import Act, State, Who
from services.referrals.domain.urgency import ALERT, ALERT_WITHIN
from services.referrals.domain.working_days import NextActionDays, add_working_days, uk_day
from services.referrals.store.directory import Directory
from services.referrals.store.guard import Keys
from services.referrals.store.people import keep_person, reusable, search_name
from services.referrals.store.tables import AgreementRow, ContactPointRow, MoveRow, PersonRecord, Referral
from shared.auth.caller import Caller, Kind


def keep_referral(
    session: Session,
    new: NewReferral,
    *,
    by: Caller,
    at: datetime,
    directory: Directory,
    placement: Placement,
    keys: Keys,
    beside: Referral | None,
    place_id: UUID,
    residence: Residence | None,
) -> Bundle:
    """Write a checked referral, owned by the team of `placement`, with its history and events."""
    org = by.org
    person = put_person(session, new, org, at)
    row = new_row(
        new, by=by, org=org, at=at, placement=placement, keys=keys, beside=beside, place_id=place_id
    )
    row.person_id = person.id
    row.author_name = name_of(by, directory)
    lives = _lives(row, by, directory, placement, at)
    last = lives[-1][2]
    row.status, row.owner_team_id = last.state.value, last.owner_team_id
    row.owner_org_id = directory.team_org(placement.team_id)
    row.next_action_at, row.next_action_by = last.next_action_at, last.next_action_by.value
    session.add(row)
    # Parents before children: the foreign keys have no relationship to order them by.
    session.flush()
    points = contact_points_told(new, row, person, directory, at)
    agreements = agreements_told(new, row, at)
    session.add_all([*points, *agreements])
    moves = [_move(session, row, by, at, step) for step in lives]
    return Bundle(row, person, moves, agreements, points, residence=residence)


def put_person(session: Session, new: NewReferral, org: UUID | None, at: datetime) -> PersonRecord:
    """The organisation's record of the person: one that says exactly this, or a new one."""
    person = _person(new, org, at)
    if reusable(org, restricted=new.restricted):
        return keep_person(session, person)
    session.add(person)
    return person


def _person(new: NewReferral, org: UUID | None, at: datetime) -> PersonRecord:
    told = new.person
    keys = Keys()
    if org is not None and not new.restricted:
        keys = keys_of_person(told, org)
    return PersonRecord(
        id=uuid4(),
        organization_id=org,
        given_name=told.given_name,
        family_name=told.family_name,
        search_name=search_name(told.given_name, told.family_name),
        date_of_birth=told.date_of_birth,
        age_estimate=told.age_estimate,
        age_estimated_on=uk_day(at) if told.age_estimate is not None else None,
        nhs_number=told.nhs_number,
        postcode=told.postcode,
        no_fixed_abode=told.no_fixed_abode,
        address_lines=list(told.address_lines),
        language=told.language,
        access_needs=list(told.access_needs),
        gp_practice_ods=told.gp_practice_ods,
        number_key=keys.number.digest if keys.number else None,
        names_key=keys.names.digest if keys.names else None,
        created_at=at,
        updated_at=at,
    )


def new_row(
    new: NewReferral,
    *,
    by: Caller,
    org: UUID | None,
    at: datetime,
    placement: Placement,
    keys: Keys,
    beside: Referral | None,
    place_id: UUID,
) -> Referral:
    """The row of a request sent at `at`, as yet without a person and a life."""
    urgency, crisis = urgency_of(new)
    then, service = new.person.residence_then, placement.service
    return Referral(
        id=uuid4(),
        reference=new_reference(),
        version=1,
        place_id=place_id,
        sender_org_id=org,
        sender_sector=by.sector,
        author_id=account_of(by),
        author_kind=str(by.kind),
        client=by.sub,
        external_source=new.external[0] if new.external else None,
        external_id=new.external[1] if new.external else None,
        referrer_name=new.referrer.name if new.referrer else None,
        referrer_role=new.referrer.role if new.referrer else None,
        referrer_email=new.referrer.email.strip().lower() if new.referrer and new.referrer.email else None,
        route_in=(placement.route_in or RouteIn(new.route_in)).value,
        needs=list(dict.fromkeys(new.needs)),
        what_matters=new.what_matters,
        priority=new.priority,
        priority_reason=new.priority_reason,
        urgency=urgency,
        crisis_words=crisis,
        wanted_from=new.wanted_from,
        residence_postcode=then.postcode if then else None,
        residence_from=then.starts_on if then else None,
        answers=_answers(new.person),
        safeguarding=new.safeguarding,
        lawful_basis=new.lawful_basis,
        restricted=new.restricted or bool(new.restricted_to),
        restricted_to=list(new.restricted_to),
        target_service_id=new.target_service_id,
        service_id=UUID(service.id) if service else None,
        routing_state=placement.state,
        routing=dict(placement.answer) if placement.answer is not None else None,
        routed_at=at if placement.state != "unrouted" else None,
        tried_version=placement.tried_version,
        tried_on=uk_day(at),
        discreet=service.discreet if service else False,
        ending=service.ending if service else Ending.BY_WORKER.value,
        attempts_needed=3,
        attempts_made=0,
        received_team_id=placement.team_id,
        escalated=False,
        rung=0,
        question_open=False,
        submitted_at=at,
        updated_at=at,
        number_key=keys.number.digest if keys.number else None,
        names_key=keys.names.digest if keys.names else None,
        separate_from_id=beside.id if beside else None,
        separate_reason=new.separate_reason if beside else None,
        **said_columns(new),
    )


def _answers(person: NewPerson) -> dict[str, Any]:
    told = {
        "circumstances": dict(person.circumstances) or None,
        "present_in": person.present_in,
        "registered": person.registered,
    }
    return {name: value for name, value in told.items() if value is not None}


def _lives(
    row: Referral, by: Caller, directory: Directory, placement: Placement, at: datetime
) -> list[tuple[Act, Life, Life]]:
    """Submitted, received and, where a team was found, routed: each act with the life before and after."""
    place = directory.doc("place", row.place_id)
    days = NextActionDays.of(place.get("next_action_days") if place else None)
    soon = add_working_days(uk_day(at), ALERT_WITHIN) if row.urgency == ALERT else None
    given = Given(team_id=placement.team_id, next_action_on=soon)
    sender = Standing(account_of(by), frozenset({Who.SENDER}))
    system = Standing(None, frozenset({Who.SYSTEM}))
    steps = [(Act.SUBMIT, sender), (Act.RECEIVE, system)]
    if placement.state != "unrouted":
        steps.append((Act.ROUTE, system))
    life = Life(State.DRAFT, routed=False, route_in=RouteIn(row.route_in), ending=Ending(row.ending))
    made = []
    for act, standing in steps:
        _, after = advance(act, life, standing, at, given=given, days=days)
        made.append((act, life, after))
        life = after
    return made


def _move(session: Session, row: Referral, by: Caller, at: datetime, step: tuple[Act, Life, Life]) -> MoveRow:
    act, before, after = step
    doer = by if act is Act.SUBMIT else SYSTEM
    team = after.owner_team_id
    move = record_move(
        session,
        row,
        act,
        before,
        after.state,
        by=doer,
        by_name=(row.author_name or "") if act is Act.SUBMIT else "",
        at=at,
        given=Given(team_id=team, content=str(team) if act is Act.ROUTE else ""),
    )
    move.event_id = tell(session, row, act, at=at)
    return move


def contact_points_told(
    new: NewReferral, row: Referral, person: PersonRecord, directory: Directory, at: datetime
) -> list[ContactPointRow]:
    """The ways to reach the person that came with it; through the sender, where none is known to be safe."""
    contacts = list(new.person.contacts)
    if row.sender_org_id is not None and not any(contact.safe for contact in contacts):
        contacts.append(_through_sender(new, row, directory))
    return [
        ContactPointRow(
            person_id=person.id,
            referral_id=row.id,
            place_in_list=place,
            channel=contact.channel,
            value=contact.value,
            asked=contact.safe is not None,
            safe=contact.safe is True,
            # Voicemail and caller ID are parts of a call: worth nothing where the call itself is not safe.
            voicemail=contact.safe is True and contact.voicemail is True,
            caller_id=contact.safe is True and contact.caller_id is True,
            hours=contact.hours,
            code_word=contact.code_word,
            asked_by=contact.asked_by,
            asked_at=contact.asked_at or (at if contact.safe is not None else None),
        )
        for place, contact in enumerate(contacts)
    ]


def _through_sender(new: NewReferral, row: Referral, directory: Directory) -> NewContact:
    """Where no way is known to be safe, the professional who sends it may know one.

    Nobody asked the person whether that is safe either, so it is kept as what it is: not asked.
    """
    name = directory.name("organization", row.sender_org_id, "the sender")
    who = new.referrer.name if new.referrer else (row.author_name if row.author_kind == Kind.PERSON else None)
    return NewContact(channel="via", value=f"{who}, {name}" if who else name)


def agreements_told(new: NewReferral, row: Referral, at: datetime) -> list[AgreementRow]:
    """The person's answers that came with it."""
    return [
        AgreementRow(
            referral_id=row.id,
            recipient=one.recipient,
            purpose=one.purpose,
            agreed=one.agreed,
            how=one.how,
            alone=one.alone,
            asked_by=one.asked_by,
            at=given_at(one, at),
        )
        for one in new.agreement
    ]
