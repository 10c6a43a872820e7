"""An event is written with its change, sent at least once and in order, and acted on once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from kombu.exceptions import OperationalError
from sqlalchemy import func, select

from shared import inbox
from shared.clock import now
from shared.errors import Invalid
from tests.builders.settled import settle
from tests.integration.shared.store import InboxRow, OutboxRow, database, outbox

pytestmark = pytest.mark.usefixtures("empty")


class Broker:
    """Takes what is sent; `away` makes it refuse."""

    def __init__(self, away=False):
        self.sent = []
        self.away = away

    def send_task(self, name, args, queue):
        if self.away:
            raise OperationalError("no broker")
        self.sent.append((name, queue, args[0]))


def write(count=1, type="thing.made.v1"):
    with database.transaction() as session:
        return [outbox.add(session, type, subject=uuid4(), at=now(), code="a") for _ in range(count)]


def test_an_event_goes_to_every_service_that_hears_of_it_and_only_once():
    ids = write(3)
    broker = Broker()
    assert outbox.relay(broker, now()) == 3
    assert outbox.relay(broker, now()) == 0
    assert {(name, queue) for name, queue, _ in broker.sent} == {
        ("referrals.receive_events", "referrals"),
        ("notifications.receive_events", "notifications"),
    }
    for _, _, events in broker.sent:
        assert [e["id"] for e in events] == [str(i) for i in ids]
        assert events[0]["specversion"] == "1.0"
        assert events[0]["source"] == "/tests"


def test_an_event_of_a_change_that_was_undone_is_never_sent():
    with pytest.raises(RuntimeError), database.transaction() as session:
        outbox.add(session, "thing.made.v1", subject="x", at=now())
        session.flush()
        raise RuntimeError
    assert outbox.relay(Broker(), now()) == 0


def test_with_the_broker_away_nothing_is_marked_as_sent():
    write(2)
    with pytest.raises(OperationalError):
        outbox.relay(Broker(away=True), now())
    broker = Broker()
    assert outbox.relay(broker, now()) == 2


def test_two_relays_at_once_share_the_work():
    write(100)
    brokers = [Broker() for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(lambda b: outbox.relay(b, now(), limit=30), brokers))
    while left := outbox.relay(brokers[0], now()):
        counts.append(left)
    assert sum(counts) == 100
    ids = [e["id"] for b in brokers for name, _, events in b.sent if "referrals" in name for e in events]
    assert len(ids) == len(set(ids)) == 100


def test_an_event_nobody_has_thought_about_is_refused():
    with pytest.raises(KeyError, match="forgotten"), database.transaction() as session:
        outbox.add(session, "thing.forgotten.v1", subject="x", at=now())


def test_a_commit_that_wrote_events_nudges_the_relay_and_another_does_not():
    nudges = []
    database.nudge = lambda: nudges.append(1)
    try:
        write(2)
        with database.transaction() as session:
            session.execute(select(func.count()).select_from(OutboxRow))
    finally:
        database.nudge = None
    assert nudges == [1]


def test_the_feed_never_shows_an_event_before_an_older_one_that_is_still_to_be_committed():
    with database.transaction() as slow:
        outbox.add(slow, "thing.made.v1", subject="first", at=now())
        slow.flush()
        write(1)
        with database.transaction() as reader:
            assert outbox.since(reader, 0, 10) == []
    settle(database)
    with database.transaction() as reader:
        assert [row.seq for row in outbox.since(reader, 0, 10)] == [1, 2]
        assert [row.seq for row in outbox.since(reader, 1, 10)] == [2]
        assert outbox.since(reader, 0, 10, types=["thing.kept.v1"]) == []


def test_what_was_sent_is_kept_for_thirty_days():
    write(1)
    outbox.relay(Broker(), now())
    write(1)
    assert outbox.clear_old(now() + timedelta(days=29)) == 0
    assert outbox.clear_old(now() + timedelta(days=31)) == 1


def event(**changes):
    return {"specversion": "1.0", "id": str(uuid4()), "source": "/x", "type": "a.b.v1", "data": {}} | changes


def test_an_event_seen_twice_is_taken_once_even_in_one_list_and_at_once():
    same = event()

    def receive(_):
        with database.transaction() as session:
            return len(inbox.take(session, InboxRow, [same, same], now()))

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(receive, range(6))) == 1


def test_an_event_whose_action_failed_is_taken_again():
    one = event()
    with pytest.raises(RuntimeError), database.transaction() as session:
        assert inbox.take(session, InboxRow, [one], now()) == [one]
        raise RuntimeError
    with database.transaction() as session:
        assert inbox.take(session, InboxRow, [one], now()) == [one]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"id": ""}, "/id"),
        ({"type": None}, "/type"),
        ({"source": 3}, "/source"),
        ({"specversion": "0.3"}, "/specversion"),
        ({"data": "text"}, "/data"),
    ],
)
def test_a_malformed_event_is_refused_naming_the_field_and_nothing_is_kept(change, pointer):
    with pytest.raises(Invalid) as refused, database.transaction() as session:
        inbox.take(session, InboxRow, [event(), event(**change)], now())
    assert [e.pointer for e in refused.value.errors] == [pointer]
    with database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(InboxRow)) == 0


def test_the_inbox_forgets_after_thirty_days():
    with database.transaction() as session:
        inbox.take(session, InboxRow, [event()], now() - timedelta(days=31))
        inbox.take(session, InboxRow, [event()], now())
        assert inbox.clear_old(session, InboxRow, now()) == 1
