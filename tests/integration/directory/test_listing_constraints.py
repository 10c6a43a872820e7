"""What the database itself refuses, whoever writes."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from services.directory.store.database import database
from services.directory.store.link_workers import Absence, LinkWorker
from services.directory.store.organizations import Organization, OrganizationIdentifier, SharingAgreement
from services.directory.store.postcodes import Postcode
from services.directory.store.services import Service, ServiceArea
from services.directory.store.table import Table
from services.directory.store.teams import Team
from tests.builders import listings as build


@pytest.fixture(scope="module", autouse=True)
def _words(app: Flask) -> None:
    build.words()


def refused(row: Table) -> str:
    """The name of the constraint that refuses `row`."""

    def store() -> None:
        with database.transaction() as session:
            session.add(row)

    with pytest.raises(IntegrityError) as wrong:
        store()
    return str(getattr(wrong.value.orig, "diag").constraint_name)  # noqa: B009


def scheme(**fields: Any) -> Service:
    return Service(
        id=uuid4(),
        organization_id=build.a_body(),
        **{"name": "A scheme", "status": "active", "last_modified": build.NOON, **build.SCHEME, **fields},
    )


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"who_for": ""}, "ck_service_scheme_complete"),
        ({"differs": " "}, "ck_service_scheme_complete"),
        ({"support_type": None}, "ck_service_scheme_complete"),
        ({"capacity_limit": None, "open_places": None}, "ck_service_scheme_complete"),
        ({"name": ""}, "ck_service_name_said"),
        ({"kind": "boat"}, "ck_service_kind_known"),
        ({"routes_in": ["pigeon"]}, "ck_service_routes_in_known"),
        ({"area_basis": ["moon"]}, "ck_service_area_basis_known"),
        ({"working_days": [7]}, "ck_service_working_days_weekdays"),
        ({"minimum_age": 30, "maximum_age": 20}, "ck_service_ages_in_order"),
        ({"open_places": 21}, "ck_service_open_places_within"),
        ({"paused": True, "paused_until": date(2026, 12, 1)}, "ck_service_one_pause"),
        ({"routes_in": ["self"]}, "ck_service_self_only_has_invitation"),
    ],
)
def test_a_service_that_breaks_a_rule_is_not_stored(fields: dict[str, Any], constraint: str) -> None:
    assert refused(scheme(**fields)) == constraint


def test_a_group_that_is_not_open_is_not_published() -> None:
    row = scheme(**{**build.GROUP, "open_to_others": False})
    assert refused(row) == "ck_service_group_open"


def test_a_patch_is_made_of_real_codes() -> None:
    service = build.a_service()
    wrong = ServiceArea(service_id=service, kind="ward", code="Z99001")
    assert refused(wrong) == "ck_service_area_code_of_kind"


def test_a_place_has_one_duty_desk() -> None:
    place, body = build.a_place(), build.a_body()
    build.a_scheme_team(body, kind="duty_desk", place_id=place)
    second = Team(organization_id=body, name="Second", kind="duty_desk", place_id=place)
    assert refused(second) == "uq_team_duty_desk"
    assert refused(Team(organization_id=body, name="Nowhere", kind="duty_desk")) == (
        "ck_team_duty_desk_has_place"
    )


def test_an_ods_code_names_one_organisation() -> None:
    body = build.a_body()
    with database.transaction() as session:
        session.add(OrganizationIdentifier(organization_id=body, scheme="GB-NHS", identifier="Z98765"))
    again = OrganizationIdentifier(organization_id=build.a_body(), scheme="GB-NHS", identifier="Z98765")
    assert refused(again) == "uq_organization_identifier_scheme"
    wrong = OrganizationIdentifier(organization_id=body, scheme="GB-NHS", identifier="z 1")
    assert refused(wrong) == "ck_organization_identifier_ods_code"


def test_nobody_signs_an_agreement_with_themself() -> None:
    body = build.a_body()
    row = SharingAgreement(
        organization_a=body,
        organization_b=body,
        purposes=["share_referral"],
        valid_from=date(2026, 1, 1),
        signed_by_a="A",
        signed_by_b="A",
    )
    assert refused(row) == "ck_sharing_agreement_two_parties"


def test_a_link_worker_is_employed_or_hosted_and_not_both() -> None:
    body = build.a_body()
    neither = LinkWorker(name="Nobody's", role="peer_worker")
    both = LinkWorker(name="Everybody's", role="peer_worker", employer_id=body, host_id=body)
    assert refused(neither) == refused(both) == "ck_link_worker_employed_or_hosted"


def test_a_day_away_is_written_down_once() -> None:
    body = build.a_body()
    worker = build.a_link_worker(build.a_scheme_team(body), body)
    build.an_absence(worker, date(2026, 12, 1), date(2026, 12, 5))
    again = Absence(link_worker_id=worker, from_on=date(2026, 12, 5), to_on=date(2026, 12, 6))
    assert refused(again) == "ex_absence_overlap"
    build.an_absence(worker, date(2026, 12, 6), date(2026, 12, 6))


def test_a_postcode_is_written_with_its_space() -> None:
    assert refused(Postcode(pcds="YO243BZ", authority="E06000014")) == "ck_postcode_pcds_form"


def test_a_closed_organisation_is_not_its_own_host() -> None:
    name = uuid4()
    row = Organization(id=name, name="Loop", sector="vcse", host_id=name, last_modified=build.NOON)
    assert refused(row) == "ck_organization_not_own_host"
