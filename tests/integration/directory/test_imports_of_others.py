"""An organisation's import tells it nothing of others, and takes nothing from them."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from services.directory.actions.importing import batches
from services.directory.actions.importing.seeing import Batch
from services.directory.actions.keep_services import keep_service
from services.directory.store.database import database
from services.directory.store.queries.documents import service_documents
from services.directory.store.services import Service
from shared.auth import Caller, Kind, Role
from shared.auth.caller import Membership
from shared.errors import Invalid, NotFound
from tests.builders import imports as build
from tests.builders import listings
from tests.builders.identity import Browser
from tests.builders.imports import AT, an_item


@pytest.fixture(scope="module", autouse=True)
def words(directory_database: str) -> None:
    listings.words()


@pytest.fixture
def own() -> UUID:
    return listings.a_body(f"Curious body {uuid4().hex[:6]}")


def admin(org: UUID, role: Role = Role.ORG_ADMIN) -> Caller:
    return Caller(sub=str(uuid4()), kind=Kind.PERSON, org=org, memberships=(Membership(org, role),))


def an_own_import(own: UUID, **fields: object) -> Batch:
    named = {"id": str(own), "name": "Curious body"}
    item = an_item(int(uuid4().int % 10**9), organization=named, **fields)
    return build.check(build.a_file([item]), by=admin(own), organization_id=own)


def the_service(batch: Batch) -> build.SeenRow:
    return build.rows_of(batch, kind="service")[0]


def at(postcode: str) -> list[dict[str, object]]:
    return [{"location": {"id": uuid4().hex, "name": "Ours", "addresses": [{"postal_code": postcode}]}}]


@pytest.mark.parametrize("secret", ["private", "discreet", "draft"])
def test_a_twin_tells_nobody_where_something_private_is_or_what_is_not_published(
    own: UUID, secret: str
) -> None:
    name = f"Example refuge {uuid4().hex[:6]}"
    fields = {"discreet": {"discreet": True}, "draft": {"status": "inactive"}}.get(secret, {})
    theirs = listings.a_service(name=name, base=listings.GROUP, **fields)
    listings.a_location(theirs, private=secret == "private")
    batch = an_own_import(own, name=name, service_at_locations=at("YO24 3BZ"))
    assert the_service(batch).verdict == "new"
    assert not [one for one in the_service(batch).notes if "in the directory" in one["detail"]]


def test_a_twin_of_what_everybody_sees_is_named(own: UUID) -> None:
    name = f"Example choir {uuid4().hex[:6]}"
    listings.a_location(listings.a_service(name=name, base=listings.GROUP))
    batch = an_own_import(own, name=name, service_at_locations=at("YO24 3BZ"))
    assert the_service(batch).verdict == "possible_duplicate"


def test_no_import_of_an_organisation_lists_its_service_at_a_venue_of_another(own: UUID) -> None:
    theirs = listings.a_service(base=listings.GROUP)
    secret = listings.a_location(theirs, private=True, name="Hidden hall")
    venues = [{"location": {"id": str(secret), "name": "Hidden hall"}}]
    batch = build.apply(an_own_import(own, service_at_locations=venues))
    made = the_service(batch).record_id
    doc = build.everything()["services"][made]
    assert not doc.locations
    assert not [one for one in doc.schedules if one.location_id]


def taken_over(service_id: UUID, by: UUID) -> None:
    with database.transaction() as session:
        doc = service_documents(session, [service_id])[service_id]
        keep_service(session, service_id, replace(doc, organization_id=by), at=AT)


def test_what_became_anothers_since_it_was_checked_is_not_taken_back_by_applying(own: UUID) -> None:
    other = listings.a_body()
    mine = listings.a_service(own, base=listings.GROUP)
    batch = an_own_import(own, id=str(mine), name="Mine again")
    assert the_service(batch).verdict == "changed"
    taken_over(mine, other)
    batch = build.apply(batch)
    assert the_service(batch).verdict == "refused"
    with database.transaction() as session:
        assert session.get_one(Service, mine).organization_id == other


def test_nor_by_rolling_back(own: UUID) -> None:
    other = listings.a_body()
    mine = listings.a_service(own, base=listings.GROUP)
    batch = build.apply(an_own_import(own, id=str(mine), name="Mine again"))
    taken_over(mine, other)
    batch = build.roll_back(batch, even_changed=True)
    assert batch.state == "applied"
    assert "another organisation" in batch.why[0]
    with database.transaction() as session:
        assert session.get_one(Service, mine).organization_id == other


def test_a_new_one_that_became_anothers_is_not_taken_away_by_rolling_back(own: UUID) -> None:
    other = listings.a_body()
    batch = build.apply(an_own_import(own))
    made = the_service(batch).record_id
    taken_over(made, other)
    batch = build.roll_back(batch, even_changed=True)
    assert batch.state == "applied"
    assert made in build.everything()["services"]


def test_an_import_for_an_organisation_nobody_knows_is_refused_in_words() -> None:
    with pytest.raises(NotFound):
        batches.begin(
            "x", "feed.json", build.a_file([an_item(1)]), at=AT,
            by=admin(uuid4(), Role.FORUM_ADMIN), organization_id=uuid4(),
        )  # fmt: skip


def test_an_address_that_is_too_long_is_refused_and_never_cut() -> None:
    with pytest.raises(Invalid) as refused:
        batches.begin("x", "https://listings.example/" + "a" * 600, None, at=AT, by=None)
    assert refused.value.errors[0].pointer == "/address"


def test_a_file_whose_name_has_a_nul_in_it_is_taken_in() -> None:
    batch_id = batches.begin("x", "a\0b\ud800.json", build.a_file([an_item(1)]), at=AT, by=None)
    assert build.see_batch(batch_id, None).origin.startswith("a")


def test_a_script_in_place_of_an_address_is_no_link(browser: Browser) -> None:
    script = "javascript:alert(1)"
    venue = {
        "location": {
            "id": uuid4().hex,
            "name": "Hall",
            "accessibility": [{"accessibility": "Ramp", "description": "A ramp", "url": script}],
        }
    }
    owner = {"id": uuid4().hex, "name": "Example linked body", "website": script, "url": script}
    item = an_item(
        4711,
        url=script,
        application_process="<a href='javascript:alert(2)'>x</a><script>alert(3)</script>",
        organization=owner,
        service_at_locations=[venue],
        schedules=[{"description": "Tuesdays 10am - 12pm", "schedule_link": script}],
    )
    batch = build.apply(build.check(build.a_file([item]), source="Scripts"))
    made = the_service(batch)
    assert build.everything()["services"][made.record_id].status == "active"
    page = browser.get(f"/services/{made.record_id}")
    assert page.status_code == 200
    body = build.everything()["services"][made.record_id].organization_id
    for text in (page.text, browser.get(f"/organizations/{body}").text):
        assert 'href="javascript' not in text.lower()
        assert "<script>alert" not in text


@pytest.mark.parametrize("days", [[True], [1.5], [7], ["1"], [None], [[1]]])
def test_days_that_are_no_days_stop_no_import(days: list[object]) -> None:
    batch = build.apply(build.check(build.a_file([an_item(4712, linkwork={"working_days": days})])))
    assert batch.state == "applied"
    assert not build.everything()["services"][the_service(batch).record_id].working_days
