"""Load primary care networks and their practices from the NHS ODS table `epcncorepartnerdetails`."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, insert, select, text
from sqlalchemy.orm import Session

from services.directory.domain.listings import AreaKind
from services.directory.domain.ods_networks import Partner, is_heading, read_partner
from services.directory.store.database import database
from services.directory.store.pcns import Pcn, PracticeInPcn
from services.directory.store.routing_marks import Mark, mark
from services.directory.store.services import ServiceArea
from shared.errors import FieldProblem, Invalid

MOST_PROBLEMS = 20
_ROWS_AT_ONCE = 5_000


@dataclass(frozen=True)
class PcnsLoaded:
    """What a file held on the day, and how many memberships differ from before."""

    rows: int
    networks: int
    practices: int
    changed: int


def load_pcns(lines: Iterable[str], *, on: date, dry_run: bool = False) -> PcnsLoaded:
    """Bring networks up to what the file says of the day `on`; what is not in it any more is taken out.

    A network that some service names stays, without practices. All or nothing: raises `Invalid` naming up to
    20 rows and fields. With `dry_run` nothing is kept.
    """
    count, partners = _read(lines)
    holding = {one.practice_ods: one for one in partners if one.holds(on)}
    names = {one.pcn_code: one.pcn_name for one in partners if one.holds(on)}
    with database.transaction() as session:
        session.execute(text("select pg_advisory_xact_lock(hashtext('load pcns'))"))
        before = dict(session.execute(select(PracticeInPcn.practice_ods, PracticeInPcn.pcn_code)).all())
        after = {one.practice_ods: one.pcn_code for one in holding.values()}
        changed = {ods for ods in before.keys() | after.keys() if before.get(ods) != after.get(ods)}
        touched = {code for ods in changed for code in (before.get(ods), after.get(ods)) if code}
        if not dry_run:
            _write(session, names, after)
            _mark_services(session, touched)
    return PcnsLoaded(count, len(names), len(after), len(changed))


def _read(lines: Iterable[str]) -> tuple[int, list[Partner]]:
    partners: list[Partner] = []
    problems: list[FieldProblem] = []
    number = 0
    for number, row in enumerate(csv.reader(lines), start=1):
        if number == 1 and is_heading(row):
            continue
        try:
            partners.append(read_partner(row, number))
        except Invalid as wrong:
            problems += wrong.errors
        if len(problems) >= MOST_PROBLEMS:
            break
    if problems:
        raise Invalid(problems[:MOST_PROBLEMS])
    if not partners:
        raise Invalid.field("/rows", "There is no practice in this file.")
    return number, partners


def _write(session: Session, names: dict[str, str], after: dict[str, str]) -> None:
    session.execute(delete(PracticeInPcn))
    named = set(session.scalars(select(ServiceArea.code).where(ServiceArea.kind == AreaKind.PCN)))
    session.execute(delete(Pcn).where(Pcn.code.not_in(names.keys() | named)))
    there = {row.code: row for row in session.scalars(select(Pcn))}
    for code, name in names.items():
        if code in there:
            there[code].name = name
    session.flush()
    new = [{"code": code, "name": name} for code, name in names.items() if code not in there]
    rows = [{"practice_ods": ods, "pcn_code": code} for ods, code in after.items()]
    for table, values in ((Pcn, new), (PracticeInPcn, rows)):
        for n in range(0, len(values), _ROWS_AT_ONCE):
            session.execute(insert(table), values[n : n + _ROWS_AT_ONCE])


def _mark_services(session: Session, networks: set[str]) -> None:
    found = session.scalars(
        select(ServiceArea.service_id)
        .where(ServiceArea.kind == AreaKind.PCN, ServiceArea.code.in_(networks))
        .distinct()
    )
    mark(session, [Mark("service", str(one)) for one in found])
