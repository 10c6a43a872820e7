"""Whoever owns an open referral has sight of it, however it came and whatever the person agreed to."""

from __future__ import annotations

from itertools import product
from uuid import UUID

import pytest

from services.referrals.actions.holding import Holding
from services.referrals.actions.new_referral import NewAgreement, NewPerson, NewReferral
from services.referrals.actions.route_request import facts_from_request, place_request
from services.referrals.domain.sight import what_may_see
from services.referrals.domain.sight_facts import CallerFacts, MemberOf, ReferralFacts
from services.referrals.domain.states import State, Who
from services.referrals.store.database import database
from services.referrals.store.directory import read_directory
from shared.clock import now, uk_date
from tests.builders.referrals import one, sent, to_westfield
from tests.builders.referrals_world import CALLERS, ident

ROUTES = ("professional", "introduction", "self", "invitation")
BASES = ("public_task", "legitimate_interests", "explicit_consent", "vital_interests")
TARGETS = (None, "westfield-link", "york-lac", "york-haven", "york-riverside")
PCN, COUNCIL = str(ident("york-pcn")), str(ident("york-council"))
ANSWERS = (
    (),
    (("helpers", True),),
    (("helpers", False),),
    ((PCN, True),),
    ((PCN, False),),
    ((COUNCIL, True),),
    (("helpers", True), (PCN, False)),
    (("helpers", False), (COUNCIL, True)),
)


def told(answers):
    return tuple(NewAgreement(recipient, "share_referral", agreed) for recipient, agreed in answers)


def asked(route_in, basis, answers, target, restricted) -> NewReferral:
    return NewReferral(
        person=NewPerson(postcode="YO24 3BZ", gp_practice_ods="Z90001", age_estimate=70),
        needs=("loneliness",),
        route_in=route_in,
        target_service_id=ident(target) if target else None,
        lawful_basis=basis,
        agreement=told(answers),
        restricted=restricted,
    )


def people_of(directory, team_id: UUID) -> list[CallerFacts]:
    """Everybody the directory names in this team, with the memberships their tokens would carry."""
    return [
        CallerFacts(account, (MemberOf(UUID(doc["organization_id"]), team_id, doc["role"]),))
        for account, docs in directory.members.items()
        for doc in docs
        if doc.get("team_id") == str(team_id)
    ]


@pytest.mark.parametrize("restricted", [False, True])
@pytest.mark.parametrize("basis", BASES)
def test_whoever_owns_an_open_referral_has_sight_of_it(app, basis, restricted):
    at, by, place = now(), CALLERS["practice"], ident("york")
    states = set()
    with database.transaction() as session:
        directory = read_directory(session)
        for route_in, answers, target in product(ROUTES, ANSWERS, TARGETS):
            new = asked(route_in, basis, answers, target, restricted)
            facts = facts_from_request(session, new, by, place)
            holding = Holding.of_new(new, by, at)
            placed = place_request(facts, new.target_service_id, directory, place, at, holding)
            states.add(placed.state)
            row = ReferralFacts(
                state=State.RECEIVED,
                sender_org=by.org,
                owner_org=directory.team_org(placed.team_id),
                owner_team=placed.team_id,
                place_id=place,
                lawful_basis=basis,
                restricted=restricted,
                routed=placed.state != "unrouted",
            )
            seen = [
                what_may_see(one, row, holding.agreements, directory.sharing, uk_date(at))
                for one in people_of(directory, placed.team_id)
            ]
            case = (route_in, answers, target, placed.state)
            assert any(sight.standing.can_act_as(Who.WORKER, Who.DUTY_DESK) for sight in seen), case
    assert states == {"routed", "chosen", "unrouted"}


def share(recipient, agreed):
    return {"recipient": recipient, "purpose": "share_referral", "agreed": agreed}


def test_a_no_to_one_organisation_sends_it_to_the_next_that_may_have_it(system):
    made = sent(system, agreement=[share(PCN, False)])
    owner = made["owner"]["team_id"]
    assert owner != str(ident("westfield-link-team"))
    assert one("select owner_org_id from referral") != UUID(PCN)


def test_a_no_to_everybody_leaves_it_with_the_desk_which_sees_it_without_a_name(system):
    made = sent(system, agreement=[share("helpers", False)])
    assert made["routing"]["state"] == "unrouted"
    assert made["owner"]["team_id"] == str(ident("york-desk"))
    seen = system("desk").get(f"/referrals/{made['id']}")
    assert seen.status_code == 200
    assert seen.json["sent"] is None
    assert "route" in {action["act"] for action in seen.json["available_actions"]}
    assert system("worker").get(f"/referrals/{made['id']}").status_code == 404


def test_a_chosen_service_whose_organisation_was_refused_does_not_get_it(system):
    no = share(COUNCIL, False)
    made = sent(system, target_service_id=str(ident("york-lac")), agreement=[no])
    assert made["owner"]["team_id"] == str(ident("york-desk"))


@pytest.mark.parametrize("agreement", [[], [share("helpers", False)]])
def test_consent_is_no_basis_where_nobody_agreed(system, agreement):
    body = to_westfield(lawful_basis="explicit_consent", agreement=agreement)
    answer = system("practice").post("/referrals", body)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == ["/agreement"]
    assert one("select count(*) from referral") == 0


def test_danger_is_stored_though_nobody_was_asked(system):
    made = sent(system, lawful_basis="explicit_consent", agreement=[], what_matters="I can't go on tonight")
    assert made["owner"]["team_id"] == str(ident("york-desk"))
    assert system("desk").get(f"/referrals/{made['id']}").json["alert"] is True
    assert "999" in {each["number"] for each in made["emergency"]}


def test_the_desk_does_not_route_within_its_own_organisation_to_a_team_that_could_not_read_it(system):
    made = sent(system, agreement=[share("helpers", False)])
    answer = system("desk").act(made["id"], "route", service_id=str(ident("york-lac")))
    assert answer.status_code == 409
    assert one("select owner_team_id from referral") == ident("york-desk")
