"""One load of several files: all of them in one transaction, with a verdict for every line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import text
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from services.directory.actions.loading import bodies, places, services
from services.directory.actions.loading.outcomes import Outcome, Verdict
from services.directory.domain.sheets import Columns, Row, read_sheet
from services.directory.store.database import database
from services.directory.store.readiness import what_is_missing
from shared.errors import Invalid

Put = Callable[[Session, Row, datetime], Outcome]
NUMBERS_FILE = "emergency_numbers.csv"
# In the order in which one needs another.
SHEETS: dict[str, tuple[Columns, Put | None]] = {
    "places.csv": (places.PLACES, places.put_place),
    NUMBERS_FILE: (places.NUMBERS, None),
    "neighbours.csv": (places.NEIGHBOURS, places.put_neighbour),
    "organizations.csv": (bodies.ORGANIZATIONS, bodies.put_organization),
    "agreements.csv": (bodies.AGREEMENTS, bodies.put_agreement),
    "teams.csv": (bodies.TEAMS, bodies.put_team),
    "services.csv": (services.SERVICES, services.put_service),
}
_NAMES = ("key", "code", "name", "organization_a")


@dataclass(frozen=True)
class Loaded:
    """What a load did or would do; `kept` is False for a dry run and where a line was refused.

    `missing` says in sentences what the directory then still lacks for a referral to be routed.
    """

    verdicts: tuple[Verdict, ...]
    kept: bool
    missing: tuple[str, ...]

    def count(self, outcome: Outcome) -> int:
        """How many lines came out so."""
        return sum(each.outcome is outcome for each in self.verdicts)


def load_listings(files: Mapping[str, Iterable[str]], *, at: datetime, dry_run: bool = False) -> Loaded:
    """Bring the directory up to what `files` (name → lines) say; a second load of the same changes nothing.

    All or nothing: where any line is refused nothing is kept, and every line has its verdict. What no file
    names stays as it is. Raises Invalid for a file nobody knows or whose columns are wrong.
    """
    unknown = [name for name in files if name not in SHEETS]
    if unknown:
        raise Invalid.field("/files", f"{unknown[0]} is none of: {', '.join(SHEETS)}.")
    sheets = {
        name: read_sheet(name, files[name], columns) for name, (columns, _) in SHEETS.items() if name in files
    }
    verdicts: list[Verdict] = []
    with database.transaction() as session:
        # Two loads at once would each find nothing there and both add it.
        session.execute(text("select pg_advisory_xact_lock(hashtext('load listings'))"))
        session.execute(text("set local statement_timeout = 0"))
        for name, rows in sheets.items():
            verdicts += _load_sheet(session, name, rows, at)
        session.flush()
        missing = what_is_missing(session)
        kept = not dry_run and all(each.outcome is not Outcome.REFUSED for each in verdicts)
        if not kept:
            session.rollback()
    return Loaded(tuple(verdicts), kept, tuple(missing))


def find_what_is_missing() -> list[str]:
    """What the directory lacks now before a referral can be routed, in sentences."""
    with database.transaction() as session:
        return what_is_missing(session)


def _load_sheet(session: Session, name: str, rows: Iterable[Row], at: datetime) -> list[Verdict]:
    columns, put = SHEETS[name]
    counts: Counter[str] = Counter()
    lines: dict[tuple[str, ...], int] = {}
    verdicts = []
    for row in rows:
        place, about = row.text("place"), tuple(row.text(column).lower() for column in columns.by)
        if (earlier := lines.setdefault(about, row.number)) != row.number:
            why = f"Line {earlier} is about the same."
            verdicts.append(Verdict(row.file, row.number, _name(row), Outcome.REFUSED, why))
        elif put is not None:
            verdicts.append(_verdict(session, row, partial(put, session, row, at)))
        else:
            verdicts.append(_verdict(session, row, partial(places.put_number, session, row, counts[place])))
            counts[place] += 1
    for place, count in counts.items():
        places.end_numbers(session, place, count)
    return verdicts


def _verdict(session: Session, row: Row, put: Callable[[], Outcome]) -> Verdict:
    name = _name(row)
    try:
        with session.begin_nested():
            outcome = put()
            session.flush()
    except Invalid as wrong:
        why = " ".join(problem.detail for problem in wrong.errors)
        return Verdict(row.file, row.number, name, Outcome.REFUSED, why)
    except (IntegrityError, DataError) as wrong:
        return Verdict(row.file, row.number, name, Outcome.REFUSED, _rule(wrong))
    return Verdict(row.file, row.number, name, outcome)


def _name(row: Row) -> str:
    return next((row.text(column) for column in _NAMES if row.text(column)), "")


def _rule(wrong: IntegrityError | DataError) -> str:
    """Which of the tables' own rules a line breaks, where no sentence of ours said it before."""
    diagnosis = getattr(wrong.orig, "diag", None)
    rule = getattr(diagnosis, "constraint_name", None) or "form of a value"
    return f"It breaks a rule of the tables: {rule.replace('_', ' ')}."
