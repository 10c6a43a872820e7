"""What the page of a service and of an organisation show of the full model, and what they never show."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from services.directory.actions.keep_bodies import keep_locations, keep_organizations
from services.directory.domain.documents import (
    ContactPerson,
    Cost,
    Identifier,
    LocationDoc,
    Opening,
    OrganizationDoc,
    Telephone,
    WayIn,
)
from services.directory.store.database import database
from services.directory.store.listing_parts import Narrative
from services.directory.store.organizations import Organization
from services.directory.store.services import Service
from shared.auth import Role
from tests.builders.identity import Browser, a_person
from tests.builders.listings import GROUP, NOON, a_body, a_location, a_service, bearer, words
from tests.queries import count_queries

TUESDAY = Opening(freq="WEEKLY", byday="TU", opens_at=time(18), closes_at=time(20))


def full(organization_id: UUID, **fields: object) -> UUID:
    return a_service(
        organization_id,
        schedules=(TUESDAY,),
        costs=(Cost(option="A session", amount=Decimal("2.50")), Cost(amount_description="Pay what you can")),
        contacts=(ContactPerson(name="Maureen", title="Host", phones=(Telephone("01632 960111"),)),),
        phones=(Telephone("01632 960112", description="Evenings"),),
        funders=["Kettle Trust"],
        alert="Closed on 1 December",
        languages=["en", "pl"],
        interpretation_services="BSL if you ask",
        circumstances=["carer"],
        **fields,
    )


def a_text(service_id: UUID, audience: str, version: int, text: str) -> None:
    with database.transaction() as session:
        session.add(
            Narrative(service_id=service_id, audience=audience, version=version, text=text, signed_by=[],
                      review_on=date(2027, 1, 1), written_by="A tester", written_at=NOON)
        )  # fmt: skip


def test_the_page_says_hours_costs_people_venues_and_words(app: Flask, browser: Browser) -> None:
    words()
    one = full(a_body("Kettle society"))
    venue = a_location(one, name="Mill hall")
    with database.transaction() as session:
        owner = a_body()
        ways = (WayIn(code="ramp"), WayIn(description="Two steps at the side"))
        keep_locations(session, {venue: LocationDoc(owner, "Mill hall", accessibility=ways)}, at=NOON)
    a_text(one, "person", 1, "Old words")
    a_text(one, "person", 2, "Come in, sit down.")
    a_text(one, "referrer", 1, "Tell us about the stairs.")
    page = browser.get(f"/services/{one}").text
    for said in (
        "Every Tuesday, 6pm to 8pm", "Opens ", "A session: £2.50", "Pay what you can", "Maureen", "Host",
        "01632 960111", "Evenings", "Kettle Trust", "Closed on 1 December", "BSL if you ask",
        "Mill hall", "Ramp",
        "Two steps at the side", "Come in, sit down.", "people who care for somebody",
        "More about Kettle society",
    ):  # fmt: skip
        assert said in page, said
    assert "Old words" not in page
    assert "Tell us about the stairs." not in page
    browser.sign_in(a_person("sender"))
    assert "Tell us about the stairs." in browser.get(f"/services/{one}").text
    answer = app.test_client().get(f"/api/v1/services/{one}").json or {}
    assert answer["times"] == ["Every Tuesday, 6pm to 8pm"]
    assert answer["costs"] == ["A session: £2.50", "Pay what you can"]
    assert answer["venues"][0]["accessibility"] == ["Ramp", "Two steps at the side"]
    assert {who: text["text"] for who, text in answer["texts"].items()} == {"person": "Come in, sit down."}
    header = bearer(app, Role.SENDER)
    answer = app.test_client().get(f"/api/v1/services/{one}", headers=header).json or {}
    assert set(answer["texts"]) == {"person", "referrer"}


def test_private_and_discreet_places_are_told_to_nobody(app: Flask, browser: Browser) -> None:
    words()
    refuge = full(a_body())
    private = a_location(refuge, private=True, name="Hidden hall")
    with database.transaction() as session:
        doc = LocationDoc(
            a_body(), "Hidden hall", private=True, address_1="9 Secret Row", transportation="Bus 13",
            accessibility=(WayIn(description="Secret ramp"),),
        )  # fmt: skip
        keep_locations(session, {private: doc}, at=NOON)
    discreet = full(a_body(), discreet=True)
    a_location(discreet, name="Quiet hall")
    asked = app.test_client()
    for one, marks in (
        (refuge, ("Hidden hall", "Secret Row", "Bus 13", "Secret ramp")),
        (discreet, ("Quiet hall", "YO24 3BZ")),
    ):
        page, answer = browser.get(f"/services/{one}").text, asked.get(f"/api/v1/services/{one}").text
        for mark in marks:
            assert mark not in page
            assert mark not in answer


def test_a_full_page_costs_as_many_queries_as_a_bare_one(browser: Browser, app: Flask) -> None:
    words()
    rich, bare = full(a_body()), a_service()
    for n in range(3):
        a_text(rich, ("person", "referrer", "link_worker")[n], 1, "Words")
    counts = []
    for one in (rich, bare):
        with count_queries(database.engine) as counted:
            assert browser.get(f"/services/{one}").status_code == 200
        counts.append(len(counted))
    assert counts[0] == counts[1]
    assert counts[0] <= 30


def test_an_organisation_has_a_page(browser: Browser, app: Flask) -> None:
    words()
    body = a_body("Kettle society", sector="vcse")
    doc = OrganizationDoc(
        "Kettle society", "vcse", description="We boil.", website="javascript:alert(1)",
        identifiers=frozenset({Identifier("GB-CHC", "1234567"), Identifier("LINKWORK", "kettle")}),
    )  # fmt: skip
    with database.transaction() as session:
        keep_organizations(session, {body: doc}, at=NOON)
    a_service(body, name="The open kettle")
    a_service(body, name="The hidden draft", status="inactive")
    page = browser.get(f"/organizations/{body}").text
    assert "The open kettle" in page
    assert "1234567" in page
    for never in ("The hidden draft", "javascript:", ">kettle<"):
        assert never not in page
    assert browser.get(f"/organizations/{a_service()}").status_code == 404


def test_an_organisation_with_nothing_published_is_for_its_own_people_and_the_forums_admin(
    app: Flask,
) -> None:
    words()
    top, body, idle = (a_body(name) for name in ("Umbrella", "Under it", "Idle society"))
    draft = a_service(body, status="inactive")
    with database.transaction() as session:
        session.get_one(Organization, body).parent_id = top

    def seen(organization: UUID, **who: Any) -> int:
        browser = Browser(app)
        if who:
            assert browser.sign_in(a_person(who.pop("role"), **who)).status_code == 303
        return browser.get(f"/organizations/{organization}").status_code

    for one in (top, body, idle):
        assert seen(one) == 404
        assert seen(one, role="org_admin", organization_id=a_body()) == 404
        assert app.test_client().get(f"/oruk/organizations/{one}").status_code == 404
        assert app.test_client().get(f"/hsds/organizations/{one}").status_code == 404
        assert seen(one, role="forum_admin") == 200
        assert seen(one, role="org_admin", organization_id=one) == 200
        assert seen(one, role="sender", organization_id=one) == 200
    for status in ("active", "temporarily closed"):
        with database.transaction() as session:
            session.get_one(Service, draft).status = status
        for one, code in ((top, 200), (body, 200), (idle, 404)):
            assert seen(one) == code
            assert app.test_client().get(f"/oruk/organizations/{one}").status_code == code


@pytest.mark.parametrize("secret", ["private", "discreet"])
def test_an_organisations_address_that_is_where_something_private_is_is_not_shown(
    browser: Browser, secret: str
) -> None:
    words()
    body = a_body("Example refuge body")
    hidden = a_service(body, base=GROUP, discreet=secret == "discreet")
    a_location(hidden, private=secret == "private")
    with database.transaction() as session:
        session.get_one(Organization, body).address = "1 Hidden Lane"
        session.get_one(Organization, body).postal_code = "YO24 3BZ"
    text = browser.get(f"/organizations/{body}").text
    assert "Example refuge body" in text
    assert "Hidden Lane" not in text
    assert "YO24" not in text
    with database.transaction() as session:
        session.get_one(Organization, body).postal_code = "YO1 7HH"
    assert "YO1 7HH" in browser.get(f"/organizations/{body}").text
