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


def work_on_all(at: datetime) -> int:
    """Go on with every batch nobody else works on; returns how many steps were done."""
    with database.transaction() as session:
        waiting = session.scalars(
            select(ImportBatch.id).where(ImportBatch.state.in_(AT_WORK)).order_by(ImportBatch.made_at)
        ).all()
    return sum(work_on(batch_id, at) for batch_id in waiting)


def work_on(batch_id: UUID, at: datetime, told: Say | None = None) -> int:
    """Do all the steps of one batch that are to be done; 0 where somebody else does them, or none are."""
    steps = 0
    with batches.the_only_worker(batch_id) as mine:
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
    if state == BatchState.READING:
        _tried(batch_id, BatchState.REFUSED, lambda: _read(batch_id, say))
    elif state == BatchState.CHECKING:
        _check(batch_id, say)
    elif state == BatchState.APPLYING:
        _tried(batch_id, BatchState.CHECKED, lambda: apply_batch(batch_id, at, say))
    elif state == BatchState.ROLLING_BACK:
        _tried(batch_id, BatchState.APPLIED, lambda: roll_back_batch(batch_id, at, say))
    else:
        return False
    return True


def _tried(batch_id: UUID, otherwise: BatchState, act: Callable[[], None]) -> None:
    try:
        act()
    except Invalid as wrong:
        batches.fail(batch_id, wrong, otherwise)
        if otherwise is BatchState.REFUSED:
            with database.transaction() as session:
                drop_file(session, batch_id)


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
