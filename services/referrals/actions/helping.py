"""Helping the person: contacts, waiting for a reason, and how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from services.referrals.actions.acting import PURPOSE, Scene, log_access, perform, said, scene_of
from services.referrals.actions.free_text import check_text, problems_of
from services.referrals.actions.seeing import account_of, name_of
from services.referrals.actions.views import Done
from services.referrals.domain.life import EndedBy, Given, Outcome, who_may_end
from services.referrals.domain.moves import LONGEST_HOLD, available_actions
from services.referrals.domain.reasons import FAILED_OUTSIDE, Audience, read_reason
from services.referrals.domain.states import Act, State, Who
from services.referrals.domain.working_days import end_of_day, end_of_working_day_after, uk_day
from services.referrals.store.tables import ContactRow, OutcomeRow
from shared.auth.caller import Caller
from shared.errors import Conflict, FieldProblem, Invalid

MODES = ("phone", "text", "email", "post", "visit", "in_person", "video", "other")
MODE_WORDS = {
    "phone": "Phone call",
    "text": "Text message",
    "email": "E-mail",
    "post": "Letter",
    "visit": "Visit at home",
    "in_person": "Met in person",
    "video": "Video call",
    "other": "Another way",
}
LONGEST_MINUTES = 24 * 60
MOST_ATTEMPTS = 100
CLOCKS_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True)
class NewContactMade:
    """A conversation (`attended`) or an attempt. `length` in minutes; `at` is now where it is not said."""

    mode: str
    attended: bool = True
    length: int | None = None
    note: str | None = None
    at: datetime | None = None
    next_action_on: date | None = None
    """The day of the next step; where it is not said, as many working days on as after accepting."""


@dataclass(frozen=True)
class NewOutcome:
    """What became of one need: a code of `domain.life.Outcome`, and words for the team."""

    need: str
    outcome: str
    text: str | None = None


def start_referral(referral_id: UUID, *, by: Caller, at: datetime, contact: NewContactMade) -> Done:
    """First contact was made: help has begun. An attempt nobody answered is `record_contact` instead."""
    if not contact.attended:
        raise Invalid.field(
            "/contact/attended", "First contact means that you reached them: record this as an attempt."
        )
    with scene_of(referral_id, by=by, at=at) as scene:
        made = _made(contact, scene, "/contact")
        given = Given(next_action_on=contact.next_action_on, content=said(contact))
        changed = perform(scene, Act.START, given, texts=[contact.note])
        if changed:
            scene.session.add(made)
        return scene.done(changed=changed)


def record_contact(referral_id: UUID, *, by: Caller, at: datetime, contact: NewContactMade) -> Done:
    """A call, a visit or an attempt: kept with the referral, which stays in its state.

    The next action moves on, so that work that is done is not overdue; a hold keeps its review day.
    """
    with scene_of(referral_id, by=by, at=at) as scene:
        working = scene.standing.can_act_as(Who.WORKER)
        if not working or State(scene.row.status) not in (State.ACCEPTED, State.IN_PROGRESS, State.ON_HOLD):
            raise Conflict(
                "Contacts are recorded by the team while it works on this.",
                available_actions=available_actions(scene.life, scene.standing, at),
            )
        scene.session.add(_made(contact, scene, ""))
        if not contact.attended:
            scene.row.attempts_made += 1
        if scene.row.status != State.ON_HOLD or contact.next_action_on is not None:
            scene.row.next_action_at = _next_action(contact, scene)
        scene.heed(contact.note)
        scene.row.updated_at = at
        scene.row.version += 1
        log_access(scene, "contact", PURPOSE)
        return scene.done(changed=True)


def _next_action(contact: NewContactMade, scene: Scene) -> datetime:
    on, today = contact.next_action_on, uk_day(scene.at)
    if on is None:
        return end_of_working_day_after(scene.at, scene.days.accepted)
    if not today <= on <= today + LONGEST_HOLD:
        raise Invalid.field("/next_action_on", "Give today or a day within a year.")
    return end_of_day(on)


def _made(contact: NewContactMade, scene: Scene, pointer: str) -> ContactRow:
    problems = problems_of(contact.note, f"{pointer}/note")
    if contact.mode not in MODES:
        problems.append(FieldProblem(f"{pointer}/mode", f"Choose one of: {', '.join(MODES)}."))
    if contact.length is not None and not 0 <= contact.length <= LONGEST_MINUTES:
        problems.append(FieldProblem(f"{pointer}/length", "Give the minutes, from 0 to 1440."))
    when = contact.at or scene.at
    if when < scene.row.submitted_at - timedelta(days=366):
        raise Invalid.field(f"{pointer}/at", "This is long before the referral was sent: check the day.")
    if when > scene.at + CLOCKS_DIFFER:
        problems.append(FieldProblem(f"{pointer}/at", "This is in the future: give when it happened."))
    if problems:
        raise Invalid(problems)
    return ContactRow(
        referral_id=scene.row.id,
        at=when,
        mode=contact.mode,
        length=contact.length,
        attended=contact.attended,
        note=contact.note,
        by_id=account_of(scene.by),
        by_name=name_of(scene.by, scene.directory),
        recorded_at=scene.at,
    )


def hold_referral(referral_id: UUID, *, by: Caller, at: datetime, reason: str, review_on: date) -> Done:
    """Wait for a reason until a day on which to look again. Raises Invalid at /review_on."""
    check_text(reason=reason)
    why = read_reason(Act.HOLD, reason)
    with scene_of(referral_id, by=by, at=at) as scene:
        changed = perform(
            scene, Act.HOLD, Given(review_on=review_on), reason=why.code, reason_text=why.text or None
        )
        return scene.done(changed=changed)


def resume_referral(referral_id: UUID, *, by: Caller, at: datetime) -> Done:
    """Carry on from where it was held."""
    with scene_of(referral_id, by=by, at=at) as scene:
        return scene.done(changed=perform(scene, Act.RESUME))


def complete_referral(
    referral_id: UUID, *, by: Caller, at: datetime, outcomes: Sequence[NewOutcome], ended_by: str
) -> Done:
    """The help has ended, with an outcome for each need. Raises Invalid naming what is missing."""
    with scene_of(referral_id, by=by, at=at) as scene:
        repeat = scene.row.status == State.COMPLETED
        problems = [] if repeat else _outcome_problems(scene, outcomes, ended_by)
        if problems and Act.COMPLETE.value in _possible(scene):
            raise Invalid(problems)
        content = said(*sorted(outcomes, key=lambda one: one.need), ended_by)
        texts = [one.text for one in outcomes]
        changed = perform(scene, Act.COMPLETE, Given(content=content), reason=ended_by[:40], texts=texts)
        if changed:
            scene.row.ended_by = ended_by
            scene.session.add_all(
                OutcomeRow(
                    referral_id=referral_id,
                    need=one.need,
                    outcome=one.outcome,
                    text=one.text,
                    recorded_at=at,
                )
                for one in outcomes
            )
        return scene.done(changed=changed)


def _possible(scene: Scene) -> set[str]:
    return {action["act"] for action in available_actions(scene.life, scene.standing, scene.at)}


def _outcome_problems(scene: Scene, outcomes: Sequence[NewOutcome], ended_by: str) -> list[FieldProblem]:
    problems = [
        problem
        for place, one in enumerate(outcomes)
        for problem in problems_of(one.text, f"/outcomes/{place}/text")
    ]
    given = [one.need for one in outcomes]
    for place, one in enumerate(outcomes):
        if one.outcome not in set(Outcome):
            detail = f"Choose one of: {', '.join(Outcome)}."
            problems.append(FieldProblem(f"/outcomes/{place}/outcome", detail))
        if one.need not in scene.row.needs:
            detail = f"The needs of this referral are: {', '.join(scene.row.needs) or 'none'}."
            problems.append(FieldProblem(f"/outcomes/{place}/need", detail))
        elif given.index(one.need) != place:
            problems.append(FieldProblem(f"/outcomes/{place}/need", "Give one outcome for each need."))
    missing = [need for need in scene.row.needs if need not in given]
    if missing:
        problems.append(FieldProblem("/outcomes", f"Say what became of: {', '.join(missing)}."))
    allowed = who_may_end(scene.life.ending)
    if ended_by not in set(allowed):
        problems.append(FieldProblem("/ended_by", f"Choose one of: {', '.join(allowed)}."))
    return problems


def fail_referral(
    referral_id: UUID,
    *,
    by: Caller,
    at: datetime,
    attempts: Sequence[NewContactMade] = (),
    made: int = 0,
) -> Done:
    """They could not be reached, after the attempts this service makes; a number or each by itself counts.

    Raises Conflict while too few were made. No letter is sent.
    """
    if not 0 <= made <= MOST_ATTEMPTS or len(attempts) > MOST_ATTEMPTS:
        raise Invalid.field("/attempts", f"Give how many attempts were made, at most {MOST_ATTEMPTS}.")
    with scene_of(referral_id, by=by, at=at) as scene:
        rows = [_made(one, scene, f"/attempts/{place}") for place, one in enumerate(attempts)]
        for row in rows:
            row.attended = False
        changed = perform(
            scene,
            Act.FAIL,
            Given(attempts=len(rows) + made, content=said(*attempts, made)),
            outside=FAILED_OUTSIDE[Audience.SENDER_FULL],
            texts=[one.note for one in attempts],
        )
        if changed:
            scene.session.add_all(rows)
        return scene.done(changed=changed)


ENDED_BY_WORDS: dict[EndedBy, str] = {
    EndedBy.PERSON: "The person ended it",
    EndedBy.TOGETHER: "We ended it together",
    EndedBy.WORKER: "The worker ended it",
    EndedBy.MOVED_AWAY: "The person moved away",
    EndedBy.DIED: "The person died",
}
"""Words for "who ended it"."""
