"""Load the ONS Postcode Directory (CSV), whole or in part; and the names of areas."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from services.directory.actions.importing.batches import CONSOLE, one_at_a_time
from services.directory.domain.importing.records import BatchState, Format
from services.directory.domain.postcodes import PostcodeRow, check_columns, read_row
from services.directory.store.database import database
from services.directory.store.imports import ImportBatch
from services.directory.store.places import Area
from services.directory.store.polygon_postcodes import note_new_postcodes
from services.directory.store.postcode_loading import (
    Verdict,
    Written,
    drop_later_ones,
    note_renamed,
    receive,
    undo,
    verdicts,
    write,
)
from shared.errors import FieldProblem, Invalid

MOST_PROBLEMS = 20
SOURCE = "ONS Postcode Directory"
# ONS's names of the columns of look-up files: WD24CD, WD24NM; or ward24_code, ward24_name.
_CODE_COLUMN = re.compile(r"(lsoa|ward|wd|ltla|lad)\d{0,4}_?(?:code|cd)")
_AREA_KINDS = {"lsoa": "lsoa", "ward": "ward", "wd": "ward", "ltla": "authority", "lad": "authority"}


@dataclass(frozen=True)
class PostcodesLoaded:
    """What a file held and what came of it. `refused` rows are not kept; the first of them are named.

    `batch_id` is what it is rolled back by; None where nothing was changed, or kept.
    """

    rows: int
    written: Written
    refused: int
    problems: tuple[FieldProblem, ...]
    batch_id: UUID | None


def load_postcodes(
    lines: Iterable[str],
    *,
    at: datetime,
    origin: str,
    dry_run: bool = False,
    told: Callable[[Iterator[Verdict]], None] | None = None,
) -> PostcodesLoaded:
    """Bring postcodes up to what an ONSPD file says; terminated ones (`doterm`) are taken out.

    Rows that cannot be taken are refused, the others are one batch: `roll_back_postcodes`. Loading the same
    file twice changes nothing. `told` is given what became of each postcode. With `dry_run` nothing is
    kept. Raises Invalid where the file lacks columns, or no row of it can be taken.
    """
    reader = csv.DictReader(lines)
    check_columns(reader.fieldnames or ())
    refused = _Refused()
    with database.transaction() as session:
        one_at_a_time(session)
        batch = ImportBatch(
            id=uuid4(), source=SOURCE, origin=origin[:500], format=Format.POSTCODES, size=0,
            state=BatchState.APPLIED, made_by=CONSOLE, made_at=at, applied_at=at,
        )  # fmt: skip
        session.add(batch)
        session.flush()
        taken = receive(session, _good(reader, refused))
        rows = taken + refused.count
        for pcds in drop_later_ones(session):
            refused.add(FieldProblem("/rows", f"{pcds} is in the file more than once: the first holds."))
        if refused.count and not taken:
            raise Invalid(refused.named)
        written = write(session, batch.id)
        if told is not None:
            told(verdicts(session, batch.id))
        note_new_postcodes(session)
        done = PostcodesLoaded(
            rows,
            written,
            refused.count,
            tuple(refused.named),
            batch.id if written.all else None,
        )
        if dry_run:
            session.rollback()
            return replace(done, batch_id=None)
        if written.all:
            batch.counts, batch.notes = _told_of(done)
        else:
            session.delete(batch)
    return done


def roll_back_postcodes(session: Session, batch: ImportBatch) -> int:
    """Put back what a load of postcodes changed; how many. Raises Invalid where a later one stands on it."""
    later = select(ImportBatch.id).where(
        ImportBatch.format == Format.POSTCODES,
        ImportBatch.state == BatchState.APPLIED,
        ImportBatch.applied_at > batch.applied_at,
    )
    if session.scalar(select(exists(later))):
        raise Invalid.field("/batch", "Postcodes were loaded again since: roll the later load back first.")
    count = undo(session, batch.id)
    note_new_postcodes(session)
    return count


def _told_of(done: PostcodesLoaded) -> tuple[dict[str, dict[str, int]], list[str]]:
    """The counts and notes of a batch, as its page shows them."""
    written = done.written
    same = done.rows - done.refused - written.all
    counts = {
        "new": written.added,
        "changed": written.changed + written.ended,
        "same": same,
        "refused": done.refused,
    }
    notes = [f"{written.ended} of the changed have ended."] if written.ended else []
    return {"postcode": counts}, notes + [problem.detail for problem in done.problems]


class _Refused:
    """Rows that cannot be taken: how many, and the first by name."""

    def __init__(self) -> None:
        self.count = 0
        self.named: list[FieldProblem] = []

    def add(self, problem: FieldProblem) -> None:
        self.count += 1
        if len(self.named) < MOST_PROBLEMS:
            self.named.append(problem)


def load_areas(lines: Iterable[str], *, dry_run: bool = False) -> int:
    """Take the names of authorities, wards and LSOAs from an ONS look-up file; returns how many are new.

    Every column pair such as `WD24CD`, `WD24NM` or `ward24_code`, `ward24_name` is read.
    """
    reader = csv.DictReader(lines)
    pairs = _pairs(reader.fieldnames or ())
    wanted: dict[str, tuple[str, str]] = {}
    for row in reader:
        for code_column, name_column, kind in pairs:
            code, name = (row[code_column] or "").strip(), (row[name_column] or "").strip()
            if code and name:
                wanted[code] = (kind, name)
    wrong = [code for code in wanted if not re.fullmatch(r"[EWSN][0-9]{8}", code)]
    if wrong:
        raise Invalid.field("/rows", f"{wrong[0][:12]!r} is not an ONS area code.")
    with database.transaction() as session:
        there = {area.code: area for area in session.scalars(select(Area))}
        fresh = [code for code, (_, name) in wanted.items() if code not in there or there[code].name != name]
        for code in fresh:
            kind, name = wanted[code]
            session.merge(Area(code=code, kind=kind, name=name))
        session.flush()
        if fresh:
            note_renamed(session, fresh)
        if dry_run:
            session.rollback()
    return len(fresh)


def _good(reader: csv.DictReader[str], refused: _Refused) -> Iterator[PostcodeRow]:
    """Rows that can be taken."""
    for number, row in enumerate(reader, start=2):
        try:
            yield read_row(_lower(row, number), number)
        except Invalid as wrong:
            refused.add(wrong.errors[0])


def _lower(row: Mapping[str | None, str | None], number: int) -> dict[str, str | None]:
    if None in row:
        raise Invalid.field(f"/rows/{number}", f"Row {number}: it has more cells than the first row.")
    return {(name or "").strip().lower(): value for name, value in row.items()}


def _pairs(names: Iterable[str]) -> list[tuple[str, str, str]]:
    given = {name.strip().lower(): name for name in names}
    pairs = []
    for plain, name in given.items():
        found = _CODE_COLUMN.fullmatch(plain)
        other = re.sub(r"(code|cd)$", lambda m: "name" if m[0] == "code" else "nm", plain)
        if found and other in given:
            pairs.append((name, given[other], _AREA_KINDS[found[1]]))
    if not pairs:
        raise Invalid.field("/columns", "This file has no pair of columns such as WD24CD and WD24NM.")
    return pairs
