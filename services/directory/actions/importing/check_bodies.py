"""Verdicts of words, organisations and venues."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.directory.actions.importing.judging import Judge, Row
from services.directory.actions.importing.known import (
    Where,
    by_identifier,
    known_terms,
    organizations,
    places,
)
from services.directory.domain.documents import LocationDoc, OrganizationDoc, Term
from services.directory.domain.importing.codec import said_from_json, to_json
from services.directory.domain.importing.feed_items import SECTOR_OF_NEW
from services.directory.domain.importing.own_sheet import NAME_OF_NEW
from services.directory.domain.importing.records import Format, RecordKind, Verdict, plain_name
from services.directory.domain.listings import OrganizationStatus
from services.directory.store.organizations import Organization
from services.directory.store.queries.documents import location_documents, organization_documents
from services.directory.store.taxonomy import Sector, Taxonomy, TaxonomyTerm

Said = dict[str, Any]
_TIES = ("host_id", "parent_id")
NOT_YOURS = "It is of another organisation: this import is for one organisation’s own listings."


def check_terms(judge: Judge, rows: Sequence[Row]) -> None:
    """Words of others' taxonomies: those not known here are new."""
    ours = set(judge.session.scalars(select(Taxonomy.code).where(Taxonomy.ours)))
    wanted = [(row.said["taxonomy"], row.said["code"]) for row in rows]
    there = {
        (taxonomy, code): own
        for taxonomy, code, own in judge.session.execute(
            select(TaxonomyTerm.taxonomy, TaxonomyTerm.code, TaxonomyTerm.id).where(
                TaxonomyTerm.taxonomy.in_({taxonomy for taxonomy, _ in wanted})
            )
        )
    }
    for row, word in zip(rows, wanted, strict=True):
        if word in there:
            row.record_id, row.verdict = there[word], Verdict.SAME
        elif word[0] in ours:
            row.refuse(
                "taxonomy", "It is of a taxonomy this directory keeps itself: ask the forum to add the word."
            )
        elif judge.batch.organization_id is not None:
            row.refuse("taxonomy", "New words come with imports of the whole forum alone. It is left out.")
        else:
            row.verdict = Verdict.NEW


def check_organizations(judge: Judge, rows: Sequence[Row]) -> None:
    """Found by id, or by what others call them (charity number, company number, ODS code)."""
    said = {row.number: said_from_json(OrganizationDoc, row.said) for row in rows}
    named = {one for fields in said.values() for one in fields.get("identifiers", ())}
    there = by_identifier(judge.session, named) if named else {}
    sectors = set(judge.session.scalars(select(Sector.code)))
    for row in rows:
        mine = said[row.number].get("identifiers", frozenset())
        found = {own for one in mine if (own := there.get(one) or judge.identifiers.get(one))}
        if len(found) > 1:
            row.refuse(
                "organization_identifiers", "Its numbers are of two organisations here. Mend one of them."
            )
        elif found:
            row.record_id = found.pop()
        judge.identifiers.update(dict.fromkeys(mine, row.record_id))
    if judge.batch.organization_id is not None:
        _only_own(judge, judge.batch.organization_id, rows)
    before = organization_documents(judge.session, [row.record_id for row in rows])
    known = known_terms(judge.session, judge.batch.id, {t for f in said.values() for t in f.get("terms", ())})
    where = Where(judge.session, [fields.get("postal_code") or "" for fields in said.values()])
    ties = {fields[name] for fields in said.values() for name in _TIES if fields.get(name)}
    tied = organizations(judge.session, ties) | judge.resolved(RecordKind.ORGANIZATION, ties).keys()
    here = places(judge.session)
    fresh = []
    for row in rows:
        fields = said[row.number]
        _drop_unknown(row, fields, known)
        _drop_unknown_ties(judge, row, fields, tied, here)
        if fields.get("sector") not in sectors:
            fields.pop("sector", None)
        first = judge.claimed.setdefault(row.record_id, row.number)
        if first != row.number and row.verdict is not Verdict.REFUSED:
            row.verdict = Verdict.SAME
            row.note(
                "organization_identifiers", "It has the number of an earlier one in this file: they are one."
            )
            continue
        old = before.get(row.record_id)
        _place(judge, row, fields, old, where)
        _settle_organization(row, fields, old)
        if row.verdict is Verdict.NEW:
            fresh.append(row)
    judge.doubt_twins(fresh)


def _place(judge: Judge, row: Row, fields: Said, old: OrganizationDoc | None, where: Where) -> None:
    """The place its postcode lies in, where nothing else is said; a practice that is in none is named."""
    place = where.place(fields.get("postal_code"))
    if place is not None and "place_id" not in fields and (old is None or old.place_id is None):
        fields["place_id"] = place
    is_practice = judge.batch.format == Format.PRACTICES and fields.get("status") == OrganizationStatus.ACTIVE
    if is_practice and place is None:
        row.note("postal_code", "Its postcode is in no place of this directory.")


def _settle_organization(row: Row, fields: Said, before: OrganizationDoc | None) -> None:
    if row.verdict is Verdict.REFUSED:
        return
    if before is None:
        fields.setdefault("sector", row.said.get(SECTOR_OF_NEW))
        fields.setdefault("name", row.said.get(NAME_OF_NEW))
        if not fields.get("name"):
            row.refuse(
                "organization.name", "No organisation here has this id, and it has no name to begin one."
            )
            return
        row.verdict = Verdict.NEW
    else:
        fields["identifiers"] = before.identifiers | fields.get("identifiers", frozenset())
        fields["terms"] = before.terms | fields.get("terms", frozenset())
        row.compare(before, replace(before, **fields))
    row.said = to_json(fields)


def _only_own(judge: Judge, own: UUID, rows: Sequence[Row]) -> None:
    name = judge.session.scalar(select(Organization.name).where(Organization.id == own)) or ""
    for row in rows:
        if row.record_id == own:
            continue
        if row.plain_name == plain_name(name):
            row.record_id = own
        else:
            row.refuse("organization", NOT_YOURS)


def _drop_unknown(row: Row, fields: Said, known: set[Term]) -> None:
    unknown = sorted(one.code for one in fields.get("terms", frozenset()) - known)
    if unknown:
        row.note("attributes", f"Words not known here were left out: {', '.join(unknown)[:200]}.")
        fields["terms"] = frozenset(fields["terms"] & known)


def _drop_unknown_ties(judge: Judge, row: Row, fields: Said, tied: Set[UUID], here: Set[UUID]) -> None:
    if judge.batch.organization_id is not None:
        # Whose place, host and umbrella it is in, the forum says.
        for name in ("place_id", *_TIES):
            fields.pop(name, None)
    for name in _TIES:
        if fields.get(name) and fields[name] not in tied:
            row.note(name, "The organisation it names is not here: left out.")
            del fields[name]
    if fields.get("place_id") and fields["place_id"] not in here:
        row.note("place_id", "Its place is not one of this directory: left out.")
        del fields["place_id"]


def check_locations(judge: Judge, rows: Sequence[Row]) -> None:
    """Found by id; a point that is not said is that of the postcode."""
    said = {row.number: said_from_json(LocationDoc, row.said) for row in rows}
    owners = judge.resolved(
        RecordKind.ORGANIZATION, [one["organization_id"] for one in said.values() if "organization_id" in one]
    )
    before = location_documents(judge.session, [row.record_id for row in rows])
    where = Where(judge.session, [one.get("postal_code", "") for one in said.values()])
    there = organizations(
        judge.session, [one["organization_id"] for one in said.values() if "organization_id" in one]
    )
    for row in rows:
        fields, old = said[row.number], before.get(row.record_id)
        came = fields["organization_id"]
        owner, verdict = owners.get(came, (came, None))
        if verdict == Verdict.REFUSED or (verdict is None and came not in there):
            row.refuse("organization", "Its organisation is not kept, so it is not either.")
            continue
        fields["organization_id"] = old.organization_id if old and verdict is None else owner
        own = judge.batch.organization_id
        if own is not None and (fields["organization_id"] != own or (old and old.organization_id != own)):
            row.refuse("organization", NOT_YOURS)
            continue
        point = where.point(fields.get("postal_code"))
        if "latitude" not in fields and point and (old is None or old.latitude is None):
            fields["latitude"], fields["longitude"] = point
        if old is None and "name" not in fields:
            row.refuse("location", "No venue here has this id, and nothing is said of it to begin one.")
            continue
        if old is None:
            row.verdict = Verdict.POSSIBLE_DUPLICATE if verdict == Verdict.POSSIBLE_DUPLICATE else Verdict.NEW
        else:
            # What is secret here stays so, whoever says otherwise.
            fields["private"] = old.private or bool(fields.get("private"))
            row.compare(old, replace(old, **fields))
        row.said = to_json(fields)
