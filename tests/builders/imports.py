"""Imports from the file to the end, as the worker does them; a feed and sheets to import."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.directory.actions.importing import batches
from services.directory.actions.importing.seeing import Batch, SeenRow, see_batch, see_rows
from services.directory.actions.importing.work import work_on
from services.directory.store.database import database
from services.directory.store.locations import Location
from services.directory.store.organizations import Organization
from services.directory.store.queries.documents import (
    location_documents,
    organization_documents,
    service_documents,
)
from services.directory.store.services import Service
from shared.auth import Caller

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def an_item(n: int, **fields: Any) -> dict[str, Any]:
    """A service in the shape of a feed, each of another organisation and venue."""
    return {
        "id": f"svc-{n}",
        "name": f"Example group {n}",
        "description": "<p>Come &amp; talk.</p>",
        "status": "active",
        "email": f"group{n}@listings.example",
        "organization": {"id": f"org-{n}", "name": f"Example body {n}", "description": "A body."},
        "service_at_locations": [
            {
                "id": f"sal-{n}",
                "location": {
                    "id": f"loc-{n}",
                    "name": f"Hall {n}",
                    "addresses": [
                        {"address_1": f"{n} Example Road", "city": "York", "postal_code": "YO1 7HH"}
                    ],
                },
            }
        ],
        "schedules": [{"description": "Tuesdays 10am - 12pm"}],
        **fields,
    }


def a_file(items: Sequence[Any]) -> io.BytesIO:
    """A page of a feed."""
    return io.BytesIO(json.dumps({"total_pages": 1, "contents": list(items)}).encode())


def a_sheet(rows: Sequence[Sequence[str]]) -> io.BytesIO:
    """A CSV file."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return io.BytesIO(text.getvalue().encode())


def a_zip(tables: Mapping[str, Sequence[Sequence[str]]]) -> io.BytesIO:
    """HSDS tabular."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        for name, rows in tables.items():
            packed.writestr(f"{name}.csv", a_sheet(rows).getvalue())
    file.seek(0)
    return file


def check(
    file: io.BytesIO,
    *,
    by: Caller | None = None,
    source: str = "Example feed",
    organization_id: UUID | None = None,
) -> Batch:
    """Taken in, read and checked; of a sheet the guessed columns hold."""
    batch_id = batches.begin(source, "feed.json", file, at=AT, by=by, organization_id=organization_id)
    if see_batch(batch_id, None).state == "mapping":
        batches.set_mapping(batch_id, see_batch(batch_id, None).mapping, by=by)
    work_on(batch_id, AT)
    return see_batch(batch_id, None)


def apply(batch: Batch, *, keep_duplicates: bool = False, at: datetime = AT) -> Batch:
    """Kept."""
    batches.ask_to_apply(batch.id, keep_duplicates=keep_duplicates, by=None, at=at)
    work_on(batch.id, at)
    return see_batch(batch.id, None)


def roll_back(batch: Batch, *, even_changed: bool = False) -> Batch:
    """Undone."""
    batches.ask_to_roll_back(batch.id, even_changed=even_changed, by=None, at=LATER)
    work_on(batch.id, LATER)
    return see_batch(batch.id, None)


def rows_of(batch: Batch, **wanted: Any) -> list[SeenRow]:
    """Its rows."""
    return see_rows(batch.id, None, **wanted)[0]


def everything() -> dict[str, Any]:
    """All documents of the directory."""
    with database.transaction() as session:
        return {
            "services": service_documents(session, list(session.scalars(select(Service.id)))),
            "organizations": organization_documents(session, list(session.scalars(select(Organization.id)))),
            "locations": location_documents(session, list(session.scalars(select(Location.id)))),
        }
