"""From an event to messages: once each, to those who may know, and never lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from joserfc.jwk import ECKey

from services.notifications.actions.catch_up import catch_up
from services.notifications.actions.keeping import plan_unknown_again
from services.notifications.actions.plan_messages import plan_messages
from services.notifications.actions.preferences import choose_wanted
from services.notifications.actions.receive_events import receive_events
from services.notifications.domain.rules import OPTIONAL, Template
from services.notifications.store.database import database
from tests.builders.notifications import AT, account_notice, event, person, undoing
from tests.queries import count_queries


def heard(*events, at=AT):
    received = receive_events(events, at)
    assert not received.refused
    return received.new


def planned(at=AT):
    return plan_messages(at).made


def test_each_recipient_gets_one_message_by_each_channel(neighbours, store):
    told = event()
    neighbours.tells(told, neighbours.account("email", "inbox"), neighbours.account("inbox"))
    assert heard(told) == 1
    assert planned() == 3
    assert [m.channel for m in store.messages] == ["email", "inbox", "inbox"]
    assert len({m.letter_id for m in store.messages}) == 3


def test_an_event_that_comes_twice_is_told_once(neighbours, store):
    told = event()
    neighbours.tells(told, neighbours.account())
    assert heard(told, told) == 1
    assert heard(told) == 0
    planned()
    planned()
    assert len(store.messages) == 1


def test_an_event_taken_by_two_workers_at_once_is_told_once(neighbours, store):
    told = [event() for _ in range(20)]
    for each in told:
        neighbours.tells(each, neighbours.account())
    with ThreadPoolExecutor(4) as workers:
        new = list(workers.map(lambda _: heard(*told), range(4)))
        list(workers.map(lambda _: planned(), range(4)))
    assert sum(new) == 20
    assert len(store.messages) == 20


def test_planning_done_twice_at_once_makes_no_second_message(neighbours, store):
    """The lease of a slow worker ran out and another planned the same event."""
    told = event()
    neighbours.tells(told, neighbours.account("email", "inbox"))
    heard(told)
    first = AT, AT + timedelta(minutes=2)
    with ThreadPoolExecutor(2) as workers:
        list(workers.map(plan_messages, first))
    plan_messages(AT + timedelta(minutes=5))
    assert len(store.messages) == 2


@pytest.mark.parametrize("act", ["accepted", "declined", "completed"])
def test_acts_that_can_be_undone_wait_for_a_minute(neighbours, store, act):
    told = event(f"referral.{act}.v1")
    neighbours.tells(told, neighbours.account())
    heard(told, at=AT + timedelta(seconds=2))
    planned(AT + timedelta(seconds=2))
    assert store.message.due_at == AT + timedelta(seconds=60)


def test_the_event_itself_may_say_how_long_to_wait(neighbours, store):
    told = event(data={"hold_seconds": 5})
    neighbours.tells(told, neighbours.account())
    heard(told)
    planned()
    assert store.message.due_at == AT + timedelta(seconds=5)


def test_other_news_goes_at_once(neighbours, store):
    told = event("referral.received.v1")
    neighbours.tells(told, neighbours.account())
    heard(told)
    planned()
    assert store.message.due_at == AT


def test_with_referrals_away_an_event_waits_and_is_planned_later(neighbours, store):
    told = event()
    neighbours.tells(told, neighbours.account())
    neighbours.away.add("referrals")
    heard(told)
    assert planned() == 0
    assert store.plans[0].state == "waiting"
    assert "does not answer" in store.plans[0].reason
    assert planned(AT + timedelta(seconds=1)) == 0, "not hammered"
    neighbours.away.clear()
    assert planned(AT + timedelta(minutes=2)) == 1


def test_with_referrals_away_only_one_event_of_a_batch_finds_out(neighbours):
    heard(*(event() for _ in range(10)))
    neighbours.away.add("referrals")
    planned()
    assert neighbours.asked_for("audience") == 1


def test_an_answer_that_cannot_be_read_is_asked_for_again(neighbours, store):
    told = event()
    neighbours.audiences[told["id"]] = {"reference": "LW-7K2F-9D4"}
    heard(told)
    assert planned() == 0
    neighbours.tells(told, neighbours.account())
    assert planned(AT + timedelta(minutes=2)) == 1


def test_nobody_to_tell_is_written_down(neighbours, store):
    told = event("referral.started.v1")
    neighbours.tells(told)
    heard(told, event())
    planned()
    assert [(p.state, p.reason) for p in store.plans] == [
        ("nobody", "Nobody is to be told."),
        ("nobody", "The referral is not there any more."),
    ]


def test_a_type_without_a_rule_is_kept_and_planned_when_there_is_one(neighbours, store, monkeypatch):
    strange = event("weather.changed.v9")
    heard(strange)
    assert planned() == 0
    assert store.plans[0].state == "unknown"
    from services.notifications.domain import rules

    more = {**rules.RULES, "weather.changed.v9": rules.Rule("weather.changed.v9")}
    monkeypatch.setattr(rules, "RULES", more)
    monkeypatch.setattr("services.notifications.actions.keeping.RULES", more)
    neighbours.tells(strange, neighbours.account())
    assert plan_unknown_again(AT) == 1
    assert planned() == 1


def test_an_account_notice_of_an_unknown_kind_is_kept(neighbours, store):
    heard(account_notice("birthday"))
    assert planned() == 0
    assert store.plans[0].state == "unknown"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"specversion": "0.3"}, "/specversion"),
        ({"id": None}, "/id"),
        ({"id": "x" * 65}, "/id"),
        ({"type": 7}, "/type"),
        ({"subject": "not an id"}, "/subject"),
        ({"time": "yesterday"}, "/time"),
        ({"time": "2026-11-22T10:00:00"}, "/time"),
        ({"data": "text"}, "/data"),
        ({"data": {"note": "a\0b"}}, "/data"),
        ({"data": {"hold_seconds": -1}}, "/data/hold_seconds"),
        ({"type": "referral.undone.v1"}, "/data/undoes"),
        ({"type": "account.notice.v1"}, "/data/link_id"),
        ({"type": "session.ended.v1"}, "/data/sid"),
        ({"type": "key.withdrawn.v1"}, "/data/kid"),
    ],
)
def test_a_malformed_event_is_refused_by_field_and_harms_no_other(store, change, pointer):
    received = receive_events([event() | change, event()], AT)
    assert received.new == 1
    (refused,) = received.refused
    assert refused.place == 0
    assert [e.pointer for e in refused.errors] == [pointer]
    assert len(store.plans) == 1


def test_an_event_that_is_no_object_is_refused():
    assert receive_events(["text"], AT).refused[0].errors[0].pointer == ""


def test_what_was_undone_before_planning_is_not_told(neighbours, store):
    told = event()
    neighbours.tells(told, neighbours.account())
    heard(undoing(told, AT + timedelta(seconds=3)), told, at=AT + timedelta(seconds=3))
    assert planned(AT + timedelta(seconds=3)) == 0
    assert {p.state for p in store.plans} == {"acted_on", "overtaken"}


def test_a_session_that_ended_elsewhere_has_ended_here(store):
    from services.notifications.store.signin import SessionSeen

    ended = event("session.ended.v1", source="/directory", subject="abc", data={"sid": "abc"})
    heard(ended)
    assert [row.ended_at for row in store.all(SessionSeen)] == [AT]


def test_a_key_the_directory_withdrew_is_trusted_no_more(store):
    from services.notifications.actions.sessions import keys
    from services.notifications.store.signin import TrustedKey

    leaked = ECKey.generate_key("P-256", {"kid": "leaked"})
    with keys.database.transaction() as session:
        session.add(TrustedKey(kid="leaked", jwk=dict(leaked.as_dict(private=False)), fetched_at=AT))
    assert keys.find("leaked") is not None
    withdrawn = event("key.withdrawn.v1", source="/directory", subject="leaked", data={"kid": "leaked"})
    heard(withdrawn)
    heard(withdrawn)
    assert keys.find("leaked") is None
    assert [plan.state for plan in store.plans] == ["acted_on"]


def test_who_switched_an_e_mail_off_still_has_the_notice(neighbours, store):
    told = event()
    recipient = neighbours.account("email", "inbox")
    neighbours.tells(told, recipient)
    choose_wanted(person(account=UUID(recipient["id"])), set(OPTIONAL) - {Template.REFERRAL_NEWS}, AT)
    heard(told)
    planned()
    assert [m.channel for m in store.messages] == ["inbox"]


@pytest.mark.parametrize("template", ["urgent_arrived", "unrouted_arrived"])
def test_what_safety_needs_cannot_be_switched_off(neighbours, store, template):
    told = event("referral.received.v1")
    recipient = neighbours.account("email", template=template)
    neighbours.tells(told, recipient)
    choose_wanted(person(account=UUID(recipient["id"])), set(), AT)
    heard(told)
    planned()
    assert [m.template for m in store.messages] == [template]


def test_a_kind_or_channel_we_do_not_have_leaves_nobody_untold(neighbours, store):
    told = event()
    neighbours.tells(told, neighbours.account("email", "pigeon", template="telegram", surprise={"a": 1}))
    heard(told)
    planned()
    assert [(m.channel, m.template) for m in store.messages] == [("email", "referral_news")]


def test_old_news_is_kept_and_not_told(neighbours, store):
    told = event(time=(AT - timedelta(days=8)).isoformat())
    neighbours.tells(told, neighbours.account())
    heard(told)
    assert planned() == 0
    assert store.plans[0].state == "nobody"


def test_what_a_wiped_broker_lost_is_found_in_the_feed(neighbours, store):
    lost = [event() for _ in range(5)]
    neighbours.feeds["referrals"] = lost
    neighbours.feeds["directory"] = [account_notice()]
    heard(lost[1])
    assert catch_up(AT) == 5
    assert catch_up(AT) == 0
    assert len(store.plans) == 6


def test_a_feed_that_is_away_does_not_stop_the_other(neighbours, store):
    neighbours.feeds["directory"] = [account_notice()]
    neighbours.away.add("referrals")
    assert catch_up(AT) == 1


def test_planning_costs_the_same_number_of_queries_for_one_event_and_for_thirty(neighbours):
    counted = []
    for number in (1, 30):
        told = [event() for _ in range(number)]
        for each in told:
            neighbours.tells(each, neighbours.account("email", "inbox"))
        with count_queries(database.engine) as receiving:
            heard(*told)
        with count_queries(database.engine) as planning:
            planned()
        counted.append((len(receiving), len(planning)))
    assert counted == [(3, 6), (3, 6)]


def test_events_of_two_referrals_do_not_mix(neighbours, store):
    accepted, withdrawn = event("referral.accepted.v1"), event("referral.withdrawn.v1", uuid4())
    for each in (accepted, withdrawn):
        neighbours.tells(each, neighbours.account())
    heard(accepted, withdrawn)
    assert planned() == 2


def test_a_producer_without_a_feed_is_no_fault(neighbours, store):
    neighbours.feeds["referrals"] = [event()]
    neighbours.no_feed.add("directory")
    assert catch_up(AT) == 1


def test_a_long_feed_is_read_to_its_end(neighbours, store):
    neighbours.feeds["referrals"] = [event() for _ in range(450)]
    assert catch_up(AT) == 450
    assert neighbours.asked_for("events") == 4
