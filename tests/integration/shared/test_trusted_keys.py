"""The directory's keys: many threads that meet a new one ask for it once, and none refuses it meanwhile."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from joserfc.jwk import ECKey
from sqlalchemy import delete

from shared.auth.trusted_keys import TrustedKeys
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
