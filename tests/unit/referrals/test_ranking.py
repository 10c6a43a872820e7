"""The published order, and the answer it makes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.referrals.domain.routing.docs import Service
from services.referrals.domain.routing.people_docs import Residence
from services.referrals.domain.routing.person import Sender
from services.referrals.domain.routing.ranking import (
    WEIGHT_WORDS,
    WEIGHTS,
    MeasuredWait,
    Wait,
    kilometres,
    score,
    shown_wait,
)
from services.referrals.domain.routing.readings import Readings
from services.referrals.domain.routing.route import MOST_NOT_ELIGIBLE, choose, consider, route
from services.referrals.domain.routing.snapshot import Snapshot
from services.referrals.domain.routing.turns import tie_break
from tests.builders.routing import (
    AT,
    AT_HOME,
    ELSEWHERE,
    HERE,
    HOST,
    ON,
    PRACTICE,
    WARD,
    a_service,
    a_snapshot,
    somebody,
)


def points(person=None, measured=None, members=(), **service):
    snapshot = a_snapshot(a_service(**service), member=list(members))
    return score(snapshot.services["scheme"], person or somebody(), snapshot, ON, measured or {})


def said(found) -> list[str]:
    return [reason.code for reason in found.reasons]


def order(*services, person=None, at=AT, **kinds) -> list[str]:
    found = route(person or somebody(), a_snapshot(*services, **kinds), at)
    return [entry.service.id for entry in found.eligible]


def test_the_weights_add_up_to_a_hundred_and_each_is_explained() -> None:
    assert sum(WEIGHTS.values()) == 100
    assert set(WEIGHT_WORDS) == set(WEIGHTS)


def test_a_score_is_the_sum_of_its_published_parts() -> None:
    found = points()
    assert set(found.points) == set(WEIGHTS)
    assert found.total == round(sum(found.points.values()))
    assert all(0 <= found.points[name] <= WEIGHTS[name] for name in WEIGHTS)


def test_a_session_at_the_practice_counts_more_than_a_patch_and_a_patch_more_than_the_city() -> None:
    session = points(sessions=[{"practice_ods": "Z90001", "weekday": 2}]).points["cover"]
    patch = points(area={"authorities": [HERE], "wards": [WARD]}).points["cover"]
    city = points().points["cover"]
    assert session > patch > city


def test_a_session_counts_only_on_days_that_are_safe() -> None:
    sessions = [{"practice_ods": "Z90001", "weekday": 2}, {"practice_ods": "Z90001", "weekday": 4}]
    found = points(somebody(safe_weekdays=frozenset({2})), sessions=sessions)
    assert [r.text for r in found.reasons if r.code == "session"] == [
        "Holds a session at their practice on Wednesdays"
    ]
    assert "session" not in said(points(somebody(safe_weekdays=frozenset({0})), sessions=sessions))


def test_a_team_that_does_not_work_on_safe_days_says_so() -> None:
    assert "days" in said(points(somebody(safe_weekdays=frozenset({2})), working_days=[0, 1]))
    assert "days" not in said(points(somebody(safe_weekdays=frozenset({2})), working_days=[2]))


def test_a_service_for_this_need_scores_more_than_one_that_happens_to_list_it() -> None:
    special = points(needs=["loneliness"]).points["needs"]
    general = points(needs=["loneliness", "food", "housing", "caring"]).points["needs"]
    assert special > general > points(somebody(needs=frozenset({"loneliness", "food"}))).points["needs"] - 1


def test_a_shorter_wait_scores_more_and_a_full_service_less() -> None:
    short, long = ({"declared_wait_days": days} for days in (7, 60))
    assert points(capacity=short).points["capacity"] > points(capacity=long).points["capacity"]
    full = points(capacity={**short, "open_places": 0})
    assert full.points["capacity"] < points(capacity=short).points["capacity"]
    assert "full" in said(full)


@pytest.mark.parametrize(
    ("measured", "declared", "expected"),
    [
        (MeasuredWait(30, 10), 14, Wait(30, "measured")),
        (MeasuredWait(30, 9), 14, Wait(14, "declared")),
        (None, 14, Wait(14, "declared")),
        (MeasuredWait(30, 9), None, Wait(None, "unknown")),
    ],
)
def test_the_wait_is_measured_from_ten_people_on_and_else_declared(measured, declared, expected) -> None:
    snapshot = a_snapshot(a_service(capacity={"declared_wait_days": declared}))
    waits = {"scheme": measured} if measured else {}
    assert shown_wait(snapshot.services["scheme"], waits) == expected


def test_nearer_is_better_and_a_private_address_has_no_distance() -> None:
    near, far = ({"lat": 53.954, "lon": -1.127}, {"lat": 53.75, "lon": -1.34})
    assert points(location=near).points["distance"] > points(location=far).points["distance"]
    hidden = Residence(HERE, "", WARD, None, (53.954, -1.127), private=True)
    found = points(somebody(residence=hidden), location=near)
    assert "distance" not in said(found)
    assert found.points["distance"] == points(somebody(residence=hidden), location=far).points["distance"]


def test_distance_is_over_ground() -> None:
    assert kilometres((53.95418, -1.12726), (53.96168, -1.08496)) == pytest.approx(2.89, abs=0.05)
    assert kilometres((53.9, -1.1), (53.9, -1.1)) == 0


SPEAKER = {"id": "m", "team_id": "scheme-team", "role": "worker", "languages": ["pl"]}


def test_somebody_who_speaks_the_language_counts_and_one_on_leave_counts_less() -> None:
    polish = somebody(language="pl")
    away = {**SPEAKER, "absences": [{"from": "2026-11-01", "to": "2026-12-04", "cover_account_id": "c"}]}
    there, absent = (points(polish, members=[m]) for m in (SPEAKER, away))
    part = "language_and_days"
    assert there.points[part] > absent.points[part] > points(polish).points[part]
    assert "away until 4 December 2026; the work is covered meanwhile" in absent.reasons[-1].text
    assert said(points(polish))[-1] == "interpreter"
    assert said(points(polish, languages=["pl"]))[-1] == "language"


def test_an_absence_without_end_or_cover_says_neither() -> None:
    away = {**SPEAKER, "absences": [{"from": "2026-11-01"}]}
    text = points(somebody(language="pl"), members=[away]).reasons[-1].text
    assert text == "The worker who speaks their language is away"


@pytest.mark.parametrize(
    ("verified_at", "valid_until", "share"),
    [
        ("2026-11-01", None, 1.0),
        ("2026-03-01", None, 0.5),
        ("2025-01-01", None, 0.0),
        (None, None, 0.3),
        ("2026-11-01", "2026-11-22", 0.0),
    ],
)
def test_stale_entries_rank_down(verified_at, valid_until, share) -> None:
    found = points(verified_at=verified_at, valid_until=valid_until)
    assert found.points["freshness"] == pytest.approx(WEIGHTS["freshness"] * share)


def test_a_landlords_own_service_is_shown_as_such_and_ranked_down() -> None:
    landlord = somebody(sender=Sender("host", "housing", "york"))
    assert "own_organisation" in said(points(landlord))
    assert points(landlord).points["policy_fit"] < points().points["policy_fit"]
    assert "own_organisation" not in said(points(somebody(sender=Sender("host", "health", "york"))))


def test_equal_services_change_places_from_day_to_day_and_stay_put_within_one() -> None:
    services = [a_service(f"scheme-{n}") for n in range(6)]
    orders = [tuple(order(*services, at=AT + timedelta(days=day))) for day in range(30)]
    assert len(set(orders)) > 10
    assert len({found[0] for found in orders}) >= 4
    assert order(*services) == order(*reversed(services))


def test_neither_the_name_nor_the_size_of_the_organisation_moves_a_service() -> None:
    small = order(a_service("one"), a_service("two"))
    big = {**HOST, "name": "Aaa Enormous Trust", "income_band": ">=100k"}
    crowd = [{"id": f"m{n}", "team_id": "two-team", "role": "worker"} for n in range(50)]
    assert (
        order(
            a_service("one", name="Zzz"),
            a_service("two", name="Aaa"),
            organization=[PRACTICE, big],
            member=crowd,
        )
        == small
    )


def test_the_tie_break_is_a_number_of_service_and_day_alone() -> None:
    snapshot = a_snapshot(a_service())
    again = a_snapshot(a_service(name="Renamed", organization_id="practice"))
    one, same = snapshot.services["scheme"], again.services["scheme"]
    assert tie_break(one, ON) == tie_break(same, ON) != tie_break(one, date(2026, 11, 24))


def test_the_answer_has_the_shape_of_the_api() -> None:
    services = [
        a_service("fits"),
        a_service("ward", area={"authorities": [HERE], "wards": [WARD]}),
        a_service("youth", criteria={"max_age": 25, "area_basis": ["resident"]}),
        a_service("group", kind="group", routes_in=["self"], invitation="Come along."),
    ]
    answer = route(somebody(residence=Residence(HERE, "York")), a_snapshot(*services), AT).as_json()
    assert set(answer) == {"eligible", "not_eligible", "unknown"}
    (fits,) = answer["eligible"]
    assert {"service_id", "name", "organization_name", "team_id", "score", "wait", "reasons"} <= set(fits)
    assert (fits["service_id"], fits["organization_name"], fits["team_id"]) == (
        "fits",
        "Example Host",
        "fits-team",
    )
    assert fits["wait"] == {"days": 14, "basis": "declared"}
    assert 0 <= fits["score"] <= 100
    (ward,) = answer["unknown"]
    assert ward["asks"] == [
        {
            "field": "postcode",
            "question": "Which part of town do they mostly stay in? The postcode of a place there is enough.",
        }
    ]
    refused = {entry["service_id"]: entry for entry in answer["not_eligible"]}
    assert refused["youth"]["reasons"][0]["code"] == "age"
    assert refused["group"]["invitation"] == {"kind": "self_referral", "text": "Come along."}


def test_services_of_a_place_that_does_not_concern_anybody_are_not_listed() -> None:
    other = {"id": "far", "name": "Far", "authorities": ["E06000001"]}
    place = [{"id": "york", "name": "York", "authorities": [HERE]}, other]
    far = a_service("far-scheme", place_id="far", area={"authorities": ["E06000001"]})
    found = route(somebody(), a_snapshot(a_service(), far, place=place), AT)
    assert [entry.service.id for entry in found.eligible] == ["scheme"]
    assert found.not_eligible == ()


def test_a_person_next_door_who_asks_for_themself_sees_the_near_misses() -> None:
    found = route(
        somebody(residence=ELSEWHERE, practice_ods=None, sender=Sender()), a_snapshot(a_service()), AT
    )
    assert [entry.service.id for entry in found.not_eligible] == ["scheme"]


def test_near_misses_are_bounded_and_the_nearest_come_first() -> None:
    far = [
        a_service(f"far-{n}", criteria={"max_age": 20, "area_basis": ["resident"]}, needs=["loneliness"])
        for n in range(40)
    ]
    other = [a_service(f"other-{n}", needs=["food"]) for n in range(40)]
    paused = a_service("paused", capacity={"paused": True})
    found = route(somebody(), a_snapshot(*far, *other, paused), AT)
    assert len(found.not_eligible) == MOST_NOT_ELIGIBLE
    assert found.not_eligible[0].service.id == "paused"
    assert found.could_not_offer == 1


def test_services_for_other_needs_fill_the_list_but_never_a_discreet_one() -> None:
    found = route(
        somebody(),
        a_snapshot(
            a_service("food", needs=["food"]), a_service("haven", needs=["domestic_abuse"], discreet=True)
        ),
        AT,
    )
    assert [entry.service.id for entry in found.not_eligible] == ["food"]


def test_a_discreet_service_is_offered_and_never_chosen() -> None:
    only = a_snapshot(a_service("haven", discreet=True))
    found = route(somebody(), only, AT)
    assert [entry.service.id for entry in found.eligible] == ["haven"]
    assert found.as_json()["eligible"][0]["discreet"] is True
    assert choose(found) is None


def test_the_team_chosen_is_that_of_the_first_scheme_that_has_one() -> None:
    near = {"lat": 53.954, "lon": -1.127}
    first = a_service("no-team", location=near, team_ids=[])
    second = a_service("team")
    found = route(somebody(), a_snapshot(first, second), AT)
    assert [entry.service.id for entry in found.eligible] == ["no-team", "team"]
    chosen = choose(found)
    assert chosen is not None
    assert chosen.team_id == "team-team"


def test_the_questions_that_settle_most_come_first() -> None:
    by_practice = [
        a_service(f"p{n}", criteria={"area_basis": ["registered"]}, area={"practices": ["Z90001"]})
        for n in range(3)
    ]
    by_age = a_service("adult", criteria={"min_age": 18, "area_basis": ["resident"]})
    found = route(somebody(practice_ods=None, date_of_birth=None), a_snapshot(*by_practice, by_age), AT)
    assert [ask.field for ask in found.questions()] == ["gp_practice_ods", "date_of_birth"]


@pytest.mark.parametrize(("known", "passed_on"), [(None, False), (True, True), (False, False)])
def test_an_invitation_for_some_is_passed_on_to_those_known_to_be_of_them(
    known: bool | None, passed_on: bool
) -> None:
    breakfast = a_service(
        "breakfast",
        kind="group",
        routes_in=["self"],
        criteria={"circumstances": ["veteran"], "area_basis": ["anywhere"]},
    )
    told = {} if known is None else {"veteran": known}
    found = route(somebody(circumstances=told), a_snapshot(breakfast), AT)
    assert any(entry.invitation for entry in found.not_eligible) is passed_on


def test_a_service_somebody_names_is_considered_whatever_its_kind() -> None:
    snapshot = a_snapshot(
        a_service("group", kind="group", routes_in=["self"]), a_service("advice", kind="advice")
    )
    group, advice = (consider(ident, somebody(), snapshot, AT) for ident in ("group", "advice"))
    assert group is not None
    assert advice is not None
    assert group.invitation
    assert advice.wait == Wait(14, "declared")
    assert consider("gone", somebody(), snapshot, AT) is None


def test_a_snapshot_older_than_a_minute_counts_as_directory_unavailable() -> None:
    assert a_snapshot().is_fresh(AT + timedelta(seconds=60))
    assert not a_snapshot().is_fresh(AT + timedelta(seconds=61))
    assert not a_snapshot(as_of=None).is_fresh(AT)


def test_a_deleted_service_is_gone_and_unknown_fields_and_kinds_are_left_aside() -> None:
    doc = a_service(surprise={"deep": [1]}, criteria={"area_basis": ["resident"], "new_rule": True})
    items = [
        {"kind": "service", "id": "scheme", "doc": doc},
        {"kind": "weather", "id": "w", "doc": {"id": "w"}},
        {"kind": "service", "id": "gone", "doc": a_service("gone")},
        {"kind": "service", "id": "gone", "deleted": True, "doc": None},
    ]
    snapshot = Snapshot.of(items)
    assert list(snapshot.services) == ["scheme"]
    assert snapshot.postcodes == {}


def test_only_what_changed_is_read_again_and_what_is_gone_is_forgotten() -> None:
    readings = Readings()
    one, two, new_two = a_service("one"), a_service("two"), a_service("two", name="Renamed")

    def read(*docs: dict) -> Snapshot:
        return Snapshot.of(({"kind": "service", "id": d["id"], "doc": d} for d in docs), readings=readings)

    first, second, third = read(one, two), read(one, new_two), read(new_two)
    assert second.services["one"] is first.services["one"]
    assert second.services["two"].name == "Renamed"
    assert list(third.services) == ["two"]
    assert read(one).services["one"] is not first.services["one"]


def test_a_service_of_almost_nothing_is_still_read() -> None:
    service = Service.of({"id": "bare"})
    assert (service.status, service.criteria.area_basis, service.capacity.is_paused(ON)) == (
        "active",
        ("anywhere",),
        False,
    )
    assert AT_HOME.authority == HERE
