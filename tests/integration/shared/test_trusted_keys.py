"""The directory's keys: many threads that meet a new one ask for it once, and none refuses it meanwhile."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from joserfc.jwk import ECKey
from sqlalchemy import delete, select

from shared.auth import trusted_keys
from shared.auth.trusted_keys import MARK_KEPT, TrustedKeys
from shared.clock import now
from shared.errors import Unavailable
from tests.integration.shared.store import TrustedKeyRow, database

KEY = ECKey.generate_key("P-256", {"kid": "new"}, private=False)


@pytest.fixture(autouse=True)
def none_kept(tables):
    with database.transaction() as session:
        session.execute(delete(TrustedKeyRow))


def test_threads_that_meet_a_new_key_at_once_all_find_it_and_ask_once():
    asked = []

    def fetch():
        asked.append(1)
        time.sleep(0.2)
        return {"keys": [KEY.as_dict(private=False)]}

    keys = TrustedKeys(database, TrustedKeyRow, fetch)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(keys.find, ["new"] * 8))
    assert all(found)
    assert len(asked) == 1


def test_an_unknown_key_is_asked_for_once_and_refused_with_the_directory_away():
    asked = []

    def fetch():
        asked.append(1)
        raise Unavailable("away")

    keys = TrustedKeys(database, TrustedKeyRow, fetch)
    assert [keys.find("forged") for _ in range(3)] == [None, None, None]
    assert len(asked) == 1


def the_only_key():
    return {"keys": [KEY.as_dict(private=False)]}


def withdraw(keys, at=None):
    with database.transaction() as session:
        keys.withdraw(session, ["new"], at or now())


def test_a_withdrawn_key_is_trusted_no_more_by_any_process(monkeypatch):
    worker, web = (TrustedKeys(database, TrustedKeyRow, the_only_key) for _ in range(2))
    assert worker.find("new")
    assert web.find("new")
    withdraw(worker)
    assert worker.find("new") is None
    assert web.find("new"), "read again after ten seconds"
    monkeypatch.setattr(trusted_keys, "LOOK_AGAIN_AFTER", 0.0)
    assert web.find("new") is None


def test_no_answer_that_was_on_its_way_brings_a_withdrawn_key_back():
    keys = TrustedKeys(database, TrustedKeyRow, the_only_key)
    withdraw(keys)
    assert keys.refresh() == 0
    assert keys.find("new") is None


def test_the_mark_of_a_withdrawn_key_stays_a_day():
    newer = ECKey.generate_key("P-256", {"kid": "newer"}, private=False)
    keys = TrustedKeys(database, TrustedKeyRow, lambda: {"keys": [newer.as_dict(private=False)]})
    for age, left in ((timedelta(0), {"new", "newer"}), (MARK_KEPT + timedelta(minutes=1), {"newer"})):
        withdraw(keys, now() - age)
        keys.refresh()
        with database.transaction() as session:
            assert set(session.scalars(select(TrustedKeyRow.kid))) == left


def test_a_key_the_directory_publishes_no_more_is_forgotten():
    published = [KEY]

    def fetch():
        return {"keys": [key.as_dict(private=False) for key in published]}

    keys = TrustedKeys(database, TrustedKeyRow, fetch)
    assert keys.find("new")
    published[0] = ECKey.generate_key("P-256", {"kid": "newer"}, private=False)
    keys.refresh()
    assert keys.find("newer")
    assert keys.find("new") is None
