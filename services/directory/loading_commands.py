"""Commands that load listings from published files, and the one that begins a new epoch of routing."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TextIO, TypeVar

import click

from services.directory.actions.begin_epoch import begin_new_epoch
from services.directory.actions.load_pcns import load_pcns
from services.directory.actions.load_postcodes import load_areas, load_postcodes
from services.directory.actions.loading.outcomes import Outcome
from services.directory.actions.loading.run import SHEETS, find_what_is_missing, load_listings
from services.directory.actions.seed import seed
from services.directory.store.postcode_loading import Verdict
from shared.clock import now, uk_date
from shared.errors import FieldProblem, Invalid

Loaded = TypeVar("Loaded")
_file = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
_dry_run = click.option("--dry-run", is_flag=True, help="Say what would be done, and keep nothing.")


@click.command("load-postcodes")
@_file
@_dry_run
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write each one’s verdict as CSV here.",
)
def load_postcodes_command(file: Path, dry_run: bool, report: Path | None) -> None:
    """Load postcodes from a CSV with ONSPD column names (pcds, oslaua, osward, lsoa21, lat, long …)."""
    told = partial(_write_verdicts, report) if report else None
    done = _with_file(
        file, lambda lines: load_postcodes(lines, at=now(), origin=file.name, dry_run=dry_run, told=told)
    )
    written = done.written
    click.echo(
        f"{_said(dry_run)}: {done.rows} rows, {written.added} new, {written.changed} changed, "
        f"{written.ended} ended, {done.refused} refused."
    )
    for problem in done.problems:
        click.echo(f"  Refused. {problem.detail}")
    if done.batch_id:
        click.echo(f"To undo it: linkwork-directory rollback {done.batch_id}")


def _write_verdicts(report: Path, verdicts: Iterator[Verdict]) -> None:
    with report.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(("Postcode", "Verdict", "Field", "Was", "Is"))
        for one in verdicts:
            changes = one.changes or {"": ("", "")}
            lines.writerows((one.pcds, one.verdict, name, was, to) for name, (was, to) in changes.items())


@click.command("load-areas")
@_file
@_dry_run
def load_areas_command(file: Path, dry_run: bool) -> None:
    """Load names of councils, wards and LSOAs from an ONS look-up CSV (WD24CD, WD24NM …)."""
    count = _with_file(file, lambda lines: load_areas(lines, dry_run=dry_run))
    click.echo(f"{_said(dry_run)}: {count} names of areas are new or changed.")


@click.command("load-pcns")
@_file
@_dry_run
def load_pcns_command(file: Path, dry_run: bool) -> None:
    """Load primary care networks and their practices from an ODS epcncorepartnerdetails CSV."""
    done = _with_file(file, lambda lines: load_pcns(lines, on=uk_date(now()), dry_run=dry_run))
    click.echo(
        f"{_said(dry_run)}: {done.rows} rows, {done.networks} networks with {done.practices} practices, "
        f"{done.changed} changed."
    )


@click.command("seed")
def seed_command() -> None:
    """Put in the words every directory needs: sectors, connector roles, needs. Twice changes nothing."""
    click.echo(f"{seed(now())} words came new; what was there is as it was.")


@click.command("load-listings")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@_dry_run
def load_listings_command(folder: Path, dry_run: bool) -> None:
    """Load places, organisations, agreements, teams and services from CSV files (docs/listings)."""
    files = [folder / name for name in SHEETS if (folder / name).is_file()]
    if not files:
        raise click.ClickException(f"In {folder.name} is none of: {', '.join(SHEETS)}.")
    with ExitStack() as opened:
        lines = {
            file.name: opened.enter_context(file.open(encoding="utf-8-sig", newline="")) for file in files
        }
        with _explained(folder.name):
            done = load_listings(lines, at=now(), dry_run=dry_run)
    for verdict in done.verdicts:
        if verdict.outcome is not Outcome.SAME:
            where = f"{verdict.file} line {verdict.line}"
            click.echo(f"{where}: {verdict.name}: {verdict.outcome}. {verdict.why}".rstrip())
    counts = ", ".join(f"{done.count(outcome)} {outcome}" for outcome in Outcome)
    click.echo(f"{_said(dry_run) if done.kept or dry_run else 'Nothing was kept'}: {counts}.")
    _say_missing(done.missing)
    if done.count(Outcome.REFUSED):
        raise click.ClickException("Mend the lines that were refused, and load again.")


@click.command("what-is-missing")
def what_is_missing_command() -> None:
    """Say what the directory still lacks before a referral can be routed."""
    _say_missing(find_what_is_missing())


def _say_missing(missing: Sequence[str]) -> None:
    if not missing:
        click.echo("Nothing is missing: referrals find their way, and there is somebody to take them.")
        return
    click.echo("Still to do, before referrals find their way and somebody takes them:")
    for sentence in missing:
        click.echo(f"  {sentence}")


@click.command("new-epoch")
def new_epoch_command() -> None:
    """Begin a new epoch of the routing snapshot: after a restore, so that copies are made anew."""
    click.echo(f"The epoch of the routing snapshot is now {begin_new_epoch(now())}.")


def _with_file(file: Path, load: Callable[[TextIO], Loaded]) -> Loaded:
    with _explained(file.name), file.open(encoding="utf-8-sig", newline="") as lines:
        return load(lines)


@contextmanager
def _explained(name: str) -> Iterator[None]:
    try:
        yield
    except UnicodeDecodeError as wrong:
        raise click.ClickException(f"{name} is not written in UTF-8.") from wrong
    except Invalid as wrong:
        problems = "\n".join(f"  {_where(problem)}{problem.detail}" for problem in wrong.errors)
        raise click.ClickException(f"{name} was not loaded; nothing was kept.\n{problems}") from wrong


def _where(problem: FieldProblem) -> str:
    """The file and line that /teams.csv/3/kind points to; empty for others, whose words say it."""
    file, _, rest = problem.pointer.removeprefix("/").partition("/")
    return f"{file} line {rest.partition('/')[0]}: " if file in SHEETS and rest else ""


def _said(dry_run: bool) -> str:
    return "Only looked at" if dry_run else "Loaded"


COMMANDS: tuple[click.Command, ...] = (
    load_postcodes_command,
    load_areas_command,
    load_pcns_command,
    seed_command,
    load_listings_command,
    what_is_missing_command,
    new_epoch_command,
)
