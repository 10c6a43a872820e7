"""The forum's admin keeps the words; needs and circumstances reach the routing in their own words."""

from __future__ import annotations

import pytest
from flask import Flask

from services.directory.actions.load_pcns import load_pcns
from services.directory.domain.documents import Polygon
from services.directory.store.database import database
from services.directory.store.pcns import Pcn
from services.directory.store.postcodes import Postcode
from services.directory.store.taxonomy import Sector, TaxonomyTerm
from services.referrals.domain.routing.criteria import circumstance_words
from services.referrals.domain.routing.snapshot import Snapshot
from shared.errors import Invalid
from tests.builders.forms import filled
from tests.builders.identity import HOME, Browser, a_person, rows
from tests.builders.listings import NOON, a_body, a_service, snapshot, words


@pytest.fixture
def forum(app: Flask, browser: Browser) -> Browser:
    words()
    browser.sign_in(a_person("forum_admin", organization_id=a_body()))
    return browser


def term(taxonomy: str, code: str) -> TaxonomyTerm:
    found: TaxonomyTerm = rows(TaxonomyTerm, TaxonomyTerm.taxonomy == taxonomy, TaxonomyTerm.code == code)[0]
    return found


def routed() -> Snapshot:
    items = [
        {"kind": kind, "id": id, "doc": doc} for (kind, id), doc in snapshot().items() if doc is not None
    ]
    return Snapshot.of(items)


def test_a_new_label_is_asked_about_in_its_own_words(forum: Browser) -> None:
    path = "/words/circumstances/add"
    unfinished = forum.send(path, name="Former miner", plain="Were they a miner")
    assert unfinished.status_code == 422
    assert "with a question mark" in unfinished.text
    made = forum.send(
        path, name="Former miner", plain="Did they work in a mine?", description="worked in a mine"
    )
    assert made.status_code == 303
    a_service(circumstances=["former_miner"])
    assert circumstance_words("former_miner", routed()) == ("worked in a mine", "Did they work in a mine?")
    tenant = f"tenant:{a_body('Kettle homes')}"
    assert circumstance_words(tenant, routed())[1] == "Are they a tenant of Kettle homes?"


def test_a_word_is_said_better_moved_and_retired_but_never_deleted(forum: Browser) -> None:
    needs_list = "/words/needs"
    first, second = term("needs", "loneliness"), term("needs", "money_debt")
    path = f"{needs_list}/{second.id}"
    page = forum.get(path).text
    assert forum.client.post(path, base_url=HOME, data=filled(page, name="Money worries")).status_code == 303
    assert term("needs", "money_debt").name == "Money worries"
    assert routed().needs["money_debt"].label == "Money worries"
    late = forum.client.post(path, base_url=HOME, data=filled(page, name="Debt"))
    assert late.status_code == 409
    assert "Money worries" in late.text
    assert forum.send(f"{path}/up", page=path).status_code == 303
    assert term("needs", "money_debt").position < term("needs", first.code).position
    used = a_service(needs=["money_debt"])
    assert "1 service<" in forum.get(needs_list).text
    assert forum.send(f"{path}/retire", page=path).status_code == 303
    assert routed().needs["money_debt"].retired
    kept = snapshot()["service", str(used)] or {}
    assert kept["needs"] == ["money_debt"]
    assert forum.send(f"{path}/offer", page=path).status_code == 303
    assert not routed().needs["money_debt"].retired


def test_words_stand_below_others_but_never_below_themselves(forum: Browser) -> None:
    assert forum.send("/words/new-list", name="Kettle kinds", description="Of kettles").status_code == 303
    assert forum.send("/words/kettle_kinds/add", name="Kettle").status_code == 303
    below = forum.send(
        "/words/kettle_kinds/add", name="Electric", parent="Kettle", term_uri="https://k.example/e"
    )
    assert below.status_code == 303
    path = f"/words/kettle_kinds/{term('kettle_kinds', 'kettle').id}"
    ring = forum.client.post(path, base_url=HOME, data=filled(forum.get(path).text, parent="electric"))
    assert ring.status_code == 422
    assert "cannot stand below itself" in ring.text
    assert forum.send("/words/kettle_kinds/add", name="Bad", term_uri="javascript:x").status_code == 422


def test_sectors_and_roles_are_words_too(forum: Browser) -> None:
    assert forum.send("/words/sectors/add", name="Libraries").status_code == 303
    assert rows(Sector, Sector.code == "libraries")
    assert forum.send("/words/sectors/libraries/retire", page="/words/sectors/libraries").status_code == 303
    assert "Retired" in forum.get("/words/sectors").text
    assert forum.get("/words/connector_roles").status_code == 200
    assert forum.get("/words/nobody_knows").status_code == 404
    assert forum.get("/words/needs/not-a-key").status_code == 404


PARTNERS = (
    '"Z99001","SURGERY","Q","X","U99001","KETTLE PCN","Q","X","20200401",""',
    '"Z99002","OTHER","Q","X","U99001","KETTLE PCN","Q","X","20200401","20210331"',
)


def test_a_network_travels_as_its_practices(app: Flask) -> None:
    words()
    done = load_pcns(PARTNERS, on=NOON.date())
    assert (done.networks, done.practices) == (1, 1)
    one = a_service(areas=[("pcn", "U99001")], area_basis=["registered"])
    assert (snapshot()["service", str(one)] or {})["area"]["practices"] == ["Z99001"]
    heading = "Partner Organisation Code,Partner Name,a,b,PCN Code,PCN Name,c,d,Start,End"
    again = load_pcns((heading, PARTNERS[0], PARTNERS[1].replace('"20210331"', '""')), on=NOON.date())
    assert again.changed == 1
    assert (snapshot()["service", str(one)] or {})["area"]["practices"] == ["Z99001", "Z99002"]
    assert load_pcns(PARTNERS, on=NOON.date(), dry_run=True).changed == 1
    assert (snapshot()["service", str(one)] or {})["area"]["practices"] == ["Z99001", "Z99002"]
    with pytest.raises(Invalid) as refused:
        load_pcns(("Z99001,short",), on=NOON.date())
    assert "10 columns" in refused.value.errors[0].detail
    load_pcns((PARTNERS[0].replace("U99001", "U99002"),), on=NOON.date())
    assert {row.code for row in rows(Pcn)} >= {"U99001", "U99002"}
    assert (snapshot()["service", str(one)] or {})["area"]["practices"] == []


def test_a_drawn_area_travels_as_its_postcodes(app: Flask) -> None:
    words()
    with database.transaction() as session:
        session.merge(Postcode(pcds="YO98 1AA", authority="E06000099", lat=53.95, lon=-1.1))
    ring = [[-1.11, 53.94], [-1.09, 53.94], [-1.09, 53.96], [-1.11, 53.96], [-1.11, 53.94]]
    area = Polygon("By the mill", {"type": "Polygon", "coordinates": [ring]})
    one = a_service(polygons=(area,), areas=[])
    assert (snapshot()["service", str(one)] or {})["area"]["postcodes"] == ["YO98 1AA"]
