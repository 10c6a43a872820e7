"""From rows to what one reader may see of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from services.referrals.actions import views
from services.referrals.actions.needs_shown import need_views, shown_needs, without_needs
from services.referrals.actions.row_facts import (
    COARSE_WORDS,
    age_of,
    awaits_action,
    chosen,
    full_name,
    is_overdue,
    owner_seen,
    sender_name,
    service_seen,
    wait_days,
)
from services.referrals.actions.said import asks_of, speaker_of, under_18_of
from services.referrals.actions.story import (
    agreement_views,
    contact_views,
    outcome_views,
    question_views,
    read_answers,
)
from services.referrals.domain.identifiers import show_nhs_number
from services.referrals.domain.moves import UNDO_WITHIN, UNDOABLE, available_actions
from services.referrals.domain.reasons import FAILED_OUTSIDE, Audience
from services.referrals.domain.routing.people_docs import Residence
from services.referrals.domain.safe_contact import Channel, ContactPoint, ways
from services.referrals.domain.sight import Sight
from services.referrals.domain.states import CLOSED, STATE_WORDS, State
from services.referrals.domain.views import Part, View, shown_status
from services.referrals.store import referrals as store
from services.referrals.store.directory import Directory, find_residence
from services.referrals.store.lives import life_of
from services.referrals.store.tables import (
    AgreementRow,
    ContactPointRow,
    ContactRow,
    MoveRow,
    OutcomeRow,
    PersonRecord,
    QuestionRow,
    Referral,
)
from shared.auth.caller import Kind


@dataclass
class Bundle:
    """A referral with all that belongs to it, loaded."""

    row: Referral
    person: PersonRecord
    moves: Sequence[MoveRow]
    agreements: Sequence[AgreementRow]
    contact_points: Sequence[ContactPointRow] = ()
    questions: Sequence[QuestionRow] = ()
    outcomes: Sequence[OutcomeRow] = ()
    contacts_made: Sequence[ContactRow] = ()
    residence: Residence | None = None
    separate_from: Referral | None = field(default=None)


def load_bundle(
    session: Session,
    row: Referral,
    moves: Sequence[MoveRow],
    agreements: Sequence[AgreementRow],
    *,
    beside: Referral | None,
) -> Bundle:
    """The rest of a referral whose row, history and agreements are here already: six queries at most.

    `beside` is the earlier referral it was sent beside, where the reader may know of that one too.
    """
    person = store.person_of(session, row)
    session.flush()
    return Bundle(
        row=row,
        person=person,
        moves=moves,
        agreements=agreements,
        contact_points=store.contact_points_of(session, row.id),
        questions=store.questions_of(session, row.id),
        outcomes=store.outcomes_of(session, row.id) if row.status == State.COMPLETED else (),
        contacts_made=store.contacts_made_of(session, row.id),
        residence=find_residence(session, row.residence_postcode or person.postcode),
        separate_from=beside,
    )


def render(bundle: Bundle, sight: Sight, directory: Directory, at: datetime) -> views.ReferralView:
    """The referral as this sight allows."""
    row, state = bundle.row, State(bundle.row.status)
    coarse = sight.view is View.COARSE
    inside = sight.view is View.HOLDER
    status = shown_status(state, sight.view)
    life = life_of(row, bundle.moves)
    can = sight.fields
    ended = row.closed_at
    due = "next_action_at" in can and awaits_action(row)
    return views.ReferralView(
        id=row.id,
        reference=row.reference,
        status=status,
        status_words=COARSE_WORDS[status] if coarse else STATE_WORDS[State(status)],
        view="coarse" if coarse else "full",
        inside=inside,
        parts=frozenset(part.value for part in sight.parts),
        version=1 if coarse else row.version,
        submitted_at=row.submitted_at,
        wait_days=wait_days(row, at, coarse=coarse),
        owner=owner_seen(row, sight, directory),
        next_action_at=row.next_action_at if due else None,
        next_action_by=row.next_action_by if due else None,
        overdue=due and is_overdue(row, at),
        available_actions=tuple(available_actions(life, sight.standing, at)),
        routing=_routing(row, sight, directory),
        sender_name=sender_name(row, directory),
        outside=_outside(bundle, sight),
        undo_until=_undo_until(bundle.moves, sight, at),
        closed_at=None if coarse else ended,
        ended_by=row.ended_by if inside else None,
        review_on=row.review_on if inside else None,
        sent=_sent(bundle, sight, directory, at) if can & {"sent", "person"} else None,
        facts=_facts(bundle, sight, directory, at) if "area" in can else None,
        alert=inside and row.urgency == 0,
        agreements=_answers(bundle, sight, directory) if "agreement" in can else (),
        questions=question_views(bundle, sight, directory) if "questions" in can else (),
        outcomes=outcome_views(bundle.outcomes, directory, inside=inside) if "outcomes" in can else (),
        contacts_made=contact_views(bundle.contacts_made) if "contacts_made" in can else (),
        attempts_made=row.attempts_made if inside else 0,
        attempts_needed=row.attempts_needed if inside else 0,
        separate_from=_separate_from(bundle, sight),
    )


def _answers(bundle: Bundle, sight: Sight, directory: Directory) -> tuple[views.AgreementView, ...]:
    return agreement_views(read_answers(bundle.agreements, sight, bundle.row.sender_org_id), directory)


def _routing(row: Referral, sight: Sight, directory: Directory) -> views.Routing | None:
    if "routing" not in sight.fields:
        # Fixed when it was sent, so that nothing is learnt from it later.
        state = "chosen" if row.target_service_id else "routed"
        return views.Routing(state, chosen(row.target_service_id, directory)) if sight.fields else None
    kept = row.routing or {}
    return views.Routing(
        state=row.routing_state,
        chosen=service_seen(row, sight, directory),
        eligible=without_needs(kept.get("eligible", ()), row, sight, directory),
        not_eligible=without_needs(kept.get("not_eligible", ()), row, sight, directory),
        unknown=without_needs(kept.get("unknown", ()), row, sight, directory),
    )


def _outside(bundle: Bundle, sight: Sight) -> str | None:
    if sight.view is View.COARSE:
        closed = State(bundle.row.status) in CLOSED
        return FAILED_OUTSIDE[Audience.SENDER_COARSE] if closed else None
    if not sight.fields & {"outside_wording", "moves"} or not bundle.moves:
        return None
    last = next((m for m in reversed(bundle.moves) if m.from_status != m.to_status), None)
    return last.outside if last is not None else None


def _undo_until(moves: Sequence[MoveRow], sight: Sight, at: datetime) -> datetime | None:
    last = moves[-1] if moves else None
    mine = sight.standing.account_id
    if last is None or last.act not in UNDOABLE or last.by_id is None or last.by_id != mine:
        return None
    until: datetime = last.at + UNDO_WITHIN
    return until if at < until + timedelta(seconds=1) else None


def _sent(bundle: Bundle, sight: Sight, directory: Directory, at: datetime) -> views.Sent:
    row = bundle.row
    own = Part.SENDER in sight.parts
    # What was loaded has the id of the list it stood on, which is not the sender's.
    own_id = own and row.loaded_at is None
    return views.Sent(
        person=_person(bundle, directory, at),
        contacts=ways((_contact_point(c) for c in bundle.contact_points), at),
        needs=need_views(row.needs, directory, sensitive=own or "sensitive_needs" in sight.fields),
        what_matters=row.what_matters,
        priority=row.priority,
        priority_reason=row.priority_reason,
        wanted_from=row.wanted_from,
        route_in=row.route_in,
        target=chosen(row.target_service_id, directory),
        lawful_basis=row.lawful_basis,
        safeguarding=row.safeguarding,
        restricted=row.restricted,
        referrer_name=row.referrer_name,
        referrer_role=row.referrer_role,
        author_name=row.author_name if row.author_kind != Kind.SELF else None,
        external_source=row.external_source if own_id else None,
        external_id=row.external_id if own_id else None,
        under_18=under_18_of(row),
        speaker=speaker_of(row),
        asks=asks_of(row, bundle.person),
    )


def _person(bundle: Bundle, directory: Directory, at: datetime) -> views.PersonView:
    person, row = bundle.person, bundle.row
    age, estimated = age_of(person, at)
    practice = next(
        (o.name for o in directory.snapshot.organizations.values() if o.ods_code == person.gp_practice_ods),
        None,
    )
    return views.PersonView(
        given_name=person.given_name,
        family_name=person.family_name,
        full_name=full_name(person),
        date_of_birth=person.date_of_birth,
        age=age,
        age_is_estimate=estimated,
        nhs_number=show_nhs_number(person.nhs_number) if person.nhs_number else None,
        postcode=person.postcode,
        no_fixed_abode=person.no_fixed_abode,
        address_lines=tuple(person.address_lines),
        residence_postcode=row.residence_postcode,
        residence_from=row.residence_from,
        gp_practice_ods=person.gp_practice_ods,
        gp_practice_name=practice if person.gp_practice_ods else None,
        language=person.language,
        access_needs=tuple(person.access_needs),
    )


def _contact_point(row: ContactPointRow) -> ContactPoint:
    return ContactPoint(
        channel=Channel(row.channel),
        value=row.value,
        safe=row.safe if row.asked else None,
        voicemail=row.voicemail if row.asked else None,
        caller_id=row.caller_id if row.asked else None,
        hours=row.hours,
        code_word=row.code_word,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
    )


def _facts(bundle: Bundle, sight: Sight, directory: Directory, at: datetime) -> views.Facts:
    row = bundle.row
    age, estimated = age_of(bundle.person, at)
    home = bundle.residence
    area = home.authority_name if home is not None and home.authority_name else None
    if area is None and bundle.person.no_fixed_abode:
        area = "No fixed abode"
    return views.Facts(
        age=age,
        age_is_estimate=estimated,
        area=area,
        needs=shown_needs(row, sight, directory),
        priority=row.priority,
        safeguarding=row.safeguarding,
        route_in=row.route_in,
        wanted_from=row.wanted_from,
    )


def _separate_from(bundle: Bundle, sight: Sight) -> views.Existing | None:
    other = bundle.separate_from
    # Only the sending organisation sent both; the team may hold one of them alone.
    if other is None or Part.SENDER not in sight.parts:
        return None
    return views.Existing(other.id, other.reference)
