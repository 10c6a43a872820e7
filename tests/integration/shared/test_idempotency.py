"""The same key acts once; killed half-way it leaves nothing; another body is refused."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest

from shared import idempotency
from shared.clock import now
from shared.errors import Conflict, Invalid, Malformed
from shared.idempotency import Once, fingerprint, parse_key
from tests.integration.shared.store import IdempotencyRow, database

pytestmark = pytest.mark.usefixtures("empty")


def once(key="k", body=None):
    return Once("client", "POST /things", key, fingerprint(body or {"a": 1}))


def act(request):
    with database.transaction() as session:
        seen = request.replayed(session, IdempotencyRow)
        if seen is None:
            request.done(session, IdempotencyRow, resource_id=uuid4(), status=201, at=now())
        return seen


def test_the_second_call_hears_of_the_first():
    assert act(once()) is None
    seen = act(once())
    assert seen is not None
    assert seen.status == 201


def test_another_body_under_the_same_key_is_refused():
    act(once())
    with pytest.raises(Invalid) as refused:
        act(once(body={"a": 2}))
    assert refused.value.errors[0].pointer == "/Idempotency-Key"


def test_another_client_or_route_may_use_the_same_key():
    act(once())
    assert act(Once("other", "POST /things", "k", fingerprint({}))) is None
    assert act(Once("client", "POST /others", "k", fingerprint({}))) is None


def test_a_call_that_was_killed_half_way_leaves_nothing():
    with pytest.raises(RuntimeError), database.transaction() as session:
        request = once()
        assert request.replayed(session, IdempotencyRow) is None
        request.done(session, IdempotencyRow, resource_id=uuid4(), status=201, at=now())
        session.flush()
        raise RuntimeError
    assert act(once()) is None


def test_while_the_first_call_runs_the_second_is_told_to_wait():
    started, go_on = threading.Event(), threading.Event()

    def slow():
        with database.transaction() as session:
            request = once()
            request.replayed(session, IdempotencyRow)
            started.set()
            go_on.wait(5)
            request.done(session, IdempotencyRow, resource_id=uuid4(), status=201, at=now())

    thread = threading.Thread(target=slow)
    thread.start()
    started.wait(5)
    with pytest.raises(Conflict) as refused:
        act(once())
    assert refused.value.slug == "in-flight"
    go_on.set()
    thread.join()
    assert act(once()) is not None


@pytest.mark.parametrize(("header", "key"), [('"abc"', "abc"), ("abc", "abc"), (' "a-b" ', "a-b")])
def test_a_key_may_come_quoted_or_bare(header, key):
    assert parse_key(header) == key


@pytest.mark.parametrize("header", ["", '""', "x" * 256, "é", "a\x00b"])
def test_a_key_that_is_none_is_malformed(header):
    with pytest.raises(Malformed):
        parse_key(header)


def test_the_order_of_fields_does_not_change_a_fingerprint():
    assert fingerprint({"a": 1, "b": [1, 2]}) == fingerprint({"b": [1, 2], "a": 1})
    assert fingerprint({"a": [1, 2]}) != fingerprint({"a": [2, 1]})


def test_keys_are_forgotten_after_two_days():
    act(once())
    with database.transaction() as session:
        assert idempotency.clear_old(session, IdempotencyRow, now() + timedelta(hours=47)) == 0
        assert idempotency.clear_old(session, IdempotencyRow, now() + timedelta(hours=49)) == 1
