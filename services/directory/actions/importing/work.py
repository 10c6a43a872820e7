"""Go on with the imports that wait for it. Each step begins from a row: one cut short is done anew."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from services.directory.actions.importing import batches
from services.directory.actions.importing.apply import apply_batch
from services.directory.actions.importing.check import check_batch
from services.directory.actions.importing.files import drop_file
from services.directory.actions.importing.read_file import read_batch
from services.directory.actions.importing.roll_back import roll_back_batch
from services.directory.domain.importing.records import AT_WORK, BatchState, Format
from services.directory.store.database import database
from services.directory.store.imports import ImportBatch
from shared.errors import Invalid

Say = Callable[[int, int | None], None]
SECONDS_BETWEEN_SAYING = 0.5
# A step that is cut short (a restart, a lost database) is done anew, so often.
MOST_TRIES = 5
# Where a batch goes back to when a step cannot be done.
_OTHERWISE = {
    BatchState.READING: BatchState.REFUSED,
    BatchState.CHECKING: BatchState.REFUSED,
    BatchState.APPLYING: BatchState.CHECKED,
    BatchState.ROLLING_BACK: BatchState.APPLIED,
}


def work_on_all(at: datetime) -> int:
    """Go on with every batch nobody else works on; returns how many steps were done.

    One process of the service's worker does so at a time: the others are for what cannot wait.
    """
    with database.transaction() as session:
        waiting = session.scalars(
            select(ImportBatch.id)
            .where(ImportBatch.state.in_(AT_WORK))
            # One that was cut short lets the others go first.
            .order_by(ImportBatch.tries, ImportBatch.made_at)
        ).all()
    with batches.the_only_worker("of all") as mine:
        return sum(work_on(batch_id, at) for batch_id in waiting) if mine else 0


def work_on(batch_id: UUID, at: datetime, told: Say | None = None) -> int:
    """Do all the steps of one batch that are to be done; 0 where somebody else does them, or none are."""
    steps = 0
    with batches.the_only_worker(str(batch_id)) as mine:
        while mine and _step(batch_id, at, _Saying(batch_id, told)):
            steps += 1
    return steps


class _Saying:
    """Tells how far a step has come: to the page by the row, and to who asked."""

    def __init__(self, batch_id: UUID, told: Say | None) -> None:
        self.batch_id = batch_id
        self.told = told
        self._last = 0.0

    def __call__(self, done: int, total: int | None) -> None:
        if self.told is not None:
            self.told(done, total)
        if total is not None or time.monotonic() - self._last > SECONDS_BETWEEN_SAYING:
            batches.progress(self.batch_id, done, total)
            self._last = time.monotonic()


def _step(batch_id: UUID, at: datetime, say: Say) -> bool:
    with database.transaction() as session:
        state = session.scalar(select(ImportBatch.state).where(ImportBatch.id == batch_id))
    if state not in AT_WORK:
        return False
    otherwise = _OTHERWISE[BatchState(state)]
    try:
        if batches.try_once_more(batch_id) > MOST_TRIES:
            raise _given_up()
        _do(BatchState(state), batch_id, at, say)
    except Invalid as wrong:
        batches.fail(batch_id, wrong, otherwise)
        if otherwise is BatchState.REFUSED:
            with database.transaction() as session:
                drop_file(session, batch_id)
    batches.move_on(batch_id)
    return True


def _do(state: BatchState, batch_id: UUID, at: datetime, say: Say) -> None:
    if state is BatchState.READING:
        _read(batch_id, say)
    elif state is BatchState.CHECKING:
        _check(batch_id, say)
    elif state is BatchState.APPLYING:
        apply_batch(batch_id, at, say)
    else:
        roll_back_batch(batch_id, at, say)


def _given_up() -> Invalid:
    return Invalid.field(
        "/batch",
        f"It was begun {MOST_TRIES} times and never came to its end. Ask whoever runs the directory to look "
        "at the log of its worker.",
    )


def _read(batch_id: UUID, say: Say) -> None:
    read_batch(batch_id, say)
    with database.transaction() as session:
        batch = session.get_one(ImportBatch, batch_id)
        batch.state, batch.done, batch.total = BatchState.CHECKING, 0, None
        if batch.format in (Format.JSON, Format.TABULAR):
            # Sheets stay until they are applied: their columns may be set anew.
            drop_file(session, batch_id)


def _check(batch_id: UUID, say: Say) -> None:
    check_batch(batch_id, say)
    with database.transaction() as session:
        counts = batches.counts_of(session, batch_id)
    batches.move(batch_id, BatchState.CHECKED, counts=counts)
