"""An organisation's listings to take away: HSDS JSON that can be imported again, or a sheet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.directory.domain import csv_out, hsds_out
from services.directory.store.queries.export import Export, names_of
from shared.auth import Caller, Role
from shared.errors import NotFound

# Excel takes a sheet for UTF-8 only where it begins so.
_BYTE_ORDER_MARK = "\ufeff"


class Form(StrEnum):
    """How listings are written."""

    HSDS = "hsds"
    CSV = "csv"


CONTENT_TYPES = {Form.HSDS: "application/json", Form.CSV: "text/csv; charset=utf-8"}
ENDINGS = {Form.HSDS: "json", Form.CSV: "csv"}


@dataclass(frozen=True)
class Exports:
    """What somebody may take away: the organisations by name, and all that is published."""

    organizations: tuple[tuple[UUID, str], ...]
    everybody: bool


def what_may_be_exported(by: Caller) -> Exports:
    """The organisations the caller is an admin of; the forum's admin may take everybody's."""
    return Exports(tuple(names_of(_own(by))), by.has(Role.FORUM_ADMIN))


def export_services(organization_id: UUID | None, form: Form, *, by: Caller, at: datetime) -> Iterator[str]:
    """The listings of an organisation, by its admin; of everybody (None), by the forum's admin.

    Of others than one's own organisations it is what everybody sees: nothing unpublished, no private venue.
    Raises NotFound for somebody who may not. The pieces are read as they are taken.
    """
    own = _own(by)
    if organization_id is None:
        if not by.has(Role.FORUM_ADMIN):
            raise NotFound
        return services_export(Export(own, others=True, at=at), form)
    if organization_id not in own:
        raise NotFound
    return services_export(Export([organization_id], others=False, at=at), form)


def export_for_operator(organization_id: UUID | None, form: Form, *, at: datetime) -> Iterator[str]:
    """As `export_services`, for whoever runs the directory: everything, unpublished and private ones too."""
    own = None if organization_id is None else [organization_id]
    return services_export(Export(own, others=False, at=at), form)


def services_export(export: Export, form: Form) -> Iterator[str]:
    """The pieces of an export, one service in each."""
    return _as_json(export) if form is Form.HSDS else _as_csv(export)


def _own(by: Caller) -> frozenset[UUID]:
    return frozenset(org for org in by.orgs if by.has(Role.ORG_ADMIN, Role.FORUM_ADMIN, org=org))


def _as_json(export: Export) -> Iterator[str]:
    """A page of HSDS. Its counts stand after its contents: only then are they known."""
    yield '{"contents": ['
    between, total = "\n", 0
    for entry, facts, whole in export.each():
        yield between + json.dumps(hsds_out.service(entry, facts, whole=whole), ensure_ascii=False)
        between, total = ",\n", total + 1
    counts = {"total_items": total, "total_pages": 1, "page_number": 1, "size": total}
    place = {"first_page": True, "last_page": True, "empty": total == 0}
    yield "\n], " + json.dumps(counts | place).removeprefix("{") + "\n"


def _as_csv(export: Export) -> Iterator[str]:
    yield _BYTE_ORDER_MARK + _line(list(csv_out.COLUMNS))
    for entry, facts, _ in export.each():
        yield _line(csv_out.row(entry, facts))


def _line(cells: list[str]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue()
