"""The lists people work from. Each reads an index of open work, so that history does not slow it down."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Select,
    and_,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, load_only

from services.referrals.domain.sight_facts import COARSE_SECTORS, Purpose
from services.referrals.domain.states import State
from services.referrals.store.tables import AgreementRow, PersonRecord, Referral
from services.referrals.store.tables.referrals import IS_OPEN, IS_WORKED

Row = tuple[Referral, PersonRecord]
IS_RECEIVED = "status = 'received'"
_HIDDEN = Referral.status != State.ENTERED_IN_ERROR.value


@dataclass(frozen=True)
class Scope:
    """Whose work: the caller's account, teams and organisations, as far as their roles reach."""

    account_id: UUID | None
    work_teams: frozenset[UUID] = frozenset()
    work_orgs: frozenset[UUID] = frozenset()
    lead_teams: frozenset[UUID] = frozenset()
    lead_orgs: frozenset[UUID] = frozenset()
    send_orgs: frozenset[UUID] = frozenset()
    desk_teams: frozenset[UUID] = frozenset()
    desk_places: frozenset[UUID] = frozenset()
    holding_orgs: frozenset[UUID] = frozenset()
    safeguarding_orgs: frozenset[UUID] = frozenset()

    def works(self) -> ColumnElement[bool]:
        """Referrals of the caller's teams (or of all teams of an organisation they serve as a whole)."""
        return any_of(
            (Referral.owner_team_id, self.work_teams | self.desk_teams),
            (Referral.owner_org_id, self.work_orgs),
        )

    def leads(self) -> ColumnElement[bool]:
        """Referrals of the teams the caller leads."""
        return any_of((Referral.owner_team_id, self.lead_teams), (Referral.owner_org_id, self.lead_orgs))

    def own(self) -> ColumnElement[bool]:
        """What the caller has taken on."""
        return Referral.assignee_id == self.account_id if self.account_id else false()

    def at_desk(self) -> ColumnElement[bool]:
        """What no team has yet or came up the ladder, in the places whose duty desk the caller keeps."""
        waits = or_(written("routing_state = 'unrouted'"), written("escalated"))
        return and_(any_of((Referral.place_id, self.desk_places)), waits)

    def may_see_restricted(self) -> ColumnElement[bool]:
        """Restricted ones: their author, named staff, the assignee and the team's lead."""
        me = self.account_id
        named = [self.leads()]
        if me is not None:
            named += [
                Referral.author_id == me,
                Referral.assignee_id == me,
                Referral.restricted_to.contains([me]),
            ]
        return or_(~Referral.restricted, *named)

    def may_know_restricted(self) -> ColumnElement[bool]:
        """Restricted ones they know of at all: those, and what desks and safeguarding leads look after."""
        leads = self.safeguarding_orgs
        looked_after = any_of(
            (Referral.owner_team_id, self.desk_teams),
            (Referral.owner_org_id, leads),
            (Referral.sender_org_id, leads),
        )
        return or_(self.may_see_restricted(), looked_after, self.at_desk())


_Ids = InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None]


def any_of(*choices: tuple[_Ids, Iterable[UUID]]) -> ColumnElement[bool]:
    """Whether any of these columns holds one of its ids; false where none is named."""
    parts = [column.in_(sorted(ids)) for column, ids in choices if ids]
    return or_(*parts) if parts else false()


def written(condition: str) -> ColumnElement[bool]:
    """A condition as written in a partial index: with bound values the planner could not match it."""
    return literal_column(f"referral.{condition}", Boolean)


def work_page(
    session: Session,
    where: ColumnElement[bool],
    *,
    status: Sequence[str],
    after: tuple[int, datetime, UUID] | None,
    limit: int,
    need: str | None = None,
    words: Sequence[str] = (),
) -> Sequence[Row]:
    """Open work, what matters first: alerts, then sooner, then what is due (or overdue) first."""
    query = (
        _rows(words)
        .where(where, Referral.status.in_(list(status)), written(partial_index(status)))
        .order_by(Referral.urgency, Referral.next_action_at, Referral.id)
        .limit(limit)
    )
    if need is not None:
        query = query.where(Referral.needs.contains([need]))
    if after is not None:
        key = tuple_(Referral.urgency, Referral.next_action_at, Referral.id)
        query = query.where(key > tuple_(*after))
    return _fetch(session, query)


def partial_index(status: Sequence[str]) -> str:
    """The condition of the partial index that holds these states, so that the planner may use it."""
    if list(status) == [State.RECEIVED.value]:
        return IS_RECEIVED
    return IS_WORKED if State.RECEIVED.value not in status else IS_OPEN


def sent_page(
    session: Session,
    scope: Scope,
    *,
    status: Sequence[str] | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
    need: str | None = None,
    words: Sequence[str] = (),
    told_more: bool = False,
) -> Sequence[Row]:
    """What the caller's organisations sent, newest first; an order nothing that happens later can change.

    With `told_more` those are left out whose sender can be told no more than received or closed.
    """
    query = (
        _rows(words)
        .where(any_of((Referral.sender_org_id, scope.send_orgs)), _HIDDEN)
        .order_by(Referral.submitted_at.desc(), Referral.id.desc())
        .limit(limit)
    )
    if told_more:
        query = query.where(_told_more())
    if status is not None:
        query = query.where(Referral.status.in_(list(status)))
    if need is not None:
        query = query.where(Referral.needs.contains([need]))
    if after is not None:
        query = query.where(tuple_(Referral.submitted_at, Referral.id) < tuple_(*after))
    return _fetch(session, query)


def asked_page(
    session: Session, scope: Scope, *, after: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Row]:
    """Questions waiting for the caller's organisations, the most urgent first."""
    query = (
        _rows(())
        .where(
            any_of((Referral.sender_org_id, scope.send_orgs)),
            Referral.question_open,
            written(IS_OPEN),
            _told_more(),
        )
        .order_by(Referral.next_action_at, Referral.id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(Referral.next_action_at, Referral.id) > tuple_(*after))
    return _fetch(session, query)


def _told_more() -> ColumnElement[bool]:
    """Not of a coarse sector, or the person has said yes to telling the sender: the rest is for the rules."""
    yes = exists().where(
        AgreementRow.referral_id == Referral.id,
        AgreementRow.purpose == Purpose.FEEDBACK_TO_SENDER.value,
        AgreementRow.agreed,
    )
    return or_(func.coalesce(Referral.sender_sector, "").not_in(sorted(COARSE_SECTORS)), yes)


def by_reference(session: Session, reference: str) -> Sequence[Row]:
    """The one with this reference, whoever may see it."""
    return _fetch(session, _rows(()).where(Referral.reference == reference))


def by_name(
    session: Session,
    words: Sequence[str],
    *,
    senders: Iterable[UUID],
    scope: Scope,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> Sequence[Row]:
    """People whose names hold all these words, among what these organisations sent or the caller works on."""
    mine = or_(any_of((Referral.sender_org_id, senders)), scope.works())
    newest_first = (Referral.submitted_at.desc(), Referral.id.desc())
    query = _rows(words).where(mine, _HIDDEN).order_by(*newest_first).limit(limit)
    if after is not None:
        query = query.where(tuple_(Referral.submitted_at, Referral.id) < tuple_(*after))
    return _fetch(session, query)


# What a row of a list shows, and what decides whether it is shown. Anything else raises when it is read.
_SHOWN = (
    load_only(
        Referral.reference,
        Referral.status,
        Referral.place_id,
        Referral.sender_org_id,
        Referral.sender_sector,
        Referral.author_id,
        Referral.route_in,
        Referral.speaker,
        Referral.needs,
        Referral.what_matters,
        Referral.priority,
        Referral.urgency,
        Referral.lawful_basis,
        Referral.restricted,
        Referral.restricted_to,
        Referral.target_service_id,
        Referral.service_id,
        Referral.routing_state,
        Referral.discreet,
        Referral.received_team_id,
        Referral.owner_org_id,
        Referral.owner_team_id,
        Referral.owner_named,
        Referral.assignee_id,
        Referral.next_action_at,
        Referral.next_action_by,
        Referral.escalated,
        Referral.question_open,
        Referral.taken_up_at,
        Referral.submitted_at,
        Referral.closed_at,
        raiseload=True,
    ),
    load_only(
        PersonRecord.given_name,
        PersonRecord.family_name,
        PersonRecord.date_of_birth,
        PersonRecord.age_estimate,
        PersonRecord.age_estimated_on,
        raiseload=True,
    ),
)


def _rows(words: Sequence[str]) -> Select[Referral, PersonRecord]:
    query = select(Referral, PersonRecord).join(PersonRecord, PersonRecord.id == Referral.person_id)
    query = query.options(*_SHOWN)
    for word in words:
        query = query.where(PersonRecord.search_name.contains(word, autoescape=True))
    return query


def _fetch(session: Session, query: Select[Referral, PersonRecord]) -> Sequence[Row]:
    return [(row, person) for row, person in session.execute(query)]


def caseloads(session: Session, team_id: UUID) -> dict[UUID, int]:
    """How many open referrals each person of a team holds."""
    query = (
        select(Referral.assignee_id, func.count())
        .where(Referral.owner_team_id == team_id, written(IS_WORKED))
        .group_by(Referral.assignee_id)
    )
    return {account: count for account, count in session.execute(query) if account is not None}


def waiting_for_route(session: Session, version: int, on: date, limit: int) -> Sequence[UUID]:
    """What never had a team and was not tried on this UK day with this version of the directory, in turn."""
    query = (
        select(Referral.id)
        .where(
            written("routing_state = 'unrouted'"),
            written(IS_RECEIVED),
            # What had a team once is for somebody at the desk to look at, not for the system to send on.
            Referral.routed_at.is_(None),
            or_(Referral.tried_version.is_distinct_from(version), Referral.tried_on.is_distinct_from(on)),
        )
        .order_by(Referral.urgency, Referral.submitted_at)
        .limit(limit)
    )
    return session.scalars(query).all()
