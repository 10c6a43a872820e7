"""The demo's referrals: three hundred in every state, consistent, loaded once, and nobody is written to."""

from __future__ import annotations

import pytest

from services.referrals.demo.load import load
from services.referrals.domain.states import State
from shared.clock import now
from shared.demo_ids import demo_id
from tests.builders.referrals import one, rows


@pytest.fixture(scope="module")
def loaded(app):
    """Loaded once for this module."""
    from tests.builders.referrals import forget_referrals

    forget_referrals()
    return load(now())


def test_three_hundred_come_and_nothing_comes_twice(loaded):
    assert loaded == 300
    assert load(now()) == 0
    assert one("select count(*) from referral") == 300


def test_every_state_is_there(loaded):
    found = {row["status"] for row in rows("select distinct status from referral")}
    assert found == {str(state) for state in State} - {"draft", "requested"}


def test_they_span_six_months(loaded):
    assert 150 <= one("select extract(day from max(submitted_at) - min(submitted_at)) from referral") <= 183


def test_nobody_is_written_to(loaded):
    assert one("select count(*) from outbox where type <> 'capacity.measured.v1'") == 0
    assert one("select count(*) from outbox") == one("select count(*) from measured_wait")


def test_every_history_leads_to_the_state_its_referral_is_in(loaded):
    last = """
        select distinct on (m.referral_id) m.to_status, r.status, m.at
        from move m join referral r on r.id = m.referral_id order by m.referral_id, m.id desc
    """
    told = rows(last)
    assert len(told) == 300
    assert all(row["to_status"] == row["status"] for row in told)
    assert all(row["at"] <= now() for row in told)


def test_the_demo_people_have_work_to_look_at(loaded):
    team, worker = demo_id("team", "york-gp-link-workers"), demo_id("account", "linkworker")
    queue = "select count(*) from referral where owner_team_id = :team and status = 'received'"
    assert one(queue, team=team) >= 8
    held = "select count(*) from referral where assignee_id = :who and closed_at is null"
    assert one(held, who=worker) >= 5
    assert one("select count(*) from referral where routing_state = 'unrouted' and status = 'received'") == 9
    practice = demo_id("organization", "front-street-surgery")
    assert (
        one("select count(*) from referral where question_open and sender_org_id = :org", org=practice) >= 3
    )
    assert one("select count(*) from referral where restricted") == 2
    assert one("select count(*) from referral where closed_at is null and next_action_at < now()") >= 10


def test_numbers_are_from_ranges_nobody_is_given(loaded):
    assert one("select count(*) from person_record where nhs_number not like '999%'") == 0
    outside = "value not like '+441632960%' and value not like '+447700900%' and channel <> 'via'"
    assert one(f"select count(*) from contact_point where {outside}") == 0  # noqa: S608 fixed words


def test_some_asked_for_themselves_and_no_organisation_is_their_sender(loaded):
    asked = "select count(*) from referral where route_in = 'self'"
    assert one(asked) >= 15
    assert one(f"{asked} and status = 'received'") >= 2
    nobody = "sender_org_id is null and author_id is null and author_kind = 'self' and client = 'public'"
    assert one(f"{asked} and {nobody} and names_key is null and number_key is null") == one(asked)
    team = demo_id("team", "york-gp-link-workers")
    assert one(f"{asked} and owner_team_id = :team and closed_at is null", team=team) >= 3
