"""Load the ONS Postcode Directory (CSV), whole or in part; and the names of areas."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from services.directory.domain.postcodes import PostcodeRow, check_columns, read_row
from services.directory.store.database import database
from services.directory.store.places import Area
from services.directory.store.polygon_postcodes import note_new_postcodes
from services.directory.store.postcode_loading import Written, note_renamed, receive, twice, write
from shared.errors import FieldProblem, Invalid

MOST_PROBLEMS = 20
# ONS's names of the columns of look-up files: WD24CD, WD24NM; or ward24_code, ward24_name.
_CODE_COLUMN = re.compile(r"(lsoa|ward|wd|ltla|lad)\d{0,4}_?(?:code|cd)")
_AREA_KINDS = {"lsoa": "lsoa", "ward": "ward", "wd": "ward", "ltla": "authority", "lad": "authority"}


@dataclass(frozen=True)
class PostcodesLoaded:
    """What a file held and what came of it."""

    rows: int
    written: Written


def load_postcodes(lines: Iterable[str], *, dry_run: bool = False) -> PostcodesLoaded:
    """Bring postcodes up to what an ONSPD file says; terminated ones (`doterm`) are taken out.

    All or nothing: raises `Invalid` naming up to 20 rows and fields where any cannot be taken. Loading the
    same file twice changes nothing. With `dry_run` nothing is kept.
    """
    reader = csv.DictReader(lines)
    check_columns(reader.fieldnames or ())
    problems: list[FieldProblem] = []
    with database.transaction() as session:
        count = receive(session, _good(reader, problems))
        problems += [
            FieldProblem("/rows", f"The postcode {pcds} is in the file more than once.")
            for pcds in twice(session)
        ]
        if problems:
            raise Invalid(problems[:MOST_PROBLEMS])
        written = write(session)
        note_new_postcodes(session)
        if dry_run:
            session.rollback()
    return PostcodesLoaded(count, written)


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


def _good(reader: csv.DictReader[str], problems: list[FieldProblem]) -> Iterator[PostcodeRow]:
    """Rows that can be taken, until too many cannot."""
    for number, row in enumerate(reader, start=2):
        try:
            yield read_row(_lower(row, number), number)
        except Invalid as wrong:
            problems.extend(wrong.errors)
            if len(problems) >= MOST_PROBLEMS:
                return


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
