"""Link workers, for signed-in practitioners; absences, by their lead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import update

from services.directory.actions.absences import end_absence, record_absence
from services.directory.domain.working_pattern import Away
from services.directory.store.database import database
from services.directory.store.link_workers import Absence
from services.directory.store.queries.link_workers import WantedWorkers, find_link_workers
from services.directory.store.taxonomy import Sector, TaxonomyTerm
from shared.auth import Caller, Role
from shared.clock import now, uk_date
from shared.errors import Conflict, Invalid, NotFound
from tests.builders import listings as build
from tests.builders.identity import Browser, a_person, caller_of, rows
from tests.queries import count_queries

TODAY = uk_date(now())
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Crew:
    """Two link workers of one team, and their lead."""

    body: UUID
    team: UUID
    worker: UUID
    colleague: UUID
    lead: Caller


@pytest.fixture(scope="module", autouse=True)
def _words(app: Flask) -> None:
    build.words()


@pytest.fixture
def crew() -> Crew:
    body = build.a_body()
    team = build.a_scheme_team(body)
    build.a_service(body, team_ids=[team], needs=("food",))
    lead = caller_of(a_person("lead", organization_id=body, team_id=team))
    return Crew(body, team, build.a_link_worker(team, body), build.a_link_worker(team, body), lead)


def found(q: str = "", **more: Any) -> list[str]:
    views, _ = find_link_workers(WantedWorkers(q=q, limit=200, **more), TODAY)
    return [view.worker.name for view in views]


def test_a_retired_word_is_a_choice_only_where_it_is_chosen(browser: Browser) -> None:
    browser.sign_in(a_person("sender"))

    def choices(**asked: str) -> str:
        return browser.send("/link-workers", **asked).text if asked else browser.get("/link-workers").text

    def retire(retired: bool) -> None:
        with database.transaction() as session:
            for table, code in ((TaxonomyTerm, "volunteering"), (Sector, "education")):
                session.execute(update(table).where(table.code == code).values(retired=retired))

    retire(True)
    try:
        for name, code, other in (("need", "volunteering", "food"), ("sector", "education", "vcse")):
            assert f'<option value="{code}"' not in choices()
            assert f'<option value="{other}"' in choices()
            assert f'<option value="{code}" selected' in choices(**{name: code})
    finally:
        retire(False)
    assert '<option value="volunteering"' in choices()


def test_they_are_found_by_name_organisation_scheme_role_and_words() -> None:
    body = build.a_body("Bellfounders Trust", sector="vcse")
    team = build.a_scheme_team(body)
    build.a_service(body, name="Clapper scheme", team_ids=[team], needs=("dementia",))
    build.a_link_worker(team, body, name="Olwen Testerling", about="Speaks Cornish")
    for q in ("olwen", "testerlng", "bellfounders", "clapper", "cornish"):
        assert found(q) == ["Olwen Testerling"]
    assert "Olwen Testerling" in found("gp link")
    assert found(sector="vcse") == ["Olwen Testerling"]
    assert found(need="dementia") == ["Olwen Testerling"]
    assert found("olwen", sector="health") == []


def test_who_did_not_agree_to_be_listed_is_not(app: Flask, crew: Crew) -> None:
    hidden = build.a_link_worker(crew.team, crew.body, name="Unlisted Person", listed=False)
    assert found("unlisted") == []
    header = build.bearer(app, Role.SENDER)
    assert app.test_client().get(f"/api/v1/link-workers/{hidden}", headers=header).status_code == 404


def test_who_did_not_agree_to_be_listed_is_not_named_as_cover_either(
    app: Flask, browser: Browser, crew: Crew
) -> None:
    hidden = build.a_link_worker(crew.team, crew.body, name="Unlisted Cover", listed=False)
    build.an_absence(crew.worker, TODAY - DAY, TODAY + DAY, hidden)
    header, client = build.bearer(app, Role.SENDER), app.test_client()
    for path in (f"/api/v1/link-workers/{crew.worker}", "/api/v1/link-workers?limit=100"):
        answer = client.get(path, headers=header)
        assert answer.status_code == 200
        assert "Unlisted" not in answer.text
        assert str(hidden) not in answer.text
    lead = build.bearer(app, Role.LEAD, organization_id=crew.body, team_id=crew.team)
    days = {"from": str(TODAY + 9 * DAY), "to": str(TODAY + 9 * DAY), "cover_id": str(hidden)}
    refused = client.post(f"/api/v1/link-workers/{crew.worker}/absences", json=days, headers=lead)
    assert refused.status_code == 422
    browser.sign_in(a_person("lead", organization_id=crew.body, team_id=crew.team))
    for page in (f"/link-workers/{crew.worker}", f"/link-workers/{crew.worker}/away", "/link-workers"):
        shown = browser.get(page)
        assert shown.status_code == 200
        assert "Unlisted" not in shown.text
        assert str(hidden) not in shown.text


def test_only_for_those_who_are_signed_in(app: Flask, browser: Browser, crew: Crew) -> None:
    for path in ("/link-workers", f"/link-workers/{crew.worker}"):
        assert app.test_client().get("/api/v1" + path).status_code == 401
        assert "/sign-in" in browser.get(path).headers["Location"]
        answer = app.test_client().get("/api/v1" + path, headers=build.bearer(app, Role.SENDER))
        assert answer.status_code == 200


def test_the_answer_says_who_is_away_and_who_covers(app: Flask, crew: Crew) -> None:
    absence = build.an_absence(crew.worker, TODAY - DAY, TODAY + DAY, crew.colleague)
    header = build.bearer(app, Role.SENDER)
    one = app.test_client().get(f"/api/v1/link-workers/{crew.worker}", headers=header).json or {}
    assert one["away"]["id"] == str(absence)
    assert one["away"]["to"] == (TODAY + DAY).isoformat()
    assert one["away"]["cover"]["id"] == str(crew.colleague)
    assert one["needs"] == ["food"]
    assert one["working_days"] == [0, 1, 2]
    other = app.test_client().get(f"/api/v1/link-workers/{crew.colleague}", headers=header).json or {}
    assert other["away"] is None


@pytest.mark.parametrize(
    ("query", "status"),
    [("need=tea", 422), ("sector=moon", 422), ("q=%00", 422), ("wrong=1", 422), ("cursor=nonsense", 400)],
)
def test_a_search_that_cannot_be_taken_is_refused(app: Flask, query: str, status: int) -> None:
    header = build.bearer(app, Role.SENDER)
    assert app.test_client().get(f"/api/v1/link-workers?{query}", headers=header).status_code == status


def test_pages_are_whole_and_cost_a_fixed_number_of_queries(app: Flask) -> None:
    body = build.a_body("Pagers")
    team = build.a_scheme_team(body)
    for number in range(7):
        build.a_link_worker(team, body, name=f"Pager {number % 2}")
    header, client = build.bearer(app, Role.SENDER), app.test_client()
    seen, cursor, costs = [], "", set()
    while True:
        with count_queries(database.engine) as counted:
            answer = client.get(f"/api/v1/link-workers?q=pager&limit=2{cursor}", headers=header).json or {}
        costs.add(len(counted))
        seen += [item["id"] for item in answer["items"]]
        if answer["next_cursor"] is None:
            break
        cursor = f"&cursor={answer['next_cursor']}"
    assert len(seen) == len(set(seen)) == 7
    assert costs == {6}


def test_the_search_on_the_page_is_sent_and_never_stands_in_an_address(browser: Browser, crew: Crew) -> None:
    browser.sign_in(a_person("sender"))
    for number in range(30):
        build.a_link_worker(crew.team, crew.body, name=f"Ferrier {number:02}")
    page = browser.get("/link-workers").text
    assert 'method="post"' in page
    answer = browser.send("/link-workers", q="ferrier")
    assert answer.status_code == 200
    assert "Ferrier 00" in answer.text
    assert "Ferrier 29" not in answer.text
    assert "cursor=" not in answer.text
    assert 'name="cursor"' in answer.text
    nobody = browser.send("/link-workers", q="xyzzy")
    assert "Nobody found" in nobody.text


def test_a_lead_writes_down_days_away_and_routing_hears(crew: Crew) -> None:
    person = a_person("worker", organization_id=crew.body, team_id=crew.team)
    worker = build.a_link_worker(crew.team, crew.body, account_id=person.id)
    after = build.version()
    record_absence(worker, Away(TODAY, TODAY + 4 * DAY, crew.colleague), by=crew.lead, at=now())
    changed = build.snapshot(after)
    assert [kind for kind, _ in changed] == ["member"]
    (doc,) = changed.values()
    assert doc is not None
    assert doc["absences"] == [
        {"from": TODAY.isoformat(), "to": (TODAY + 4 * DAY).isoformat(), "cover_account_id": None}
    ]


def test_nobody_but_their_lead_writes_it_down(crew: Crew) -> None:
    other = build.a_body()
    for by in (
        caller_of(a_person("worker", organization_id=crew.body, team_id=crew.team)),
        caller_of(a_person("org_admin", organization_id=crew.body)),
        caller_of(a_person("lead", organization_id=other, team_id=build.a_scheme_team(other))),
    ):
        with pytest.raises(NotFound):
            record_absence(crew.worker, Away(TODAY, TODAY), by=by, at=now())
    with pytest.raises(NotFound):
        record_absence(uuid4(), Away(TODAY, TODAY), by=crew.lead, at=now())


def test_who_covers_is_of_the_team_and_there(crew: Crew) -> None:
    other = build.a_body()
    stranger = build.a_link_worker(build.a_scheme_team(other), other)
    for cover in (stranger, uuid4()):
        with pytest.raises(Invalid, match="same team"):
            record_absence(crew.worker, Away(TODAY, TODAY, cover), by=crew.lead, at=now())
    build.an_absence(crew.colleague, TODAY, TODAY)
    with pytest.raises(Invalid, match="away on some of these days"):
        record_absence(crew.worker, Away(TODAY, TODAY, crew.colleague), by=crew.lead, at=now())


def test_days_away_are_written_down_once(crew: Crew) -> None:
    record_absence(crew.worker, Away(TODAY, TODAY + DAY), by=crew.lead, at=now())
    with pytest.raises(Conflict):
        record_absence(crew.worker, Away(TODAY + DAY, TODAY + 2 * DAY), by=crew.lead, at=now())


def absences_of(worker: UUID) -> list[tuple[date, date]]:
    return [(row.from_on, row.to_on) for row in rows(Absence, Absence.link_worker_id == worker)]


def test_somebody_who_is_back_was_away_until_yesterday(crew: Crew) -> None:
    begun = build.an_absence(crew.worker, TODAY - 3 * DAY, TODAY + 3 * DAY)
    to_come = build.an_absence(crew.worker, TODAY + 9 * DAY, TODAY + 9 * DAY)
    end_absence(crew.worker, begun, by=crew.lead, at=now())
    end_absence(crew.worker, to_come, by=crew.lead, at=now())
    assert absences_of(crew.worker) == [(TODAY - 3 * DAY, TODAY - DAY)]
    with pytest.raises(NotFound):
        end_absence(crew.worker, begun, by=crew.lead, at=now())


def test_another_workers_absence_is_not_ended_by_mistake(crew: Crew) -> None:
    absence = build.an_absence(crew.colleague, TODAY, TODAY)
    with pytest.raises(NotFound):
        end_absence(crew.worker, absence, by=crew.lead, at=now())


def test_absences_by_the_api(app: Flask, crew: Crew) -> None:
    header = build.bearer(app, Role.LEAD, organization_id=crew.body, team_id=crew.team)
    client, path = app.test_client(), f"/api/v1/link-workers/{crew.worker}/absences"
    days = {"from": TODAY.isoformat(), "to": (TODAY + DAY).isoformat()}
    made = client.post(path, json={**days, "cover_id": str(crew.colleague)}, headers=header)
    assert made.status_code == 201
    assert (made.json or {})["away"]["cover"]["id"] == str(crew.colleague)
    again = client.post(path, json=days, headers=header)
    assert again.status_code == 409
    backwards = client.post(path, json={"from": days["to"], "to": days["from"]}, headers=header)
    assert [e["pointer"] for e in (backwards.json or {})["errors"]] == ["/to"]
    nothing = client.post(path, json={}, headers=header)
    assert {e["pointer"] for e in (nothing.json or {})["errors"]} == {"/from", "/to"}
    absence = (made.json or {})["away"]["id"]
    assert client.delete(f"{path}/{absence}", headers=header).status_code == 204
    assert client.delete(f"{path}/{absence}", headers=header).status_code == 404
    stranger = build.bearer(app, Role.LEAD)
    assert client.post(path, json=days, headers=stranger).status_code == 404


def test_the_same_key_writes_days_away_down_once(app: Flask, crew: Crew) -> None:
    header = build.bearer(app, Role.LEAD, organization_id=crew.body, team_id=crew.team)
    client, path = app.test_client(), f"/api/v1/link-workers/{crew.worker}/absences"
    days = {"from": TODAY.isoformat(), "to": (TODAY + DAY).isoformat()}
    keyed = header | {"Idempotency-Key": '"lost-answer"'}
    first, again = (client.post(path, json=days, headers=keyed) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(absences_of(crew.worker)) == 1
    other = client.post(path, json={**days, "to": days["from"]}, headers=keyed)
    assert [e["pointer"] for e in (other.json or {})["errors"]] == ["/Idempotency-Key"]
    assert client.post(path, json=days, headers=header).status_code == 409
    assert client.post(path, json=days, headers=header | {"Idempotency-Key": ""}).status_code == 400
    # A replay asks for today's rights, and another system's key is another key.
    stranger = build.bearer(app, Role.LEAD) | {"Idempotency-Key": '"lost-answer"'}
    assert client.post(path, json=days, headers=stranger).status_code == 404


def test_a_key_of_a_refused_call_may_be_used_again(app: Flask, crew: Crew) -> None:
    header = build.bearer(app, Role.LEAD, organization_id=crew.body, team_id=crew.team)
    client, path = app.test_client(), f"/api/v1/link-workers/{crew.worker}/absences"
    keyed = header | {"Idempotency-Key": "second-try"}
    days = {"from": TODAY.isoformat(), "to": TODAY.isoformat()}
    assert client.post(path, json={**days, "to": "2020-01-01"}, headers=keyed).status_code == 422
    assert client.post(path, json=days, headers=keyed).status_code == 201


def test_absences_by_the_page(browser: Browser, crew: Crew) -> None:
    browser.sign_in(a_person("lead", organization_id=crew.body, team_id=crew.team))
    path = f"/link-workers/{crew.worker}"
    assert "Write down days away" in browser.get(path).text
    first, last = TODAY, TODAY + 2 * DAY
    typed = {
        f"{name}-{part}": str(getattr(day, part))
        for name, day in (("from_on", first), ("to_on", last))
        for part in ("day", "month", "year")
    }
    sent = browser.send(f"{path}/away", **typed, cover_id=str(crew.colleague))
    assert sent.status_code == 303
    page = browser.get(path).text
    assert "The absence is written down" in page
    assert "Away until" in page
    again = browser.send(f"{path}/away", **typed)
    assert again.status_code == 422
    assert "already written down" in again.text
    (absence,) = rows(Absence, Absence.link_worker_id == crew.worker)
    ended = browser.send(f"{path}/away/{absence.id}/end", page=path)
    assert ended.status_code == 303
    assert absences_of(crew.worker) == []


def test_the_page_of_an_absence_says_what_to_mend(browser: Browser, crew: Crew) -> None:
    browser.sign_in(a_person("lead", organization_id=crew.body, team_id=crew.team))
    empty = browser.send(f"/link-workers/{crew.worker}/away")
    assert empty.status_code == 422
    assert "the first day away" in empty.text.lower()
    typed = {"from_on-day": "31", "from_on-month": "2", "from_on-year": "2027"}
    assert browser.send(f"/link-workers/{crew.worker}/away", **typed).status_code == 422


def test_a_colleague_sees_no_form(browser: Browser, crew: Crew) -> None:
    browser.sign_in(a_person("worker", organization_id=crew.body, team_id=crew.team))
    assert "Write down days away" not in browser.get(f"/link-workers/{crew.worker}").text
    assert browser.get(f"/link-workers/{crew.worker}/away").status_code == 404
