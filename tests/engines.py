"""PostgreSQL and Valkey for a test run: started when a test first asks, gone when the run is over.

Their addresses are settled before anything is imported (`settle`), so that whoever reads the environment
finds them. One pair of engines serves all xdist workers; each worker has databases of its own. With
`DATABASE_URL_*` and `REDIS_URL` set, those servers are used instead; the databases named there are left
alone and new ones are made beside them, so the role must be allowed to create databases.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psycopg
import redis
from psycopg import sql
from psycopg.errors import InsufficientPrivilege

from shared.db import Database
from shared.embedded.engines import url_setting
from shared.embedded.secrets import make_secrets
from shared.settings import SERVICES

ROOT = Path(__file__).resolve().parents[1]
FOLDER = "LINKWORK_TEST_FOLDER"
RUNNER = "LINKWORK_TEST_RUNNER"
PORTS = "LINKWORK_TEST_PORTS"
PASSWORD = "LINKWORK_TEST_PASSWORD"
ADMIN = "LINKWORK_TEST_ADMIN_"
REDIS_SERVER = "LINKWORK_TEST_REDIS"
DURABLE = "LINKWORK_TEST_DURABLE"
"""Set for benchmarks: what is committed survives a power cut. Tests need not wait for that."""

ROLE = "linkwork"
START_WITHIN = 60.0


def settle(worker: str) -> None:
    """Put the addresses and secrets of this run into the environment; `worker` is `gw0`, … or `main`."""
    if FOLDER not in os.environ:
        _settle_run()
    for service in SERVICES:
        os.environ[url_setting(service)] = _with_database(os.environ[ADMIN + service], _name(service, worker))
    number = int(worker.removeprefix("gw")) + 1 if worker.startswith("gw") else 0
    os.environ["REDIS_URL"] = f"{os.environ[REDIS_SERVER]}/{number}"


def _settle_run() -> None:
    """Once for a run: the xdist workers inherit the environment."""
    # Made when the first test asks for an engine.
    folder = Path(tempfile.gettempdir(), f"linkwork-tests-{os.urandom(8).hex()}")
    password = os.urandom(12).hex()
    ports = free_ports(2)
    os.environ |= {
        FOLDER: str(folder),
        RUNNER: str(os.getpid()),
        PORTS: " ".join(str(port) for port in ports),
        PASSWORD: password,
        "LINKWORK_MODE": "test",
    }
    for name, value in make_secrets(SERVICES).items():
        os.environ.setdefault(name, value)
    for service in SERVICES:
        ours = f"postgresql+psycopg://{ROLE}:{password}@127.0.0.1:{ports[0]}/postgres"
        os.environ[ADMIN + service] = os.environ.get(url_setting(service), ours)
    server = os.environ.get("REDIS_URL", f"redis://:{password}@127.0.0.1:{ports[1]}")
    os.environ[REDIS_SERVER] = server.rsplit("/", 1)[0] if server.count("/") > 2 else server


def finish() -> None:
    """End the engines of this run, if any were started; only the process that settled the run does so."""
    if os.environ.get(RUNNER) != str(os.getpid()):
        return
    folder = Path(os.environ[FOLDER])
    if (folder / "keeper").exists():
        with suppress(ProcessLookupError):
            os.kill(int((folder / "keeper").read_text()), 15)
        end = time.monotonic() + 20
        while folder.exists() and time.monotonic() < end:
            time.sleep(0.05)
    else:
        _drop_templates(folder)
    shutil.rmtree(folder, ignore_errors=True)


class Servers:
    """The engines of this run, as one xdist worker sees them."""

    def __init__(self, worker: str) -> None:
        self.worker = worker
        self.folder = Path(os.environ[FOLDER])
        self.folder.mkdir(exist_ok=True)
        # The database runs as another user where the tests run as root.
        self.folder.chmod(0o711)
        with self._one_at_a_time("start"):
            self._start()

    def fresh(self, service: str) -> str:
        """A clean database for `service` with its tables; the address, which is also in the environment."""
        template = _template(service)
        with self._one_at_a_time(f"template-{service}"):
            if not (self.folder / template).exists():
                self._make_template(service, template)
        return self._create(service, _name(service, self.worker), template)

    def blank(self) -> str:
        """A clean database with nothing in it; the address."""
        return self._create(SERVICES[0], _name("blank", self.worker), "template0")

    def flush(self) -> str:
        """This worker's part of Valkey, emptied; the address, which is also in the environment."""
        with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
            client.flushdb()
        return os.environ["REDIS_URL"]

    def drop(self, *services: str) -> None:
        """Close this process's pools, and drop this worker's databases of `services`."""
        close_pools()
        for service in services:
            with closing(_admin(SERVICES[0] if service == "blank" else service)) as connection:
                _drop(connection, _name(service, self.worker))

    def _start(self) -> None:
        built_in = f"@127.0.0.1:{os.environ[PORTS].split()[0]}/"
        if built_in not in os.environ[ADMIN + SERVICES[0]] or (self.folder / "ready").exists():
            return
        log = self.folder / "keeper.log"
        with log.open("wb") as output:
            keeper = subprocess.Popen(
                [sys.executable, "-m", "tests.engine_keeper", str(self.folder)],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        (self.folder / "keeper").write_text(str(keeper.pid))
        end = time.monotonic() + START_WITHIN
        while not (self.folder / "ready").exists():
            if keeper.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"The engines for the tests did not start:\n{log.read_text()}")
            time.sleep(0.02)
        # It outlives this process, on purpose; `finish` or the end of the run ends it.
        keeper.returncode = 0

    def _make_template(self, service: str, template: str) -> None:
        draft = f"{template}_draft"
        url = self._create(service, draft, "template0")
        done = subprocess.run(
            [sys.executable, "-m", f"services.{service}.cli", "migrate"],
            cwd=ROOT,
            env={**os.environ, url_setting(service): url},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"The tables of {service} could not be made:\n{done.stdout}{done.stderr}")
        with closing(_admin(service)) as connection:
            rename = sql.SQL("alter database {} rename to {}")
            connection.execute(rename.format(sql.Identifier(draft), sql.Identifier(template)))
        (self.folder / template).touch()

    def _create(self, service: str, name: str, template: str) -> str:
        create = sql.SQL("create database {} template {} strategy file_copy")
        with closing(_admin(service)) as connection:
            _drop(connection, name)
            connection.execute(create.format(sql.Identifier(name), sql.Identifier(template)))
        return _with_database(os.environ[ADMIN + service], name)

    @contextmanager
    def _one_at_a_time(self, what: str) -> Iterator[None]:
        """Workers of one run take turns."""
        with (self.folder / f"{what}.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def close_pools() -> None:
    """Close every `Database` that a module of ours holds, so that no connection outlives its database."""
    for name, module in list(sys.modules.items()):
        if name.startswith(("services.", "tests.")):
            for value in list(vars(module).values()):
                if isinstance(value, Database):
                    value.close()


def _drop_templates(folder: Path) -> None:
    """Leave nothing on a server that outlives this run."""
    for service in SERVICES:
        if (folder / _template(service)).exists():
            with closing(_admin(service)) as connection:
                _drop(connection, _template(service))


def _template(service: str) -> str:
    return f"linkwork_template_{service}_{os.environ[RUNNER]}"


def _name(service: str, worker: str) -> str:
    return f"linkwork_test_{service}_{worker}"


def _with_database(url: str, name: str) -> str:
    return f"{url.rsplit('/', 1)[0]}/{name}"


def _admin(service: str) -> psycopg.Connection[tuple[object, ...]]:
    url = os.environ[ADMIN + service].replace("+psycopg", "", 1)
    return psycopg.connect(url, autocommit=True, connect_timeout=5)


def _drop(connection: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    gone = sql.SQL("drop database if exists {}").format(sql.Identifier(name))
    try:
        connection.execute(gone + sql.SQL(" with (force)"))
    except InsufficientPrivilege:
        # The server is tidying the tables (autovacuum), as nobody whom we may end. Without force it waits.
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s and usename = user",
            (name,),
        )
        connection.execute(gone)


def free_ports(count: int) -> list[int]:
    held = []
    for _ in range(count):
        trial = socket.socket()
        trial.bind(("127.0.0.1", 0))
        held.append(trial)
    ports = [trial.getsockname()[1] for trial in held]
    for trial in held:
        trial.close()
    return ports
