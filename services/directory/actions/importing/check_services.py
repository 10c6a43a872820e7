"""Verdicts of services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import select, true

from services.directory.actions.importing.check_bodies import NOT_YOURS
from services.directory.actions.importing.judging import Judge, Row
from services.directory.actions.importing.known import Where, circumstances, known_terms, places
from services.directory.domain.capacity import Capacity
from services.directory.domain.documents import FoundAt, Opening, ServiceDoc
from services.directory.domain.importing.codec import said_from_json, to_json
from services.directory.domain.importing.own_copy import CAPACITY, capacity_said
from services.directory.domain.importing.own_sheet import ALL_NEEDS, FROM_SHEET, MAIN_VENUE
from services.directory.domain.importing.reading_services import GUESSED_KIND
from services.directory.domain.importing.records import RecordKind, Verdict
from services.directory.domain.listings import RouteIn, ServiceStatus
from services.directory.domain.publishing import missing_to_publish
from services.directory.domain.taxonomies import NEEDS
from services.directory.store.locations import Location
from services.directory.store.queries.documents import service_documents
from services.directory.store.services import Service
from services.directory.store.taxonomy import ConnectorRole
from services.directory.store.teams import Team

Fields = dict[str, Any]
Resolved = Mapping[UUID, tuple[UUID, str | None]]
KEPT_UNPUBLISHED = "Kept, not published:"


def check_services(judge: Judge, rows: Sequence[Row]) -> None:
    """Found by id; what refers to others is led to the ids they have here."""
    said = {row.number: said_from_json(ServiceDoc, row.said) for row in rows}
    for row in rows:
        if main := row.said.get(MAIN_VENUE):
            said[row.number]["locations"] = (FoundAt(UUID(main), main=True),)
    lot = _Lot(judge, rows, said)
    fresh = []
    for row in rows:
        if row.verdict is Verdict.REFUSED:
            continue
        fields = said[row.number]
        lot.settle(row, fields)
        if row.verdict is Verdict.NEW:
            fresh.append(row)
    judge.doubt_twins(fresh)


def publishable(fields: Fields, doc: ServiceDoc, capacity: Capacity) -> tuple[ServiceDoc, str]:
    """The document as it may be kept, and what it lacks, in words, where it may not be published."""
    missing = missing_to_publish(doc, capacity) if doc.status == ServiceStatus.ACTIVE else []
    if not missing:
        return doc, ""
    fields["status"] = ServiceStatus.INACTIVE
    return replace(doc, status=ServiceStatus.INACTIVE), " ".join(one.detail for one in missing)


class _Lot:
    """A lot of services with all that is asked of the directory about them: a fixed number of queries."""

    def __init__(self, judge: Judge, rows: Sequence[Row], said: Mapping[int, Fields]) -> None:
        session = judge.session
        ids = [row.record_id for row in rows]
        self.own = judge.batch.organization_id
        self.before = service_documents(session, ids)
        self.capacities = {
            one.id: one.capacity for one in session.scalars(select(Service).where(Service.id.in_(ids)))
        }
        self.owners = judge.resolved(
            RecordKind.ORGANIZATION,
            [one["organization_id"] for one in said.values() if "organization_id" in one],
        )
        venues = [venue.location_id for one in said.values() for venue in one.get("locations", ())]
        resolved = judge.resolved(RecordKind.LOCATION, venues)
        # As in a listing's own pages, an organisation names venues of its own, and those that were named.
        may_name = true() if self.own is None else Location.organization_id == self.own
        there = session.scalars(select(Location.id).where(Location.id.in_(venues), may_name)).all()
        self.venues_here = dict(zip(there, there, strict=True)) | {
            came: own for came, (own, verdict) in resolved.items() if verdict != Verdict.REFUSED
        }
        self.terms = known_terms(
            session, judge.batch.id, {t for f in said.values() for t in f.get("terms", ())}
        )
        self.circumstances = circumstances(session)
        self.places = places(session)
        teams = {team for one in said.values() for team in one.get("team_ids", ())}
        self.teams = dict(
            session.execute(select(Team.id, Team.organization_id).where(Team.id.in_(teams))).all()
        )
        self.roles = set(session.scalars(select(ConnectorRole.code)))
        self.where = Where(session, [key[3:] for row in rows for key in row.keys if key.startswith("pc:")])

    def settle(self, row: Row, fields: Fields) -> None:
        """Give the row its verdict, and what it says the ids of this directory."""
        before = self.before.get(row.record_id)
        came = fields["organization_id"]
        owner, verdict = self.owners.get(came, (came, None))
        if verdict == Verdict.REFUSED:
            row.refuse("organization", "Its organisation is refused, so it is not kept. Mend that first.")
            return
        fields["organization_id"] = owner
        if self.own is not None and (owner != self.own or (before and before.organization_id != self.own)):
            row.refuse("organization", NOT_YOURS)
            return
        if before is not None:
            self._as_a_sheet_says(row, fields, before)
        self._venues_here(fields, before)
        self._known_words(row, fields)
        self._known_here(row, fields)
        self._fits(row, fields, before)
        if before is None:
            fields.setdefault("kind", row.said.get(GUESSED_KIND))
            place = (self.where.place(key[3:]) for key in row.keys if key.startswith("pc:"))
            fields.setdefault("place_id", next((one for one in place if one), None))
            doc = ServiceDoc(**fields)
        else:
            had = before.terms
            if ALL_NEEDS in row.said:
                had = frozenset(one for one in had if one.taxonomy != NEEDS)
            fields["terms"] = had | fields.get("terms", frozenset())
            doc = replace(before, **fields)
        new_capacity = row.said.get(CAPACITY) if before is None else None
        capacity = self.capacities.get(row.record_id) or capacity_said(new_capacity)
        doc, lacking = publishable(fields, doc, capacity)
        if lacking:
            row.note("status", f"{KEPT_UNPUBLISHED} {lacking}")
        if before is not None:
            row.compare(before, doc)
        elif verdict == Verdict.POSSIBLE_DUPLICATE:
            row.doubt("Its organisation may be in the directory already.")
        else:
            row.verdict = Verdict.NEW
        row.keys = [key for key in row.keys if not key.startswith("org:")] + [f"org:{owner}"]
        row.said = to_json(fields if new_capacity is None else fields | {CAPACITY: new_capacity})

    def _as_a_sheet_says(self, row: Row, fields: Fields, before: ServiceDoc) -> None:
        """A sheet has room for one venue: one that is there keeps those it has, and its own word.

        A venue it was not found at before becomes the main one.
        """
        if MAIN_VENUE in row.said:
            (sheets,) = fields.pop("locations")
            if sheets.location_id not in {one.location_id for one in before.locations}:
                fields["locations"] = (sheets, *(replace(one, main=False) for one in before.locations))
        if FROM_SHEET in row.said:
            said, own = row.said.get(CAPACITY, {}), to_json(self.capacities[row.record_id])
            if any(own[name] != value for name, value in said.items()):
                row.note("capacity", "What it can take is its own word: change it on its page.")

    def _venues_here(self, fields: Fields, before: ServiceDoc | None) -> None:
        if "locations" not in fields and not fields.get("schedules"):
            return
        named = {one.location_id for one in before.locations} if before else set()
        asked = {one.location_id for part in ("locations", "schedules") for one in fields.get(part, ())}
        ids = {
            came: self.venues_here.get(came, came)
            for came in asked
            if came is not None and (came in self.venues_here or came in named)
        }
        found = [
            FoundAt(ids[one.location_id], one.main)
            for one in fields.get("locations", ())
            if one.location_id in ids
        ]
        if found and not any(one.main for one in found):
            found[0] = FoundAt(found[0].location_id, main=True)
        if "locations" in fields:
            # As documents are read: the main one first, then by id.
            fields["locations"] = tuple(sorted(found, key=lambda one: (not one.main, one.location_id)))
        fields["schedules"] = tuple(_opening_at(one, ids) for one in fields.get("schedules", ()))
        if not fields["schedules"]:
            del fields["schedules"]

    def _known_words(self, row: Row, fields: Fields) -> None:
        if unknown := sorted(one.code for one in fields.get("terms", frozenset()) - self.terms):
            row.note("attributes", f"Words not known here were left out: {', '.join(unknown)[:200]}.")
            fields["terms"] = frozenset(fields["terms"] & self.terms)
        if unknown := [one for one in fields.get("circumstances", ()) if one not in self.circumstances]:
            row.note("circumstances", f"Not known here, left out: {', '.join(unknown)[:200]}.")
            fields["circumstances"] = tuple(
                one for one in fields["circumstances"] if one in self.circumstances
            )
        if fields.get("connector_role") and fields["connector_role"] not in self.roles:
            row.note(
                "connector_role", f"“{fields.pop('connector_role')[:60]}” is not known here: it was left out."
            )

    def _known_here(self, row: Row, fields: Fields) -> None:
        if fields.get("place_id") is not None and fields["place_id"] not in self.places:
            row.note("place_id", "Its place is not one of this directory: left out.")
            del fields["place_id"]
        if teams := fields.get("team_ids"):
            fields["team_ids"] = frozenset(
                team for team in teams if self.teams.get(team) == fields["organization_id"]
            )
            if fields["team_ids"] != teams:
                row.note("team_ids", "Teams that its organisation has not here were left out.")

    def _fits(self, row: Row, fields: Fields, before: ServiceDoc | None) -> None:
        routes = fields.get("routes_in", before.routes_in if before else ())
        invited = fields.get("invitation") or (before and before.invitation)
        if routes == (RouteIn.SELF,) and not invited:
            row.note("routes_in", "People come by themselves, and no invitation is written: left out.")
            fields.pop("routes_in", None)
        low = fields.get("minimum_age", before.minimum_age if before else None)
        high = fields.get("maximum_age", before.maximum_age if before else None)
        if low is not None and high is not None and high < low:
            row.note("maximum_age", "The ages do not fit with those that are there: left out.")
            fields.pop("minimum_age", None)
            fields.pop("maximum_age", None)


def _opening_at(one: Opening, ids: Mapping[UUID, UUID]) -> Opening:
    return replace(one, location_id=ids.get(one.location_id)) if one.location_id else one
