"""Lines of the NHS ODS file `epraccur` as records: GP practices are organisations of the health sector."""

from __future__ import annotations

from collections.abc import Sequence

from services.directory.domain.documents import Identifier
from services.directory.domain.importing.codec import storable
from services.directory.domain.importing.feed_items import SECTOR_OF_NEW
from services.directory.domain.importing.records import Problem, Record, RecordKind, record_id
from services.directory.domain.listings import OrganizationStatus
from services.directory.domain.ods import ODS_SCHEME, read_practice
from shared.errors import Invalid

SECTOR = "health"


def practice_record(cells: Sequence[str], where: str, source: str) -> Record | None:
    """The practice of one line; None for another prescriber. A line with faults is a record refused."""
    code = cells[0].strip() if cells else ""
    own = record_id(source, RecordKind.ORGANIZATION, code or where)
    raw = storable(list(cells))
    try:
        practice = read_practice(cells)
    except Invalid as wrong:
        problems = tuple(Problem(one.pointer.strip("/"), one.detail) for one in wrong.errors)
        name = cells[1] if len(cells) > 1 else "(unreadable)"
        return Record(RecordKind.ORGANIZATION, where, name, code, own, problems=problems, raw=raw)
    if practice is None:
        return None
    said = {
        "name": practice.name,
        "address": practice.address,
        "postal_code": practice.postal_code,
        "status": OrganizationStatus.ACTIVE if practice.open else OrganizationStatus.CLOSED,
        "closed_on": practice.closed_on,
        "identifiers": frozenset({Identifier(ODS_SCHEME, practice.ods_code)}),
        SECTOR_OF_NEW: SECTOR,
    }
    return Record(RecordKind.ORGANIZATION, where, practice.name, code, own, said=said, raw=raw)
