"""To whom a referral may be passed on, what goes with it, and who may act on it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from services.referrals.actions.choices import team_choices
from services.referrals.actions.read_referrals import read_referral
from services.referrals.actions.route_waiting import route_waiting
from services.referrals.actions.take_up import accept_referral, redirect_referral
from services.referrals.store.database import database
from services.referrals.store.directory import forget
from shared.clock import now
from shared.errors import NotFound
from tests.builders.referrals import System, as_system, one, rows, sent
from tests.builders.referrals_world import CALLERS, fill, ident

WORKER = str(ident("worker"))
DESK = str(ident("york-desk"))


@pytest.fixture(autouse=True)
def the_world_again(app):
    """Whatever a test does to the directory's copy, the next one finds the world."""
    yield
    fill(now())


def passed_on(system, made, **to):
    return system("worker").act(made["id"], "redirect", reason="better_fit", **to)


def test_passing_on_to_a_service_people_come_to_by_themselves_is_refused_with_the_invitation(system):
    with database.transaction() as session:
        query = "update directory_item set doc = doc || :routes where id = :id"
        given = {"routes": '{"routes_in": ["self"]}', "id": str(ident("york-adult"))}
        session.execute(text(query.replace(":routes", "cast(:routes as jsonb)")), given)
    forget()
    answer = passed_on(system, sent(system), service_id=str(ident("york-adult")))
    assert answer.status_code == 422
    assert answer.json["type"].endswith("/self-referral-only")
    assert answer.json["invitation"]["text"]
    assert answer.json["errors"][0]["pointer"] == "/service_id"


@pytest.mark.parametrize("to", [{"service_id": "york-youth"}, {"team_id": "york-youth-team"}])
def test_passing_on_to_a_service_that_cannot_take_them_is_refused_with_the_reasons(system, to):
    answer = passed_on(system, sent(system), **{name: str(ident(word)) for name, word in to.items()})
    assert answer.status_code == 422
    assert "age" in {reason["code"] for reason in answer.json["reasons"]}
    assert one("select owner_team_id from referral") == ident("westfield-link-team")


def test_what_cannot_be_chosen_is_said_beside_it_and_the_desk_can(system):
    made = sent(system)
    choices = {each.team_id: each for each in team_choices(made["id"], by=CALLERS["worker"], at=now())}
    assert "takes people" in choices[ident("york-youth-team")].why_not
    assert choices[ident("york-desk")].allowed


def test_an_introduction_service_gets_an_introduction_and_back(system):
    made = sent(system)
    assert passed_on(system, made, service_id=str(ident("york-lac"))).status_code == 200
    assert one("select route_in from referral") == "introduction"
    back = system("other-worker").act(
        made["id"], "redirect", service_id=str(ident("westfield-link")), reason="better_fit"
    )
    assert back.status_code == 200, back.json
    assert one("select route_in from referral") == "professional"


def test_what_is_chosen_or_routed_late_comes_by_the_route_of_its_service_too(system):
    made = sent(system, target_service_id=str(ident("york-lac")))
    assert one("select route_in from referral where id = :id", id=made["id"]) == "introduction"


def test_passing_on_to_the_own_team_is_refused_and_puts_nothing_off(system):
    made = sent(system)
    answer = passed_on(system, made, team_id=str(ident("westfield-link-team")))
    assert answer.status_code == 422
    assert one("select next_action_at from referral").isoformat()[:16] == made["next_action_at"][:16]


def test_what_is_passed_on_to_the_desk_is_unrouted_and_left_to_somebody_there(system):
    made = sent(system)
    answer = passed_on(system, made, team_id=DESK)
    assert answer.status_code == 200, answer.json
    (row,) = rows("select routing_state, service_id, owner_team_id, status from referral")
    assert (row["routing_state"], row["service_id"], row["status"]) == ("unrouted", None, "received")
    (waiting,) = system("desk").get("/referrals", view="unrouted").json["items"]
    assert waiting["id"] == made["id"]
    with database.transaction() as session:
        session.execute(text("update directory_state set version = version + 1"))
    assert route_waiting(at=now()) == 0
    routed = system("desk").act(made["id"], "route", service_id=str(ident("york-adult")))
    assert routed.status_code == 200, routed.json


def test_the_desk_gets_even_what_no_agreement_lets_another_have(system):
    pcn = {"recipient": str(ident("york-pcn")), "purpose": "share_referral", "agreed": True}
    made = sent(system, lawful_basis="explicit_consent", agreement=[pcn])
    assert passed_on(system, made, service_id=str(ident("york-adult"))).status_code == 409
    assert passed_on(system, made, team_id=DESK).status_code == 200
    seen = system("desk").get(f"/referrals/{made['id']}").json
    assert seen["sent"] is None
    assert "route" in {action["act"] for action in seen["available_actions"]}


def test_a_team_of_nobody_is_passed_nothing(system):
    made = sent(system)
    with database.transaction() as session:
        query = "delete from directory_item where kind = 'member' and doc ->> 'team_id' = :team"
        session.execute(text(query), {"team": str(ident("york-adult-team"))})
    forget()
    assert passed_on(system, made, service_id=str(ident("york-adult"))).status_code == 409


def alerted(system):
    return sent(system, what_matters="I can't go on tonight")


def test_an_alert_keeps_its_day_when_it_is_taken_on_or_passed_on(system):
    made = alerted(system)
    routine = sent(system)
    assert made["next_action_at"] < routine["next_action_at"]
    due = "select next_action_at from referral where id = :id"
    first = one(due, id=made["id"])
    system("worker").act(made["id"], "accept", assignee_id=WORKER)
    assert one(due, id=made["id"]) == first
    assert passed_on(system, made, service_id=str(ident("york-adult"))).status_code == 200
    assert one(due, id=made["id"]) == first


def test_an_alert_that_is_routed_late_keeps_its_day(system):
    with database.transaction() as session:
        session.execute(text("update directory_state set as_of = now() - interval '2 minutes'"))
    made = alerted(system)
    first = one("select next_action_at from referral")
    with database.transaction() as session:
        session.execute(text("update directory_state set as_of = now() + interval '1 day'"))
    assert route_waiting(at=now()) == 1
    assert one("select owner_team_id from referral") == ident("westfield-link-team")
    assert one("select next_action_at from referral") == first
    assert made["status"] == "received"


def leave(who):
    """Somebody's memberships end; their token still names them."""
    with database.transaction() as session:
        query = "delete from directory_item where kind = 'member' and doc ->> 'account_id' = :id"
        session.execute(text(query), {"id": str(ident(who))})
    forget()


def test_whoever_has_left_the_team_does_nothing_more_though_their_token_still_serves(system):
    made = sent(system)
    assert read_referral(made["id"], by=CALLERS["worker"], at=now()).reference == made["reference"]
    leave("worker")
    for attempt in (
        lambda: accept_referral(made["id"], by=CALLERS["worker"], at=now()),
        lambda: redirect_referral(
            made["id"], by=CALLERS["worker"], at=now(), reason="better_fit", service_id=ident("york-adult")
        ),
        lambda: read_referral(made["id"], by=CALLERS["worker"], at=now()),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert one("select status from referral") == "received"


def test_nobody_who_has_left_is_given_work(system):
    made = sent(system)
    leave("colleague")
    answer = system("worker").act(made["id"], "accept", assignee_id=str(ident("colleague")))
    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"] == "/assignee_id"


def test_while_the_copy_is_not_whole_a_token_is_believed(system):
    made = sent(system)
    leave("worker")
    with database.transaction() as session:
        session.execute(text("update directory_state set complete = false"))
    assert read_referral(made["id"], by=CALLERS["worker"], at=now()).reference == made["reference"]


def test_a_desk_serves_the_place_of_its_team_wherever_its_keeper_comes_from(app, system):
    made = sent(system, target_service_id=str(ident("york-riverside")))
    from_elsewhere = System(app, replace(as_system("desk"), place=ident("wakefield")))
    (waiting,) = from_elsewhere.get("/referrals", view="unrouted").json["items"]
    assert waiting["id"] == made["id"]
    wakefield = replace(
        as_system("desk"),
        memberships=tuple(replace(m, team=ident("wakefield-desk")) for m in CALLERS["desk"].memberships),
    )
    other = System(app, wakefield)
    assert other.get("/referrals", view="unrouted").json["items"] == []
    assert other.get(f"/referrals/{made['id']}").status_code == 404


def test_a_restricted_referral_at_the_desk_speaks_of_no_need(system):
    made = sent(
        system,
        target_service_id=str(ident("york-riverside")),
        restricted=True,
        needs=["loneliness", "housing"],
    )
    desk = system("desk")
    seen = desk.get(f"/referrals/{made['id']}").json
    entries = [e for kind in ("eligible", "not_eligible", "unknown") for e in seen["routing"][kind]]
    assert entries
    assert {"needs", "other_needs"}.isdisjoint({r["code"] for e in entries for r in e["reasons"]})
    (listed,) = desk.get("/referrals", view="unrouted").json["items"]
    assert listed["needs"] == []
    assert desk.get("/referrals", view="unrouted", need="housing").json["items"] == []


def test_a_sensitive_need_cannot_be_looked_for_by_a_desk_that_is_not_shown_it(system):
    no = {"recipient": "helpers", "purpose": "share_referral", "agreed": False}
    sent(system, agreement=[no], needs=["loneliness", "domestic_abuse"])
    desk = system("desk")
    assert len(desk.get("/referrals", view="unrouted", need="loneliness").json["items"]) == 1
    assert desk.get("/referrals", view="unrouted", need="domestic_abuse").json["items"] == []
