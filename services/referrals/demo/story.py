"""One referral of the demo with its whole history, made by the same rules as a real one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from services.referrals import config
from services.referrals.demo.beside import Story, agreement, answer, contact, outcome, question
from services.referrals.demo.people import identity_of, invent_contacts
from services.referrals.demo.plots import Plot, Step
from services.referrals.demo.teams import Scheme, Sender, desk_organization, desk_team, person_name
from services.referrals.demo.wishes import wish
from services.referrals.domain.advance import advance
from services.referrals.domain.ladder import Rung, rises_at, rung_at
from services.referrals.domain.life import Ending, Given, Life, RouteIn, Standing
from services.referrals.domain.reasons import (
    FAILED_OUTSIDE,
    WITHDRAWN_OUTSIDE,
    Audience,
    DeclineReason,
    outside_wording,
)
from services.referrals.domain.references import new_reference
from services.referrals.domain.states import Act, State, Who
from services.referrals.domain.urgency import ALERT
from services.referrals.domain.working_days import end_of_working_day_after, uk_day
from services.referrals.store.guard import Keys, keys_for
from services.referrals.store.lives import put_life
from services.referrals.store.tables import MoveRow, PersonRecord, Referral
from shared.demo_ids import demo_id

_ALL = frozenset(Who)


def tell(
    rng: Random,
    number: int,
    plot: Plot,
    person: PersonRecord,
    *,
    scheme: Scheme,
    sender: Sender,
    at: datetime,
) -> Story:
    """Send it as long ago as the plot says, and do to it what the plot says."""
    worker = scheme.members[number % len(scheme.members)]
    sent_at = at - timedelta(hours=plot.age)
    row = _row(rng, number, plot, person, scheme=scheme, sender=sender, at=sent_at)
    story = Story(row, person, scheme, sender, worker)
    life = _open(story, plot, sent_at)
    moment = sent_at
    for step in plot.steps:
        moment = min(moment + timedelta(hours=step.after), at - timedelta(minutes=5))
        life = _do(story, step, life, moment)
    life = _climb(story, _meet(story, plot, life, at, rng), at)
    put_life(row, life, story.moves[-1].at)
    row.version = len(story.moves)
    story.more += invent_contacts(rng, number, row, person.id)
    story.more.append(agreement(story))
    return story


def _row(
    rng: Random,
    number: int,
    plot: Plot,
    person: PersonRecord,
    *,
    scheme: Scheme,
    sender: Sender,
    at: datetime,
) -> Referral:
    org = sender.organization_id
    needs = sorted(set(rng.sample(scheme.needs, k=min(len(scheme.needs), 1 + number % 2))))
    keys = keys_for(config.guard_key(), org, identity_of(person), needs=needs) if org else Keys()
    alert, sooner = "alert" in plot.marks, "sooner" in plot.marks
    return Referral(
        id=demo_id("referral", str(number)),
        reference=new_reference(rng.randrange),
        version=1,
        person_id=person.id,
        place_id=demo_id("place", sender.place),
        sender_org_id=org,
        sender_sector=sender.sector or None,
        author_id=sender.author_id,
        author_name=sender.name or "The record system",
        author_kind=sender.kind.value,
        client=sender.client,
        route_in=_route_in(scheme, sender).value,
        needs=needs,
        what_matters=wish(needs, number),
        priority="sooner" if sooner or alert else "routine",
        priority_reason="Has had no visitor for a month." if sooner else None,
        urgency=0 if alert else 1 if sooner else 2,
        crisis_words=False,
        answers={},
        safeguarding="yes" if alert else "no" if number % 3 else "not_known",
        lawful_basis="public_task" if sender.sector == "health" or sender.themself else "explicit_consent",
        restricted="restricted" in plot.marks,
        restricted_to=[],
        service_id=None if plot.unrouted else scheme.service_id,
        routing_state="unrouted" if plot.unrouted else "routed",
        routed_at=None if plot.unrouted else at,
        discreet=scheme.discreet and not plot.unrouted,
        ending=(Ending.BY_PERSON if scheme.introduction and not plot.unrouted else Ending.BY_WORKER).value,
        attempts_needed=3,
        attempts_made=0,
        received_team_id=desk_team(sender.place) if plot.unrouted else scheme.team_id,
        owner_org_id=desk_organization(sender.place) if plot.unrouted else scheme.organization_id,
        escalated=False,
        rung=0,
        question_open=False,
        submitted_at=at,
        updated_at=at,
        number_key=keys.number.digest if keys.number else None,
        names_key=keys.names.digest if keys.names else None,
    )


def _route_in(scheme: Scheme, sender: Sender) -> RouteIn:
    if sender.themself:
        return RouteIn.SELF
    return RouteIn.INTRODUCTION if scheme.introduction else RouteIn.PROFESSIONAL


def _open(story: Story, plot: Plot, at: datetime) -> Life:
    """Submitted, received and routed, as a real one is."""
    row = story.row
    life = Life(State.DRAFT, routed=False, route_in=RouteIn(row.route_in), ending=Ending(row.ending))
    given = Given(team_id=row.received_team_id)
    steps = [Step(Act.SUBMIT, 0, by="sender"), Step(Act.RECEIVE, 0, by="system")]
    if not plot.unrouted:
        steps.append(Step(Act.ROUTE, 0, by="system"))
    for step in steps:
        life = _record(story, step, life, at, given)
    return life


def _do(story: Story, step: Step, life: Life, at: datetime) -> Life:
    row, worker_id = story.row, demo_id("account", story.worker)
    given = Given(content=step.words)
    if step.act is Act.ACCEPT:
        given, row.taken_up_at = replace(given, assignee_id=worker_id), at
    if step.act is Act.HOLD:
        given = replace(given, review_on=uk_day(at) + timedelta(days=90))
    if step.act is Act.FAIL:
        given = replace(given, attempts=3)
        story.more += [contact(story, at - timedelta(days=d), attended=False) for d in (8, 4, 1)]
    if step.act is Act.START:
        story.more.append(contact(story, at, attended=True))
    if step.act is Act.ASK:
        story.more.append(question(story, step, at))
    if step.act is Act.ANSWER:
        answer(story, step, at)
    if step.act is Act.COMPLETE:
        row.ended_by = "person" if story.scheme.introduction else "together"
        step = replace(step, reason=row.ended_by)
        story.more += [outcome(row, need, place, at) for place, need in enumerate(row.needs)]
    return _record(story, step, life, at, given)


def _record(story: Story, step: Step, life: Life, at: datetime, given: Given) -> Life:
    by_id, by_name, by_kind = _doer(story, step.by)
    standing = Standing(by_id, _ALL)
    _, after = advance(step.act, life, standing, at, given=given, by_name=by_name or "")
    story.moves.append(
        MoveRow(
            referral_id=story.row.id,
            act=step.act.value,
            from_status=life.state.value,
            to_status=after.state.value,
            at=at,
            by_id=by_id,
            by_name=by_name,
            by_org_id=_org_of(story, step.by),
            by_kind=by_kind,
            reason=step.reason,
            outside=_outside(step),
            content=given.content,
            team_id=given.team_id,
            assignee_id=given.assignee_id,
            next_action_before=life.next_action_at,
            next_by_before=life.next_action_by.value,
        )
    )
    return after


def _doer(story: Story, by: str) -> tuple[UUID | None, str | None, str]:
    if by == "system":
        return None, None, "system"
    if by == "sender":
        return story.row.author_id, story.row.author_name, story.row.author_kind
    return demo_id("account", story.worker), person_name(story.worker), "person"


def _org_of(story: Story, by: str) -> UUID | None:
    if by == "system":
        return None
    return story.row.sender_org_id if by == "sender" else story.scheme.organization_id


def _outside(step: Step) -> str | None:
    if step.act is Act.DECLINE:
        return outside_wording(DeclineReason(step.reason or "other"), Audience.SENDER_FULL)
    if step.act is Act.FAIL:
        return FAILED_OUTSIDE[Audience.SENDER_FULL]
    return WITHDRAWN_OUTSIDE if step.act is Act.WITHDRAW else None


def _meet(story: Story, plot: Plot, life: Life, at: datetime, rng: Random) -> Life:
    """Contacts after the first; whoever is being helped now was seen lately, most of them."""
    if life.state not in (State.IN_PROGRESS, State.ON_HOLD, State.COMPLETED):
        return life
    last = story.moves[-1].at
    ends = min(story.row.submitted_at + timedelta(hours=plot.age), at)
    for _ in range(plot.contacts):
        first = life.first_contact_at or last
        moment = first + (min(ends, last if life.is_closed else at) - first) * rng.random()
        story.more.append(contact(story, moment, attended=True))
    if life.state is State.IN_PROGRESS:
        seen = at - timedelta(days=rng.choice((0, 1, 1, 2, 3, 4, 9)))
        return replace(life, next_action_at=end_of_working_day_after(max(seen, last), 5))
    return life


def _climb(story: Story, life: Life, at: datetime) -> Life:
    """What was late before the demo was loaded was told then: nobody hears of it at the first start."""
    row, due, alert = story.row, life.next_action_at, story.row.urgency == ALERT
    if life.is_closed or due is None:
        return life
    # The desk is the owner of what no team has, and nobody stands above it.
    highest = Rung.DUTY_DESK if life.routed else Rung.OWNER
    reached = min(rung_at(due, at, alert=alert), highest)
    for rung in Rung:
        if Rung.NOBODY < rung <= reached:
            word = rung.name.lower()
            chased = Step(Act.CHASE, 0, by="system", reason=word)
            life = _record(story, chased, life, rises_at(rung, due, alert=alert), Given(content=word))
    row.rung, row.escalated = reached, reached is Rung.DUTY_DESK
    return life
