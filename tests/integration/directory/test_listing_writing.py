"""An organisation writes its listing section by section, publishes it, takes it back and closes it."""

from __future__ import annotations

import io
import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from services.directory.store.database import database
from services.directory.store.listing_changes import ListingChange
from services.directory.store.listing_parts import ServicePostcode
from services.directory.store.places import Area
from services.directory.store.postcodes import Postcode
from services.directory.store.queries.documents import service_documents
from services.directory.store.schedules import OpenHours
from tests.builders.forms import filled
from tests.builders.identity import HOME, Browser, Someone, a_person, a_team, rows
from tests.builders.listings import a_body, a_location, a_service, words

SQUARE = {
    "type": "Polygon",
    "coordinates": [[[-1.2, 53.9], [-1.0, 53.9], [-1.0, 54.0], [-1.2, 54.0], [-1.2, 53.9]]],
}


@pytest.fixture
def admin(app: Flask) -> Someone:
    words()
    return a_person("org_admin", organization_id=a_body(sector="vcse"))


@pytest.fixture
def writer(browser: Browser, admin: Someone) -> Browser:
    browser.sign_in(admin)
    return browser


def begin(writer: Browser, admin: Someone, kind: str = "scheme", name: str = "The kettle") -> UUID:
    answer = writer.send(f"/listings/{admin.organization_id}/add", kind=kind, name=name)
    assert answer.status_code == 303, answer.text
    return UUID(answer.headers["Location"].rsplit("/", 1)[-1])


def save(writer: Browser, service_id: UUID, slug: str, **typed: Any) -> TestResponse:
    """Change what is typed in a section's form and send the whole of it, as a browser does."""
    path = f"/listings/services/{service_id}/{slug}"
    page = writer.get(path)
    assert page.status_code == 200, page.text
    return writer.client.post(path, base_url=HOME, data=filled(page.text, **typed))


def doc(service_id: UUID) -> Any:
    with database.transaction() as session:
        return service_documents(session, [service_id])[service_id]


def write_all(writer: Browser, admin: Someone) -> UUID:
    """A scheme that says all it must."""
    one = begin(writer, admin)
    said = (
        save(writer, one, "what", needs=["loneliness"], differs="We sit.", support_type="accompanying",
             ending="by_person", description="Tea."),
        save(writer, one, "who", who_for="Anyone here", not_for="Nobody"),
        save(writer, one, "coming", routes_in=["professional"]),
        save(writer, one, "area", area_basis=["anywhere"]),
    )  # fmt: skip
    assert [answer.status_code for answer in said] == [303] * 4
    path = f"/listings/services/{one}/capacity"
    assert writer.send(path, pause="no", limit="10", open_places="4").status_code == 303
    return one


def test_a_draft_may_be_unfinished_and_says_what_is_missing(writer: Browser, admin: Someone) -> None:
    one = begin(writer, admin)
    page = writer.get(f"/listings/services/{one}").text
    assert "Say who it is for" in page
    assert "missing" in page
    assert doc(one).status == "inactive"
    listed = writer.get(f"/listings/{admin.organization_id}").text
    assert "The kettle" in listed
    assert "Draft" in listed
    assert "9 things" in listed


def test_publishing_is_refused_with_links_until_all_is_said(writer: Browser, admin: Someone) -> None:
    one = begin(writer, admin)
    refused = writer.send(f"/listings/services/{one}/do/publish", page=f"/listings/services/{one}")
    assert refused.status_code == 422
    assert "Before it can be published" in refused.text
    assert f'href="/listings/services/{one}/who"' in refused.text
    assert doc(one).status == "inactive"
    whole = write_all(writer, admin)
    done = writer.send(f"/listings/services/{whole}/do/publish", page=f"/listings/services/{whole}")
    assert done.status_code == 303
    assert doc(whole).status == "active"
    assert writer.get(f"/services/{whole}").status_code == 200


def test_a_published_scheme_cannot_lose_what_it_must_say(writer: Browser, admin: Someone) -> None:
    one = write_all(writer, admin)
    writer.send(f"/listings/services/{one}/do/publish", page=f"/listings/services/{one}")
    refused = save(writer, one, "who", who_for="")
    assert refused.status_code == 422
    assert "Say who it is for" in refused.text
    assert doc(one).who_for == "Anyone here"


def test_a_listing_is_taken_back_rested_closed_and_made_a_draft_again(
    writer: Browser, admin: Someone
) -> None:
    one = write_all(writer, admin)
    path = f"/listings/services/{one}"
    states = []
    for act in ("publish", "close_for_a_time", "publish", "unpublish", "close_for_good", "back_to_draft"):
        assert writer.send(f"{path}/do/{act}", page=path).status_code == 303
        states.append(doc(one).status)
    assert states == ["active", "temporarily closed", "active", "inactive", "defunct", "inactive"]
    assert writer.send(f"{path}/do/close_for_a_time", page=path).status_code == 409
    assert "Close this listing for good" in writer.get(f"{path}/close").text


def test_what_is_typed_wrong_is_shown_again_and_nothing_is_kept(writer: Browser, admin: Someone) -> None:
    one = begin(writer, admin)
    answer = save(writer, one, "who", who_for="Anyone <b>here</b>", minimum_age="80", maximum_age="20")
    assert answer.status_code == 422
    assert "The oldest age must not be below the youngest." in answer.text
    assert "Anyone &lt;b&gt;here&lt;/b&gt;" in answer.text
    assert doc(one).who_for == ""
    bad_link = save(writer, one, "what", url="javascript:alert(1)")
    assert bad_link.status_code == 422
    assert "Give a web address" in bad_link.text


def test_the_second_of_two_admins_is_told_what_changed(writer: Browser, admin: Someone, app: Flask) -> None:
    one = begin(writer, admin)
    path = f"/listings/services/{one}/who"
    opened = writer.get(path).text
    save(writer, one, "who", who_for="Carers", not_for="Nobody")
    # Another section may be saved meanwhile without any harm.
    assert save(writer, one, "languages", languages=["en", "pl"]).status_code == 303
    late = writer.client.post(path, base_url=HOME, data=filled(opened, who_for="Veterans"))
    assert late.status_code == 409
    assert "Terry Testperson changed this listing" in late.text
    assert "Carers" in late.text
    assert "Veterans" in late.text
    assert doc(one).who_for == "Carers"
    again = writer.client.post(path, base_url=HOME, data=filled(late.text))
    assert again.status_code == 303
    assert doc(one).who_for == "Veterans"


def test_times_are_written_plainly_and_read_back_as_a_sentence(writer: Browser, admin: Someone) -> None:
    one = begin(writer, admin, "group")
    more = save(
        writer, one, "when", schedules__0__pattern="weekly", schedules__0__days=["TU", "TH"],
        schedules__0__opens_at="10:00", schedules__0__closes_at="noon", then="more",
    )  # fmt: skip
    assert more.headers["Location"].endswith("/when")
    fortnight = save(
        writer, one, "when", schedules__1__pattern="fortnightly", schedules__1__days=["WE"],
        schedules__1__opens_at="6.30pm", schedules__1__closes_at="8pm",
        **{"schedules__1__dtstart-day": "4", "schedules__1__dtstart-month": "11",
           "schedules__1__dtstart-year": "2026"},
    )  # fmt: skip
    assert fortnight.status_code == 303, fortnight.text
    monthly = save(
        writer, one, "when", schedules__2__pattern="monthly", schedules__2__days=["MO"],
        schedules__2__nth=["2"], schedules__2__opens_at="14:00", schedules__2__closes_at="16:00",
    )  # fmt: skip
    assert monthly.status_code == 303
    save(
        writer,
        one,
        "when",
        schedules__3__pattern="words",
        schedules__3__description="In May, when the gorse is out",
    )
    page = writer.get(f"/listings/services/{one}/when").text
    assert "Every Tuesday and Thursday, 10am to noon" in page
    assert "Every other Wednesday, 6:30pm to 8pm, from 4 November 2026" in page
    assert "The second Monday of the month, 2pm to 4pm" in page
    assert "In May, when the gorse is out" in page
    assert len(rows(OpenHours, OpenHours.service_id == one)) == 4
    save(writer, one, "when", schedules__0__remove="yes")
    assert len(doc(one).schedules) == 3
    # Saving what was not touched changes nothing.
    before = doc(one)
    assert save(writer, one, "when").status_code == 303
    assert doc(one) == before


def test_a_time_that_lacks_something_is_said_at_its_field(writer: Browser, admin: Someone) -> None:
    one = begin(writer, admin, "group")
    answer = save(
        writer, one, "when", schedules__0__pattern="fortnightly", schedules__0__opens_at="6",
        schedules__0__closes_at="20:00",
    )  # fmt: skip
    assert answer.status_code == 422
    assert "Enter a time such as 18:30" in answer.text
    answer = save(writer, one, "when", schedules__0__pattern="fortnightly", schedules__0__opens_at="18:00")
    assert 'href="#schedules-0-days"' in answer.text
    assert 'href="#schedules-0-dtstart-day"' in answer.text
    assert 'href="#schedules-0-closes_at"' in answer.text


def test_an_imported_rule_the_form_cannot_say_stays_as_it_is(writer: Browser, admin: Someone) -> None:
    from services.directory.domain.documents import Opening

    rule = Opening(freq="MONTHLY", bymonthday="1,15", notes="Bring a cup")
    one = a_service(
        admin.organization_id, kind="advice", status="inactive", schedules=(rule,), routes_in=["self"]
    )
    assert save(writer, one, "when", hours="Ring first").status_code == 303
    assert doc(one).schedules == (rule,)
    assert doc(one).hours == "Ring first"


def test_costs_contacts_and_languages_are_kept(writer: Browser, admin: Someone) -> None:
    one = begin(writer, admin, "group")
    assert save(
        writer, one, "cost", free="no", costs__0__option="A session", costs__0__amount="2.50"
    ).status_code == 303  # fmt: skip
    wrong = save(writer, one, "cost", costs__1__option="Two", costs__1__amount="2.505")
    assert wrong.status_code == 422
    assert "pounds and pence" in wrong.text
    both = save(writer, one, "cost", free="yes")
    assert both.status_code == 422
    saved = save(
        writer, one, "contacts", contact_name="Maureen", phone="01632 960123", contacts__0__name="Ken",
        contacts__0__title="Treasurer", contacts__0__phones__0__number="01632 960124",
        phones__0__number="01632 960125", phones__0__description="Evenings",
    )  # fmt: skip
    assert saved.status_code == 303
    kept = doc(one)
    assert [(cost.option, str(cost.amount)) for cost in kept.costs] == [("A session", "2.50")]
    assert kept.contacts[0].phones[0].number == "01632 960124"
    assert kept.phones[0].description == "Evenings"
    assert save(writer, one, "contacts", contacts__0__name="", contacts__0__title="",
                contacts__0__phones__0__number="").status_code == 303  # fmt: skip
    assert doc(one).contacts == ()


def test_areas_are_named_by_name_or_code_and_drawn_as_geojson(writer: Browser, admin: Someone) -> None:
    with database.transaction() as session:
        session.add(Area(code="E05012345", kind="ward", name="Kettlewell"))
        session.add(Area(code="E05012346", kind="ward", name="Kettleside"))
        session.add(Area(code="E06000077", kind="authority", name="Kettleshire"))
        session.add(Postcode(pcds="YO99 1AA", authority="E06000077", lat=53.95, lon=-1.1))
        session.add(Postcode(pcds="YO99 1AB", authority="E06000077", lat=54.95, lon=-1.1))
    one = begin(writer, admin)
    answer = save(writer, one, "area", area_basis=["resident"], add_areas="kettlewell\nE06000077")
    assert answer.status_code == 303
    assert {(area.kind, area.code) for area in doc(one).areas} == {
        ("ward", "E05012345"),
        ("authority", "E06000077"),
    }
    which = save(writer, one, "area", add_areas="Kettle\nNowhere-on-Sea")
    assert which.status_code == 422
    assert "Kettleside, ward, E05012346" in which.text
    assert "Nowhere-on-Sea" in which.text
    page = writer.get(f"/listings/services/{one}/area").text
    sent = filled(page) | {
        "drawn_name": "By the mill",
        "drawn_file": (io.BytesIO(json.dumps(SQUARE).encode()), "mill.geojson"),
    }
    path = f"/listings/services/{one}/area"
    drawn = writer.client.post(path, base_url=HOME, data=sent, content_type="multipart/form-data")
    assert drawn.status_code == 303, drawn.text
    assert [polygon.name for polygon in doc(one).polygons] == ["By the mill"]
    inside = rows(ServicePostcode, ServicePostcode.service_id == one)
    assert [row.postcode for row in inside] == ["YO99 1AA"]
    wrong = save(writer, one, "area", drawn='{"type": "Point"}')
    assert wrong.status_code == 422
    assert "There is no area in it" in wrong.text
    assert save(writer, one, "area", areas=["ward:E05012345"], polygons=[]).status_code == 303
    assert not doc(one).polygons
    assert len(doc(one).areas) == 1


def test_a_venue_is_written_once_and_chosen_by_listings(writer: Browser, admin: Someone) -> None:
    with database.transaction() as session:
        session.merge(Postcode(pcds="YO24 3BZ", authority="E06000014", lat=53.95418, lon=-1.12726))
    path = f"/listings/{admin.organization_id}/venues/add"
    answer = writer.send(
        path, name="Mill hall", location_type="physical", postal_code="yo243bz",
        ways=["ramp", "hearing_loop"], further="Two steps at the side door",
    )  # fmt: skip
    assert answer.status_code == 303, answer.text
    listed = writer.get(f"/listings/{admin.organization_id}").text
    venue = listed.split("/listings/venues/")[1][:36]
    one = begin(writer, admin)
    assert save(writer, one, "venues", locations=[venue]).status_code == 303
    assert [(str(v.location_id), v.main) for v in doc(one).locations] == [(venue, True)]
    page = writer.get(f"/listings/venues/{venue}").text
    assert 'value="YO24 3BZ"' in page
    assert 'value="53.95418"' in page
    changed = writer.client.post(
        f"/listings/venues/{venue}", base_url=HOME, data=filled(page, postal_code="nonsense")
    )
    assert changed.status_code == 422
    assert "Give a postcode such as" in changed.text
    stale = writer.client.post(
        f"/listings/venues/{venue}", base_url=HOME, data=filled(page, seen="0" * 24, name="New hall")
    )
    assert stale.status_code == 409
    assert "It says now" in stale.text


def test_venues_of_others_and_teams_of_others_cannot_be_named(writer: Browser, admin: Someone) -> None:
    other = a_service()
    venue, team = a_location(other, private=True), a_team(a_body())
    one = begin(writer, admin)
    assert save(writer, one, "venues", locations=[str(venue)], main=str(venue)).status_code == 422
    assert save(writer, one, "coming", team_ids=[str(team)]).status_code == 422
    assert doc(one).locations == ()


def test_an_organisation_says_its_own_facts(writer: Browser, admin: Someone) -> None:
    path = f"/listings/{admin.organization_id}/facts"
    page = writer.get(path).text
    answer = writer.client.post(
        path, base_url=HOME, data=filled(page, description="We boil kettles.", charity="1234567")
    )
    assert answer.status_code == 303, answer.text
    assert "1234567" in writer.get(path).text
    late = writer.client.post(path, base_url=HOME, data=filled(page, description="Something else"))
    assert late.status_code == 409
    assert "We boil kettles." in late.text


def test_nobody_else_may_write_or_learn_of_a_draft(app: Flask, admin: Someone) -> None:
    one = a_service(admin.organization_id, status="inactive")
    venue = a_location(one, private=True)
    paths = (
        f"/listings/{admin.organization_id}", f"/listings/{admin.organization_id}/add",
        f"/listings/{admin.organization_id}/facts", f"/listings/{admin.organization_id}/venues/add",
        f"/listings/services/{one}", f"/listings/services/{one}/what", f"/listings/services/{one}/capacity",
        f"/listings/services/{one}/words/person", f"/listings/services/{one}/close",
        f"/listings/venues/{venue}", f"/services/{one}", "/words",
    )  # fmt: skip
    stranger = Browser(app)
    stranger.sign_in(a_person("org_admin"))
    assert [stranger.get(path).status_code for path in paths] == [404] * len(paths)
    forum = Browser(app)
    forum.sign_in(a_person("forum_admin"))
    seen = [forum.get(path).status_code for path in paths]
    assert seen == [200] * 10 + [404, 200]


def test_what_was_changed_is_written_down_and_never_changed(writer: Browser, admin: Someone) -> None:
    one = begin(writer, admin)
    save(writer, one, "who", who_for="Carers")
    changes = sorted(rows(ListingChange, ListingChange.record == str(one)), key=lambda change: change.id)
    assert [(change.fields, change.by) for change in changes] == [
        ([], str(admin.id)),
        (["who_for"], str(admin.id)),
    ]
    assert changes[1].before["who_for"] == ""
    assert changes[1].after["who_for"] == "Carers"
    from sqlalchemy.exc import DBAPIError

    with pytest.raises(DBAPIError, match="append-only"), database.transaction() as session:
        session.execute(select(ListingChange)).scalars().first().by_name = "Nobody"  # type: ignore[union-attr]


def test_texts_for_readers_are_kept_version_by_version(writer: Browser, admin: Someone) -> None:
    one = begin(writer, admin)
    path = f"/listings/services/{one}/words/person"
    first = writer.client.post(path, base_url=HOME, data=filled(writer.get(path).text, text="Come in."))
    assert first.status_code == 303, first.text
    opened = writer.get(path).text
    with database.transaction() as session:
        from services.directory.store.organizations import Organization

        name = session.get_one(Organization, admin.organization_id).name
    second = writer.client.post(
        path, base_url=HOME, data=filled(opened, text="Come in, sit down.", signed_by=name)
    )
    assert second.status_code == 303, second.text
    page = writer.get(path).text
    assert "Version 2" in page
    assert "Come in." in page
    assert f"{name} stands by it" in page
    assert writer.client.post(path, base_url=HOME, data=filled(opened, text="Late")).status_code == 409
    unknown = writer.client.post(path, base_url=HOME, data=filled(page, signed_by=f"Nobody {uuid4()}"))
    assert unknown.status_code == 422
    assert writer.send(f"{path}/out", page=path).status_code == 303
    assert "Version" not in writer.get(path).text
