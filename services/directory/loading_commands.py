"""Commands that load listings from published files, and the one that begins a new epoch of routing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TextIO, TypeVar

import click

from services.directory.actions.begin_epoch import begin_new_epoch
from services.directory.actions.load_postcodes import load_areas, load_postcodes
from services.directory.actions.load_practices import load_practices
from shared.clock import now
from shared.errors import Invalid

Loaded = TypeVar("Loaded")
_file = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
_dry_run = click.option("--dry-run", is_flag=True, help="Say what would be done, and keep nothing.")


@click.command("load-postcodes")
@_file
@_dry_run
def load_postcodes_command(file: Path, dry_run: bool) -> None:
    """Load postcodes from a CSV with ONSPD column names (pcds, oslaua, osward, lsoa21, lat, long …)."""
    done = _with_file(file, lambda lines: load_postcodes(lines, dry_run=dry_run))
    written = done.written
    click.echo(
        f"{_said(dry_run)}: {done.rows} rows, {written.added} new, {written.changed} changed, "
        f"{written.ended} ended."
    )


@click.command("load-areas")
@_file
@_dry_run
def load_areas_command(file: Path, dry_run: bool) -> None:
    """Load names of councils, wards and LSOAs from an ONS look-up CSV (WD24CD, WD24NM …)."""
    count = _with_file(file, lambda lines: load_areas(lines, dry_run=dry_run))
    click.echo(f"{_said(dry_run)}: {count} names of areas are new or changed.")


@click.command("load-practices")
@_file
@_dry_run
def load_practices_command(file: Path, dry_run: bool) -> None:
    """Load GP practices from an ODS epraccur CSV (no header)."""
    done = _with_file(file, lambda lines: load_practices(lines, at=now(), dry_run=dry_run))
    click.echo(
        f"{_said(dry_run)}: {done.rows} rows, {done.practices} GP practices "
        f"({done.closed} of them not open), {done.added} new, {done.changed} changed."
    )


@click.command("new-epoch")
def new_epoch_command() -> None:
    """Begin a new epoch of the routing snapshot: after a restore, so that copies are made anew."""
    click.echo(f"The epoch of the routing snapshot is now {begin_new_epoch(now())}.")


def _with_file(file: Path, load: Callable[[TextIO], Loaded]) -> Loaded:
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            return load(lines)
    except UnicodeDecodeError as wrong:
        raise click.ClickException(f"{file.name} is not written in UTF-8.") from wrong
    except Invalid as wrong:
        problems = "\n".join(f"  {problem.detail}" for problem in wrong.errors)
        raise click.ClickException(f"{file.name} was not loaded; nothing was kept.\n{problems}") from wrong


def _said(dry_run: bool) -> str:
    return "Only looked at" if dry_run else "Loaded"


COMMANDS: tuple[click.Command, ...] = (
    load_postcodes_command,
    load_areas_command,
    load_practices_command,
    new_epoch_command,
)
