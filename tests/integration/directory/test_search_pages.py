"""The pages and the API of the search: postcodes in no address, needs that are not met, the thesaurus."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update

from services.directory.actions import thesaurus, unmet_needs
from services.directory.actions.seed_thesaurus import put_thesaurus
from services.directory.actions.thesaurus import some_entries
from services.directory.domain.search import Moment, Wanted
from services.directory.store.database import database
from services.directory.store.postcodes import Postcode
from services.directory.store.queries.search import search_services
from services.directory.store.relay import AccessLog
from services.directory.store.taxonomy import Sector, TaxonomyTerm
from services.directory.store.unmet_needs import UnmetNeed, UnmetSeen
from shared import logs, paging
from shared.errors import NotFound
from tests.builders import listings as build
from tests.builders.identity import Browser, Someone, a_person, caller_of

AT = datetime(2026, 11, 24, 10, tzinfo=UTC)
HOME = "YO24 3BZ"


@pytest.fixture(scope="module", autouse=True)
def _words(app: Flask) -> None:
    build.words()
    with database.transaction() as session:
        put_thesaurus(session, build.NOON)
        session.add(Postcode(pcds=HOME, authority="E06000014", ward="E05010330", lat=53.95418, lon=-1.12726))


@pytest.fixture(scope="module")
def admin(app: Flask) -> Someone:
    return a_person("forum_admin")


def group(name: str, **fields: Any) -> None:
    build.a_service(name=name, base=build.GROUP, needs=("food",), **fields)


def find(app: Flask, **body: Any) -> Any:
    return app.test_client().post("/api/v1/services/search", json=body)


def test_a_search_without_a_postcode_leads_to_an_address_that_can_be_kept(browser: Browser) -> None:
    answer = browser.send("/services", q="singing", need="food", room="yes", postcode="")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/services?q=singing&need=food&room=yes"


@pytest.mark.parametrize(
    "typed", [{"postcode": "yo24 3bz"}, {"q": "pantry yo243bz"}], ids=["in its field", "among the words"]
)
def test_a_search_from_a_postcode_is_answered_without_an_address(
    browser: Browser, typed: dict[str, str]
) -> None:
    group("Postcoded pantry")
    answer = browser.send("/services", **typed)
    assert answer.status_code == 200
    assert "Postcoded pantry" in answer.text
    links = [part.split('"')[0] for part in answer.text.split('href="')[1:]]
    assert not [link for link in links if "yo24" in link.lower()]


def test_its_further_pages_hold_the_postcode_in_their_form_alone(browser: Browser) -> None:
    for number in range(30):
        group(f"Many pantries {number}")
    page = browser.send("/services", q="many pantries", postcode=HOME).text
    assert 'name="cursor"' in page
    assert "cursor=" not in page
    assert f'name="postcode" value="{HOME}"' in page


@pytest.mark.parametrize("postcode", ["nowhere", "AB1 0AA", "\0"])
def test_a_postcode_that_is_none_or_not_known_is_said(browser: Browser, postcode: str) -> None:
    answer = browser.send("/services", postcode=postcode)
    assert answer.status_code in (303, 422)
    if answer.status_code == 422:
        assert "postcode" in answer.text
        assert "Error: " in answer.text


def options(page: str, name: str) -> dict[str, str]:
    inside = page.split(f'name="{name}"')[1].split("</select>", maxsplit=1)[0]
    return dict(re.findall(r'<option value="([^"]*)"[^>]*>([^<]*)<', inside))


def retire(code: str, retired: bool = True, table: Any = TaxonomyTerm) -> None:
    with database.transaction() as session:
        session.execute(update(table).where(table.code == code).values(retired=retired))


def test_a_retired_word_is_offered_only_where_it_is_chosen_or_said_by_what_is_found(
    browser: Browser,
) -> None:
    build.a_service(name="Heliotrope rides", base=build.GROUP, needs=("transport",))
    group("Heliotrope pantry")
    for code in ("transport", "volunteering", "step_free"):
        retire(code)
    retire("education", table=Sector)
    try:
        page = browser.get("/services?q=heliotrope").text
        assert options(page, "need")["transport"].endswith(" (1)")
        assert "volunteering" not in options(page, "need")
        assert "volunteering" in options(browser.get("/services?need=volunteering").text, "need")
        assert "education" not in options(page, "sector")
        assert "education" in options(browser.get("/services?sector=education").text, "sector")
        assert "step_free" not in options(page, "access")
        assert "transport" not in options(browser.get("/services?q=pantry").text, "need")
    finally:
        for code in ("transport", "volunteering", "step_free"):
            retire(code, False)
        retire("education", False, Sector)


def test_what_was_chosen_is_said_and_each_is_left_out_by_a_button_of_its_own(browser: Browser) -> None:
    group("Cerise pantry", languages=["pl"], free=True)
    page = browser.send(
        "/services", q="cerise", need="food", language="pl", free="yes", postcode=HOME, within="2", age="40"
    ).text
    chips = page.split('class="app-chips')[1].split("</ul>")[0]
    said = [
        re.sub(r"<[^>]*>", "", one).strip()
        for one in re.findall(r'<button class="app-chip"[^>]*>(.*?)<span class="app-chip__cross', chips)
    ]
    assert said == [
        f"Leave out: {one}"
        for one in (
            f"Serves {HOME}", "Within 2 miles", "Food", "Polish", "Takes people aged 40", "Free only",
        )
    ]  # fmt: skip
    first, *_, last = chips.split("<form")[1:]
    kept = dict(re.findall(r'name="([^"]*)" value="([^"]*)"', first))
    answer = browser.send("/services", **kept)
    assert answer.headers["Location"] == "/services?q=cerise&need=food&age=40&language=pl&free=yes"
    assert 'name="free"' not in last
    assert f'value="{HOME}"' in last
    assert "app-chips" not in browser.get("/services?q=cerise").text


def test_a_page_has_as_many_as_were_asked_for(browser: Browser) -> None:
    for number in range(51):
        group(f"Ochre pantry {number}")
    for query, shown in (("", 25), ("&size=50", 50), ("&size=100", 51), ("&size=7", 25)):
        page = browser.get(f"/services?q=ochre{query}").text
        assert page.count('class="app-row"') == shown
    page = browser.get("/services?q=ochre&size=50").text
    rest = next(link for link in re.findall(r'href="([^"]*)"', page) if "cursor=" in link)
    assert "size=50" in rest
    assert browser.get(rest.replace("&amp;", "&")).text.count('class="app-row"') == 1


@pytest.mark.parametrize(
    "query", ["age=old", "age=999", "open=never", "open=tue&time=25:99", "within=1&sort=nearest",
              "language=%00",
              "area=x", "part=evening", "time=10:00", "cursor="],
)  # fmt: skip
def test_the_page_answers_whatever_its_address_says(browser: Browser, query: str) -> None:
    assert browser.get(f"/services?{query}").status_code == 200


def test_the_api_finds_from_a_postcode_in_its_body(app: Flask) -> None:
    group("Zinnia pantry")
    answer = find(app, q="zinnia", postcode="yo243bz", facets=True)
    assert answer.status_code == 200
    body = answer.json
    assert [item["name"] for item in body["items"]] == ["Zinnia pantry"]
    assert body["total"] == 1
    assert body["facets"]["need"] == {"food": 1}
    assert body["items"][0]["match"] == {
        "distance_metres": None,
        "reasons": [
            {"kind": "words", "text": "Says “zinnia”"},
            {"kind": "area", "text": "Takes people from anywhere"},
        ],
    }


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"postcode": "nowhere"}, "/postcode"),
        ({"postcode": "AB1 0AA"}, "/postcode"),
        ({"within": 5}, "/within"),
        ({"sort": "nearest"}, "/sort"),
        ({"open_part": "evening"}, "/open_part"),
        ({"open_day": "someday"}, "/open_day"),
        ({"open_day": "tue", "open_time": "7pm"}, "/open_time"),
        ({"age": -1}, "/age"),
        ({"free": "yes"}, "/free"),
        ({"need": "tea"}, "/need"),
        ({"sector": "tea"}, "/sector"),
        ({"area": "Westfield"}, "/area"),
        ({"shoe_size": 9}, "/shoe_size"),
    ],
)
def test_a_search_that_cannot_be_taken_is_named(app: Flask, body: dict[str, Any], pointer: str) -> None:
    answer = find(app, **body)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]


def test_no_postcode_is_in_the_logs(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    # Logs go where standard error is now.
    logs.configure("directory")
    find(app, q="markerword", postcode=HOME)
    app.test_client().get("/api/v1/services?q=markerword")
    said = capsys.readouterr().err
    with capsys.disabled():
        logs.configure("directory")
    assert "/api/v1/services" in said
    assert "markerword" not in said
    assert "YO24" not in said


def counts() -> dict[tuple[str, str], int]:
    with database.transaction() as session:
        rows = session.execute(select(UnmetNeed.area, UnmetNeed.need, UnmetNeed.count))
        return {(area, need): count for area, need, count in rows}


def forget() -> None:
    with database.transaction() as session:
        session.execute(delete(UnmetNeed))
        session.execute(delete(UnmetSeen))


def note(at: datetime = AT, **wanted: Any) -> bool:
    search = Wanted(**wanted)
    return unmet_needs.note_unmet(search, search_services(search, Moment(at.date(), 600)), at)


def test_what_was_not_found_is_counted_by_week_area_and_need_once_an_hour() -> None:
    forget()
    nothing = {"language": "ti"}
    assert note(q="debt", postcode=HOME, **nothing)
    assert not note(q="debt", postcode=HOME, **nothing)
    assert note(AT + timedelta(hours=1), q="debt", postcode=HOME, **nothing)
    assert note(need="housing", **nothing)
    assert note(q="my own name", **nothing)
    assert note(age=40, **nothing)
    assert counts() == {
        ("E05010330", "money_debt"): 2, ("", "housing"): 1, ("", "words"): 1, ("", "filters"): 1,
    }  # fmt: skip
    with database.transaction() as session:
        whole = json.dumps([list(map(str, row)) for row in session.execute(text("select * from unmet_need"))])
        seen = json.dumps([list(map(str, row)) for row in session.execute(text("select * from unmet_seen"))])
    assert not any(word in whole + seen for word in ("own", "name", "YO24"))


def test_what_is_found_and_further_pages_are_not_counted() -> None:
    forget()
    group("Countless pantry")
    assert not note(q="countless")
    cursor = paging.encode(0, 1, "a", str(uuid4()))
    assert not note(q="xyzzyxyzzy", cursor=cursor)
    assert counts() == {}


def test_digests_are_forgotten_after_an_hour_and_counts_after_two_years() -> None:
    forget()
    note(q="xyzzyxyzzy")
    with database.transaction() as session:
        assert unmet_needs.forget_old(session, AT + timedelta(hours=2)) == 0
        assert session.scalar(select(UnmetSeen.digest)) is None
        assert unmet_needs.forget_old(session, AT + timedelta(weeks=106)) == 1
    assert counts() == {}


def test_small_numbers_are_not_shown_and_nobody_else_sees_any(browser: Browser, admin: Someone) -> None:
    forget()
    week = datetime.now(UTC).date() - timedelta(days=datetime.now(UTC).weekday())
    with database.transaction() as session:
        session.add(UnmetNeed(week=week, area="E05010330", need="food", count=4))
        session.add(UnmetNeed(week=week, area="E05010330", need="housing", count=17))
    browser.sign_in(admin)
    page = browser.get("/unmet-needs").text
    assert "17" in page
    assert "fewer than 5" in page
    with pytest.raises(NotFound):
        unmet_needs.counted(caller_of(a_person("org_admin")), AT.date())


def test_the_thesaurus_is_changed_by_the_forums_admin_and_written_down(
    browser: Browser, admin: Someone
) -> None:
    browser.sign_in(admin)
    group("Gooseberry desk")
    answer = browser.send("/search-words/new", same="Plonkit\nwallop", also="gooseberry", need="food")
    assert answer.status_code == 303
    assert "and also: wallop, gooseberry" in browser.get(answer.headers["Location"]).text
    assert [hit.view.service.name for hit in search_services(Wanted(q="plonkit"), Moment(AT.date(), 0)).hits][
        :1
    ] == ["Gooseberry desk"]
    (entry,) = some_entries(caller_of(admin), "plonkit").entries
    changed = browser.send(f"/search-words/{entry.id}", same="plonkit\nhoopla", also="", need="")
    assert changed.status_code == 303
    assert entry.same != some_entries(caller_of(admin), "plonkit").entries[0].same
    gone = browser.send(f"/search-words/{entry.id}/remove", f"/search-words/{entry.id}")
    assert gone.status_code == 303
    assert some_entries(caller_of(admin), "plonkit").count == 0
    assert browser.get(f"/search-words/{entry.id}").status_code == 404
    with database.transaction() as session:
        acts = session.scalars(select(AccessLog.act).order_by(AccessLog.at)).all()
    assert list(acts)[-3:] == ["change_thesaurus", "change_thesaurus", "remove_from_thesaurus"]


def test_the_entries_are_paged_and_those_that_are_looked_for_too(
    browser: Browser, admin: Someone, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.sign_in(admin)
    phrases = [f"quibble {letter}" for letter in ("ants", "bees", "cows", "dogs", "emus")]
    for phrase in phrases:
        assert browser.send("/search-words/new", same=phrase, also="", need="food").status_code == 303
    monkeypatch.setattr(thesaurus, "ON_A_PAGE", 2)
    seen: list[str] = []
    address, pages = "/search-words?show=quibble", 0
    while address:
        text = browser.get(address).text
        pages += 1
        assert f"5 entries with “quibble”, page {pages} of 3." in text
        shown = re.findall(r">(quibble \w+)<", text)
        assert 1 <= len(shown) <= 2
        seen += shown
        following = re.search(r'href="([^"]*)"[^>]*rel="next"', text)
        address = unescape(following[1]) if following else ""
    assert (pages, seen) == (3, phrases)
    assert "page 1 of" in browser.get("/search-words?page=0").text
    last = browser.get("/search-words?show=quibble&page=99").text
    assert "page 3 of 3" in last
    assert "Earlier in the list" in last


def test_words_that_mean_nothing_are_said_beside_their_field(browser: Browser, admin: Someone) -> None:
    browser.sign_in(admin)
    answer = browser.send("/search-words/new", same="", also="x", need="")
    assert answer.status_code == 422
    assert "Enter the words people type" in answer.text
    assert browser.send("/search-words/new", same="a\nb", also="", need="tea").status_code == 422


@pytest.mark.parametrize("path", ["/search-words", "/search-words/new", "/unmet-needs"])
def test_nobody_else_comes_to_what_the_forums_admin_looks_after(browser: Browser, path: str) -> None:
    browser.sign_in(a_person("org_admin", "lead"))
    assert browser.get(path).status_code == 404
    with pytest.raises(NotFound):
        some_entries(caller_of(a_person("lead")))


def test_a_thesaurus_somebody_emptied_of_a_word_is_not_filled_again() -> None:
    with database.transaction() as session:
        assert put_thesaurus(session, AT) == 0
