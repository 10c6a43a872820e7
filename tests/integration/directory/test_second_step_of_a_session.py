"""A role that needs a second step is in a token only once that was passed in the very session."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from services.directory.actions import invitations, links, sessions
from services.directory.actions.keys import ring
from services.directory.domain.accounts import NEED_SECOND_FACTOR
from shared.auth import Role
from shared.auth.tokens import AUDIENCE, read
from shared.clock import now
from shared.errors import NotFound
from tests.builders.identity import (
    PASSWORD,
    Browser,
    Someone,
    a_person,
    also_in,
    an_organization,
    caller_of,
    signed_in,
)

pytestmark = pytest.mark.usefixtures("app", "data_may_be_real")


@pytest.fixture
def data_may_be_real(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.directory.config.second_factor_is_required", lambda: True)


def claims_of(token: str | None) -> dict[str, Any]:
    return read(token or "", ring.find, audience=AUDIENCE, issuer="http://localhost:5001")


def roles_in(token: str | None) -> set[str]:
    return {m["role"] for m in claims_of(token).get("memberships", [])}


def set_up(browser: Browser, someone: Someone, path: str) -> str:
    key = browser.get(path).text.split('<code class="app-key">')[1].split("<", 1)[0].replace(" ", "")
    assert browser.send(path, code=Someone(someone.id, "", None, key).code(now())).status_code == 200
    return key


@pytest.mark.parametrize("role", sorted(NEED_SECOND_FACTOR))
def test_a_role_given_while_a_session_runs_waits_for_its_second_step(role: str) -> None:
    someone = a_person("worker")
    token = signed_in(someone, now())
    also_in(someone, role, someone.organization_id or uuid4())
    fresh = sessions.renew(token, now())
    assert roles_in(fresh) == {"worker"}
    by = caller_of(someone, sid=str(claims_of(fresh)["sid"]))
    assert roles_in(sessions.again(by, now())) == {"worker"}
    assert roles_in(sessions.act_for(by, someone.organization_id or uuid4(), now())) == {"worker"}


def test_one_cannot_act_for_an_organisation_whose_roles_all_wait() -> None:
    someone, other = a_person("sender"), an_organization()
    token = signed_in(someone, now())
    also_in(someone, "org_admin", other)
    with pytest.raises(NotFound):
        sessions.act_for(caller_of(someone, sid=str(claims_of(token)["sid"])), other, now())


def test_a_role_that_needs_none_comes_with_the_next_renewal() -> None:
    someone = a_person("sender")
    token = signed_in(someone, now())
    also_in(someone, "worker", someone.organization_id or uuid4())
    assert roles_in(sessions.renew(token, now())) == {"sender", "worker"}


def test_by_invitation_in_an_open_browser_the_role_waits_until_a_second_step_is_set_up(app: Flask) -> None:
    admin, someone = a_person("org_admin"), a_person("sender")
    browser = Browser(app)
    browser.sign_in(someone)
    organization = admin.organization_id or UUID(int=0)
    link_id = invitations.invite(
        someone.email,
        roles=["org_admin"],
        team_ids=[],
        organization_id=organization,
        by=caller_of(admin),
        at=now(),
    )
    path = links.mint(link_id, now()).url.removeprefix("http://localhost:5001")
    assert browser.send(path + "/accept", page=path).status_code == 303
    assert roles_in(browser.cookie()) == {"sender"}
    assert browser.get(f"/people/{organization}").status_code == 404
    assert "See what waits" in browser.get("/").text
    assert "Set up a second step</a> to go on" in browser.get("/account").text
    set_up(browser, someone, "/account/second-step")
    assert roles_in(browser.cookie()) == {"sender", "org_admin"}
    assert browser.get(f"/people/{organization}").status_code == 200
    assert "See what waits" not in browser.get("/").text


def test_a_session_beside_the_one_that_passed_it_still_waits(app: Flask) -> None:
    someone = a_person("sender")
    here, there = Browser(app), Browser(app)
    for each in (here, there):
        each.sign_in(someone)
    set_up(here, someone, "/account/second-step")
    also_in(someone, Role.LEAD, someone.organization_id or uuid4())
    assert roles_in(sessions.renew(here.cookie() or "", now())) == {"sender", "lead"}
    assert roles_in(sessions.renew(there.cookie() or "", now())) == {"sender"}
    assert "sign in again with a code" in there.get("/account").text


def test_turning_the_second_step_off_takes_back_what_it_opened(app: Flask) -> None:
    someone = a_person("sender")
    browser = Browser(app)
    browser.sign_in(someone)
    set_up(browser, someone, "/account/second-step")
    browser.send("/account/second-step/off", password=PASSWORD)
    also_in(someone, Role.LEAD, someone.organization_id or uuid4())
    assert roles_in(sessions.renew(browser.cookie() or "", now())) == {"sender"}


def test_signing_in_with_a_code_opens_every_role(app: Flask) -> None:
    someone = a_person("org_admin", "sender", second_factor=True)
    browser = Browser(app)
    browser.sign_in(someone)
    browser.send("/sign-in/code", code=someone.code(now()))
    assert roles_in(browser.cookie()) == {"org_admin", "sender"}
