"""The command that loads referrals which were open before Linkwork came."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from services.referrals.actions.loading.run import Outcome, Verdict, load_open
from services.referrals.domain.sheets import MOST_BYTES
from services.referrals.verdict_sheet import STANDARD, verdict_sheet
from shared.clock import now
from shared.errors import Invalid, Unavailable


@click.command("load-open")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be done, and keep nothing.")
@click.option("--organization", help="Take only what this organisation’s teams have (name, ODS code or id).")
@click.option(
    "--verdicts",
    type=click.Path(dir_okay=False, writable=True, allow_dash=True, path_type=Path),
    help="Write the verdict of every line to this CSV file (- for the standard output).",
)
def load_open_command(file: Path, dry_run: bool, organization: str | None, verdicts: Path | None) -> None:
    """Load open referrals from a CSV file (docs/going-live), telling nobody; 1 if any is refused.

    FILE is - for the standard input.
    """
    with verdict_sheet(verdicts, file) as write:
        found = _load(file, dry_run=dry_run, organization=organization)
        _say(found, dry_run=dry_run, err=verdicts == STANDARD)
        write(found)
    if any(each.outcome is Outcome.REFUSED for each in found):
        raise click.ClickException("Mend the lines that were refused and load the same file again.")


def _load(file: Path, *, dry_run: bool, organization: str | None) -> list[Verdict]:
    name = "The standard input" if file == STANDARD else file.name
    given = _read(file)
    if len(given) > MOST_BYTES:
        raise click.ClickException(f"{name} has more than {MOST_BYTES} bytes: load it in parts.")
    try:
        with io.TextIOWrapper(io.BytesIO(given), encoding="utf-8-sig", newline="") as lines:
            return load_open(lines, at=now(), dry_run=dry_run, organization=organization)
    except UnicodeDecodeError as wrong:
        raise click.ClickException(f"{name} is not written in UTF-8; nothing was loaded.") from wrong
    except Invalid as wrong:
        said = " ".join(problem.detail for problem in wrong.errors)
        raise click.ClickException(f"{name} was not loaded. {said}") from wrong
    except Unavailable as wrong:
        raise click.ClickException(wrong.detail) from wrong


def _read(file: Path) -> bytes:
    """At most one byte more than may be loaded."""
    if file == STANDARD:
        return sys.stdin.buffer.read(MOST_BYTES + 1)
    with file.open("rb") as there:
        return there.read(MOST_BYTES + 1)


def _say(found: Sequence[Verdict], *, dry_run: bool, err: bool) -> None:
    for each in found:
        # Lines go to a terminal: what the file says is not to move its cursor.
        if each.outcome is Outcome.REFUSED:
            click.echo(f"line {each.line}: refused. {_plain(each.why)}", err=err)
        elif each.note:
            click.echo(f"line {each.line}: {each.outcome}, {_plain(each.note)}.", err=err)
    counts = {outcome: sum(each.outcome is outcome for each in found) for outcome in Outcome}
    said = ", ".join(f"{count} {outcome}" for outcome, count in counts.items() if count) or "no lines"
    click.echo(f"{'Only looked at' if dry_run else 'Loaded'}: {said}. Nobody was told of anything.", err=err)


def _plain(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)
