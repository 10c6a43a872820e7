"""Tables, migrations and the rules the database itself keeps."""

from datetime import timedelta
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from click.testing import CliRunner
from sqlalchemy.exc import IntegrityError

from services.notifications.actions.keeping import clear_old, seal_access_log, verify_access_log
from services.notifications.actions.plan_messages import plan_messages
from services.notifications.actions.reading import read_messages
from services.notifications.actions.receive_events import receive_events
from services.notifications.cli import main
from services.notifications.domain.states import State
from services.notifications.store.database import database
from services.notifications.store.models import METADATA
from services.notifications.store.relay import Inbox
from services.notifications.store.tables.messages import Message
from services.notifications.store.totals import count_totals
from tests.builders.notifications import AT, LATER, event, person


def test_the_migrations_make_the_tables_of_the_models():
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_migrating_again_changes_nothing():
    done = CliRunner().invoke(main, ["migrate"], catch_exceptions=False)
    assert done.exit_code == 0


def test_the_database_refuses_a_second_message_for_event_recipient_and_channel(neighbours, store):
    told = event()
    neighbours.tells(told, neighbours.account())
    receive_events([told], AT)
    plan_messages(AT)
    columns = {c.name: getattr(store.message, c.name) for c in Message.__table__.columns}
    with pytest.raises(IntegrityError, match="uq_message_once"), database.transaction() as session:
        session.add(Message(**columns | {"id": uuid4()}))


def test_the_database_refuses_sending_without_a_lease(neighbours, store):
    told = event()
    neighbours.tells(told, neighbours.account())
    receive_events([told], AT)
    plan_messages(AT)
    with pytest.raises(IntegrityError, match="ck_message_lease"), database.transaction() as session:
        session.merge(store.message).status = "sending"


def test_reading_who_was_told_is_written_down_and_sealed(neighbours):
    told = event()
    neighbours.tells(told, neighbours.account())
    receive_events([told], AT)
    plan_messages(AT)
    before = verify_access_log()
    read_messages(person(), LATER)
    assert seal_access_log() >= 1
    verdict = verify_access_log()
    assert verdict.broken_at is None
    assert verdict.sealed > before.sealed
    done = CliRunner().invoke(main, ["verify-access-log"])
    assert done.exit_code == 0


def test_what_is_over_is_forgotten_and_what_was_told_is_not(neighbours, store):
    told, waiting = event(), event()
    neighbours.tells(told, neighbours.account())
    receive_events([told, waiting], AT)
    neighbours.tells(waiting, neighbours.account())
    plan_messages(AT, limit=1)
    counts = clear_old(AT + timedelta(days=31))
    assert (counts["inbox"], counts["planning"]) == (2, 1)
    assert store.all(Inbox) == []
    assert [p.state for p in store.plans] == ["waiting"]
    assert len(store.messages) == 1


def test_the_console_tells_how_sending_is_going(neighbours):
    receive_events([event("weather.changed.v9")], AT)
    done = CliRunner().invoke(main, ["status"], catch_exceptions=False)
    assert '"weather.changed.v9"' in done.output
    assert CliRunner().invoke(main, ["plan-again"]).output == "0 events are planned again.\n"
    assert CliRunner().invoke(main, ["load-demo"]).exit_code == 0


def test_messages_of_a_day_are_counted_by_state_but_for_restricted_referrals_and_older_ones(
    neighbours, store
):
    told = event()
    neighbours.tells(told, neighbours.account())
    receive_events([told], AT)
    plan_messages(AT)
    columns = {c.name: getattr(store.message, c.name) for c in Message.__table__.columns}
    before = AT - timedelta(hours=25)
    variants = (
        {"status": "delivered"},
        {"status": "delivered", "restricted": True},
        {"status": "delivered", "queued_at": before},
        {"status": "cancelled"},
        {"status": "failed", "queued_at": before},
    )
    with database.transaction() as session:
        session.query(Message).delete()
        for changes in variants:
            session.add(Message(**columns | {"id": uuid4(), "event_id": str(uuid4())} | changes))
    with database.transaction() as session:
        totals = count_totals(session, AT)
    assert set(totals.of_day) == set(State)
    assert {state: n for state, n in totals.of_day.items() if n} == {State.DELIVERED: 1, State.CANCELLED: 1}
    assert totals.by_state[State.FAILED] == 1
