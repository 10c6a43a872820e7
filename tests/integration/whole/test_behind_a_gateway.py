"""Each service under a path of one host: every link, redirect, cookie and letter has the path."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from services.directory.actions import invitations, links, passwords
from services.directory.actions.keys import published_keys, ring
from services.directory.app import create_app as directory
from services.directory.store.database import database as directory_store
from services.directory.store.identity import ActionLink
from services.notifications.app import create_app as notifications
from services.notifications.store.database import database as notifications_store
from services.notifications.store.signin import TrustedKey as KnownToNotifications
from services.referrals.app import create_app as referrals
from services.referrals.store.database import database as referrals_store
from services.referrals.store.signin import TrustedKey as KnownToReferrals
from shared.clock import now
from tests.builders.gateway import HOST, PUBLIC, Browser, Gateway, addresses_in, leads_to, walked
from tests.builders.identity import PASSWORD, Someone, a_person, a_team, an_organization, caller_of, rows

SIGN_IN = PUBLIC["directory"] + "/sign-in"
LEAST_PAGES = 20


@pytest.fixture(scope="module")
def gateway(databases: dict[str, str], valkey: str) -> Iterator[Gateway]:
    """The three services with paths in their public addresses; each knows the directory's keys."""
    with pytest.MonkeyPatch.context() as patch:
        for service, url in PUBLIC.items():
            patch.setenv(f"PUBLIC_URL_{service.upper()}", url)
        ring.forget()
        apps: dict[str, Flask] = {
            "directory": directory(),
            "referrals": referrals(),
            "notifications": notifications(),
        }
        for store in (directory_store, referrals_store, notifications_store):
            patch.setattr(store, "nudge", None)
        ring.signing()
        for key in published_keys(now())[0]["keys"]:
            for store, table in (
                (referrals_store, KnownToReferrals),
                (notifications_store, KnownToNotifications),
            ):
                with store.transaction() as session:
                    session.add(table(kid=key["kid"], jwk=key, fetched_at=now()))
        yield Gateway(apps)
    ring.forget()


@pytest.fixture
def browser(gateway: Gateway) -> Browser:
    return Browser(gateway)


def enter(browser: Browser, someone: Someone, url: str = SIGN_IN) -> str:
    """Sign in from the page at `url`; where that leads."""
    return leads_to(url, browser.send(url, email=someone.email, password=PASSWORD))


def somebody_with_every_page() -> Someone:
    organization = an_organization()
    return a_person(
        "sender", "worker", "lead", "org_admin", organization_id=organization, team_id=a_team(organization)
    )


@pytest.mark.parametrize("is_signed_in", [False, True])
def test_every_link_of_every_page_leads_somewhere(browser: Browser, is_signed_in: bool) -> None:
    if is_signed_in:
        assert enter(browser, somebody_with_every_page()) == PUBLIC["directory"] + "/"
    found = walked(browser, [url + "/" for url in PUBLIC.values()])
    assert {url: status for url, status in found.items() if status >= 400} == {}
    assert len(found) > LEAST_PAGES
    shown = PUBLIC.values() if is_signed_in else [PUBLIC["directory"]]
    assert all(any(each.startswith(url + "/assets/") for each in found) for url in shown)


def test_a_page_that_needs_signing_in_comes_back_to_itself(browser: Browser) -> None:
    wanted = PUBLIC["notifications"] + "/notices"
    sent = leads_to(wanted, browser.get(wanted))
    assert sent.startswith(SIGN_IN + "?")
    assert parse_qs(urlsplit(sent).query)["next"] == [wanted]
    assert enter(browser, a_person("sender"), sent) == wanted
    assert browser.get(wanted).status_code == 200


def test_a_second_step_is_remembered_between_its_pages(browser: Browser) -> None:
    someone = a_person("sender", second_factor=True)
    step = enter(browser, someone)
    assert step == SIGN_IN + "/code"
    done = browser.send(step, code=someone.code(now()))
    assert leads_to(step, done) == PUBLIC["directory"] + "/"
    assert browser.get(PUBLIC["directory"] + "/account").status_code == 200
    paths = browser.cookie_paths()
    assert paths["linkwork"] == "/"
    assert paths["linkwork_browser"] == "/who/sign-in"
    assert "linkwork_step" not in paths


def test_the_addresses_in_letters_open_and_lead_on(browser: Browser) -> None:
    admin, known = a_person("org_admin"), a_person("sender")
    assert admin.organization_id
    link_id = invitations.invite(
        known.email,
        roles=["sender"],
        team_ids=[],
        organization_id=admin.organization_id,
        by=caller_of(admin),
        at=now(),
    )
    invitation = links.mint(link_id, now()).url
    assert invitation.startswith(PUBLIC["directory"] + "/invitation/")
    page = browser.get(invitation)
    leads = {address: parse_qs(urlsplit(address).query) for address in addresses_in(invitation, page.text)}
    to_sign_in = [address for address, query in leads.items() if query.get("next") == [invitation]]
    assert to_sign_in
    assert enter(browser, known, to_sign_in[0]) == invitation
    joined = browser.send(invitation)
    assert leads_to(invitation, joined) == PUBLIC["directory"] + "/"

    passwords.forgotten(known.email, now())
    (link,) = rows(ActionLink, ActionLink.account_id == known.id, ActionLink.kind == "password_reset")
    reset = links.mint(link.id, now()).url
    assert reset.startswith(PUBLIC["directory"] + "/reset/")
    assert leads_to(reset, browser.send(reset, password="kettle walnut harbour")) == SIGN_IN


def test_what_a_browser_is_told_names_origins_and_not_paths(browser: Browser) -> None:
    policy = browser.get(SIGN_IN).headers["Content-Security-Policy"]
    assert f"form-action 'self' {HOST};" in policy


def test_machines_are_told_the_whole_address(browser: Browser) -> None:
    for service, url in PUBLIC.items():
        assert browser.get(url + "/openapi.json").json["servers"] == [{"url": url}], service
    found = browser.get(PUBLIC["directory"] + "/.well-known/oauth-authorization-server").json
    assert browser.get(found["jwks_uri"]).status_code == 200


def test_the_path_a_trusted_proxy_names_comes_first(
    directory_database: str, valkey: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRUSTED_PROXIES", "1")
    monkeypatch.setenv("PUBLIC_URL_DIRECTORY", HOST + "/who")
    client = directory().test_client()
    for headers, path in (({}, "/who"), ({"X-Forwarded-Prefix": "/else"}, "/else")):
        answer = client.get("/sign-in/code", headers=headers)
        assert answer.headers["Location"] == path + "/sign-in"
