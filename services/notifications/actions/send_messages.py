"""Sending: leased in the database, looked at once more, handed over, written down; at any point killable.

A worker that dies leaves a lease that runs out; `take_back_leases` then queues the message again and it
goes under the same Message-ID, which the provider knows already or not.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from services.notifications.actions.last_check import last_check
from services.notifications.actions.verdicts import Ready, Stop, Verdict, Wait
from services.notifications.clients.providers import PROVIDERS, Provider, open_provider
from services.notifications.domain.delivery import Answer, Letter, Outcome
from services.notifications.domain.retry import MOST_TRIES, pause
from services.notifications.domain.rules import Channel
from services.notifications.domain.states import State, Step
from services.notifications.store import messages
from services.notifications.store.database import database
from services.notifications.store.providers import note
from services.notifications.store.tables.messages import Attempt, Message, Notice

AT_ONCE = 50
# Well below a task's time limit: what is not reached goes back untouched.
BATCH_SECONDS = 35.0
AWAY_PAUSE = timedelta(seconds=15)
SHOWN = "Shown in Linkwork."
GAVE_UP = "It could not be delivered after many tries. The last answer is kept with the tries."
KEEPS_STOPPING = "The worker stopped each time it tried to send this."


class Batch:
    """One run of one worker: its name, and what time it is while it runs."""

    def __init__(self, worker: str, at: datetime) -> None:
        self.worker = worker
        self._at = at
        self._began = time.monotonic()

    @property
    def now(self) -> datetime:
        """`at` of the run plus the time since it began."""
        return self._at + timedelta(seconds=time.monotonic() - self._began)

    @property
    def is_over(self) -> bool:
        """True when the rest should be left to the next run."""
        return time.monotonic() - self._began > BATCH_SECONDS


def send_due(at: datetime, worker: str, limit: int = AT_ONCE) -> int:
    """Send what is due, urgent first; returns how many messages were taken up."""
    batch = Batch(worker, at)
    with database.transaction() as session:
        taken = messages.take_due(session, at, worker, limit)
    if not taken:
        return 0
    verdicts = last_check(taken, at)
    _settle(batch, taken, verdicts)
    ready = [v for row in taken if isinstance(v := verdicts[row.id], Ready)]
    _show_inside(batch, [each for each in ready if each.message.channel == Channel.INBOX])
    for channel in PROVIDERS:
        of_channel = [each for each in ready if each.message.channel == channel]
        if of_channel:
            _hand_over(batch, channel, of_channel)
    return len(taken)


def _settle(batch: Batch, taken: Sequence[Message], verdicts: dict[UUID, Verdict]) -> None:
    """Cancel what may not go, put back what must wait."""
    closed = [row.id for row in taken if not isinstance(verdicts[row.id], Ready)]
    if not closed:
        return
    with database.transaction() as session:
        for row in messages.lock_leased(session, closed, batch.worker):
            verdict = verdicts[row.id]
            if isinstance(verdict, Stop):
                messages.move(row, Step.CANCEL, verdict.why)
            elif isinstance(verdict, Wait):
                messages.move(row, Step.PUT_BACK, verdict.why)
                row.due_at = verdict.until


def _show_inside(batch: Batch, ready: Sequence[Ready]) -> None:
    """The channel `inbox`: notice and state in one transaction, so that nothing can come between."""
    if not ready:
        return
    by_id = {each.message.id: each for each in ready}
    now = batch.now
    with database.transaction() as session:
        for row in messages.lock_leased(session, list(by_id), batch.worker):
            each = by_id[row.id]
            session.add(_notice(each, row, now))
            answer = Answer(Outcome.ACCEPTED, SHOWN)
            session.add(_attempt(row, now, answer))
            _told(row, each)
            row.tries += 1
            messages.move(row, Step.DELIVER)
            row.sent_at = now


def _notice(each: Ready, row: Message, now: datetime) -> Notice:
    return Notice(
        message_id=row.id,
        account_id=row.account_id,
        organization_id=row.organization_id,
        referral_id=row.referral_id,
        reference=each.reference,
        template=each.template,
        words=each.words,
        path=each.path,
        at=now,
    )


def _attempt(row: Message, now: datetime, answer: Answer | None = None) -> Attempt:
    if answer is None:
        return Attempt(message_id=row.id, at=now, answer="")
    return Attempt(message_id=row.id, at=now, answered_at=now, outcome=answer.outcome, answer=answer.words)


def _told(row: Message, each: Ready) -> None:
    row.told_name, row.told_address = each.name, each.address
    row.template, row.words, row.path = each.template, each.words, each.path
    row.reference = each.reference or row.reference
    row.told_as = each.told_as or row.event_type


def _hand_over(batch: Batch, channel: Channel, ready: Sequence[Ready]) -> None:
    """One by one over one connection; each answer is written down before the next letter goes."""
    with open_provider(channel) as provider:
        for place, each in enumerate(ready):
            if batch.is_over:
                _put_back(batch, ready[place:], timedelta(0))
                return
            answer = _try_one(batch, provider, each)
            if answer is not None and answer.away:
                _put_back(batch, ready[place + 1 :], AWAY_PAUSE)
                return


def _try_one(batch: Batch, provider: Provider, each: Ready) -> Answer | None:
    """None where the lease was lost and it was left to whoever has it now."""
    attempt = _begin(batch, each)
    if attempt is None:
        return None
    letter = Letter(each.message.letter_id, str(each.address), each.subject, each.text, attempt.at)
    answer = provider.send(letter)
    _write_down(batch, each, attempt, answer)
    return answer


def _begin(batch: Batch, each: Ready) -> Attempt | None:
    now = batch.now
    with database.transaction() as session:
        held = messages.lock_leased(session, [each.message.id], batch.worker)
        if not held:
            return None
        row = held[0]
        row.lease_until = now + messages.LEASE
        row.tries += 1
        row.sealed_url = each.sealed_url
        _told(row, each)
        attempt = _attempt(row, now)
        session.add(attempt)
    return attempt


def _write_down(batch: Batch, each: Ready, attempt: Attempt, answer: Answer) -> None:
    now = batch.now
    with database.transaction() as session:
        row = messages.lock(session, each.message.id)
        tried = session.get(Attempt, attempt.id)
        if row is None or tried is None:
            return
        tried.outcome, tried.answer, tried.answered_at = answer.outcome, answer.words, now
        if answer.outcome is Outcome.ACCEPTED and row.status == State.QUEUED:
            # The lease ran out while the provider was slow: it has gone all the same.
            messages.move(row, Step.TAKE)
        elif row.leased_by != batch.worker:
            return
        _after_answer(row, answer, now)
        note(session, Channel(row.channel), answers=not answer.away, words=answer.words, at=now)


def _after_answer(row: Message, answer: Answer, now: datetime) -> None:
    if answer.outcome is Outcome.ACCEPTED:
        messages.move(row, Step.HAND_OVER)
        row.sent_at = now
        return
    if answer.outcome is Outcome.PERMANENT:
        messages.move(row, Step.FAIL, answer.words[:200])
        return
    wait = pause(row.tries, random.random())  # noqa: S311 - spreads load
    if wait is None:
        messages.move(row, Step.FAIL, GAVE_UP)
        return
    messages.move(row, Step.PUT_BACK, answer.words[:200])
    row.due_at = now + wait
    if answer.outcome is Outcome.TEMPORARY:
        row.sealed_url = None


def _put_back(batch: Batch, ready: Sequence[Ready], wait: timedelta) -> None:
    """Untried; it counts as no try."""
    with database.transaction() as session:
        for row in messages.lock_leased(session, [each.message.id for each in ready], batch.worker):
            messages.move(row, Step.PUT_BACK, row.reason)
            row.due_at = batch.now + wait


def take_back_leases(at: datetime, limit: int = 500) -> int:
    """Queue again what a worker took and never finished; returns how many."""
    with database.transaction() as session:
        rows = messages.expired(session, at, limit)
        messages.close_open_attempts(session, [row.id for row in rows], at)
        for row in rows:
            _take_back(row, at)
        return len(rows)


def _take_back(row: Message, at: datetime) -> None:
    if row.tries >= MOST_TRIES:
        messages.move(row, Step.FAIL, KEEPS_STOPPING)
        return
    messages.move(row, Step.PUT_BACK, "The worker that had it stopped.")
    row.due_at = at


def check_mail_server(at: datetime) -> bool:
    """Ask the mail server whether it answers."""
    return check_provider(Channel.EMAIL, at)


def check_provider(channel: Channel, at: datetime) -> bool:
    """Ask a provider whether it answers, and keep what it said for the page that shows it."""
    with open_provider(channel) as provider:
        answer = provider.check()
    answers = answer.outcome is Outcome.ACCEPTED
    with database.transaction() as session:
        note(session, channel, answers=answers, words=answer.words, at=at, is_hand_over=False)
    return answers
