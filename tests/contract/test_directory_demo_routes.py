"""What the demo place promises to those who try it, read as the referrals service reads it."""

from __future__ import annotations

from datetime import date
from typing import Any

from services.directory.demo.everything import load_demo
from services.directory.store.queries.snapshot import read_snapshot
from services.referrals.domain.life import RouteIn
from services.referrals.domain.routing.person import PersonFacts, Sender
from services.referrals.domain.routing.route import Routes, choose, route
from services.referrals.domain.routing.snapshot import Snapshot
from shared.demo_ids import demo_id
from tests.builders.listings import NOON


def sender(slug: str, sector: str, place: str = "york") -> Sender:
    return Sender(str(demo_id("organization", slug)), sector, str(demo_id("place", place)))


def asked(snapshot: Snapshot, postcode: str | None, by: Sender, *needs: str, **more: Any) -> Routes:
    home = snapshot.postcodes[postcode] if postcode else None
    return route(PersonFacts(needs=frozenset(needs), residence=home, sender=by, **more), snapshot, NOON)


def slugs(*names: str) -> list[str]:
    return [str(demo_id("service", name)) for name in names]


def eligible(routes: Routes) -> list[str]:
    return [entry.service.id for entry in routes.eligible]


SURGERY = sender("front-street-surgery", "health")


def test_the_first_for_a_lonely_person_of_74_is_the_demo_link_workers_scheme(snapshot: Snapshot) -> None:
    for more in ({"age_estimate": 74}, {"date_of_birth": date(1952, 5, 3)}, {"practice_ods": "Z99001"}):
        routes = asked(
            snapshot,
            "YO24 3BZ",
            SURGERY,
            "loneliness",
            **{"age_estimate": 74, **more},  # type: ignore[arg-type]
        )
        first = choose(routes)
        assert first is not None
        assert first.service.id == str(demo_id("service", "york-gp-link-workers"))
        assert first.team_id == str(demo_id("team", "york-gp-link-workers"))


def test_a_charity_introduces_to_a_coordinator_there(snapshot: Snapshot) -> None:
    charity = sender("york-community-circle", "vcse")
    routes = asked(
        snapshot, "YO24 3BZ", charity, "loneliness", route_in=RouteIn.INTRODUCTION, age_estimate=74
    )
    assert slugs("york-local-area-coordinators")[0] in eligible(routes)


def test_police_and_housing_can_send_to_somebody(snapshot: Snapshot) -> None:
    police, housing = sender("york-neighbourhood-police", "police"), sender("ouse-homes", "housing")
    assert eligible(asked(snapshot, "YO24 3BZ", police, "loneliness", age_estimate=58))
    assert eligible(asked(snapshot, "YO24 3BZ", housing, "housing", age_estimate=45))


def test_over_the_boundary_the_surgery_decides_and_the_neighbour_is_named(snapshot: Snapshot) -> None:
    surgery = sender("castleford-weir-practice", "health", "wakefield")
    routes = asked(snapshot, "WF10 2AA", surgery, "loneliness", age_estimate=71, practice_ods="Z99007")
    assert eligible(routes) == slugs("castleford-link-workers")
    refused = {entry.service.id: entry.reasons[0].text for entry in routes.not_eligible}
    assert "Leeds community connections" in refused[slugs("wakefield-local-area-coordinators")[0]]


def test_somebody_without_an_address_is_met_where_they_are(snapshot: Snapshot) -> None:
    centre = sender("st-olaf-day-centre", "vcse")
    routes = asked(snapshot, None, centre, "housing", no_fixed_abode=True, registered=False, age_estimate=50)
    assert set(slugs("york-day-centre-peers", "york-housing-connector")) <= set(eligible(routes))


def test_a_self_only_group_is_answered_with_an_invitation(snapshot: Snapshot) -> None:
    routes = asked(snapshot, "YO31 8RD", SURGERY, "mental_wellbeing", age_estimate=40)
    invited = {entry.service.id for entry in routes.not_eligible if entry.invitation}
    assert slugs("common-ground-peer-support")[0] in invited


def test_the_paused_are_counted_and_the_polish_speaker_is_away(snapshot: Snapshot) -> None:
    landlord = sender("calder-homes", "housing", "wakefield")
    routes = asked(snapshot, "WF10 1AD", landlord, "money_debt", language="pl", age_estimate=45)
    assert eligible(routes)[0] == slugs("fair-hearing-advice")[0]
    assert "speaker_away" in {reason.code for reason in routes.eligible[0].reasons}
    assert routes.could_not_offer == 1


def test_an_employer_that_signed_nothing_can_send_nothing_yet(snapshot: Snapshot) -> None:
    bakehouse = sender("fossgate-bakehouse", "employer")
    routes = asked(snapshot, "YO24 3BZ", bakehouse, "loneliness", age_estimate=40)
    assert eligible(routes) == []
    assert "no_sharing_agreement" in {entry.reasons[0].code for entry in routes.not_eligible}


def test_loading_the_demo_again_changes_nothing(snapshot: Snapshot) -> None:
    before = read_snapshot(0, 5000).version
    load_demo(NOON)
    assert read_snapshot(0, 5000).version == before
