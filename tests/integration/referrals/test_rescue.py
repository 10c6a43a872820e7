"""Nobody is lost: what nobody can see any more goes to the desk, and what is late goes up a ladder."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from services.referrals.actions import rescue_lost as rescuing
from services.referrals.actions.chase_late import chase_late
from services.referrals.actions.rescue_lost import Looked
from services.referrals.actions.route_waiting import route_waiting
from services.referrals.store.database import database
from services.referrals.store.directory import forget
from shared.clock import now
from tests.builders.referrals import one, rows, sent
from tests.builders.referrals_world import fill, ident

TEAM, DESK = str(ident("westfield-link-team")), str(ident("york-desk"))
WORKER = str(ident("worker"))
GONE = "update directory_item set deleted = true, doc = '{}' where kind = :kind"


@pytest.fixture(autouse=True)
def the_world_again(app):
    """Whatever a test does to the directory's copy, the next one finds the world."""
    yield
    fill(now())


def look(**how):
    """One look for lost ones."""
    return rescuing.rescue_lost(at=now(), **how)


def rescue_lost(**how):
    """One look; how many it gave to somebody."""
    return look(**how).rescued


def change(statement, **given):
    """Something changes in the directory, or is said."""
    with database.transaction() as session:
        session.execute(text(statement), given)
    forget()


def the_agreement_ends():
    change(
        "update directory_item set doc = doc || jsonb_build_object('valid_until', '2026-01-31')"
        " where kind = 'agreement' and doc ->> 'organization_a' = :one and doc ->> 'organization_b' = :other",
        one=str(ident("westfield-surgery")),
        other=str(ident("york-pcn")),
    )


def the_person_takes_it_back():
    """As whoever writes it down does: the referral has changed with it."""
    change("update agreement set withdrawn_at = now() where purpose = 'share_referral'")
    change("update referral set updated_at = now() where id in (select referral_id from agreement)")


def the_team_closes():
    change(f"{GONE} and id = :id", kind="team", id=TEAM)


def the_last_member_leaves():
    change(f"{GONE} and doc ->> 'team_id' = :id", kind="member", id=TEAM)


LOSSES = (
    (the_agreement_ends, "may_not_read"),
    (the_person_takes_it_back, "may_not_read"),
    (the_team_closes, "team_gone"),
    (the_last_member_leaves, "nobody_there"),
)


@pytest.mark.parametrize(("loss", "reason"), LOSSES)
def test_what_a_team_cannot_see_any_more_goes_to_the_desk_of_its_place(system, loss, reason):
    made = sent(system)
    assert rescue_lost() == 0
    loss()
    assert rescue_lost() == 1
    assert rescue_lost() == 0
    (row,) = rows("select owner_team_id, owner_org_id, routing_state, status, assignee_id from referral")
    assert (str(row["owner_team_id"]), row["owner_org_id"]) == (DESK, ident("york-council"))
    assert (row["routing_state"], row["status"]) == ("unrouted", "received")
    (move,) = rows("select act, reason, by_kind, event_id from move order by id desc limit 1")
    assert (move["act"], move["reason"], move["by_kind"]) == ("escalate", reason, "system")
    assert one("select id from outbox where type = 'referral.escalated.v1'") == move["event_id"]
    seen = system("desk").get(f"/referrals/{made['id']}")
    assert "route" in {action["act"] for action in seen.json["available_actions"]}
    (waiting,) = system("desk").get("/referrals", view="unrouted").json["items"]
    assert waiting["id"] == made["id"]


def test_what_had_a_team_is_not_sent_on_by_the_system(system):
    sent(system)
    the_last_member_leaves()
    rescue_lost()
    assert route_waiting(at=now()) == 0
    assert str(one("select owner_team_id from referral")) == DESK


@pytest.mark.parametrize("loss", [the_agreement_ends, the_person_takes_it_back])
def test_what_was_taken_up_stays_with_the_team_as_its_own_record(system, loss):
    made = sent(system)
    system("worker").act(made["id"], "accept", assignee_id=WORKER)
    loss()
    assert rescue_lost() == 0
    assert system("worker").get(f"/referrals/{made['id']}").status_code == 200


def test_work_of_a_team_that_closed_goes_to_the_desk_whatever_its_state(system):
    made = sent(system)
    system("worker").act(made["id"], "accept", assignee_id=WORKER)
    the_team_closes()
    assert rescue_lost() == 1
    assert one("select assignee_id from referral") is None
    assert str(one("select owner_team_id from referral")) == DESK


def test_what_somebody_held_who_has_left_goes_back_to_the_team(system):
    made = sent(system)
    system("worker").act(made["id"], "accept", assignee_id=WORKER)
    change(f"{GONE} and doc ->> 'account_id' = :id", kind="member", id=WORKER)
    assert rescue_lost() == 1
    (row,) = rows("select status, owner_team_id, assignee_id from referral")
    assert (row["status"], str(row["owner_team_id"]), row["assignee_id"]) == ("received", TEAM, None)


def test_half_a_copy_or_an_old_copy_of_the_directory_loses_nobody(system):
    sent(system)
    the_team_closes()
    change("update directory_state set complete = false")
    assert rescue_lost() == 0
    change("update directory_state set complete = true, as_of = now() - interval '2 minutes'")
    assert rescue_lost() == 0


def test_one_that_somebody_works_on_is_left_for_the_next_run(system):
    made = sent(system)
    the_team_closes()
    with database.transaction() as other:
        other.execute(text("select id from referral where id = :id for update"), {"id": made["id"]})
        assert rescue_lost() == 0
    assert rescue_lost() == 1


def long_ago():
    """Nothing has changed for an hour."""
    change("update referral set updated_at = now() - interval '1 hour'")


def test_what_did_not_change_is_not_looked_at_again(system):
    for _ in range(3):
        sent(system)
    long_ago()
    assert look() == Looked(at=3)
    assert look() == Looked()
    change("update referral set updated_at = now() where id = (select min(id::text)::uuid from referral)")
    assert look() == Looked(at=1)


@pytest.mark.parametrize("loss", [loss for loss, _ in LOSSES])
def test_only_those_are_looked_at_under_whom_something_changed(system, loss):
    elsewhere = sent(system, who="charity", target_service_id=str(ident("york-lac")))
    made = sent(system)
    long_ago()
    assert str(elsewhere["owner"]["team_id"]) != TEAM
    assert look() == Looked(at=2)
    loss()
    if loss is the_person_takes_it_back:
        change("update referral set updated_at = now() - interval '1 hour' where id <> :id", id=made["id"])
    assert look() == Looked(at=1, rescued=1)


def test_once_in_a_uk_day_everything_is_looked_at(system):
    sent(system)
    long_ago()
    look()
    change("update lost_look set looked_at = looked_at - interval '1 day'")
    assert look() == Looked(at=1)


def test_what_was_left_is_looked_for_again_whenever_it_changed(system):
    made = sent(system)
    long_ago()
    look()
    the_team_closes()
    with database.transaction() as other:
        other.execute(text("select id from referral where id = :id for update"), {"id": made["id"]})
        assert look() == Looked(at=1, left=1)
    assert look() == Looked(at=1, rescued=1)
    long_ago()
    assert look() == Looked()


def test_a_look_that_was_ended_half_way_is_done_again(system, monkeypatch):
    for _ in range(3):
        sent(system)
    long_ago()
    look()
    the_team_closes()
    rescue_one = rescuing._rescue_one
    done = []

    def ended(referral_id, at):
        if len(done) == 1:
            raise KeyboardInterrupt
        done.append(rescue_one(referral_id, at))
        return done[-1]

    monkeypatch.setattr(rescuing, "_rescue_one", ended)
    with pytest.raises(KeyboardInterrupt):
        look()
    monkeypatch.undo()
    long_ago()
    assert look().rescued == 2


def test_a_desk_that_is_made_later_is_given_what_had_nobody(system):
    sent(system)
    change("update directory_item set doc = doc - 'duty_team_id' where kind = 'place'")
    the_team_closes()
    long_ago()
    assert look() == Looked(at=1)
    fill(now())
    the_team_closes()
    assert look() == Looked(at=1, rescued=1)


def test_many_are_rescued_in_batches(system):
    for _ in range(5):
        sent(system)
    the_last_member_leaves()
    assert rescue_lost(batch=2) == 5
    assert one("select count(*) from move where act = 'escalate'") == 5


def told(service, kind, act, content):
    """Who is told of a move, as things stand."""
    query = "select event_id, referral_id from move where act = :act and content = :content"
    (move,) = rows(query, act=act, content=content)
    path = f"/referrals/{move['referral_id']}/audience"
    answer = service("notifications").get(path, event=kind, event_id=str(move["event_id"]))
    return {(one["id"], one["template"]) for one in answer.json["recipients"]}


def test_the_desk_hears_of_what_it_was_given(system, service):
    sent(system)
    the_team_closes()
    rescue_lost()
    heard = told(service, "referral.escalated.v1", "escalate", DESK)
    assert heard == {(str(ident("desk")), "unrouted_arrived")}


def let_it_be_late(days):
    query = "update referral set next_action_at = now() - make_interval(days => :days, mins => 1)"
    change(query, days=days)


def test_late_goes_up_a_ladder_and_each_is_told_once(system, service):
    made = sent(system)
    assert chase_late(at=now()) == 0
    let_it_be_late(0)
    assert chase_late(at=now()) == 1
    assert chase_late(at=now()) == 0

    def heard(rung):
        return {who for who, _ in told(service, "referral.chased.v1", "chase", rung)}

    assert heard("owner") == {WORKER, str(ident("colleague")), str(ident("lead"))}
    assert system("desk").get(f"/referrals/{made['id']}").status_code == 404
    let_it_be_late(10)
    assert chase_late(at=now()) == 1
    rungs = [row["content"] for row in rows("select content from move where act = 'chase' order by id")]
    assert rungs == ["owner", "lead", "duty_desk"]
    assert heard("lead") == {str(ident("lead"))}
    assert heard("duty_desk") == {str(ident("desk"))}
    assert chase_late(at=now()) == 0
    assert one("select count(*) from outbox where type = 'referral.chased.v1'") == 3


def test_nobody_is_told_late_of_what_is_late_no_longer(system, service):
    sent(system)
    let_it_be_late(10)
    chase_late(at=now())
    change("update referral set next_action_at = now() + interval '1 day'")
    assert told(service, "referral.chased.v1", "chase", "lead") == set()


def test_what_came_up_to_the_desk_stays_with_its_team_and_can_be_given_another(system):
    made = sent(system)
    let_it_be_late(10)
    chase_late(at=now())
    seen = system("desk").get(f"/referrals/{made['id']}").json
    assert seen["owner"]["team_id"] == TEAM
    assert seen["sent"] is None
    (late,) = system("desk").get("/referrals", view="unrouted").json["items"]
    assert late["overdue"] is True
    answer = system("desk").act(made["id"], "route", service_id=str(ident("york-adult")))
    assert answer.status_code == 200, answer.json
    assert one("select owner_team_id from referral") == ident("york-adult-team")


def test_taking_it_on_takes_it_off_the_ladder(system):
    made = sent(system)
    let_it_be_late(10)
    chase_late(at=now())
    system("worker").act(made["id"], "accept", assignee_id=WORKER)
    chase_late(at=now())
    assert rows("select rung, escalated from referral") == [{"rung": 0, "escalated": False}]
    assert system("desk").get(f"/referrals/{made['id']}").status_code == 404
    assert system("desk").get("/referrals", view="unrouted").json["items"] == []


def test_the_desk_is_told_once_of_what_it_owns_itself(system):
    sent(system, target_service_id=str(ident("york-riverside")))
    let_it_be_late(10)
    assert chase_late(at=now()) == 1
    assert [row["content"] for row in rows("select content from move where act = 'chase'")] == ["owner"]
    assert chase_late(at=now()) == 0
    assert one("select escalated from referral") is False
