"""Batches of imports: made, looked up, moved on. Whoever may not know of one finds none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import IO, Any
from uuid import UUID, uuid4

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from services.directory.actions.importing.files import open_file, put_file
from services.directory.actions.importing.limits import MOST_BYTES
from services.directory.actions.importing.reading.kinds import format_of
from services.directory.actions.importing.reading.sheet_rows import (
    csv_rows,
    encoding_of,
    first_rows,
    heading_row,
    xlsx_rows,
)
from services.directory.domain.importing.columns import check_mapping, guess
from services.directory.domain.importing.own_sheet import is_own
from services.directory.domain.importing.records import BatchState, Format
from services.directory.store.database import database
from services.directory.store.imports import ImportBatch, ImportRow
from services.directory.store.organizations import Organization
from services.directory.store.relay import AccessLog
from services.directory.store.taxonomy import Sector
from shared import audit
from shared.auth import Caller, Role
from shared.errors import Conflict, Invalid, NotFound

CONSOLE = "console"
LONGEST_SOURCE = 120
LONGEST_ORIGIN = 500
SHOWN_ROWS = 3
_SHEETS = (Format.CSV, Format.XLSX)


def begin(
    source: str,
    origin: str,
    file: IO[bytes] | None,
    *,
    at: datetime,
    by: Caller | None,
    organization_id: UUID | None = None,
    sector: str = "vcse",
    most: int = MOST_BYTES,
) -> UUID:
    """Take a file in, or the address `origin` where there is none; it is read and checked by the worker.

    `by` None is the console. `organization_id` limits it to one organisation's listings; an organisation's
    admin has to say which. Raises Invalid for what cannot be imported, NotFound for somebody who may not.
    """
    _may_begin(by, organization_id)
    if file is None and len(origin) > LONGEST_ORIGIN:
        raise Invalid.field("/address", f"Give an address of at most {LONGEST_ORIGIN} letters.")
    name = " ".join(source.split())
    if not name or len(name) > LONGEST_SOURCE:
        raise Invalid.field("/source", f"Give the source a name of at most {LONGEST_SOURCE} letters.")
    batch_id = uuid4()
    with database.transaction() as session:
        if organization_id is not None and session.get(Organization, organization_id) is None:
            raise NotFound
        if session.get(Sector, sector) is None:
            raise Invalid.field(
                "/sector",
                "There is no such sector here. Choose one that is; a new directory has them when somebody "
                "has run linkwork-directory seed.",
            )
        session.add(
            ImportBatch(
                id=batch_id,
                source=name,
                origin=origin.replace("\0", "").encode(errors="replace").decode()[:LONGEST_ORIGIN],
                size=0,
                organization_id=organization_id,
                sector=sector,
                state=BatchState.MAPPING,
                made_by=by.sub if by else CONSOLE,
                made_at=at,
            )
        )
        session.flush()
        size = put_file(session, batch_id, file, most) if file is not None else 0
        session.execute(update(ImportBatch).where(ImportBatch.id == batch_id).values(size=size))
        _log(session, by, "import_begun", batch_id, at)
    try:
        _look_at(batch_id)
    except Invalid as wrong:
        fail(batch_id, wrong)
        raise
    return batch_id


def set_mapping(batch_id: UUID, mapping: Mapping[str, str], *, by: Caller | None) -> None:
    """Say which column says what; the batch is read then. Raises Invalid, Conflict, NotFound."""
    with database.transaction() as session:
        batch = find(session, batch_id, by, lock=True)
        if batch.state not in (BatchState.MAPPING, BatchState.CHECKED) or batch.format not in _SHEETS:
            raise Conflict("This batch has no columns to set any more.")
        check_mapping(mapping, batch.headings)
        batch.mapping = dict(mapping)
        batch.state = BatchState.READING


def sample_of(batch: ImportBatch) -> list[dict[str, str]]:
    """The first rows of a sheet, heading to text."""
    return first_rows(sheet_rows(batch.id, Format(batch.format or Format.CSV)), SHOWN_ROWS)


def sheet_rows(batch_id: UUID, kind: Format) -> Iterator[tuple[int, dict[str, str], str]]:
    """The rows of a sheet. Raises Invalid where it cannot be read."""
    file = open_file(batch_id)
    if kind is Format.XLSX:
        return xlsx_rows(file)
    return csv_rows(file, encoding_of(file)[0])


def find(session: Session, batch_id: UUID, by: Caller | None, *, lock: bool = False) -> ImportBatch:
    """A batch the caller may see. Raises NotFound."""
    wanted = select(ImportBatch).where(ImportBatch.id == batch_id)
    batch = session.scalars(wanted.with_for_update() if lock else wanted).one_or_none()
    if batch is None or not _may_see(by, batch):
        raise NotFound("There is no such import, or it is not yours to see.")
    return batch


def ask_to_apply(batch_id: UUID, *, keep_duplicates: bool, by: Caller | None, at: datetime) -> None:
    """Have a checked batch applied. Asked twice it is applied once. Raises Conflict, NotFound."""
    with database.transaction() as session:
        batch = find(session, batch_id, by, lock=True)
        if batch.state in (BatchState.APPLYING, BatchState.APPLIED):
            return
        if batch.state != BatchState.CHECKED:
            raise Conflict("This batch cannot be applied as it stands. Look at its page again.")
        batch.state, batch.done, batch.why = BatchState.APPLYING, 0, []
        batch.keep_duplicates = keep_duplicates
        _log(session, by, "import_applied", batch_id, at)


def ask_to_roll_back(batch_id: UUID, *, even_changed: bool, by: Caller | None, at: datetime) -> None:
    """Have an applied batch undone whole. Asked twice it is undone once. Raises Conflict, NotFound."""
    with database.transaction() as session:
        batch = find(session, batch_id, by, lock=True)
        if batch.state in (BatchState.ROLLING_BACK, BatchState.ROLLED_BACK):
            return
        if batch.state != BatchState.APPLIED:
            raise Conflict("Only what was applied can be rolled back. Look at its page again.")
        batch.state, batch.done, batch.why = BatchState.ROLLING_BACK, 0, []
        batch.even_changed = even_changed
        _log(session, by, "import_rolled_back", batch_id, at)


def move(batch_id: UUID, state: BatchState, **values: Any) -> None:
    """The worker's own step on."""
    with database.transaction() as session:
        session.execute(update(ImportBatch).where(ImportBatch.id == batch_id).values(state=state, **values))


def progress(batch_id: UUID, done: int, total: int | None = None) -> None:
    """Say how far the step at hand has come; seen by others at once."""
    values = {"done": done} | ({} if total is None else {"total": total})
    with database.transaction() as session:
        session.execute(update(ImportBatch).where(ImportBatch.id == batch_id).values(**values))


def fail(batch_id: UUID, wrong: Invalid, state: BatchState = BatchState.REFUSED) -> None:
    """The file as a whole cannot be taken, or the step not done: say why."""
    words = [problem.detail for problem in wrong.errors][:200] or [wrong.detail]
    move(batch_id, state, why=words)


@contextmanager
def the_only_worker(name: str) -> Iterator[bool]:
    """True where nobody else has this name in hand; held while the block lasts, however it ends."""
    with database.engine.connect() as connection:
        key = {"key": f"import {name}"}
        got = bool(connection.scalar(text("select pg_try_advisory_lock(hashtext(:key))"), key))
        connection.commit()
        try:
            yield got
        finally:
            if got:
                connection.execute(text("select pg_advisory_unlock(hashtext(:key))"), key)
                connection.commit()


def try_once_more(batch_id: UUID) -> int:
    """A step is begun: how often it has been, this time counted."""
    with database.transaction() as session:
        wanted = update(ImportBatch).where(ImportBatch.id == batch_id).values(tries=ImportBatch.tries + 1)
        return session.scalars(wanted.returning(ImportBatch.tries)).one()


def move_on(batch_id: UUID) -> None:
    """The step came to an end: the next begins anew to count."""
    with database.transaction() as session:
        session.execute(update(ImportBatch).where(ImportBatch.id == batch_id).values(tries=0))


def one_at_a_time(session: Session) -> None:
    """Imports and loads of listings come one after the other, and take the time they need."""
    session.execute(text("set local lock_timeout = 0"))
    session.execute(text("select pg_advisory_xact_lock(hashtext('load listings'))"))
    session.execute(text("set local statement_timeout = 0"))


def counts_of(session: Session, batch_id: UUID) -> dict[str, dict[str, int]]:
    """How many records have which verdict: kind → verdict → number."""
    rows = session.execute(
        select(ImportRow.kind, ImportRow.verdict, func.count())
        .where(ImportRow.batch_id == batch_id, ImportRow.verdict.is_not(None))
        .group_by(ImportRow.kind, ImportRow.verdict)
    )
    found: dict[str, dict[str, int]] = {}
    for kind, verdict, count in rows:
        found.setdefault(kind, {})[str(verdict)] = count
    return found


def own_organizations(by: Caller) -> Sequence[UUID]:
    """The organisations the caller may import for; the forum's admin may for all besides."""
    return sorted({one.org for one in by.memberships if one.role is Role.ORG_ADMIN})


def _look_at(batch_id: UUID) -> None:
    """Find out what the file is; sheets wait for their columns to be confirmed."""
    with database.transaction() as session:
        size = session.scalar(select(ImportBatch.size).where(ImportBatch.id == batch_id))
    if not size:
        with database.transaction() as session:
            is_file = not _is_address(session, batch_id)
        if is_file:
            raise Invalid.field("/file", "The file is empty.")
        move(batch_id, BatchState.READING)
        return
    kind = format_of(open_file(batch_id))
    values: dict[str, Any] = {"format": kind}
    if kind in _SHEETS:
        heads = heading_row(open_file(batch_id), kind is Format.XLSX)
        ours = is_own(heads)
        values |= {"headings": heads, "mapping": {} if ours else guess(heads)}
        if kind is Format.CSV and (words := encoding_of(open_file(batch_id))[1]):
            values["notes"] = [words]
        # Of a sheet that was written here nobody has to say which column is what.
        move(batch_id, BatchState.READING if ours else BatchState.MAPPING, **values)
    else:
        move(batch_id, BatchState.READING, **values)


def _is_address(session: Session, batch_id: UUID) -> bool:
    origin = session.scalar(select(ImportBatch.origin).where(ImportBatch.id == batch_id)) or ""
    return origin.startswith(("https://", "http://"))


def _may_begin(by: Caller | None, organization_id: UUID | None) -> None:
    if by is None or by.has(Role.FORUM_ADMIN):
        return
    if organization_id is None or not by.has(Role.ORG_ADMIN, org=organization_id):
        raise NotFound


def _may_see(by: Caller | None, batch: ImportBatch) -> bool:
    if by is None or by.has(Role.FORUM_ADMIN):
        return True
    return batch.organization_id is not None and by.has(Role.ORG_ADMIN, org=batch.organization_id)


def _log(session: Session, by: Caller | None, act: str, batch_id: UUID, at: datetime) -> None:
    if by is not None:
        audit.record(
            session, AccessLog, by, act=act, purpose="listings from elsewhere", subjects=[batch_id], at=at
        )
