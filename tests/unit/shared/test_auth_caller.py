"""Who calls, and what they hold."""

from uuid import UUID

from shared.auth import Caller, Kind, Membership, Role

ORG, OTHER, TEAM = UUID(int=1), UUID(int=2), UUID(int=3)
CALLER = Caller(
    sub="7",
    kind=Kind.PERSON,
    org=ORG,
    sector="health",
    memberships=(Membership(ORG, Role.WORKER, TEAM), Membership(OTHER, Role.SENDER)),
    scope=("a", "b"),
    name="Terry Testperson",
    session="s",
)


def test_a_role_is_held_where_it_is_held_and_nowhere_else() -> None:
    assert CALLER.has(Role.WORKER)
    assert CALLER.has(Role.LEAD, Role.WORKER)
    assert CALLER.has(Role.WORKER, org=ORG, team=TEAM)
    assert not CALLER.has(Role.WORKER, org=OTHER)
    assert not CALLER.has(Role.SENDER, team=TEAM)
    assert not CALLER.has(Role.LEAD)
    assert not CALLER.has()


def test_organisations_and_teams_are_those_of_the_memberships() -> None:
    assert CALLER.orgs == {ORG, OTHER}
    assert CALLER.teams() == {TEAM}
    assert CALLER.teams(Role.LEAD) == frozenset()


def test_claims_bring_back_the_same_caller() -> None:
    assert Caller.from_claims(CALLER.to_claims()) == CALLER
    bare = Caller(sub="referrals", kind=Kind.SERVICE)
    assert bare.to_claims() == {"sub": "referrals", "kind": "service", "memberships": []}
    assert Caller.from_claims(bare.to_claims()) == bare


def test_a_role_nobody_knows_is_dropped() -> None:
    claims = CALLER.to_claims()
    claims["memberships"].append({"org": str(ORG), "role": "emperor"})
    assert Caller.from_claims(claims) == CALLER
