"""Eligible, not eligible, or unknown until asked, and the sentence that says why."""

from __future__ import annotations

from datetime import date

import pytest

from services.referrals.domain.life import RouteIn
from services.referrals.domain.routing.criteria import CIRCUMSTANCES, known_circumstances
from services.referrals.domain.routing.eligibility import eligibility
from services.referrals.domain.routing.people_docs import Residence
from services.referrals.domain.routing.person import Sender
from services.referrals.domain.routing.verdicts import Eligible, NotEligible, Unknown, Verdict
from tests.builders.routing import (
    AGREEMENT,
    AT_HOME,
    ELSEWHERE,
    HERE,
    ON,
    OTHER_WARD,
    PRACTICE,
    THERE,
    WARD,
    a_service,
    a_snapshot,
    somebody,
)


def verdict(person=None, on=ON, **service) -> Verdict:
    snapshot = a_snapshot(a_service(**service))
    return eligibility(snapshot.services["scheme"], person or somebody(), snapshot, on)


def codes(found: Verdict) -> list[str]:
    return [reason.code for reason in found.reasons]


def asked(found: Verdict) -> list[str]:
    assert isinstance(found, Unknown)
    return [ask.field for ask in found.asks]


def test_a_resident_who_fits_is_eligible_and_told_why() -> None:
    found = verdict()
    assert isinstance(found, Eligible)
    assert [reason.text for reason in found.reasons] == [
        "Takes referrals",
        "Helps with loneliness",
        "Covers where they live",
    ]


def test_all_reasons_against_are_given_not_just_the_first() -> None:
    found = verdict(
        somebody(residence=ELSEWHERE), criteria={"max_age": 25, "area_basis": ["resident"]}, needs=["food"]
    )
    assert isinstance(found, NotEligible)
    assert set(codes(found)) == {"other_needs", "out_of_area", "age"}


def test_another_area_is_named_with_its_contact() -> None:
    found = verdict(somebody(residence=ELSEWHERE))
    assert found.reasons[0].text == (
        "lives in Leeds; this service takes residents of York. In Leeds ask: Leeds line, 01632 960 110"
    )


def test_a_private_address_is_not_given_away_by_the_reason() -> None:
    hidden = Residence(THERE, "Leeds", "E05011401", None, None, private=True)
    found = verdict(somebody(residence=hidden))
    assert codes(found) == ["out_of_area"]
    assert "Leeds" not in found.reasons[0].text


def test_one_of_several_bases_is_enough() -> None:
    both = {"area_basis": ["resident", "registered"]}
    area = {"authorities": [HERE], "practices": ["Z90001"]}
    assert isinstance(verdict(somebody(residence=ELSEWHERE), criteria=both, area=area), Eligible)
    assert isinstance(verdict(somebody(residence=None), criteria=both, area=area), Eligible)
    assert asked(verdict(somebody(residence=None, practice_ods=None), criteria=both, area=area)) == [
        "postcode"
    ]
    refused = verdict(somebody(residence=ELSEWHERE, practice_ods="Z90009"), criteria=both, area=area)
    assert "takes patients of other GP practices" in refused.reasons[0].text


def test_no_basis_of_area_means_anywhere() -> None:
    assert isinstance(verdict(somebody(residence=None), criteria={}), Eligible)


@pytest.mark.parametrize(
    ("home", "expected"),
    [
        (AT_HOME, Eligible),
        (Residence(HERE, "York", OTHER_WARD), NotEligible),
        (Residence(HERE, "York"), Unknown),
        (Residence(THERE, "Leeds"), NotEligible),
    ],
)
def test_a_patch_of_wards_is_decided_by_the_ward(home: Residence, expected: type) -> None:
    assert isinstance(
        verdict(somebody(residence=home), area={"authorities": [HERE], "wards": [WARD]}), expected
    )


def test_a_patch_of_small_areas_is_decided_by_the_small_area() -> None:
    area = {"authorities": [HERE], "lsoas": ["E01013445"]}
    assert isinstance(verdict(area=area), Eligible)
    assert isinstance(
        verdict(somebody(residence=Residence(HERE, "York", WARD, "E01000001")), area=area), NotEligible
    )
    assert isinstance(verdict(somebody(residence=Residence(HERE, "York", WARD)), area=area), Unknown)


def test_registered_without_a_list_of_practices_means_any_practice_of_the_place() -> None:
    criteria = {"area_basis": ["registered"]}
    assert isinstance(verdict(criteria=criteria), Eligible)
    assert isinstance(verdict(somebody(practice_ods="Z90009"), criteria=criteria), NotEligible)


def test_somebody_without_a_gp_is_asked_whether_they_will_register() -> None:
    found = verdict(somebody(practice_ods=None, registered=False), criteria={"area_basis": ["registered"]})
    assert asked(found) == ["gp_practice_ods"]
    assert "will they register" in found.asks[0].question


def test_where_somebody_will_live_decides_and_not_where_they_are() -> None:
    assert isinstance(verdict(somebody(residence=ELSEWHERE, residence_then=AT_HOME)), Eligible)
    leaving = verdict(somebody(residence=AT_HOME, residence_then=ELSEWHERE))
    assert leaving.reasons[0].text.startswith("will live in Leeds")


def test_people_without_an_address_are_met_where_the_sender_is() -> None:
    criteria = {"area_basis": ["present"]}
    assert isinstance(verdict(somebody(residence=None, no_fixed_abode=True), criteria=criteria), Eligible)
    assert asked(verdict(somebody(residence=None), criteria=criteria)) == ["postcode"]
    assert isinstance(verdict(somebody(present_in=THERE), criteria=criteria), NotEligible)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"date_of_birth": date(2008, 11, 23)}, Eligible),
        ({"date_of_birth": date(2008, 11, 24)}, Unknown),
        ({"date_of_birth": date(2008, 11, 24), "wanted_from": date(2026, 11, 24)}, Eligible),
        ({"date_of_birth": date(2008, 11, 24), "wanted_from": date(2026, 11, 23)}, NotEligible),
        ({"date_of_birth": date(2009, 2, 21)}, Unknown),
        ({"date_of_birth": date(2009, 2, 22)}, NotEligible),
        ({"date_of_birth": None, "age_estimate": 23}, Eligible),
        ({"date_of_birth": None, "age_estimate": 22}, Unknown),
        ({"date_of_birth": None, "age_estimate": 12}, NotEligible),
        ({"date_of_birth": None}, Unknown),
    ],
)
def test_age_is_worked_out_on_the_day_help_is_wanted(facts: dict, expected: type) -> None:
    criteria = {"min_age": 18, "area_basis": ["resident"]}
    assert isinstance(verdict(somebody(**facts), criteria=criteria), expected)


def test_too_old_on_the_day_is_refused_with_the_age() -> None:
    found = verdict(
        somebody(date_of_birth=date(2000, 11, 23)), criteria={"max_age": 25, "area_basis": ["resident"]}
    )
    assert found.reasons[0].text == "the person is 26 on that day; this service takes people up to 25"


def test_a_day_wanted_in_the_past_is_today() -> None:
    person = somebody(date_of_birth=date(2008, 11, 23), wanted_from=date(2026, 1, 1))
    assert isinstance(verdict(person, criteria={"min_age": 18, "area_basis": ["resident"]}), Eligible)


@pytest.mark.parametrize(
    ("known", "expected"), [({}, Unknown), ({"carer": True}, Eligible), ({"carer": False}, NotEligible)]
)
def test_a_circumstance_is_unknown_until_asked(known: dict[str, bool], expected: type) -> None:
    criteria = {"circumstances": ["carer"], "area_basis": ["resident"]}
    assert isinstance(verdict(somebody(circumstances=known), criteria=criteria), expected)


def test_every_circumstance_has_to_apply_and_each_is_asked_by_name() -> None:
    criteria = {"circumstances": ["carer", "something_new"], "area_basis": ["resident"]}
    assert asked(verdict(criteria=criteria)) == ["circumstances.carer", "circumstances.something_new"]


def test_a_landlords_tenants_are_asked_about_with_the_landlords_name() -> None:
    found = verdict(criteria={"circumstances": ["tenant"], "area_basis": ["resident"]})
    assert isinstance(found, Unknown)
    assert [ask.question for ask in found.asks] == ["Are they a tenant of Example Host?"]
    assert found.reasons[0].text == "For people who are tenants of Example Host: nobody has asked yet."


LANDLORDS = [
    a_service(f"homes-{name}", organization_id=name, criteria={"circumstances": ["tenant"]})
    for name in ("north", "south")
]
OF_NORTH, OF_SOUTH = "tenant:north", "tenant:south"


@pytest.mark.parametrize(
    ("known", "sender", "north", "south"),
    [
        ({}, "practice", Unknown, Unknown),
        ({OF_NORTH: True}, "practice", Eligible, Unknown),
        ({OF_NORTH: True, OF_SOUTH: False}, "practice", Eligible, NotEligible),
        ({"tenant": True}, "practice", Unknown, Unknown),
        ({"tenant": True}, "north", Eligible, Unknown),
        ({"tenant": False}, "practice", NotEligible, NotEligible),
        ({"tenant": False, OF_SOUTH: True}, "practice", NotEligible, Eligible),
    ],
)
def test_being_the_tenant_of_one_landlord_says_nothing_of_another(known, sender, north, south) -> None:
    everybody = [
        {"id": f"a-{one}-{other}", "organization_a": one, "organization_b": other, "valid_from": "2026-01-01"}
        for one, other in (("practice", "north"), ("practice", "south"), ("north", "south"))
    ]
    landlords = [
        {"id": name, "name": f"{name.title()} Homes", "sector": "housing"} for name in ("north", "south")
    ]
    snapshot = a_snapshot(*LANDLORDS, organization=[PRACTICE, *landlords], agreement=everybody)
    person = somebody(circumstances=known, sender=Sender(sender, "health", "york"))
    for name, expected in (("north", north), ("south", south)):
        found = eligibility(snapshot.services[f"homes-{name}"], person, snapshot, ON)
        assert isinstance(found, expected), name
        if expected is Unknown:
            assert [(ask.field, ask.question) for ask in found.asks] == [
                (f"circumstances.tenant:{name}", f"Are they a tenant of {name.title()} Homes?")
            ]


def test_each_landlord_whose_tenants_are_asked_about_is_among_what_may_be_answered() -> None:
    known = known_circumstances(a_snapshot(a_service(criteria={"circumstances": ["tenant"]})))
    assert known["tenant"] == ("are tenants", "Are they a tenant?")
    assert known["tenant:host"] == ("are tenants of Example Host", "Are they a tenant of Example Host?")


def test_whatever_a_service_asks_about_may_be_answered() -> None:
    snapshot = a_snapshot(a_service(criteria={"circumstances": ["something_new"]}))
    known = known_circumstances(snapshot)
    assert known["something_new"][1] == "Does “something new” apply to them?"
    assert set(CIRCUMSTANCES) < set(known)
    assert "something_new" not in known_circumstances(a_snapshot(a_service()))


def test_having_no_fixed_abode_is_known_without_asking() -> None:
    criteria = {"circumstances": ["no_fixed_abode"], "area_basis": ["anywhere"]}
    assert isinstance(verdict(somebody(no_fixed_abode=True), criteria=criteria), Eligible)


@pytest.mark.parametrize(
    ("routes", "route_in", "expected"),
    [
        (["professional"], RouteIn.PROFESSIONAL, Eligible),
        (["introduction", "self"], RouteIn.PROFESSIONAL, Eligible),
        (["professional"], RouteIn.INTRODUCTION, Eligible),
        (["self"], RouteIn.PROFESSIONAL, NotEligible),
        (["self", "invitation"], RouteIn.INTRODUCTION, NotEligible),
        (["professional"], RouteIn.SELF, NotEligible),
        (["professional", "self"], RouteIn.SELF, Eligible),
        (["invitation"], RouteIn.INVITATION, Eligible),
        (["professional"], RouteIn.INVITATION, NotEligible),
        ([], RouteIn.SELF, Eligible),
    ],
)
def test_how_somebody_may_come_follows_the_policy(routes, route_in, expected) -> None:
    assert isinstance(verdict(somebody(route_in=route_in), routes_in=routes), expected)


def test_a_self_only_service_is_answered_with_its_invitation_even_without_an_agreement() -> None:
    snapshot = a_snapshot(a_service(routes_in=["self"], invitation="Come along on Tuesdays."), agreement=[])
    found = eligibility(snapshot.services["scheme"], somebody(), snapshot, ON)
    assert isinstance(found, NotEligible)
    assert (codes(found), found.invitation) == (["self_only"], "Come along on Tuesdays.")


def test_a_self_only_service_without_words_of_its_own_has_an_invitation_all_the_same() -> None:
    found = verdict(routes_in=["self"])
    assert isinstance(found, NotEligible)
    assert found.invitation == "Scheme: you are welcome to get in touch."


def test_without_a_sharing_agreement_nothing_is_sent() -> None:
    snapshot = a_snapshot(a_service(), agreement=[])
    found = eligibility(snapshot.services["scheme"], somebody(), snapshot, ON)
    assert codes(found) == ["no_sharing_agreement"]
    by_themself = somebody(route_in=RouteIn.SELF, sender=Sender())
    snapshot = a_snapshot(a_service(routes_in=["self"]), agreement=[])
    assert isinstance(eligibility(snapshot.services["scheme"], by_themself, snapshot, ON), Eligible)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, Eligible),
        ({"purposes": ["share_referral"]}, Eligible),
        ({"purposes": ["know_of_each_other"]}, NotEligible),
        ({"organization_a": "host", "organization_b": "practice"}, Eligible),
        ({"valid_until": "2026-11-23"}, Eligible),
        ({"valid_until": "2026-11-22"}, NotEligible),
        ({"valid_from": "2026-11-24"}, NotEligible),
    ],
)
def test_an_agreement_lets_refer_on_its_days_for_its_purposes(changes: dict, expected: type) -> None:
    snapshot = a_snapshot(a_service(), agreement=[{**AGREEMENT, **changes}])
    assert isinstance(eligibility(snapshot.services["scheme"], somebody(), snapshot, ON), expected)


@pytest.mark.parametrize(
    ("capacity", "wanted_from", "expected"),
    [
        ({"paused": True}, None, NotEligible),
        ({"paused_until": "2026-11-23"}, None, NotEligible),
        ({"paused_until": "2026-11-22", "paused": True}, None, Eligible),
        ({"paused_until": "2026-12-31"}, date(2027, 1, 1), Eligible),
        ({"paused": False, "paused_until": None}, None, Eligible),
    ],
)
def test_a_paused_service_is_not_offered_until_the_pause_ends(capacity, wanted_from, expected) -> None:
    assert isinstance(verdict(somebody(wanted_from=wanted_from), capacity=capacity), expected)


def test_a_service_that_is_closed_is_not_open() -> None:
    assert "not_open" in codes(verdict(status="defunct"))


@pytest.mark.parametrize(
    ("needs", "wanted", "expected"),
    [
        (["loneliness"], {"loneliness", "food"}, Eligible),
        (["food"], {"loneliness"}, NotEligible),
        ([], {"loneliness"}, Eligible),
        (["food"], set(), Eligible),
        (["food"], {"other"}, Eligible),
    ],
)
def test_one_need_in_common_is_enough_and_a_service_without_a_list_takes_any(needs, wanted, expected) -> None:
    assert isinstance(verdict(somebody(needs=frozenset(wanted)), needs=needs), expected)


def test_a_discreet_service_is_never_offered_for_something_else_nor_says_what_it_is_for() -> None:
    found = verdict(somebody(needs=frozenset({"other"})), discreet=True, needs=["domestic_abuse"])
    assert isinstance(found, NotEligible)
    assert "abuse" not in found.reasons[0].text


def test_a_sector_that_is_not_taken_is_told_which_are() -> None:
    found = verdict(criteria={"sectors": ["vcse", "social_care"], "area_basis": ["resident"]})
    assert found.reasons[0].text == "Takes referrals from: vcse, social care"


def test_an_estimated_age_is_said_as_one_when_it_is_wrong() -> None:
    about = somebody(date_of_birth=None, age_estimate=74)
    found = verdict(about, criteria={"min_age": 11, "max_age": 25})
    assert isinstance(found, NotEligible)
    assert [reason.text for reason in found.reasons] == [
        "the person is about 74 on that day; this service takes people from 11 to 25"
    ]
