"""The ten cases that catch a naive router, asked by the demo's own systems of the demo's own directory."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.directory.demo.accounts import CLIENTS
from services.directory.demo.organizations import ORGANIZATIONS
from services.referrals.domain.life import RouteIn
from services.referrals.domain.routing.answer import Entry
from services.referrals.domain.routing.person import PersonFacts, Sender
from services.referrals.domain.routing.route import Routes, choose, kept_close, route
from services.referrals.domain.routing.snapshot import Snapshot
from shared.demo_ids import demo_id
from tests.builders.listings import NOON

TODAY = NOON.date()
ORGANIZATION = {one.slug: one for one in ORGANIZATIONS}
CLIENT = {one.client_id: ORGANIZATION[one.organization] for one in CLIENTS}


def asked(snapshot: Snapshot, client: str | None, postcode: str | None, *needs: str, **more: Any) -> Routes:
    """What `POST /routes` works out for this client, a system of the demo; without one, for the person."""
    sender = Sender(place_id=str(demo_id("place", "york")))
    if client is not None:
        one = CLIENT[client]
        sender = Sender(
            str(demo_id("organization", one.slug)), one.sector, str(demo_id("place", str(one.place)))
        )
    home = snapshot.postcodes[postcode] if postcode else None
    return route(PersonFacts(needs=frozenset(needs), residence=home, sender=sender, **more), snapshot, NOON)


def found(entries: tuple[Entry, ...], slug: str) -> Entry:
    """The entry of this service; fails, naming what there is, where there is none."""
    ident = str(demo_id("service", slug))
    one = next((entry for entry in entries if entry.service.id == ident), None)
    assert one is not None, [entry.service.name for entry in entries]
    return one


def has(entries: tuple[Entry, ...], slug: str) -> bool:
    return str(demo_id("service", slug)) in {entry.service.id for entry in entries}


def codes(entry: Entry) -> set[str]:
    return {reason.code for reason in entry.reasons}


def words(entry: Entry) -> str:
    return " / ".join(reason.text for reason in entry.reasons)


def born(years: int) -> Any:
    return TODAY.replace(year=TODAY.year - years, day=1)


def test_1_over_the_boundary_her_practice_has_a_link_worker(snapshot: Snapshot) -> None:
    routes = asked(
        snapshot, "demo-practice", "WF10 2AA", "loneliness", date_of_birth=born(71), practice_ods="Z99007"
    )
    assert has(routes.eligible, "castleford-link-workers")
    assert not has(routes.eligible, "wakefield-local-area-coordinators")


@pytest.mark.parametrize("practice", [None, "Z99007"])
def test_1_the_coordinators_next_door_say_that_she_lives_in_leeds_and_whom_to_ask(
    snapshot: Snapshot, practice: str | None
) -> None:
    routes = asked(
        snapshot, "demo-practice", "WF10 2AA", "loneliness", date_of_birth=born(71), practice_ods=practice
    )
    said = words(found(routes.not_eligible, "wakefield-local-area-coordinators"))
    assert "lives in Leeds; this service takes residents of Wakefield" in said
    assert "Leeds community connections" in said


def test_1_escrick_is_north_yorkshire(snapshot: Snapshot) -> None:
    routes = asked(snapshot, "demo-practice", "YO19 6LE", "loneliness", age_estimate=71)
    said = words(found(routes.not_eligible, "york-local-area-coordinators"))
    assert "lives in North Yorkshire; this service takes residents of York" in said
    assert "North Yorkshire living well desk" in said


def test_2_a_birthday_in_three_weeks_is_asked_about_and_then_counts(snapshot: Snapshot) -> None:
    birthday = TODAY + timedelta(days=21)
    needs = ("loneliness", "mental_wellbeing")
    about = {"date_of_birth": birthday.replace(year=birthday.year - 18)}
    routes = asked(snapshot, "demo-vcse", "YO24 3BZ", *needs, **about)
    assert has(routes.eligible, "york-local-area-coordinators")
    assert has(routes.eligible, "youth-connectors")
    adults = found(routes.unknown, "york-community-navigators")
    assert [ask.field for ask in adults.asks] == ["wanted_from"]
    later = asked(snapshot, "demo-vcse", "YO24 3BZ", *needs, wanted_from=birthday, **about)
    assert has(later.eligible, "york-community-navigators")


def test_3_without_an_address_the_peers_come_first_and_a_surgery_is_asked_about(snapshot: Snapshot) -> None:
    routes = asked(
        snapshot, "demo-vcse", None, "housing", "mental_wellbeing",
        age_estimate=50, no_fixed_abode=True, registered=False,
    )  # fmt: skip
    assert routes.eligible[0].service.id == str(demo_id("service", "york-day-centre-peers"))
    assert has(routes.eligible, "york-housing-connector")
    coordinators = found(routes.unknown, "york-local-area-coordinators")
    assert [ask.field for ask in coordinators.asks] == ["postcode"]
    link_workers = found(routes.unknown, "york-gp-link-workers")
    assert [ask.question for ask in link_workers.asks] == [
        "They have no GP: will they register with one here?"
    ]


def test_4_the_wednesday_session_comes_first_and_abuse_services_are_offered_to_her(
    snapshot: Snapshot,
) -> None:
    routes = asked(
        snapshot, "demo-practice", "YO31 7EX", "domestic_abuse",
        date_of_birth=born(34), practice_ods="Z99001", safe_weekdays=frozenset({2}),
    )  # fmt: skip
    first = choose(routes)
    assert first is not None
    assert first.service.id == str(demo_id("service", "york-gp-link-workers"))
    assert "Holds a session at their practice on Wednesdays" in words(first)
    assert "discreet" in codes(found(routes.eligible, "safe-harbour"))


def test_4_restricted_abuse_goes_unasked_to_her_surgerys_team_or_to_nobody(snapshot: Snapshot) -> None:
    for practice, chosen in (("Z99001", "york-gp-link-workers"), (None, None)):
        about = {"date_of_birth": born(34), "practice_ods": practice}
        routes = asked(snapshot, "demo-practice", "YO31 7EX", "domestic_abuse", **about)
        assert has(routes.eligible, "york-local-area-coordinators")
        facts = PersonFacts(needs=frozenset({"domestic_abuse"}), practice_ods=practice)
        first = choose(kept_close(routes, facts, snapshot))
        assert (first.service.id if first else None) == (str(demo_id("service", chosen)) if chosen else None)


def test_5_a_self_only_group_is_answered_with_an_invitation_and_others(snapshot: Snapshot) -> None:
    routes = asked(
        snapshot, "demo-practice", "YO24 3BZ", "mental_wellbeing", age_estimate=46, practice_ods="Z99001"
    )
    group = found(routes.not_eligible, "common-ground-peer-support")
    assert group.invitation
    assert codes(group) == {"self_only"}
    assert has(routes.eligible, "york-gp-link-workers")


def test_6_the_police_introduce_a_man_to_a_coordinator_in_wakefield(snapshot: Snapshot) -> None:
    routes = asked(snapshot, "demo-police", "WF9 2AA", "housing", "other", route_in=RouteIn.INTRODUCTION)
    assert routes.eligible[0].service.id == str(demo_id("service", "wakefield-local-area-coordinators"))
    assert has(routes.eligible, "home-safety-visits")
    surgery = found(routes.unknown, "wakefield-gp-link-workers")
    assert "gp_practice_ods" in {ask.field for ask in surgery.asks}


def test_7_haxby_has_link_workers_and_a_coordinator(snapshot: Snapshot) -> None:
    routes = asked(
        snapshot, "demo-vcse", "YO32 3DD", "loneliness", route_in=RouteIn.INTRODUCTION, date_of_birth=born(80)
    )
    assert has(routes.eligible, "york-local-area-coordinators")
    assert has(routes.eligible, "york-east-link-workers")


def test_8_before_release_the_peers_can_begin_and_ward_and_surgery_are_asked_about(
    snapshot: Snapshot,
) -> None:
    routes = asked(
        snapshot, "demo-vcse", None, "housing", "mental_wellbeing",
        date_of_birth=born(40), no_fixed_abode=True, registered=False, present_in="E08000036",
        circumstances={"leaving_prison": True},
    )  # fmt: skip
    assert has(routes.eligible, "through-the-gate")
    assert has(routes.unknown, "york-local-area-coordinators")
    assert has(routes.unknown, "york-gp-link-workers")


def test_9_a_landlord_is_answered_with_independent_advice_first_and_its_own_shown_as_such(
    snapshot: Snapshot,
) -> None:
    routes = asked(
        snapshot, "demo-housing", "WF10 1AN", "money_debt",
        date_of_birth=born(45), language="pl", circumstances={"tenant": True},
    )  # fmt: skip
    assert routes.eligible[0].service.id == str(demo_id("service", "fair-hearing-advice"))
    assert "speaker_away" in codes(routes.eligible[0])
    assert "own_organisation" in codes(found(routes.eligible, "ouse-tenancy-connector"))
    assert codes(found(routes.not_eligible, "castleford-money-matters")) == {"paused"}
    assert routes.could_not_offer == 1


def test_10_somebody_who_writes_for_themself_at_night_is_taken(snapshot: Snapshot) -> None:
    routes = asked(
        snapshot, None, "YO31 7DE", "loneliness", "mental_wellbeing",
        route_in=RouteIn.SELF, date_of_birth=born(36), practice_ods="Z99001",
    )  # fmt: skip
    assert has(routes.eligible, "york-local-area-coordinators")
    assert has(routes.eligible, "york-gp-link-workers")
    assert not has(routes.eligible, "safe-harbour")


def test_two_landlords_have_signed_nothing_with_each_other(snapshot: Snapshot) -> None:
    routes = asked(
        snapshot, "demo-housing", "WF10 1AN", "housing", age_estimate=45,
        circumstances={f"tenant:{demo_id('organization', 'calder-homes')}": True},
    )  # fmt: skip
    assert codes(found(routes.not_eligible, "calder-tenancy-connector")) == {"no_sharing_agreement"}


def test_a_landlords_housing_request_goes_to_housing_connectors_not_to_the_police(snapshot: Snapshot) -> None:
    routes = asked(snapshot, "demo-housing", "YO24 3BZ", "housing", age_estimate=45)
    assert routes.eligible[0].service.id == str(demo_id("service", "york-housing-connector"))
    assert not has(routes.eligible, "york-police-connector")


def test_police_connectors_are_there_for_the_people_whom_officers_keep_meeting(snapshot: Snapshot) -> None:
    routes = asked(snapshot, "demo-police", "YO24 3BZ", "substance_use", age_estimate=45)
    assert has(routes.eligible, "york-police-connector")
