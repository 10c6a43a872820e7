"""What a team's sight rests on: which change of the directory, or of the day, can take it away."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from services.referrals.actions.footing import Shaken, footing_of, shaken
from services.referrals.domain.sight_facts import Sharing, SharingFacts
from services.referrals.store.directory import Directory

ON = date(2026, 11, 22)
PLACE, TEAM, OTHER_TEAM, DESK, ORG, SENDER, ACCOUNT = (uuid4() for _ in range(7))


def member(**changed):
    return {
        "account_id": str(ACCOUNT),
        "organization_id": str(ORG),
        "team_id": str(TEAM),
        "role": "worker",
    } | changed


def directory(people=None, teams=(TEAM, OTHER_TEAM), desk=DESK, until=None, purposes=()):
    posts: dict[tuple[str, str | None], tuple[dict[str, str], ...]] = {}
    for doc in [member()] if people is None else people:
        key = (doc["organization_id"], doc["team_id"])
        posts[key] = (*posts.get(key, ()), doc)
    return Directory(
        docs={
            "team": {str(team): {"organization_id": str(ORG)} for team in teams},
            "place": {str(PLACE): {"duty_team_id": str(desk)}},
        },
        posts=posts,
        sharing=Sharing([SharingFacts(SENDER, ORG, ON, until, purposes)]),
    )


def change(after, on=ON):
    return shaken(footing_of(directory(), ON), footing_of(after, on))


def test_nothing_that_changed_shakes_nothing():
    assert change(directory()) == Shaken()


@pytest.mark.parametrize(
    "people",
    [
        [],
        [member(role="lead")],
        [member(account_id=str(UUID(int=1)))],
        [member(), member(account_id=str(UUID(int=1)))],
    ],
    ids=["left", "another role", "another person", "one more"],
)
def test_another_hand_in_a_team_shakes_that_team_alone(people):
    assert change(directory(people)) == Shaken(teams=frozenset({TEAM}))


def test_somebody_for_the_whole_organisation_is_of_each_of_its_teams():
    assert change(directory([member(), member(team_id=None)])).teams == {TEAM, OTHER_TEAM}


def test_a_name_shakes_nobody():
    assert change(directory([member(name="Somebody Else")])) == Shaken()


def test_a_team_that_is_gone_and_another_desk_are_noticed():
    assert change(directory(teams=(TEAM,))) == Shaken(teams=frozenset({OTHER_TEAM}))
    assert change(directory(desk=TEAM)) == Shaken(places=frozenset({PLACE}))


def test_an_agreement_that_is_over_shakes_the_two_who_signed_it():
    both = frozenset({tuple(sorted((SENDER, ORG), key=str))})
    last = directory(until=ON)
    assert change(last) == Shaken()
    assert change(last, ON + timedelta(days=1)) == Shaken(pairs=both)
    assert change(directory(purposes=("feedback_to_gp",))) == Shaken(pairs=both)


def test_a_new_agreement_takes_nothing_from_anybody():
    nothing_signed = footing_of(directory(), ON - timedelta(days=1))
    assert shaken(nothing_signed, footing_of(directory(), ON)) == Shaken()
