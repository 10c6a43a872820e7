"""Keeps the engines of one test run: `python -m tests.engine_keeper FOLDER`.

A process of its own, because the xdist worker that first asks for the engines may end before the others.
It goes, with the folder, when asked to or when the test run's process is gone.
"""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import closing
from pathlib import Path

from psycopg import sql

from shared.embedded.engines import postgres_process
from shared.embedded.folder import Folder
from shared.embedded.plan import Process, Stage
from shared.embedded.postgres import FAST, SAFE, Postgres
from shared.embedded.problems import Interrupted
from shared.embedded.processes import Supervisor
from shared.embedded.starter import say
from shared.embedded.valkey import Valkey
from tests.engines import DURABLE, PASSWORD, PORTS, ROLE, RUNNER

VALKEY_DATABASES = 64


def main(place: str) -> None:
    """Start both, say so by a file `ready`, and stay until the run is over."""
    port, valkey_port = (int(text) for text in os.environ[PORTS].split())
    password, runner = os.environ[PASSWORD], int(os.environ[RUNNER])
    folder = Folder(Path(place))
    folder.prepare()
    postgres = Postgres(folder.postgres, port, password, SAFE if os.environ.get(DURABLE) else FAST)
    postgres.initialise()
    valkey = Valkey(valkey_port, password, VALKEY_DATABASES)
    supervisor = Supervisor(folder, folder.path, dict(os.environ), say)
    try:
        server = supervisor.start(postgres_process(port), command=postgres.command())
        broker = Process("valkey", "Valkey", (), Stage.ENGINE)
        cache = supervisor.start(broker, command=valkey.command(), stdin=valkey.configuration())
        postgres.wait_until_ready(server.alive)
        valkey.wait_until_ready(cache.alive)
        _make_role(postgres, password)
        (folder.path / "ready").touch()
        while _alive(runner):
            supervisor.watch()
    except Interrupted:
        pass
    finally:
        supervisor.stop()
        shutil.rmtree(folder.path, ignore_errors=True)


def _make_role(postgres: Postgres, password: str) -> None:
    """Not a superuser: what the services may do here they may do in the one-command run, and no more."""
    create = sql.SQL("create role {} login createdb password {}")
    with closing(postgres.connect()) as connection:
        connection.execute(create.format(sql.Identifier(ROLE), sql.Literal(password)))


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    main(sys.argv[1])
