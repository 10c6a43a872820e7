"""What notifications takes from the other two, by the examples they are held to: as it is, and with more."""

import json
import re
from pathlib import Path
from uuid import UUID

import pytest
import responses

from services.notifications.actions.receive_events import check
from services.notifications.clients.directory import look_up, mailboxes, mint
from services.notifications.clients.feeds import PRODUCERS
from services.notifications.clients.referrals import ask_audience
from services.notifications.domain.audience import STATE_WORDS
from services.notifications.domain.events import facts
from services.notifications.domain.rules import ABOUT_ACCOUNTS, ABOUT_REFERRALS, Source, rule_of
from shared.feed import read_page
from shared.settings import internal_url

EXAMPLES = Path(__file__).parent / "examples"
REFERRAL = UUID("5f0e4e0c-7f0a-4c38-9d0d-0d2a4f6a1b03")
ACCOUNT = UUID("5f0e4e0c-7f0a-4c38-9d0d-0d2a4f6a1b01")
PRACTICE = UUID("5f0e4e0c-7f0a-4c38-9d0d-0d2a4f6a1b02")


def example(name):
    return json.loads((EXAMPLES / name).read_text())


def with_more(value):
    """The same with a field nobody promised in every object."""
    if isinstance(value, dict):
        return {key: with_more(inner) for key, inner in value.items()} | {"brand_new": {"nested": [1]}}
    return [with_more(inner) for inner in value] if isinstance(value, list) else value


@pytest.fixture(params=[lambda body: body, with_more], ids=["as promised", "with an unknown field"])
def answer(request):
    """`answer(service, method, path, example)`: the neighbour answers so."""
    with responses.RequestsMock() as stub:

        def say(service, method, path, name):
            address = re.compile(re.escape(internal_url(service) + path))
            stub.add(method, address, json=request.param(example(name)))
            return stub.calls

        yield say


def test_who_may_be_told(answer):
    calls = answer("referrals", "GET", f"/api/v1/referrals/{REFERRAL}/audience", "referrals/audience.json")
    audience = ask_audience(REFERRAL, "referral.accepted.v1", "an-id")
    assert calls[0].request.params == {"event": "referral.accepted.v1", "event_id": "an-id"}
    assert audience.reference == "LW-7K2F-9D4"
    assert audience.held_until is not None
    assert not audience.cancelled
    assert set(audience.recipients) == {
        f"account:{ACCOUNT}",
        "address:terry@practice.example",
        f"mailbox:{PRACTICE}",
    }
    assert audience.recipients[f"account:{ACCOUNT}"].words == "accepted"
    assert audience.recipients[f"account:{ACCOUNT}"].path == f"/referrals/{REFERRAL}"


def test_names_and_addresses(answer):
    calls = answer("directory", "POST", "/api/v1/accounts/lookup", "directory/accounts_lookup.json")
    (account,) = look_up([ACCOUNT]).values()
    assert json.loads(calls[0].request.body) == {"ids": [str(ACCOUNT)]}
    assert (account.id, account.email, account.active) == (ACCOUNT, "terry@practice.example", True)


def test_mailboxes_of_organisations(answer):
    path, name = "/api/v1/referral-mailboxes/lookup", "directory/referral_mailboxes_lookup.json"
    calls = answer("directory", "POST", path, name)
    assert mailboxes([PRACTICE]) == {PRACTICE: "referrals@practice.example"}
    assert json.loads(calls[0].request.body) == {"ids": [str(PRACTICE)]}


def test_a_link_at_the_moment_of_sending(answer):
    answer("directory", "POST", f"/api/v1/links/{REFERRAL}/mint", "directory/link_mint.json")
    minted = mint(REFERRAL)
    assert (minted.to, minted.url) == (
        "terry@practice.example",
        "http://localhost:5001/reset/an-example-token",
    )


def test_the_feed_of_events(answer):
    answer("referrals", "GET", "/api/v1/events", "referrals/events.json")
    events, after = read_page(PRODUCERS[0], "")
    assert after == "42"
    for event in events:
        check(event)
    accepted, undone, alarmed = events
    assert facts(accepted).referral_id == REFERRAL
    assert facts(accepted).hold.total_seconds() == 60
    assert facts(undone).undoes == accepted["id"]
    assert rule_of(alarmed["type"]).source is Source.AUDIENCE
    assert not rule_of(alarmed["type"]).hold
    assert facts(alarmed).hold is None


@pytest.mark.parametrize("change", [lambda body: body, with_more])
def test_the_events_of_the_directory(change):
    notice, ended, withdrawn = change(example("directory/notifications_events.json"))[:3]
    for event in (notice, ended, withdrawn):
        check(event)
    assert rule_of(notice["type"]).source is Source.LINK
    assert facts(notice).link_id == UUID(notice["subject"])
    assert facts(notice).notice in {str(t) for t in ABOUT_ACCOUNTS}
    assert rule_of(ended["type"]).source is Source.SESSION
    assert rule_of(withdrawn["type"]).source is Source.KEY
    assert facts(withdrawn).referral_id is None


def test_the_examples_speak_of_kinds_and_words_we_have():
    for recipient in example("referrals/audience.json")["recipients"]:
        assert recipient["template"] in {str(t) for t in ABOUT_REFERRALS}
        assert recipient["words"] in STATE_WORDS | {""}
    assert example("directory/link_mint.json")["template"] in {str(t) for t in ABOUT_ACCOUNTS}
