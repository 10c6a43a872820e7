"""The command that loads referrals which were open before Linkwork came."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import click

from services.referrals.actions.loading.run import Outcome, Verdict, load_open
from services.referrals.domain.sheets import MOST_BYTES
from shared.clock import now
from shared.errors import Invalid, Unavailable

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A cell that begins so is worked out by a spreadsheet instead of being shown."""


@click.command("load-open")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be done, and keep nothing.")
@click.option("--organization", help="Take only what this organisation’s teams have (name, ODS code or id).")
@click.option(
    "--verdicts",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write the verdict of every line to this CSV file.",
)
def load_open_command(file: Path, dry_run: bool, organization: str | None, verdicts: Path | None) -> None:
    """Load open referrals from a CSV file (docs/going-live), telling nobody; 1 if any is refused."""
    if file.stat().st_size > MOST_BYTES:
        raise click.ClickException(f"{file.name} has more than {MOST_BYTES} bytes: load it in parts.")
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            found = load_open(lines, at=now(), dry_run=dry_run, organization=organization)
    except UnicodeDecodeError as wrong:
        raise click.ClickException(f"{file.name} is not written in UTF-8; nothing was loaded.") from wrong
    except Invalid as wrong:
        said = " ".join(problem.detail for problem in wrong.errors)
        raise click.ClickException(f"{file.name} was not loaded. {said}") from wrong
    except Unavailable as wrong:
        raise click.ClickException(wrong.detail) from wrong
    if verdicts is not None:
        _write(verdicts, found)
    _say(found, dry_run=dry_run)
    if any(each.outcome is Outcome.REFUSED for each in found):
        raise click.ClickException("Mend the lines that were refused and load the same file again.")


def _say(found: Sequence[Verdict], *, dry_run: bool) -> None:
    for each in found:
        # Lines go to a terminal: what the file says is not to move its cursor.
        if each.outcome is Outcome.REFUSED:
            click.echo(f"line {each.line}: refused. {_plain(_why(each))}")
        elif each.note:
            click.echo(f"line {each.line}: {each.outcome}, {_plain(each.note)}.")
    counts = {outcome: sum(each.outcome is outcome for each in found) for outcome in Outcome}
    said = ", ".join(f"{count} {outcome}" for outcome, count in counts.items() if count) or "no lines"
    click.echo(f"{'Only looked at' if dry_run else 'Loaded'}: {said}. Nobody was told of anything.")


def _why(each: Verdict) -> str:
    return " ".join(f"{p.column}: {p.words}" if p.column else p.words for p in each.problems)


def _plain(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)


def _write(path: Path, found: Sequence[Verdict]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(("line", "external_id", "verdict", "columns", "why"))
        for each in found:
            columns = " ".join(problem.column for problem in each.problems)
            cells = (each.external_id, str(each.outcome), columns, _why(each) or each.note)
            sheet.writerow((each.line, *map(_safe, cells)))


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
