"""Loading open referrals from a file: each line is its own transaction and has its own verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from psycopg.errors import UniqueViolation
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.referrals.actions.heeding import is_alert
from services.referrals.actions.holding import Holding, agreements_of
from services.referrals.actions.loading.finding import organization_named
from services.referrals.actions.loading.keep_open import keep_open
from services.referrals.actions.loading.open_rows import (
    OPTIONAL,
    REQUIRED,
    OpenRow,
    read_open_row,
)
from services.referrals.actions.passing_on import WHY_NOT
from services.referrals.actions.same_request import keys_of_request
from services.referrals.actions.seeing import SYSTEM
from services.referrals.domain.holding import why_not_hold
from services.referrals.domain.same_request import normalise_name
from services.referrals.domain.sheets import Line, Problem, read_lines
from services.referrals.domain.working_days import uk_day
from services.referrals.store import referrals as store
from services.referrals.store.database import database
from services.referrals.store.directory import Directory, read_directory
from services.referrals.store.guard import Keys, external_lock, find_same, lock_keys
from services.referrals.store.relay import AccessLog
from services.referrals.store.tables import Referral
from shared import audit
from shared.errors import Invalid, Unavailable

PURPOSE = "load open referrals"


class Outcome(StrEnum):
    """What became of one line."""

    LOADED = "loaded"
    WOULD_LOAD = "would load"
    HERE = "already here"
    REFUSED = "refused"


@dataclass(frozen=True)
class Verdict:
    """One line: its number, the id it has in the file, what became of it and, where refused, why.

    `note` is what somebody should know of one that is taken, or where it is already. No name is in it.
    """

    line: int
    external_id: str
    outcome: Outcome
    problems: tuple[Problem, ...] = ()
    note: str = ""

    @property
    def why(self) -> str:
        """Every problem with its column; empty where the line is taken."""
        return " ".join(f"{p.column}: {p.words}" if p.column else p.words for p in self.problems)


@dataclass
class _Load:
    """One run: what earlier lines of the same file said is compared with too, also in a dry run."""

    at: datetime
    dry_run: bool
    organization_id: UUID | None
    ids: dict[tuple[UUID, str, str], int] = field(default_factory=dict)
    keys: dict[str, int] = field(default_factory=dict)


def load_open(
    lines: Iterable[str], *, at: datetime, dry_run: bool = False, organization: str | None = None
) -> list[Verdict]:
    """Load what `lines` say, and a verdict for each; what is refused leaves the others as they are.

    Every line is all or nothing. The same file again changes nothing: a line is known by its `source_system`
    and `external_id`, and by the guard against the same request. `organization` (name, ODS code or id) lets
    only its own teams' referrals in. Nobody is told of anything, and a dry run stores nothing.

    Raises Invalid where the file as a whole cannot be read, Unavailable while the copy of the directory is
    older than a minute or not whole.
    """
    found = read_lines(lines, required=REQUIRED, optional=OPTIONAL)
    with database.transaction() as session:
        directory = read_directory(session)
    if not directory.is_fresh(at):
        raise Unavailable(
            "The directory has not been heard of within a minute: start it and its worker first."
        )
    load = _Load(at, dry_run, _only_for(organization, directory))
    return [_load_line(line, load) for line in found]


def _only_for(organization: str | None, directory: Directory) -> UUID | None:
    if organization is None:
        return None
    asked = Line(0, {"organization": organization})
    found = organization_named(asked, "organization", directory)
    if found is None:
        raise Invalid.field("/organization", asked.problems[0].words)
    return found


def _load_line(line: Line, load: _Load) -> Verdict:
    for left in (1, 0):
        try:
            with database.transaction() as session:
                return _look_and_load(session, line, load)
        except IntegrityError as broken:
            # Behind the locks stand unique indexes; whoever meets one looks again and finds the first.
            if not isinstance(broken.orig, UniqueViolation) or not left:
                raise
    raise AssertionError("unreachable")


def _look_and_load(session: Session, line: Line, load: _Load) -> Verdict:
    directory = read_directory(session)
    told = read_open_row(line, directory, load.at) if not line.problems else None
    if told is None:
        return _refused(line)
    keys = _keys_of(told)
    if not _is_first_in_file(line, told, keys, load):
        return _refused(line)
    _refuse_unheld(line, told, directory, load)
    there = _find(session, line, told, keys)
    if line.problems:
        return _refused(line)
    ident = line.text("external_id") or ""
    if there is not None:
        _remember(line, told, keys, load)
        if not load.dry_run:
            _log(session, "load (already here)", there, load.at)
        return Verdict(line.number, ident, Outcome.HERE, note=f"reference {there.reference}")
    note = "words of danger or safeguarding: it stands at the top of the queue" if is_alert(told.new) else ""
    if load.dry_run:
        _remember(line, told, keys, load)
        return Verdict(line.number, ident, Outcome.WOULD_LOAD, note=note)
    row = keep_open(session, told, keys, directory, load.at)
    _log(session, "load", row, load.at)
    _remember(line, told, keys, load)
    said = "; ".join(part for part in (f"reference {row.reference}", note) if part)
    return Verdict(line.number, ident, Outcome.LOADED, note=said)


def _refused(line: Line) -> Verdict:
    return Verdict(line.number, line.text("external_id") or "", Outcome.REFUSED, tuple(line.problems))


def _log(session: Session, act: str, row: Referral, at: datetime) -> None:
    subjects = [row.id, row.person_id]
    audit.record(session, AccessLog, SYSTEM, act=act, purpose=PURPOSE, subjects=subjects, at=at)


def _keys_of(told: OpenRow) -> Keys:
    sender = told.by.org
    if sender is None:
        raise ValueError("a line that was read names its sender")
    return keys_of_request(told.new, sender)


def _id_in_file(told: OpenRow) -> tuple[UUID, str, str]:
    """Two organisations may both have a spreadsheet whose first line is number 1."""
    source, ident = told.new.external or ("", "")
    return told.team_org, source, ident


def _is_first_in_file(line: Line, told: OpenRow, keys: Keys, load: _Load) -> bool:
    earlier = load.ids.get(_id_in_file(told))
    if earlier is not None:
        line.refuse("external_id", f"Line {earlier} has the same id: every referral has its own.")
    same = next((load.keys[key.digest] for key in keys.known if key.digest in load.keys), None)
    if same is not None and earlier is None:
        line.refuse("", f"Line {same} is the same person, sender and service: one open referral is enough.")
    return not line.problems


def _remember(line: Line, told: OpenRow, keys: Keys, load: _Load) -> None:
    load.ids[_id_in_file(told)] = line.number
    for key in keys.known:
        load.keys[key.digest] = line.number


def _refuse_unheld(line: Line, told: OpenRow, directory: Directory, load: _Load) -> None:
    """Nobody is lost: the team has to be one that may have it, and in which somebody sees it."""
    if load.organization_id is not None and told.team_org != load.organization_id:
        line.refuse("team", "This load is for another organisation’s teams alone.")
        return
    new, on = told.new, uk_day(load.at)
    why = why_not_hold(
        told.by.org,
        told.team_org,
        new.lawful_basis or "",
        agreements_of(new, load.at),
        directory.sharing,
        on,
    )
    if why is not None:
        line.refuse("team", WHY_NOT[why])
    elif not Holding.of_new(new, told.by, load.at).is_worked_in(told.team_id, directory, on):
        line.refuse("team", "Nobody in that team could see this: give it a lead, or a worker who is named.")


def _find(session: Session, line: Line, told: OpenRow, keys: Keys) -> Referral | None:
    """The one that is here already; a problem where what is here is not what the line says."""
    client, external = told.by.sub, told.new.external or ("", "")
    lock_keys(session, keys.known, external_lock(client, external))
    same, by_external = find_same(session, keys, client=client, external=external)
    if by_external is not None:
        if not _is_same_person(session, by_external, told):
            line.refuse("external_id", "Somebody else was loaded under this id: give this one its own.")
        return by_external
    for row in same:
        if row.restricted and row.author_id != told.author_id:
            # A colleague keeps it to themself: it is not there for anybody else, nor is it any bar.
            continue
        if row.owner_team_id != told.team_id:
            line.refuse("team", f"It is open with another team, as {row.reference}: look there first.")
        return row
    return None


def _is_same_person(session: Session, row: Referral, told: OpenRow) -> bool:
    """Whether anything that says who it is agrees: a name may be mended in the file, a number added."""
    here, said = store.person_of(session, row), told.new.person
    names = normalise_name(here.given_name), normalise_name(here.family_name)
    if names == (normalise_name(said.given_name), normalise_name(said.family_name)):
        return True
    known = [(here.nhs_number, said.nhs_number), (here.date_of_birth, said.date_of_birth)]
    return any(one is not None and one == other for one, other in known)
