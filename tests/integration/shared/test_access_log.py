"""The access log is append-only, and an altered, removed or inserted row breaks its chain."""

from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from shared import audit
from shared.auth import Caller, Kind
from shared.clock import now
from tests.integration.shared.store import AccessLogRow, AccessSealRow, database

READER = Caller(sub="account-1", kind=Kind.PERSON, org=uuid4())


@pytest.fixture
def chain():
    """Five sealed rows in an otherwise empty log."""
    with database.transaction() as session:
        _unguarded(session, "truncate access_log, access_seal restart identity")
    write(5)
    seal()


def write(count):
    with database.transaction() as session:
        for _ in range(count):
            audit.record(
                session, AccessLogRow, READER, act="read", purpose="care", subjects=[uuid4()], at=now()
            )


def seal():
    with database.transaction() as session:
        return audit.seal(session, AccessLogRow, AccessSealRow)


def verdict():
    with database.transaction() as session:
        return audit.verify(session, AccessLogRow, AccessSealRow)


def _unguarded(session, statement):
    """What somebody with the database's own rights could do by hand."""
    for state in ("disable", "enable"):
        if state == "enable":
            session.execute(text(statement))
        for table in ("access_log", "access_seal"):
            session.execute(text(f"alter table {table} {state} trigger user"))


def test_a_chain_that_nobody_touched_holds(chain):
    assert verdict() == audit.Verdict(sealed=5, unsealed=0, broken_at=None)


def test_the_unsealed_tail_is_reported_and_sealed_by_the_next_run(chain):
    write(2)
    assert verdict() == audit.Verdict(sealed=5, unsealed=2, broken_at=None)
    assert seal() == 2
    assert verdict() == audit.Verdict(sealed=7, unsealed=0, broken_at=None)


@pytest.mark.parametrize("table", ["access_log", "access_seal"])
@pytest.mark.parametrize("statement", ["delete from {}", "update {} set {}", "truncate {}"])
def test_the_database_refuses_to_change_what_was_written(chain, table, statement):
    column = "act = 'x'" if table == "access_log" else "seq = 9"
    with pytest.raises(DBAPIError, match="append-only"), database.transaction() as session:
        session.execute(text(statement.format(table, column)))


@pytest.mark.parametrize(
    ("by_hand", "broken_at"),
    [
        ("update access_log set purpose = 'nothing' where id = 3", 3),
        ("update access_log set subjects = '{}' where id = 2", 2),
        ("delete from access_log where id = 4", 4),
        ("delete from access_seal where log_id = 2", 3),
    ],
)
def test_what_was_changed_by_hand_is_found(chain, by_hand, broken_at):
    with database.transaction() as session:
        _unguarded(session, by_hand)
    assert verdict().broken_at == broken_at


def test_a_list_is_one_row_with_all_that_it_showed(chain):
    shown = [uuid4() for _ in range(30)]
    with database.transaction() as session:
        audit.record(session, AccessLogRow, READER, act="list", purpose="queue", subjects=shown, at=now())
    with database.transaction() as session:
        last = session.scalars(select(AccessLogRow).order_by(AccessLogRow.id.desc())).first()
    assert last.subjects == shown
    assert last.actor == "account-1"
