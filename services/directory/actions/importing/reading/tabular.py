"""HSDS tabular: a zip of CSV tables. What hangs on a service is kept in a table until its service is read."""

from __future__ import annotations

import zipfile
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import IO, Any
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from services.directory.actions.importing.limits import AT_ONCE
from services.directory.actions.importing.reading.items import Item, refuse
from services.directory.actions.importing.reading.sheet_rows import Row, csv_rows, encoding_of
from services.directory.actions.importing.reading.zips import open_zip
from services.directory.domain.importing.codec import storable
from services.directory.store.database import database
from services.directory.store.imports import ImportPart

Json = dict[str, Any]
LONGEST_ID = 300
_SERVICES = ("services", "service")
# Table: the name it is read by, and the columns that say what it hangs on; the first that says.
_PARTS: dict[str, tuple[str, ...]] = {
    "organizations": (),
    "locations": (),
    "taxonomies": (),
    "taxonomy_terms": (),
    "service_at_locations": ("service_id",),
    "addresses": ("location_id",),
    "accessibility": ("location_id",),
    "contacts": ("service_id", "service_at_location_id", "organization_id", "location_id"),
    "phones": ("contact_id", "service_id", "service_at_location_id", "organization_id", "location_id"),
    "schedules": ("service_at_location_id", "service_id", "location_id"),
    "cost_options": ("service_id",),
    "languages": ("phone_id", "service_id", "location_id"),
    "service_areas": ("service_id",),
    "funding": ("service_id", "organization_id"),
    "organization_identifiers": ("organization_id",),
    "attributes": ("link_id",),
}
_NAMES = {
    "organization": "organizations", "location": "locations", "taxonomy": "taxonomies",
    "taxonomy_term": "taxonomy_terms", "service_at_location": "service_at_locations", "address": "addresses",
    "physical_addresses": "addresses", "physical_address": "addresses", "contact": "contacts",
    "phone": "phones", "schedule": "schedules", "cost_option": "cost_options", "language": "languages",
    "service_area": "service_areas", "fundings": "funding", "attribute": "attributes",
    "organization_identifier": "organization_identifiers", "accessibility_for_disabilities": "accessibility",
}  # fmt: skip
Found = dict[str, dict[str, list[Json]]]


def tabular_items(file: IO[bytes], batch_id: UUID) -> Iterator[Item]:
    """Each service with all that hangs on it. Raises Invalid for tables that cannot be read."""
    with open_zip(file) as packed:
        tables = _tables(packed)
        main = next((tables.pop(name) for name in _SERVICES if name in tables), None)
        if main is None:
            raise refuse("The zip has no services.csv.")
        _keep_parts(packed, tables, batch_id)
        rows = _rows(packed, main)
        while lot := list(islice(rows, AT_ONCE)):
            yield from _assembled(lot, batch_id)


def _tables(packed: zipfile.ZipFile) -> dict[str, str]:
    """Table to member; others (a datapackage.json, a read-me) are no tables."""
    found: dict[str, str] = {}
    for member in packed.namelist():
        name = member.rpartition("/")[2].lower()
        if name.endswith(".csv") and not name.startswith("."):
            table = name.removesuffix(".csv")
            found.setdefault(_NAMES.get(table, table), member)
    return found


def _rows(packed: zipfile.ZipFile, member: str) -> Iterator[Row]:
    try:
        with packed.open(member) as first:
            encoding, _ = encoding_of(first)
        with packed.open(member) as again:
            yield from csv_rows(again, encoding)
    except (zipfile.BadZipFile, OSError, NotImplementedError) as wrong:
        raise refuse(f"{member} in the zip cannot be unpacked. Get it anew from its source.") from wrong


def _keep_parts(packed: zipfile.ZipFile, tables: dict[str, str], batch_id: UUID) -> None:
    with database.transaction() as session:
        session.execute(delete(ImportPart).where(ImportPart.batch_id == batch_id))
    for table, member in tables.items():
        owners = _PARTS.get(table, ())
        numbered = enumerate(_rows(packed, member))
        while lot := list(islice(numbered, AT_ONCE)):
            rows = [_part(batch_id, table, owners, number, cells) for number, (_, cells, _) in lot]
            with database.transaction() as session:
                session.execute(insert(ImportPart), rows)


def _part(batch_id: UUID, table: str, owners: Sequence[str], number: int, cells: Json) -> Json:
    cells = storable(cells)
    return {
        "batch_id": batch_id,
        "part": table[:40],
        "number": number,
        "own_id": cells.get("id", "")[:LONGEST_ID],
        "owner_id": next((cells[name] for name in owners if cells.get(name)), "")[:LONGEST_ID],
        "said": cells,
    }


def _assembled(lot: list[Row], batch_id: UUID) -> Iterator[Item]:
    said = [cells for _, cells, _ in lot]
    with database.transaction() as session:
        hang = _Hanging(session, batch_id)
        owners = {cells.get("organization_id", "") for cells in said}
        organizations = hang.by_own("organizations", owners)
        hang.load({cells.get("id", "") for cells in said} | owners)
        there = {row.get("id", "") for rows in hang.of("service_at_locations").values() for row in rows}
        people = {row.get("id", "") for rows in hang.of("contacts").values() for row in rows}
        places = {
            row.get("location_id", "") for rows in hang.of("service_at_locations").values() for row in rows
        }
        locations = hang.by_own("locations", places)
        hang.load(there | people | places)
        hang.load(
            {
                row.get("id", "")
                for t in ("phones", "accessibility")
                for rows in hang.of(t).values()
                for row in rows
            }
        )
        used = {row.get("taxonomy_term_id", "") for rows in hang.of("attributes").values() for row in rows}
        terms = hang.by_own("taxonomy_terms", used)
        taxonomies = hang.by_own("taxonomies", {row.get("taxonomy_id", "") for row in terms.values()})
    put = _Together(hang, organizations, locations, terms, taxonomies)
    for number, cells, trouble in lot:
        yield Item(f"services.csv line {number}", put.service(cells), unreadable=trouble)


class _Hanging:
    """Parts of a lot of services, by table and by what they hang on."""

    def __init__(self, session: Session, batch_id: UUID) -> None:
        self.session = session
        self.batch_id = batch_id
        self.found: Found = defaultdict(lambda: defaultdict(list))
        self._loaded: set[str] = {""}

    def of(self, table: str) -> dict[str, list[Json]]:
        return self.found[table]

    def load(self, owners: Collection[str]) -> None:
        """Everything that hangs on these."""
        wanted = [owner[:LONGEST_ID] for owner in set(owners) - self._loaded]
        self._loaded |= set(owners)
        rows = self.session.execute(
            select(ImportPart.part, ImportPart.owner_id, ImportPart.said)
            .where(
                ImportPart.batch_id == self.batch_id,
                ImportPart.part.in_(list(_PARTS)),
                ImportPart.owner_id.in_(wanted),
            )
            .order_by(ImportPart.part, ImportPart.number)
        )
        for part, owner, said in rows:
            self.found[part][owner].append(said)

    def by_own(self, table: str, ids: Collection[str]) -> dict[str, Json]:
        """Rows of a table by their own id."""
        rows = self.session.execute(
            select(ImportPart.own_id, ImportPart.said).where(
                ImportPart.batch_id == self.batch_id,
                ImportPart.part == table,
                ImportPart.own_id.in_([one[:LONGEST_ID] for one in ids if one]),
            )
        )
        return dict(rows.all())


class _Together:
    """Puts a service together in the shape of a feed."""

    def __init__(self, hang: _Hanging, organizations: dict[str, Json], locations: dict[str, Json],
                 terms: dict[str, Json], taxonomies: dict[str, Json]) -> None:  # fmt: skip
        self.hang = hang
        self.organizations = organizations
        self.locations = locations
        self.terms = terms
        self.taxonomies = taxonomies

    def service(self, cells: Json) -> Json:
        own = cells.get("id", "")
        item: Json = dict(cells)
        if owner := self.organizations.get(cells.get("organization_id", "")):
            item["organization"] = self._with(
                owner, "organization_identifiers", "attributes", "phones", "contacts"
            )
        item |= self._of(own, "cost_options", "languages", "service_areas", "funding", "attributes")
        item |= self._of(own, "schedules", "phones", "contacts")
        item["service_at_locations"] = [self._there(row) for row in self.hang.of("service_at_locations")[own]]
        return item

    def _there(self, row: Json) -> Json:
        place = self.locations.get(row.get("location_id", ""), {"id": row.get("location_id", "")})
        location = self._with(place, "addresses", "accessibility", "attributes")
        return {**row, **self._of(row.get("id", ""), "schedules", "phones", "contacts"), "location": location}

    def _with(self, row: Json, *tables: str) -> Json:
        return {**row, **self._of(row.get("id", ""), *tables)}

    def _of(self, owner: str, *tables: str) -> Json:
        found: Json = {}
        for table in tables:
            rows = self.hang.of(table).get(owner, []) if owner else []
            if table == "attributes":
                rows = [{**row, "taxonomy_term": self._term(row.get("taxonomy_term_id", ""))} for row in rows]
            elif table == "contacts":
                rows = [self._with(row, "phones") for row in rows]
            elif table in ("phones", "accessibility"):
                rows = [{**row, **self._of(row.get("id", ""), *_BELOW[table])} for row in rows]
            if rows:
                found[table] = rows
        return found

    def _term(self, own: str) -> Json:
        term = self.terms.get(own, {})
        named = self.taxonomies.get(term.get("taxonomy_id", ""), {}).get("name")
        return {**term, "taxonomy": term.get("taxonomy") or named or ""}


_BELOW = {"phones": ("languages",), "accessibility": ("attributes",)}
