"""The demo's referrals and the demo's directory speak of the same teams, services and people."""

from __future__ import annotations

from typing import Any

import pytest

from services.directory.app import create_app
from services.directory.demo.everything import load_demo
from services.directory.store.database import database as directory_store
from services.directory.store.queries.snapshot import read_snapshot
from services.referrals.actions import refresh_directory
from services.referrals.actions.route_waiting import route_waiting
from services.referrals.demo.load import load
from services.referrals.domain.sight_facts import may_exchange
from services.referrals.store.database import database
from services.referrals.store.directory import Directory, forget, read_directory
from shared.clock import now, uk_date
from tests.builders.referrals import one, rows


@pytest.fixture(scope="module")
def directory(
    directory_database: str, referrals_database: str, valkey: str, module_patch: pytest.MonkeyPatch
) -> Directory:
    """The directory's demo pulled by referrals, whose own demo was loaded before."""
    create_app()
    directory_store.nudge = None
    load_demo(now())
    load(now())

    def fetch(after: int, limit: int = 2000) -> dict[str, Any]:
        page = read_snapshot(after, limit)
        return {
            "epoch": str(page.epoch),
            "version": page.version,
            "as_of": now().isoformat(),
            "more": page.more,
            "items": page.items,
        }

    module_patch.setattr(refresh_directory, "fetch_snapshot", fetch)
    forget()
    refresh_directory.refresh_directory(at=now())
    with database.transaction() as session:
        return read_directory(session)


@pytest.fixture(scope="module")
def module_patch():
    """monkeypatch for a whole module."""
    with pytest.MonkeyPatch.context() as patch:
        yield patch


def test_every_team_organisation_place_and_service_is_in_the_directory(directory):
    kinds = {
        "team": "select distinct owner_team_id from referral",
        "organization": """
            select sender_org_id from referral where route_in <> 'self'
            union select owner_org_id from referral
        """,
        "place": "select distinct place_id from referral",
        "service": "select distinct service_id from referral where service_id is not null",
    }
    for kind, query in kinds.items():
        missing = [ident for row in rows(query) for ident in row.values() if not directory.doc(kind, ident)]
        assert missing == [], kind


def test_whoever_has_taken_one_on_works_in_its_team(directory):
    held = rows("select distinct owner_team_id, assignee_id from referral where closed_at is null")
    for row in held:
        people = {doc["account_id"] for doc in directory.team_people(row["owner_team_id"])}
        assert row["assignee_id"] is None or str(row["assignee_id"]) in people


def test_every_need_is_in_the_taxonomy(directory):
    codes = {row["code"] for row in rows("select distinct unnest(needs) as code from referral")}
    assert codes <= set(directory.snapshot.needs)


def test_senders_and_teams_have_signed_so_that_the_teams_may_read(directory):
    pairs = rows(
        "select distinct sender_org_id, owner_org_id from referral where routing_state <> 'unrouted'"
    )
    unsigned = [p for p in pairs if not may_exchange(*p.values(), directory.sharing, uk_date(now()))]
    assert unsigned == []


def test_what_the_duty_desks_hold_stays_with_them(directory):
    waiting = "select count(*) from referral where routing_state = 'unrouted' and status = 'received'"
    assert one(waiting) == 9
    route_waiting(at=now())
    assert one(waiting) == 9
