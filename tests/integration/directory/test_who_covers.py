"""Who covers this practice, ward or postcode, and who of them is there today."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask

from services.directory.store.database import database
from services.directory.store.link_workers import LinkWorkerArea, SurgerySession
from services.directory.store.listing_parts import ServicePostcode
from services.directory.store.organizations import Organization, OrganizationIdentifier
from services.directory.store.pcns import Pcn, PracticeInPcn
from services.directory.store.places import Area
from services.directory.store.postcodes import Postcode
from services.directory.store.queries.link_workers import WantedWorkers, find_link_workers
from services.directory.store.queries.whereabouts import Whereabouts, find_whereabouts, whereabouts
from shared.auth import Role
from tests.builders import listings as build
from tests.builders.identity import Browser, a_person

MONDAY = date(2026, 11, 23)
TUESDAY = MONDAY + timedelta(days=1)
WARD, MOOR, TOWN = "E05099991", "E05099992", "E06000099"
PRACTICE, NETWORK = "B99991", "U99991"


@pytest.fixture(scope="module", autouse=True)
def _world(app: Flask) -> None:
    build.words()
    place = build.a_place("Exampleton", TOWN)
    surgery = build.a_body("Example Hill Surgery")
    with database.transaction() as session:
        session.add(Area(code=WARD, kind="ward", name="Example Hill"))
        session.add(Area(code=MOOR, kind="ward", name="Example Moor"))
        session.add(Postcode(pcds="YO24 3BZ", authority=TOWN, ward=WARD, lsoa="E01099991"))
        session.add(Postcode(pcds="YO24 3BY", authority=TOWN, ward=MOOR, lsoa="E01099992"))
        session.add(Pcn(code=NETWORK, name="Example network"))
        session.flush()
        session.add(PracticeInPcn(practice_ods=PRACTICE, pcn_code=NETWORK))
        session.add(OrganizationIdentifier(organization_id=surgery, scheme="GB-NHS", identifier=PRACTICE))
    assert place


def of_scheme(name: str, **service: object) -> UUID:
    """A link worker of a team that works one scheme."""
    body = build.a_body()
    team = build.a_scheme_team(body)
    build.a_service(body, team_ids=[team], **service)
    return build.a_link_worker(team, body, name=name)


def on_their_own(name: str, **fields: object) -> UUID:
    """A link worker whose team works no scheme."""
    body = build.a_body()
    return build.a_link_worker(build.a_scheme_team(body), body, name=name, **fields)


def meant(key: str) -> Whereabouts:
    found = whereabouts(key)
    assert found is not None
    return found


def found(key: str | None = None, on: date = MONDAY, **more: object) -> set[str]:
    where = meant(key) if key else None
    views, _ = find_link_workers(WantedWorkers(where=where, limit=200, **more), on)  # type: ignore[arg-type]
    return {view.worker.name for view in views}


def test_a_postcode_a_ward_and_a_practice_are_understood() -> None:
    assert [one.key for one in find_whereabouts("yo243bz")] == ["postcode:YO24 3BZ"]
    assert [one.key for one in find_whereabouts("example hill")] == [f"ward:{WARD}", f"practice:{PRACTICE}"]
    assert [one.key for one in find_whereabouts("b99991")] == [f"practice:{PRACTICE}"]
    assert find_whereabouts("nowhere at all") == []
    assert find_whereabouts("  ") == []
    assert find_whereabouts("YO1 1AA") == []


@pytest.mark.parametrize(
    "key", ["", "ward:", "ward:E05000001", "practice:X", "postcode:tea", "lsoa:E01099991", "\0"]
)
def test_a_key_that_names_nothing_is_nothing(key: str) -> None:
    assert whereabouts(key) is None


def test_whoever_s_scheme_or_own_patch_holds_the_ward_covers_it() -> None:
    of_scheme("Ward scheme", areas=(("ward", WARD),))
    of_scheme("Town scheme", areas=(("authority", TOWN),))
    of_scheme("Part scheme", areas=(("lsoa", "E01099991"),))
    of_scheme("Moor scheme", areas=(("ward", MOOR),))
    own = on_their_own("Own patch")
    with database.transaction() as session:
        session.add(LinkWorkerArea(link_worker_id=own, kind="ward", code=WARD))
    inside = {"Ward scheme", "Town scheme", "Part scheme", "Own patch"}
    assert inside <= found(f"ward:{WARD}")
    assert "Moor scheme" not in found(f"ward:{WARD}")
    assert inside <= found("postcode:YO24 3BZ")
    assert "Moor scheme" in found("postcode:YO24 3BY")


def test_a_drawn_area_covers_its_postcodes() -> None:
    body = build.a_body()
    team = build.a_scheme_team(body)
    service = build.a_service(body, team_ids=[team], areas=(("ward", "E05099990"),))
    build.a_link_worker(team, body, name="Drawn scheme")
    with database.transaction() as session:
        session.add(ServicePostcode(service_id=service, postcode="YO24 3BZ"))
    assert "Drawn scheme" in found("postcode:YO24 3BZ")
    assert "Drawn scheme" not in found("postcode:YO24 3BY")


def test_a_practice_is_covered_by_its_own_its_network_s_and_whoever_holds_a_session_there() -> None:
    of_scheme("Practice scheme", areas=(("practice", PRACTICE),))
    of_scheme("Network scheme", areas=(("pcn", NETWORK),))
    of_scheme("Other practice", areas=(("practice", "B99992"),))
    holder = on_their_own("Holds a session")
    service = build.a_service()
    with database.transaction() as session:
        session.add(
            SurgerySession(
                link_worker_id=holder, service_id=service, practice_ods=PRACTICE, weekday=2, name="Session"
            )
        )
    assert {"Practice scheme", "Network scheme", "Holds a session"} <= found(f"practice:{PRACTICE}")
    assert "Other practice" not in found(f"practice:{PRACTICE}")


def test_today_leaves_those_who_work_are_not_away_or_cover_for_one_who_is() -> None:
    body = build.a_body()
    team = build.a_scheme_team(body)
    build.a_service(body, team_ids=[team], areas=(("ward", MOOR),))
    here = build.a_link_worker(team, body, name="On Mondays", working_days=[0])
    away = build.a_link_worker(team, body, name="Is away", working_days=[0, 1])
    build.a_link_worker(team, body, name="On Tuesdays", working_days=[1])
    build.a_link_worker(team, body, name="Any day", working_days=[])
    cover = on_their_own("Covers from next door", working_days=[0])
    build.an_absence(away, MONDAY, MONDAY, cover)
    assert {"On Mondays", "Any day", "Covers from next door"} <= found(f"ward:{MOOR}", today=True)
    assert found(f"ward:{MOOR}", today=True).isdisjoint({"Is away", "On Tuesdays"})
    assert {"Is away", "On Tuesdays", "Any day"} <= found(f"ward:{MOOR}", TUESDAY, today=True)
    assert "Covers from next door" not in found(f"ward:{MOOR}", TUESDAY, today=True)
    views, _ = find_link_workers(WantedWorkers(limit=200), MONDAY)
    by_id = {view.worker.id: view for view in views}
    assert [one.name for one in by_id[cover].covers_for] == ["Is away"]
    assert by_id[here].is_there(MONDAY)
    assert not by_id[away].is_there(MONDAY)


def test_an_unlisted_colleague_is_never_the_one_covered_for() -> None:
    body = build.a_body()
    team = build.a_scheme_team(body)
    hidden = build.a_link_worker(team, body, name="Hidden one", listed=False)
    cover = build.a_link_worker(team, body, name="Covers the hidden")
    build.an_absence(hidden, MONDAY, MONDAY, cover)
    views, _ = find_link_workers(WantedWorkers(q="covers the hidden"), MONDAY)
    assert [view.covers_for for view in views] == [()]


def test_languages_and_what_they_know_most_about_are_found() -> None:
    on_their_own("Speaks Polish", languages=["en", "pl"], specialisms=["bereavement"])
    assert found(language="pl") == {"Speaks Polish"}
    assert "Speaks Polish" in found(need="bereavement")


def test_the_api_answers_by_codes_and_names_one_it_does_not_know(app: Flask) -> None:
    client, header = app.test_client(), build.bearer(app, Role.SENDER)
    url = "/api/v1/link-workers"
    answer = client.get(f"{url}?covers=ward:{WARD}&today=true&language=en&limit=200", headers=header)
    assert answer.status_code == 200
    assert all(item["there_today"] for item in (answer.json or {})["items"])
    assert client.get(f"{url}?covers=ward:E05000001", headers=header).status_code == 422
    assert client.get(f"{url}?covers=anything", headers=header).status_code == 422
    assert client.get(f"{url}?today=perhaps", headers=header).status_code == 422
    assert client.get(f"{url}?covers=ward:{WARD}").status_code == 401


def test_the_page_asks_which_where_words_mean_several(browser: Browser) -> None:
    someone = a_person("sender")
    browser.sign_in(someone)
    page = browser.send("/link-workers", where="Example Hill")
    assert "Which of these?" in page.text
    assert "Example Hill Surgery" in page.text
    chosen = browser.send("/link-workers", where="Example Hill Surgery", at=f"practice:{PRACTICE}")
    assert "Who covers <strong>Example Hill Surgery</strong>" in chosen.text
    wrong = browser.send("/link-workers", where="Atlantis")
    assert wrong.status_code == 422
    assert "Enter a postcode, a ward or a surgery of this area" in wrong.text


def test_nobody_who_is_not_signed_in_learns_where_a_named_worker_is(app: Flask) -> None:
    assert app.test_client().get("/link-workers").status_code in (302, 303)
    assert app.test_client().get(f"/api/v1/link-workers/{uuid4()}").status_code == 401


def test_a_closed_practice_is_not_offered() -> None:
    body = build.a_body("Closed Surgery")
    with database.transaction() as session:
        session.add(OrganizationIdentifier(organization_id=body, scheme="GB-NHS", identifier="B99999"))
        session.get_one(Organization, body).status = "closed"
    assert find_whereabouts("closed surgery") == []
