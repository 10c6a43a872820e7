"""Imports: a dry run changes nothing, a batch is kept whole, rolled back it leaves everything as it was."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta
from threading import Thread
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from services.directory.actions.importing import apply as apply_module
from services.directory.actions.importing import batches
from services.directory.actions.importing import work as work_module
from services.directory.actions.importing.seeing import report_lines, see_batch, see_batches
from services.directory.actions.importing.work import work_on, work_on_all
from services.directory.actions.keep_services import keep_service
from services.directory.domain.importing.records import RecordKind, record_id
from services.directory.domain.search import Moment, Wanted
from services.directory.store.database import database
from services.directory.store.imports import ImportBatch, Provenance
from services.directory.store.published import PublishedService
from services.directory.store.queries.documents import service_documents
from services.directory.store.queries.search import search_services
from services.directory.store.schedules import OpenHours
from shared.auth import Caller, Kind, Role
from shared.auth.caller import Membership
from shared.errors import Conflict, Invalid, NotFound
from tests.builders import imports as build
from tests.builders import listings
from tests.builders.imports import AT, LATER, an_item

SOURCE = "Example feed"


@pytest.fixture(scope="module", autouse=True)
def words(directory_database: str) -> None:
    listings.words()


def service_id(n: int, source: str = SOURCE) -> UUID:
    return record_id(source, RecordKind.SERVICE, f"svc-{n}")


def admin(role: Role, org: UUID) -> Caller:
    person = listings.a_body()
    return Caller(sub=str(person), kind=Kind.PERSON, org=org, memberships=(Membership(org, role),))


def test_a_dry_run_changes_nothing_and_says_what_would_be() -> None:
    before = build.everything()
    batch = build.check(build.a_file([an_item(1), an_item(2, name=""), "nonsense"]))
    assert build.everything() == before
    assert batch.state == "checked"
    assert batch.counts["service"] == {"new": 1, "refused": 2}
    refused = build.rows_of(batch, verdict="refused", kind="service")
    assert [one.where for one in refused] == ["item 2", "item 3"]
    assert all(one.why[0]["detail"] for one in refused)
    assert "Example group 1" in "".join(report_lines(batch.id, None))


def test_a_batch_rolled_back_leaves_everything_as_it_was() -> None:
    start = build.everything()
    first = build.apply(build.check(build.a_file([an_item(n) for n in range(10, 13)])))
    assert first.state == "applied"
    doc = build.everything()["services"][service_id(10)]
    assert doc.description == "Come & talk."
    assert doc.status == "active"
    assert doc.schedules[0].byday == "TU"
    middle = build.everything()
    changed = [an_item(10, name="Another name", alert="Closed today"), an_item(11), an_item(13)]
    second = build.check(build.a_file(changed))
    assert second.counts["service"] == {"changed": 1, "same": 1, "new": 1}
    row = build.rows_of(second, verdict="changed", kind="service")[0]
    assert row.changes == {"name": ["Example group 10", "Another name"], "alert": [None, "Closed today"]}
    second = build.apply(second)
    assert build.everything()["services"][service_id(10)].name == "Another name"
    assert build.roll_back(second).state == "rolled_back"
    assert build.everything() == middle
    assert build.roll_back(first).state == "rolled_back"
    assert build.everything() == start
    with database.transaction() as session:
        gone = set(
            session.scalars(select(PublishedService.service_id).where(PublishedService.gone_at.is_not(None)))
        )
        assert {service_id(n) for n in (10, 11, 12, 13)} <= gone
        assert session.scalar(select(func.count()).select_from(Provenance)) == 0
        assert session.scalar(select(func.count()).select_from(OpenHours)) == 0


def test_what_was_changed_since_stands_in_the_way_of_rolling_back_until_told_otherwise() -> None:
    start = build.everything()
    batch = build.apply(build.check(build.a_file([an_item(20), an_item(21)])))
    with database.transaction() as session:
        doc = service_documents(session, [service_id(20)])[service_id(20)]
        keep_service(session, service_id(20), replace(doc, alert="By hand"), at=AT)
    kept = build.everything()
    refused = build.roll_back(batch)
    assert refused.state == "applied"
    assert refused.why == ["Example group 20 (service) was changed since, by somebody or by a later import."]
    assert build.everything() == kept
    assert build.roll_back(batch, even_changed=True).state == "rolled_back"
    assert build.everything() == start


def test_what_came_later_stands_in_the_way_and_is_named() -> None:
    batch = build.apply(build.check(build.a_file([an_item(25)])))
    owner = record_id(SOURCE, RecordKind.ORGANIZATION, "org-25")
    later = listings.a_service(owner, base=listings.GROUP)
    refused = build.roll_back(batch, even_changed=True)
    assert refused.state == "applied"
    assert "Example body 25 (organization) is used by what came later" in refused.why[0]
    assert later in build.everything()["services"]


def test_asked_twice_and_by_two_at_once_it_is_done_once() -> None:
    batch = build.check(build.a_file([an_item(30), an_item(31)]))
    batches.ask_to_apply(batch.id, keep_duplicates=False, by=None, at=AT)
    batches.ask_to_apply(batch.id, keep_duplicates=False, by=None, at=AT)
    workers = [Thread(target=work_on, args=(batch.id, AT)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert see_batch(batch.id, None).state == "applied"
    with database.transaction() as session:
        seen = session.scalar(
            select(func.count()).select_from(Provenance).where(Provenance.record_id == service_id(30))
        )
    assert seen == 1
    again = build.roll_back(batch)
    assert build.roll_back(again).state == "rolled_back"
    with pytest.raises(Conflict):
        batches.ask_to_apply(batch.id, keep_duplicates=False, by=None, at=AT)


def test_a_process_that_ends_half_way_leaves_nothing_and_the_next_does_it_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    batch = build.check(build.a_file([an_item(n) for n in range(40, 44)]))
    before = build.everything()

    def cut_short(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(apply_module, "_note_provenance", cut_short)
        batches.ask_to_apply(batch.id, keep_duplicates=False, by=None, at=AT)
        with pytest.raises(KeyboardInterrupt):
            work_on(batch.id, AT)
    assert build.everything() == before
    assert see_batch(batch.id, None).state == "applying"
    assert work_on_all(LATER) == 1
    assert see_batch(batch.id, None).state == "applied"
    assert service_id(43) in build.everything()["services"]


def test_an_import_that_never_ends_lets_others_go_first_and_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def cut_short(*_: object) -> None:
        raise KeyboardInterrupt

    stuck = build.check(build.a_file([an_item(45)]))
    batches.ask_to_apply(stuck.id, keep_duplicates=False, by=None, at=AT)
    with monkeypatch.context() as patch:
        patch.setattr(work_module, "apply_batch", cut_short)
        for _ in range(work_module.MOST_TRIES):
            with pytest.raises(KeyboardInterrupt):
                work_on_all(AT)
    other = batches.begin(SOURCE, "feed.json", build.a_file([an_item(46)]), at=LATER, by=None)
    done: list[UUID] = []
    with monkeypatch.context() as patch:
        patch.setattr(work_module, "work_on", lambda batch_id, _: done.append(batch_id) or 1)
        work_on_all(LATER)
    assert done == [other, stuck.id]
    work_on_all(LATER)
    given_up = see_batch(stuck.id, None)
    assert (given_up.state, see_batch(other, None).state) == ("checked", "checked")
    assert "never came to its end" in given_up.why[0]
    assert build.apply(given_up).state == "applied"


def test_one_process_at_a_time_works_on_what_waits() -> None:
    batch_id = batches.begin(SOURCE, "feed.json", build.a_file([an_item(47)]), at=AT, by=None)
    with batches.the_only_worker("of all"):
        assert work_on_all(AT) == 0
    assert work_on_all(AT) == 2
    assert see_batch(batch_id, None).state == "checked"


def test_one_record_the_tables_refuse_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    batch = build.check(build.a_file([an_item(50), an_item(51), an_item(52)]))
    keep = apply_module.KEEP[RecordKind.SERVICE]

    def fussy(session: object, docs: dict[UUID, object], **options: object) -> object:
        if service_id(51) in docs:
            raise Invalid.field("/name", "Not this one.")
        return keep(session, docs, **options)

    monkeypatch.setitem(apply_module.KEEP, RecordKind.SERVICE, fussy)
    done = build.apply(batch)
    assert done.counts["service"] == {"new": 2, "refused": 1}
    assert build.rows_of(done, verdict="refused", kind="service")[0].why == [
        {"field": "name", "detail": "Not this one."}
    ]
    there = build.everything()["services"]
    assert service_id(50) in there
    assert service_id(51) not in there


def test_twins_are_named_and_kept_only_when_asked() -> None:
    build.apply(build.check(build.a_file([an_item(60, phone="01632 960600")])))
    twin = an_item(61, name="The Example Group 60", phone="01632 960 600")
    batch = build.check(
        build.a_file([twin, {**an_item(62), "name": "Example group 60"}]), source="Another feed"
    )
    assert batch.counts["service"]["possible_duplicate"] >= 1
    told = build.rows_of(batch, verdict="possible_duplicate", kind="service")[0].notes[-1]["detail"]
    assert "“Example group 60” is in the directory, with the same name and" in told
    assert "telephone number" in told
    own = record_id("Another feed", RecordKind.SERVICE, "svc-61")
    left = build.apply(batch)
    assert own not in build.everything()["services"]
    build.roll_back(left)
    kept = build.apply(build.check(build.a_file([twin]), source="Another feed"), keep_duplicates=True)
    assert own in build.everything()["services"]
    build.roll_back(kept)


def test_an_organisation_with_the_same_charity_number_is_the_same() -> None:
    number = [{"identifier_scheme": "GB-CHC", "identifier": "1234567"}]
    first = an_item(70, organization={"id": "a", "name": "Tea body", "organization_identifiers": number})
    other = an_item(71, organization={"id": "b", "name": "Tea Body Ltd", "organization_identifiers": number})
    build.apply(build.check(build.a_file([first])))
    batch = build.apply(build.check(build.a_file([other]), source="Another feed"))
    docs = build.everything()["services"]
    mine = docs[service_id(70)].organization_id
    assert docs[record_id("Another feed", RecordKind.SERVICE, "svc-71")].organization_id == mine
    assert batch.counts["organization"] == {"changed": 1}


def test_a_group_that_lacks_what_it_needs_is_kept_and_not_published() -> None:
    batch = build.apply(build.check(build.a_file([an_item(80, kind="group", email=None)])))
    assert build.everything()["services"][service_id(80)].status == "inactive"
    told = build.rows_of(batch, kind="service")[0].notes[0]["detail"]
    assert told.startswith("Kept, not published: Give a name, a telephone number")


def test_what_the_feed_does_not_say_is_left_as_it_is_here() -> None:
    build.apply(build.check(build.a_file([an_item(85)])))
    with database.transaction() as session:
        doc = service_documents(session, [service_id(85)])[service_id(85)]
        keep_service(session, service_id(85), replace(doc, differs="We wait for you.", kind="advice"), at=AT)
    assert build.check(build.a_file([an_item(85)])).counts["service"] == {"same": 1}


def test_a_secret_address_stays_secret_whatever_a_feed_says() -> None:
    head = ["Name", "Venue", "Postcode", "Secret", "Organisation"]
    build.apply(
        build.check(build.a_sheet([head, ["Safe house", "Hidden hall", "YO1 7HH", "yes", "Refuge body"]]))
    )
    open_now = [head, ["Safe house", "Hidden hall", "YO1 7HH", "no", "Refuge body"]]
    batch = build.check(build.a_sheet(open_now))
    assert batch.counts["location"] == {"same": 1}
    assert any(one.private for one in build.everything()["locations"].values())


def test_a_sheet_is_read_by_its_columns_and_the_others_are_kept_beside() -> None:
    rows = [
        ["Group name", "Run by", "When", "Email", "Shoe size"],
        ["Sheet choir", "Sheet singers", "Mondays 7pm-9pm", "sing@listings.example", "42"],
        ["", "Nobody", "", "", ""],
        ["Sheet walk", "Sheet walkers", "after school", "broken@", ""],
    ]
    batch = build.check(build.a_sheet(rows), source="A sheet")
    assert batch.left_columns == ["Shoe size"]
    assert batch.counts["service"] == {"new": 2, "refused": 1}
    build.apply(batch)
    choir, walk = (
        next(one for one in build.everything()["services"].values() if one.name == name)
        for name in ("Sheet choir", "Sheet walk")
    )
    assert (choir.hours, choir.schedules[0].byday) == ("Mondays 7pm-9pm", "MO")
    assert (walk.hours, walk.schedules, walk.email) == ("after school", (), None)
    row = build.rows_of(batch, kind="service")[0]
    assert row.raw["Shoe size"] == "42"


def test_hsds_tabular_is_put_together_from_its_tables() -> None:
    tables = {
        "organizations": [["id", "name", "description"], ["o9", "Tabular body", "A body."]],
        "services": [["id", "organization_id", "name", "status"], ["s9", "o9", "Tabular group", "active"]],
        "locations": [["id", "name", "latitude", "longitude"], ["l9", "Tabular hall", "53.9", "-1.1"]],
        "addresses": [["id", "location_id", "address_1", "postal_code"], ["a9", "l9", "9 Road", "YO1 7HH"]],
        "service_at_locations": [["id", "service_id", "location_id"], ["x9", "s9", "l9"]],
        "contacts": [["id", "service_id", "name"], ["c9", "s9", "A. Example"]],
        "phones": [["id", "contact_id", "number"], ["p9", "c9", "01632 960009"]],
        "schedules": [["id", "service_at_location_id", "freq", "byday", "opens_at", "closes_at"],
                      ["h9", "x9", "WEEKLY", "MO", "10:00", "11:00"]],
        "taxonomies": [["id", "name"], ["t9", "Colours"]],
        "taxonomy_terms": [["id", "taxonomy_id", "name"], ["w9", "t9", "Green"]],
        "attributes": [["id", "link_id", "taxonomy_term_id"], ["b9", "s9", "w9"]],
    }  # fmt: skip
    start = build.everything()
    batch = build.apply(build.check(build.a_zip(tables), source="Tables"))
    assert batch.counts["service"] == {"new": 1}, build.rows_of(batch)
    doc = build.everything()["services"][record_id("Tables", RecordKind.SERVICE, "s9")]
    venue = build.everything()["locations"][doc.locations[0].location_id]
    assert (venue.address_1, venue.postal_code, venue.latitude) == ("9 Road", "YO1 7HH", 53.9)
    assert doc.contacts[0].phones[0].number == "01632 960009"
    assert (doc.schedules[0].byday, doc.schedules[0].location_id) == ("MO", doc.locations[0].location_id)
    assert doc.codes("colours") == ("green",)
    build.roll_back(batch)
    assert build.everything() == start


def test_an_organisations_admin_imports_its_own_listings_alone() -> None:
    own = listings.a_body("Own body")
    other = listings.a_body("Other body")
    theirs = listings.a_service(other, base=listings.GROUP)
    by = admin(Role.ORG_ADMIN, own)
    items = [
        an_item(90, organization={"name": "The Own Body"}),
        an_item(91, organization={"id": str(other), "name": "Other body"}),
        an_item(92, id=str(theirs), organization={"name": "Own body"}),
    ]
    batch = build.check(build.a_file(items), by=by, organization_id=own)
    verdicts = {one.name: one.verdict for one in build.rows_of(batch, kind="service")}
    assert verdicts == {
        "Example group 90": "new",
        "Example group 91": "refused",
        "Example group 92": "refused",
    }
    with pytest.raises(NotFound):
        batches.begin("x", "feed.json", build.a_file(items), at=AT, by=by)
    with pytest.raises(NotFound):
        see_batch(batch.id, admin(Role.ORG_ADMIN, other))
    assert not see_batches(admin(Role.ORG_ADMIN, other))[0]
    assert see_batch(batch.id, admin(Role.FORUM_ADMIN, other)).id == batch.id


def test_a_file_that_cannot_be_read_is_refused_whole_and_says_why() -> None:
    with pytest.raises(Invalid):
        batches.begin("x", "a.pdf", build.io.BytesIO(b"%PDF"), at=AT, by=None)
    batch = build.check(build.io.BytesIO(b'[{"id": "1", "name": "A"}, {"id": '))
    assert batch.state == "refused"
    assert "JSON" in batch.why[0]
    with database.transaction() as session:
        assert session.get_one(ImportBatch, batch.id).state == "refused"
    with pytest.raises(Invalid) as refused:
        batches.begin("x", "big.json", build.a_file([an_item(1)]), at=AT, by=None, most=10)
    assert "over" in refused.value.errors[0].detail


@pytest.mark.parametrize("number", ["9" * 31, "9" * 5_000, "1e999"])
def test_a_number_beyond_counting_is_kept_as_text_beside_what_is_read(number: str) -> None:
    n = int(uuid4().int % 10**9)
    items = [an_item(n, minimum_age="?"), an_item(n + 1)]
    file = io.BytesIO(build.a_file(items).getvalue().replace(b'"?"', number.encode()))
    batch = build.apply(build.check(file, source=f"Counted {n}"))
    odd, plain = build.rows_of(batch, kind="service")
    assert (odd.verdict, plain.verdict) == ("new", "new")
    assert odd.raw["minimum_age"] == number
    assert "is not a number" in odd.notes[0]["detail"] or "between 0 and 120" in odd.notes[0]["detail"]
    kept = build.everything()["services"]
    assert kept[odd.record_id].minimum_age is None
    assert plain.record_id in kept


def test_a_night_in_words_is_open_past_midnight_to_the_search() -> None:
    words = "Sunday: 12:00 - 23:00, Friday: 11:00 - 01:00"
    n = int(uuid4().int % 10**9)
    item = an_item(n, name=f"Lantern {n}", schedules=[{"description": words}])
    batch = build.apply(build.check(build.a_file([item]), source=f"Nights {n}"))
    (row,) = build.rows_of(batch, kind="service")
    friday = date(2026, 11, 27)

    def is_open(day: date, hour: int, minute: int) -> bool:
        wanted, moment = Wanted(q=f"Lantern {n}", open_now=True), Moment(day, hour * 60 + minute)
        return row.record_id in [hit.view.service.id for hit in search_services(wanted, moment).hits]

    saturday = friday + timedelta(days=1)
    assert [is_open(friday, 10, 59), is_open(friday, 11, 0), is_open(friday, 23, 59)] == [False, True, True]
    assert [is_open(saturday, 0, 59), is_open(saturday, 1, 0)] == [True, False]
    assert not is_open(friday, 0, 30)
    assert is_open(friday + timedelta(days=2), 22, 59)
