"""The sheet with the verdicts of a load: its way out is open before anything is stored."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import click

from services.referrals.actions.loading.run import Verdict

STANDARD = Path("-")
"""Standard input or standard output."""
_HEAD = ("line", "external_id", "verdict", "columns", "why")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A cell that begins so is worked out by a spreadsheet instead of being shown."""

Write = Callable[[Sequence[Verdict]], None]


@contextmanager
def verdict_sheet(path: Path | None, source: Path) -> Iterator[Write]:
    """What writes the verdicts of loading `source` to `path` (`-`: standard output; None: nowhere).

    What stands in the file stays until then. Raises ClickException before the load where nothing can be
    written there, and after it where the writing fails: the same load again writes them.
    """
    if path is None:
        yield lambda _: None
        return
    is_new = path != STANDARD and not os.path.exists(path)
    sheet = _opened(path, source)
    try:
        with sheet:
            yield lambda found: _write(sheet, path, found)
    finally:
        if is_new and path.is_file() and not path.stat().st_size:
            path.unlink()


def _opened(path: Path, source: Path) -> TextIO:
    if path == STANDARD:
        return os.fdopen(os.dup(1), "w", encoding="utf-8", newline="")
    if source != STANDARD and os.path.exists(path) and path.samefile(source):
        raise click.ClickException(
            f"{path} is the file to be loaded. Nothing was loaded: give the verdicts a file of their own."
        )
    try:
        return path.open("a", encoding="utf-8", newline="")
    except OSError as wrong:
        raise click.ClickException(
            f"The verdicts cannot be written to {path}: {wrong.strerror}. Nothing was loaded: name a file in"
            " a folder that is there and that you may write to, or - for the standard output."
        ) from wrong


def _write(sheet: TextIO, path: Path, found: Sequence[Verdict]) -> None:
    try:
        if path.is_file():
            sheet.truncate(0)
        rows = csv.writer(sheet)
        rows.writerow(_HEAD)
        for each in found:
            columns = " ".join(problem.column for problem in each.problems)
            cells = (each.external_id, str(each.outcome), columns, each.why or each.note)
            rows.writerow((each.line, *map(_safe, cells)))
        sheet.close()
    except OSError as wrong:
        raise click.ClickException(
            f"The verdicts could not be written to {path}: {wrong.strerror}. What was loaded stays. Mend that"
            " and load the same file again: it changes nothing and writes them."
        ) from wrong


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
