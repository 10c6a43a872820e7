"""A listing is one document: what is kept is what is read, and nothing changes that was said already."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from services.directory.actions.keep_bodies import keep_locations, keep_organizations
from services.directory.actions.keep_services import keep_service, keep_services
from services.directory.domain.documents import (
    FoundAt,
    LocationDoc,
    OrganizationDoc,
    Polygon,
    ServiceDoc,
    Term,
)
from services.directory.store.database import database
from services.directory.store.listing_parts import ServicePostcode
from services.directory.store.postcodes import Postcode
from services.directory.store.queries.documents import (
    location_documents,
    organization_documents,
    service_documents,
)
from services.directory.store.services import Service
from shared.errors import Invalid
from tests.builders import documents as draw
from tests.builders import listings as build
from tests.queries import count_queries

LATER = build.NOON + timedelta(days=1)
AT_ONCE = settings(deadline=None, max_examples=25)
OWNER, HALLS = uuid4(), [uuid4(), uuid4(), uuid4()]
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[-1.2, 53.9], [-1.0, 53.9], [-1.0, 54.0], [-1.2, 54.0], [-1.2, 53.9]]],
}


@pytest.fixture(scope="module", autouse=True)
def _world(app: Flask) -> None:
    build.words()
    with database.transaction() as session:
        keep_organizations(session, {OWNER: OrganizationDoc(name="Owner", sector="vcse")}, at=build.NOON)
        halls = {hall: LocationDoc(organization_id=OWNER, name="A hall") for hall in HALLS}
        keep_locations(session, halls, at=build.NOON)


def read(service_id: UUID) -> ServiceDoc:
    with database.transaction() as session:
        return service_documents(session, [service_id])[service_id]


@AT_ONCE
@given(st.lists(draw.services(OWNER, HALLS), min_size=1, max_size=3), st.data())
def test_what_is_kept_of_services_is_what_is_read(wanted: list[ServiceDoc], more: st.DataObject) -> None:
    docs = {uuid4(): doc for doc in wanted}
    with database.transaction() as session:
        assert keep_services(session, docs, at=build.NOON).new == docs.keys()
        assert service_documents(session, list(docs)) == docs
    one = next(iter(docs))
    docs[one] = more.draw(draw.services(OWNER, HALLS))
    with database.transaction() as session:
        kept = keep_services(session, docs, at=LATER)
        assert service_documents(session, list(docs)) == docs
        fresh = set(session.scalars(select(Service.id).where(Service.last_modified == LATER)))
    assert fresh & docs.keys() == kept.changed
    assert kept.changed <= {one}


@AT_ONCE
@given(draw.organizations, draw.organizations)
def test_what_is_kept_of_organisations_is_what_is_read(
    first: OrganizationDoc, second: OrganizationDoc
) -> None:
    a, b = uuid4(), uuid4()
    docs = {a: replace(first, parent_id=b), b: replace(second, host_id=a)}
    with database.transaction() as session:
        assert keep_organizations(session, docs, at=build.NOON).new == {a, b}
        assert organization_documents(session, [a, b]) == docs
        assert keep_organizations(session, docs, at=build.NOON).same == {a, b}
        docs[a] = replace(second, parent_id=None)
        assert a not in keep_organizations(session, docs, at=build.NOON).new
        assert organization_documents(session, [a, b]) == docs


@AT_ONCE
@given(draw.venues(OWNER), draw.venues(OWNER))
def test_what_is_kept_of_venues_is_what_is_read(first: LocationDoc, second: LocationDoc) -> None:
    hall = uuid4()
    with database.transaction() as session:
        keep_locations(session, {hall: first}, at=build.NOON)
        assert location_documents(session, [hall]) == {hall: first}
        keep_locations(session, {hall: second}, at=build.NOON)
        assert location_documents(session, [hall]) == {hall: second}


def test_many_are_kept_in_as_many_statements_as_one() -> None:
    def cost(count: int) -> int:
        docs = {uuid4(): ServiceDoc(OWNER, f"Group {n}", "group") for n in range(count)}
        with count_queries(database.engine) as counted:
            _keep(docs)
        return len(counted.statements)

    assert cost(1) == cost(40)


def test_a_changed_venue_changes_the_services_found_there() -> None:
    service, hall = uuid4(), uuid4()
    with database.transaction() as session:
        keep_locations(session, {hall: LocationDoc(OWNER, "Old hall")}, at=build.NOON)
        doc = ServiceDoc(OWNER, "Choir", "group", locations=(FoundAt(hall, main=True),))
        keep_service(session, service, doc, at=build.NOON)
    with database.transaction() as session:
        keep_locations(session, {hall: LocationDoc(OWNER, "New hall")}, at=LATER)
    with database.transaction() as session:
        assert session.get_one(Service, service).last_modified == LATER


def test_a_drawn_area_knows_the_postcodes_inside_it() -> None:
    with database.transaction() as session:
        for pcds, lat, lon in (("YO24 3BZ", 53.95, -1.1), ("WF10 2AA", 53.72, -1.33)):
            session.merge(Postcode(pcds=pcds, authority="E06000014", lat=lat, lon=lon))
    service = uuid4()
    _keep({service: ServiceDoc(OWNER, "Estate group", "group", polygons=(Polygon("Estate", SQUARE),))})
    with database.transaction() as session:
        inside = session.scalars(
            select(ServicePostcode.postcode).where(ServicePostcode.service_id == service)
        ).all()
    assert inside == ["YO24 3BZ"]


@pytest.mark.parametrize(
    "extent",
    [
        {},
        {"type": "Point", "coordinates": [0, 0]},
        {"type": "Polygon"},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [400, 0], [0, 400], [0, 0]]]},
        {"type": "Polygon", "coordinates": "everywhere"},
        {"type": "MultiPolygon", "coordinates": [[["x"]]]},
    ],
)
def test_what_is_no_area_is_refused(extent: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        _keep({uuid4(): ServiceDoc(OWNER, "Group", "group", polygons=(Polygon("Somewhere", extent),))})


def test_an_unknown_word_is_named_and_nothing_is_kept() -> None:
    service = uuid4()
    with pytest.raises(Invalid, match="tea"):
        _keep({service: ServiceDoc(OWNER, "Group", "group", terms=frozenset({Term("needs", "tea")}))})
    with database.transaction() as session:
        assert service_documents(session, [service]) == {}


def test_two_main_venues_are_refused() -> None:
    with pytest.raises(Invalid, match="main"):
        _keep(
            {
                uuid4(): ServiceDoc(
                    OWNER, "Group", "group", locations=tuple(FoundAt(hall, main=True) for hall in HALLS[:2])
                )
            }
        )


def _keep(docs: dict[UUID, ServiceDoc]) -> None:
    with database.transaction() as session:
        keep_services(session, docs, at=build.NOON)
