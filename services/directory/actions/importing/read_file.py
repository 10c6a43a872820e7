"""Read the file of a batch, or its address, into rows: one for each record it speaks of."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from services.directory.actions.importing import batches, limits
from services.directory.actions.importing.files import drop_file, open_file, put_file
from services.directory.actions.importing.reading.items import Item, refuse
from services.directory.actions.importing.reading.json_items import json_items
from services.directory.actions.importing.reading.kinds import format_of
from services.directory.actions.importing.reading.sheet_rows import csv_lines, encoding_of
from services.directory.actions.importing.reading.tabular import tabular_items
from services.directory.clients.listing_feeds import Feed
from services.directory.domain.importing.codec import to_json
from services.directory.domain.importing.columns import item_of
from services.directory.domain.importing.feed_items import Source, records_of, refused_row
from services.directory.domain.importing.matching import match_keys
from services.directory.domain.importing.own_sheet import OwnRow, is_own
from services.directory.domain.importing.practices import practice_record
from services.directory.domain.importing.records import (
    BatchState,
    Format,
    Problem,
    Record,
    RecordKind,
    plain_name,
)
from services.directory.domain.taxonomies import NEEDS
from services.directory.store.database import database
from services.directory.store.imports import ImportBatch, ImportRow
from services.directory.store.organizations import Organization
from services.directory.store.taxonomy import TaxonomyTerm
from shared.errors import TooLarge, Unavailable

LONGEST_KEY = 300
Values = dict[str, Any]
SAME_ID = "An earlier item has the same id: only the first is taken. Give each an id of its own."
SAME_THING = (
    "An earlier row has the same organisation, name and postcode: only the first is taken. If they are two, "
    "give each an id of its own in a column."
)


def read_batch(batch_id: UUID, say: Callable[[int, int | None], None]) -> None:
    """Rows for all that the file holds. A batch read in part before is read anew. Raises Invalid."""
    with database.transaction() as session:
        batch = session.get_one(ImportBatch, batch_id)
        session.execute(delete(ImportRow).where(ImportRow.batch_id == batch_id))
        source = _source(session, batch)
    items = _items(batch)
    about = RecordKind.ORGANIZATION if batch.format == Format.PRACTICES else RecordKind.SERVICE
    number = seen = 0
    while lot := list(islice(items, limits.AT_ONCE)):
        seen += len(lot)
        if seen > limits.MOST_RECORDS:
            raise refuse(f"It holds more than {limits.MOST_RECORDS} items: import it in parts.")
        records = [record for item in lot for record in _records(item, source, batch.format)]
        with database.transaction() as session:
            number = _keep(session, batch_id, records, number, about)
        say(seen, None)
    if seen == 0:
        raise refuse("It holds no rows.")


def _items(batch: ImportBatch) -> Iterator[Item]:
    if not batch.size:
        yield from _from_address(batch)
        return
    kind = Format(batch.format or Format.JSON)
    if kind is Format.JSON:
        yield from json_items(open_file(batch.id))
    elif kind is Format.TABULAR:
        yield from tabular_items(open_file(batch.id), batch.id)
    elif kind is Format.PRACTICES:
        file = open_file(batch.id)
        for number, row, trouble in csv_lines(file, encoding_of(file)[0]):
            yield Item(f"row {number}", row, unreadable=trouble)
    else:
        ours = is_own(batch.headings)
        for number, cells, trouble in batches.sheet_rows(batch.id, kind):
            said = OwnRow(cells) if ours else item_of(cells, batch.mapping)
            yield Item(f"row {number}", said, raw=cells, unreadable=trouble)


def _from_address(batch: ImportBatch) -> Iterator[Item]:
    try:
        feed = Feed(batch.origin)
        if feed.is_paged:
            batches.move(batch.id, BatchState.READING, format=Format.JSON)
            for where, said in feed.items():
                yield Item(where, said)
            return
    except (Unavailable, TooLarge) as wrong:
        raise refuse(wrong.detail) from wrong
    # A file that stands at an address.
    with database.transaction() as session:
        drop_file(session, batch.id)
        size = put_file(session, batch.id, io.BytesIO(feed.body))
    kind = format_of(open_file(batch.id))
    if kind in (Format.CSV, Format.XLSX, Format.PRACTICES):
        raise refuse(
            "There is a sheet at the address. Download it, and import the file, to say which column is what."
        )
    batches.move(batch.id, BatchState.READING, format=kind, size=size)
    if kind is Format.JSON:
        yield from json_items(open_file(batch.id))
    else:
        yield from tabular_items(open_file(batch.id), batch.id)


def _records(item: Item, source: Source, kind: str | None) -> list[Record]:
    if item.unreadable:
        return [refused_row(source, item.where, item.raw or item.said, item.unreadable)]
    if kind == Format.PRACTICES:
        practice = practice_record(item.said, item.where, source.name)
        return [practice] if practice else []
    return records_of(item.said, item.where, source, item.raw)


def _source(session: Session, batch: ImportBatch) -> Source:
    own = None
    if batch.organization_id is not None:
        own = (batch.organization_id, session.get_one(Organization, batch.organization_id).name)
    needs = session.execute(
        select(TaxonomyTerm.code, TaxonomyTerm.name).where(
            TaxonomyTerm.taxonomy == NEEDS, ~TaxonomyTerm.retired
        )
    )
    known = {word.lower(): code for code, name in needs for word in (code, name)}
    return Source(batch.source, batch.sector or "", own, known)


def _keep(session: Session, batch_id: UUID, records: Sequence[Record], number: int, about: RecordKind) -> int:
    """Rows for these records. What was spoken of already gets none; of the kind that the file's items are
    `about`, a second of one id is refused.
    """
    there = session.execute(
        select(ImportRow.kind, ImportRow.external_record_id).where(
            ImportRow.batch_id == batch_id,
            ImportRow.external_record_id.in_([record.record_id for record in records]),
        )
    )
    seen: set[tuple[str, UUID]] = {(kind, own) for kind, own in there}
    postcodes = {
        one.record_id: one.said.get("postal_code") for one in records if one.kind is RecordKind.LOCATION
    }
    rows = []
    for record in records:
        problems = record.problems
        if (record.kind.value, record.record_id) in seen:
            if record.kind is not about:
                continue
            words = SAME_THING if "|" in record.external_id else SAME_ID
            problems = (*problems, Problem("id", words))
        seen.add((record.kind.value, record.record_id))
        number += 1
        rows.append(_row(batch_id, number, record, problems, postcodes))
    if rows:
        session.execute(insert(ImportRow), rows)
    return number


def _row(
    batch_id: UUID,
    number: int,
    record: Record,
    problems: Sequence[Problem],
    postcodes: Mapping[UUID, str | None],
) -> Values:
    venues = [postcodes.get(one.location_id) for one in record.said.get("locations", ())]
    return {
        "batch_id": batch_id,
        "number": number,
        "kind": record.kind,
        "place": record.where[:100],
        "name": record.name[:LONGEST_KEY],
        "plain_name": plain_name(record.name)[:LONGEST_KEY],
        "external_id": record.external_id[:LONGEST_KEY],
        "external_record_id": record.record_id,
        "record_id": record.record_id,
        "why": to_json([vars(one) for one in problems]),
        "notes": to_json([vars(one) for one in record.notes]),
        "keys": match_keys(record.said, venues),
        "said": to_json(record.said),
        "raw": record.raw,
    }
