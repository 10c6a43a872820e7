"""What somebody wrote is not in the log of the built-in PostgreSQL, however its statement fails."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import psycopg
import pytest

from shared.embedded.folder import Folder
from shared.embedded.postgres import SAFE, STOP_SIGNAL, Postgres
from tests.engines import free_ports

MARK = "MARKED-Winifred-9990000026"
TABLES = """
create table person (
  name text unique, age int check (age < 100), code varchar(5), kept uuid,
  during daterange, exclude using gist (during with &&)
);
create table letter (to_name text references person (name))
"""
# Each fails, with the value as a parameter; `one` is there already.
WITH_PARAMETERS = {
    "a unique key": ("insert into person (name) values (%s)", [MARK]),
    "a check": ("insert into person (name, age) values (%s, 100)", [MARK + "2"]),
    "a foreign key": ("insert into letter values (%s)", [MARK + "nobody"]),
    "too long": ("insert into person (code) values (%s)", [MARK]),
    "no uuid": ("insert into person (kept) values (%s::uuid)", [MARK]),
    "no number": ("select %s::int", [MARK]),
    "no day": ("select %s::date", [MARK]),
    "no JSON": ("select %s::jsonb", ["{" + MARK]),
    "overlapping days": (
        "insert into person (name, during) values (%s, '[2026-01-01,2026-02-01)')",
        [MARK + "3"],
    ),
    "too slow": ("select pg_sleep(5), %s::text", [MARK]),
}
WITH_WORDS = {
    "a statement that cannot be read": f"insert into person values ('{MARK}",  # noqa: S608 - fixed words
    "a table that is not there": f"select '{MARK}' from nowhere",  # noqa: S608 - fixed words
    "an error of a function": f"do $$ begin raise exception 'no {MARK}' using detail = '{MARK}'; end $$",
    "a warning": f"do $$ begin raise warning 'mind {MARK}'; end $$",
}


class Server:
    """A server with the settings of the one-command run, and its log."""

    def __init__(self, place: Path) -> None:
        folder = Folder(place)
        folder.prepare()
        self.log = folder.log_file("postgres")
        self.postgres = Postgres(folder.postgres, free_ports(1)[0], secrets.token_hex(8), SAFE)
        self.postgres.initialise()
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.postgres.command(), cwd=place, stdout=output, stderr=subprocess.STDOUT
            )
        self.wait()
        self.password = secrets.token_hex(8)
        self.postgres.prepare_database("tried", self.password)
        with closing(self.postgres.connect("tried")) as connection:
            connection.execute("create extension btree_gist")

    def wait(self) -> None:
        self.postgres.wait_until_ready(lambda: self.process.poll() is None)

    def connect(self) -> psycopg.Connection[tuple[object, ...]]:
        """As a service connects: with its own role."""
        return psycopg.connect(
            host="127.0.0.1", port=self.postgres.port, user="tried", password=self.password, dbname="tried",
            autocommit=True, options="-c statement_timeout=300",
        )  # fmt: skip

    def crash(self, statement: str) -> None:
        """Kill the process that works on a statement; the server starts itself anew."""
        with closing(self.connect()) as connection, closing(self.postgres.connect()) as watch:
            connection.execute("set statement_timeout = 0")
            pid = connection.info.backend_pid
            connection.pgconn.send_query(statement.encode())
            connection.pgconn.flush()
            busy = "select 1 from pg_stat_activity where pid = %s and state = 'active'"
            end = time.monotonic() + 10
            while watch.execute(busy, [pid]).fetchone() is None:
                assert time.monotonic() < end, "the statement did not begin"
                time.sleep(0.02)
            os.kill(pid, signal.SIGKILL)
            while "was terminated by signal 9" not in self.log.read_text(errors="replace"):
                assert time.monotonic() < end, "the log does not say so"
                time.sleep(0.02)
        self.wait()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    place = Path(tempfile.mkdtemp(prefix="linkwork-log-"))
    place.chmod(0o711)
    started = Server(place)
    yield started
    started.process.send_signal(STOP_SIGNAL)
    started.process.wait(30)
    shutil.rmtree(place, ignore_errors=True)


def test_no_value_of_a_failing_statement_is_in_the_log(server: Server) -> None:
    with closing(server.connect()) as connection:
        connection.execute(TABLES)
        connection.execute("insert into person (name, during) values (%s, '[2026-01-15,2026-01-20)')", [MARK])
        for statement, values in WITH_PARAMETERS.values():
            for binary in (False, True):
                with pytest.raises(psycopg.Error):
                    connection.execute(statement, values, prepare=binary, binary=binary)
        for statement in WITH_WORDS.values():
            with suppress(psycopg.Error):
                connection.execute(statement)
    log = server.log.read_text(errors="replace")
    assert "ready to accept connections" in log
    assert "Winifred" not in log
    assert "person" not in log


def test_a_process_that_crashed_does_not_say_what_it_worked_on(server: Server) -> None:
    server.crash(f"select pg_sleep(30), '{MARK}'")
    assert "Winifred" not in server.log.read_text(errors="replace")
