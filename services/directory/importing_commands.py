"""Commands that import listings and roll an import back."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from services.directory.actions.importing import batches
from services.directory.actions.importing.seeing import Batch, report_lines, see_batch, see_rows
from services.directory.actions.importing.work import work_on
from services.directory.domain.importing.columns import FIELDS
from services.directory.domain.importing.records import BatchState, Format, RecordKind, Verdict
from shared.clock import now
from shared.errors import Conflict, Invalid, NotFound

MOST_NAMED = 20
_WORDS = {Verdict.POSSIBLE_DUPLICATE: "possible duplicates", Verdict.SAME: "the same"}
_KINDS = {RecordKind.TERM: "words", RecordKind.ORGANIZATION: "organisations", RecordKind.LOCATION: "venues",
          RecordKind.SERVICE: "services"}  # fmt: skip


@click.command("import")
@click.argument("source")
@click.option("--map", "maps", multiple=True, metavar="COLUMN=FIELD", help="What a column of a sheet says.")
@click.option("--format", "kind", type=click.Choice(list(Format)), help="Refuse the file unless it is this.")
@click.option("--source", "name", help="What the source is called: the same again for its next file.")
@click.option(
    "--sector", default="vcse", show_default=True, help="The sector of organisations that come new."
)
@click.option(
    "--report", type=click.Path(dir_okay=False, path_type=Path), help="Write the report as CSV here."
)
@click.option(
    "--keep-duplicates", is_flag=True, help="Keep possible duplicates too, as records of their own."
)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and keep nothing.")
def import_command(
    source: str,
    maps: Sequence[str],
    kind: str | None,
    name: str | None,
    sector: str,
    report: Path | None,
    keep_duplicates: bool,
    dry_run: bool,
) -> None:
    """Import listings from a file or an address: HSDS or Open Referral UK JSON, tabular zip, CSV, XLSX."""
    with _explained():
        batch_id = _begun(source, name or Path(source).name or source, sector)
        batch = see_batch(batch_id, None)
        if kind is not None and batch.format not in (None, kind):
            raise click.ClickException(f"The file is {batch.format}, not {kind}.")
        if batch.state is BatchState.MAPPING:
            _map(batch, maps)
        _work(batch_id, "Reading and checking")
    batch = see_batch(batch_id, None)
    _say_report(batch)
    if report is not None:
        report.write_text("".join(report_lines(batch_id, None)), encoding="utf-8")
        click.echo(f"The whole report is in {report.name}.")
    if batch.state is not BatchState.CHECKED:
        raise click.ClickException("Nothing was imported.")
    if dry_run:
        click.echo(f"Only looked at: nothing was kept. Batch {batch_id}")
        return
    batches.ask_to_apply(batch_id, keep_duplicates=keep_duplicates, by=None, at=now())
    _work(batch_id, "Keeping")
    batch = see_batch(batch_id, None)
    if batch.state is not BatchState.APPLIED:
        raise click.ClickException("Nothing was kept. " + " ".join(batch.why))
    click.echo(f"Imported. To undo it: linkwork-directory rollback {batch_id}")


@click.command("rollback")
@click.argument("batch_id", type=click.UUID)
@click.option(
    "--even-changed", is_flag=True, help="Also what somebody changed since: their changes are lost."
)
def rollback_command(batch_id: UUID, even_changed: bool) -> None:
    """Undo an import whole: what it brought is removed, what it changed is as it was before."""
    with _explained():
        batches.ask_to_roll_back(batch_id, even_changed=even_changed, by=None, at=now())
    _work(batch_id, "Rolling back")
    batch = see_batch(batch_id, None)
    if batch.state is not BatchState.ROLLED_BACK:
        for words in batch.why:
            click.echo(f"  {words}")
        raise click.ClickException(
            "Nothing was rolled back. Look at these first; --even-changed undoes what was changed since, too."
        )
    click.echo("Rolled back: the directory is as it was before this import.")


def _begun(source: str, name: str, sector: str) -> UUID:
    if source.startswith(("https://", "http://")):
        return batches.begin(name, source, None, at=now(), by=None, sector=sector)
    path = Path(source)
    if not path.is_file():
        raise click.ClickException(f"There is no file {path.name}. Give a file, or an address with https://.")
    with path.open("rb") as file:
        return batches.begin(name, path.name, file, at=now(), by=None, sector=sector)


def _map(batch: Batch, maps: Sequence[str]) -> None:
    mapping = dict(batch.mapping)
    for one in maps:
        heading, sign, field = (part.strip() for part in one.rpartition("="))
        if not sign:
            raise click.ClickException(f"Write --map as “Column=field”. Fields are: {', '.join(FIELDS)}.")
        mapping = {column: said for column, said in mapping.items() if said != field and column != heading}
        if field:
            mapping[heading] = field
    batches.set_mapping(batch.id, mapping, by=None)
    for heading, field in mapping.items():
        click.echo(f"  {heading} → {FIELDS[field][0].lower()}")
    if left := [one for one in batch.headings if one not in mapping]:
        click.echo(f"  kept beside, not shown: {', '.join(left)}")


def _work(batch_id: UUID, words: str) -> None:
    """Do the work here and now, with a bar; the worker of the service leaves it alone meanwhile."""
    bars: dict[str, Any] = {}

    def told(done: int, total: int | None) -> None:
        if total is not None:
            bars["total"] = total
        whole = bars.get("total")
        if sys.stderr.isatty():
            share = f"{done * 100 // whole:3d}% ({done} of {whole})" if whole else f"{done}"
            click.echo(f"\r{words}: {share}   ", nl=False, err=True)

    while not work_on(batch_id, now(), told) and see_batch(batch_id, None).is_at_work:
        # Another process has it in hand already.
        time.sleep(0.5)
    if sys.stderr.isatty():
        click.echo("", err=True)


def _say_report(batch: Batch) -> None:
    for words in (*batch.notes, *batch.why):
        click.echo(words)
    for kind, label in _KINDS.items():
        of = batch.counts.get(kind, {})
        if of:
            counts = ", ".join(f"{of.get(one, 0)} {_WORDS.get(one, one)}" for one in Verdict)
            click.echo(f"{label}: {counts}")
    rows, more = see_rows(batch.id, None, verdict=Verdict.REFUSED)
    for row in rows[:MOST_NAMED]:
        click.echo(f"  {row.where}: {row.name}: refused. {' '.join(one['detail'] for one in row.why)}")
    if more or len(rows) > MOST_NAMED:
        click.echo("  … and more: see --report.")
    noted = Counter(one["field"] for row in _noted(batch.id) for one in row)
    if noted:
        click.echo(
            "Something was mended or left out in: "
            + ", ".join(f"{n} {name}" for name, n in noted.most_common())
        )


def _noted(batch_id: UUID) -> Iterator[Sequence[Any]]:
    after: int | None = 0
    while after is not None:
        rows, after = see_rows(batch_id, None, verdict="noted", after=after)
        yield from (row.notes for row in rows)


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except Invalid as wrong:
        raise click.ClickException("\n".join(problem.detail for problem in wrong.errors)) from wrong
    except (Conflict, NotFound) as wrong:
        raise click.ClickException(wrong.detail) from wrong


COMMANDS: tuple[click.Command, ...] = (import_command, rollback_command)
