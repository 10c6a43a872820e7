"""The routing snapshot: complete, in order under concurrent writers, paged, silent about private places."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select, update

from services.directory.actions.begin_epoch import begin_new_epoch
from services.directory.store.database import database
from services.directory.store.identity import Account, Membership
from services.directory.store.locations import Location
from services.directory.store.organizations import Organization, SharingAgreement
from services.directory.store.places import EmergencyNumber
from services.directory.store.queries.snapshot import read_snapshot
from services.directory.store.relay import Outbox
from services.directory.store.routing_marks import Mark, mark
from services.directory.store.services import Service
from services.directory.store.taxonomy import TaxonomyTerm
from services.directory.store.teams import Team, TeamService
from tests.builders import listings as build
from tests.builders.identity import a_person
from tests.queries import count_queries

NOON = build.NOON


@pytest.fixture(scope="module", autouse=True)
def _words(app: Flask) -> None:
    build.words()


@pytest.fixture
def since() -> int:
    """The version before the test."""
    return build.version()


def changed(after: int) -> set[tuple[str, str]]:
    return set(build.snapshot(after))


def test_what_is_published_is_in_the_snapshot_with_all_that_routing_needs(since: int) -> None:
    place = build.a_place()
    body = build.a_body(place_id=place)
    team = build.a_scheme_team(body, place_id=place)
    service = build.a_service(
        body, needs=("money_debt", "food"), team_ids=[team], place_id=place, minimum_age=18, ask_first=True
    )
    build.a_location(service)
    doc = build.snapshot(since)[("service", str(service))]
    assert doc is not None
    assert doc["needs"] == ["money_debt", "food"]
    assert doc["team_ids"] == [str(team)]
    assert doc["area"]["authorities"] == ["E06000099"]
    assert doc["criteria"]["min_age"] == 18
    assert doc["capacity"] == {
        "limit": 20,
        "open_places": 5,
        "paused_until": None,
        "paused": False,
        "declared_wait_days": None,
    }
    assert doc["location"] == {"lat": 53.95418, "lon": -1.12726, "name": "Example hall"}
    assert doc["verified_at"] == "2026-11-22T12:00:00Z"


def test_a_private_location_is_in_no_item_of_the_snapshot(since: int) -> None:
    service = build.a_service(discreet=True)
    build.a_location(service, private=True, name="The hidden house")
    items = read_snapshot(since, 5000).items
    assert "hidden" not in str(items)
    assert "53.95" not in str([i for i in items if i["id"] == str(service)])
    doc = build.snapshot(since)[("service", str(service))]
    assert doc is not None
    assert doc["location"] is None


def test_a_location_made_private_takes_its_point_out_of_the_snapshot(since: int) -> None:
    service = build.a_service()
    location = build.a_location(service)
    after = build.version()
    with database.transaction() as session:
        session.get_one(Location, location).private = True
    doc = build.snapshot(after)[("service", str(service))]
    assert doc is not None
    assert doc["location"] is None


@pytest.mark.parametrize("kind", ["team", "service", "place", "need", "organization", "agreement"])
def test_a_changed_row_is_sent_again(kind: str) -> None:
    place = build.a_place()
    body, other = build.a_body(place_id=place), build.a_body()
    team = build.a_scheme_team(body)
    service = build.a_service(body, team_ids=[team])
    with database.transaction() as session:
        agreement = SharingAgreement(
            id=uuid4(),
            organization_a=body,
            organization_b=other,
            purposes=["share_referral"],
            valid_from=date(2026, 1, 1),
            signed_by_a="A",
            signed_by_b="B",
        )
        session.add(agreement)
    after = build.version()
    with database.transaction() as session:
        if kind == "team":
            session.get_one(Team, team).name = "Another name"
            expected = {("team", str(team))}
        elif kind == "service":
            session.get_one(Service, service).differs = "Now with tea."
            expected = {("service", str(service))}
        elif kind == "place":
            number = session.scalars(select(EmergencyNumber).where(EmergencyNumber.place_id == place)).one()
            number.what = "Ring and wait."
            expected = {("place", str(place))}
        elif kind == "need":
            term = session.scalars(select(TaxonomyTerm).where(TaxonomyTerm.code == "food")).one()
            term.plain = f"I am hungry {uuid4()}"
            expected = {("need", "food")}
        elif kind == "organization":
            session.get_one(Organization, body).phone = "01632 960999"
            expected = {("organization", str(body))}
        else:
            session.get_one(SharingAgreement, agreement.id).valid_until = date(2027, 1, 1)
            expected = {("agreement", str(agreement.id))}
    assert changed(after) == expected


def test_what_is_written_without_a_change_is_not_sent_again(since: int) -> None:
    body = build.a_body()
    after = build.version()
    with database.transaction() as session:
        row = session.get_one(Organization, body)
        row.name = str(row.name)
    assert changed(after) == set()
    assert after > since


def test_a_deleted_row_is_sent_as_deleted() -> None:
    body = build.a_body()
    team = build.a_scheme_team(body)
    service = build.a_service(body, team_ids=[team])
    after = build.version()
    with database.transaction() as session:
        session.delete(session.get_one(TeamService, (team, service)))
        session.flush()
        session.delete(session.scalars(select(Team).where(Team.id == team)).one())
    found = build.snapshot(after)
    assert found[("team", str(team))] is None
    served = found[("service", str(service))]
    assert served is not None
    assert served["team_ids"] == []
    item = next(i for i in read_snapshot(after, 100).items if i["kind"] == "team")
    assert item == {"kind": "team", "id": str(team), "deleted": True, "doc": None}


def test_what_is_rolled_back_changes_no_version(since: int) -> None:
    class Stop(Exception):
        pass

    def write() -> None:
        with database.transaction() as session:
            session.add(Organization(id=uuid4(), name="Never", sector="health", last_modified=NOON))
            session.flush()
            raise Stop

    with pytest.raises(Stop):
        write()
    assert build.version() == since


def test_a_savepoint_that_is_undone_takes_no_other_change_with_it() -> None:
    body = build.a_body()
    after = build.version()
    with database.transaction() as session:
        session.get_one(Organization, body).phone = "01632 960997"
        session.flush()
        savepoint = session.begin_nested()
        session.add(Organization(id=uuid4(), name="Undone", sector="health", last_modified=NOON))
        session.flush()
        savepoint.rollback()
    doc = build.snapshot(after)[("organization", str(body))]
    assert doc is not None
    assert doc["phone"] == "01632 960997"


def member_of(account_id: UUID) -> str:
    with database.transaction() as session:
        return str(session.scalars(select(Membership.id).where(Membership.account_id == account_id)).one())


def test_a_member_carries_the_working_pattern_of_their_link_worker_entry() -> None:
    body = build.a_body()
    team = build.a_scheme_team(body)
    person = a_person("worker", organization_id=body, team_id=team)
    worker = build.a_link_worker(team, body, account_id=person.id)
    cover_person = a_person("worker", organization_id=body, team_id=team)
    cover = build.a_link_worker(team, body, account_id=cover_person.id)
    after = build.version()
    build.an_absence(worker, date(2026, 12, 1), date(2026, 12, 5), cover)
    found = build.snapshot(after)
    assert set(found) == {("member", member_of(person.id))}
    doc = found[("member", member_of(person.id))]
    assert doc is not None
    assert doc["absences"] == [
        {"from": "2026-12-01", "to": "2026-12-05", "cover_account_id": str(cover_person.id)}
    ]
    assert (doc["working_days"], doc["caseload_limit"], doc["languages"]) == ([0, 1, 2], 30, ["en"])
    assert doc["email_domain"] == "somewhere.example"
    assert person.email not in str(doc)


def test_an_ended_membership_and_a_closed_account_are_no_members() -> None:
    body = build.a_body()
    ended, closed = a_person("worker", organization_id=body), a_person("worker", organization_id=body)
    after = build.version()
    with database.transaction() as session:
        row = session.scalars(select(Membership).where(Membership.account_id == ended.id)).one()
        row.ended_at = NOON
        session.get_one(Account, closed.id).active = False
    found = build.snapshot(after)
    assert found[("member", member_of(ended.id))] is None
    assert found[("member", member_of(closed.id))] is None


def test_writes_that_go_round_the_mapper_can_say_what_they_changed() -> None:
    body = build.a_body()
    after = build.version()
    with database.transaction() as session:
        session.execute(update(Organization).where(Organization.id == body).values(phone="01632 960998"))
        mark(session, [Mark("organization", str(body))])
    assert changed(after) == {("organization", str(body))}


def test_each_change_of_routing_is_told_once_by_an_event(since: int) -> None:
    build.a_body()
    last = build.version()
    with database.transaction() as session:
        told = session.scalars(
            select(Outbox).where(Outbox.type == "routing.changed.v1").order_by(Outbox.seq.desc())
        ).all()
    assert [event.data["version"] for event in told if event.data["version"] > since] == [last]
    assert told[0].subject == str(read_snapshot(0, 1).epoch)


def test_a_new_epoch_tells_readers_to_begin_again(since: int) -> None:
    before = read_snapshot(since, 10)
    epoch = begin_new_epoch(NOON)
    after = read_snapshot(since, 10)
    assert (before.epoch, after.epoch) == (before.epoch, epoch)
    assert before.epoch != epoch
    assert after.version == before.version


def test_pages_go_on_where_the_last_one_ended() -> None:
    whole = [(i["kind"], i["id"]) for i in read_snapshot(0, 5000).items]
    paged: list[tuple[str, str]] = []
    after, more = 0, True
    while more:
        page = read_snapshot(after, 7)
        assert len(page.items) <= 7
        paged += [(i["kind"], i["id"]) for i in page.items]
        after, more = page.version, page.more
    assert paged == whole
    assert read_snapshot(after, 7).items == []
    assert read_snapshot(after, 7).version == after


def test_a_page_costs_the_same_however_many_items_are_on_it() -> None:
    def cost(limit: int) -> int:
        with count_queries(database.engine) as counted:
            read_snapshot(0, limit)
        return len(counted)

    for _ in range(10):
        build.a_service()
    assert cost(2000) == cost(1000) <= 32


def test_no_reader_ever_misses_a_version_of_writers_at_work_together() -> None:
    """Two writers with transactions of different length; a third thread reads all the time."""
    bodies = [build.a_body(), build.a_body()]
    start = build.version()
    stop = threading.Event()
    gate = threading.Barrier(3)
    seen: dict[tuple[str, str], int] = {}
    failures: list[BaseException] = []

    def write(body: UUID, pause: float) -> None:
        gate.wait()
        for number in range(25):
            with database.transaction() as session:
                session.get_one(Organization, body).description = f"round {number}"
                session.flush()
                session.connection().exec_driver_sql(f"select pg_sleep({pause})")
                session.add(
                    Organization(id=uuid4(), name=f"Written {number}", sector="health", last_modified=NOON)
                )

    def read() -> None:
        after = start
        gate.wait()
        while True:
            last_time = stop.is_set()
            page = read_snapshot(after, 10)
            for item in page.items:
                seen[(item["kind"], item["id"])] = page.version
            assert page.version >= after
            after = page.version
            if last_time and not page.more:
                return

    def guarded(work: Any, *arguments: Any) -> None:
        try:
            work(*arguments)
        except BaseException as failure:
            failures.append(failure)
            raise

    writers = [
        threading.Thread(target=guarded, args=(write, body, pause))
        for body, pause in zip(bodies, (0.004, 0.001), strict=True)
    ]
    reader = threading.Thread(target=guarded, args=(read,))
    for thread in (*writers, reader):
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    reader.join()
    assert failures == []
    assert set(seen) == changed(start)
    assert len(seen) == 52


def test_writers_that_hold_their_rows_together_commit_one_after_the_other() -> None:
    """What everybody locks last cannot deadlock, whatever each has locked before."""
    one, other = build.a_body(), build.a_body()
    done: list[str] = []

    def write(body: UUID, name: str) -> None:
        with database.transaction() as session:
            session.get_one(Organization, body).description = name
            session.flush()
            barrier.wait()
        done.append(name)

    barrier = threading.Barrier(2)
    threads = [threading.Thread(target=write, args=(body, str(body))) for body in (one, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)
    assert sorted(done) == sorted([str(one), str(other)])


def test_only_the_other_services_may_read_it(app: Flask, as_service: dict[str, dict[str, str]]) -> None:
    client = app.test_client()
    assert client.get("/api/v1/routing-snapshot").status_code == 401
    answer = client.get("/api/v1/routing-snapshot?after=0&limit=2", headers=as_service["referrals"])
    assert answer.status_code == 200
    assert set(answer.json or {}) == {"epoch", "version", "as_of", "more", "items"}
    assert (
        client.get("/api/v1/routing-snapshot?limit=2", headers=as_service["notifications"]).status_code == 200
    )


@pytest.mark.parametrize("query", ["after=-1", "limit=0", "limit=5001", "after=x", "other=1"])
def test_a_query_that_cannot_be_taken_is_named(
    app: Flask, as_service: dict[str, dict[str, str]], query: str
) -> None:
    answer = app.test_client().get(f"/api/v1/routing-snapshot?{query}", headers=as_service["referrals"])
    assert answer.status_code == 422
    assert (answer.json or {})["errors"][0]["pointer"] == "/" + query.split("=", maxsplit=1)[0]
