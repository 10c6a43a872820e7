"""One pool of connections for a process, however many threads ask for it first."""

import threading
from concurrent.futures import ThreadPoolExecutor

from shared.db import Database


def test_threads_that_ask_at_once_share_one_pool():
    database, threads = Database("tests"), 8
    start = threading.Barrier(threads)

    def first_use(_):
        start.wait()
        engine = database.engine
        assert database.answers()
        return engine

    with ThreadPoolExecutor(threads) as pool:
        engines = set(pool.map(first_use, range(threads)))
    database.close()
    assert len(engines) == 1
