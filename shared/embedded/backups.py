"""`make backup`, `make restore`, `make reset`: the data of the built-in database, whole, in one file."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg import sql

from shared.embedded import archive, engines
from shared.embedded.folder import Folder, read_json, write_json
from shared.embedded.plan import Plan
from shared.embedded.postgres import SAFE, Postgres
from shared.embedded.problems import CannotGoOn, explain_os_error
from shared.embedded.processes import Supervisor
from shared.embedded.secrets import keep_engine_passwords, keep_secrets
from shared.embedded.starter import say


def backup(plan: Plan, folder: Folder, environment: Mapping[str, str], *, to: Path | None) -> Path:
    """Write a backup to `to`, or to a dated file in the folder's backups; while running or not.

    Raises CannotGoOn where there is nothing to back up, or the file cannot be written.
    """
    _refuse_own_databases(plan, environment)
    if not folder.postgres.exists():
        raise CannotGoOn("There is nothing to back up yet: `make run` makes the data.")
    target = (to or folder.backups / f"linkwork-{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}.tar").absolute()
    if target.exists():
        raise CannotGoOn(f"{target} is there already. Choose another name: make backup TO=…")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as draft:
            with _server(plan, folder, environment) as postgres:
                _dump(plan, postgres, Path(draft))
            write_json(Path(draft) / "secrets.json", keep_secrets(folder, plan.services))
            archive.pack(Path(draft), plan.services, read_json(folder.demo).get("loaded", []), target)
    except OSError as problem:
        raise explain_os_error(problem, "write the backup") from problem
    say(
        f"Backed up to {target}\n"
        "It holds people's data and the secrets that open it: keep it like the data itself."
    )
    return target


def restore(
    plan: Plan, folder: Folder, root: Path, environment: Mapping[str, str], *, source: Path, sure: bool
) -> None:
    """Put everything back as it was in the backup `source`; what is here now is replaced.

    The archive is checked, and read into new databases, before anything here is touched: a broken one
    destroys nothing. Raises CannotGoOn while a run goes on, and for an archive that is not whole.
    """
    _refuse_own_databases(plan, environment)
    folder.prepare()
    folder.lock(say)
    try:
        with tempfile.TemporaryDirectory(dir=folder.run, prefix="restore-") as place:
            manifest = archive.unpack(source, Path(place), plan.services)
            if folder.postgres.exists() and not sure:
                _ask("This replaces the data that is here now with the backup.")
            _put_back(plan, folder, root, environment, Path(place))
            write_json(folder.demo, {"waiting": [], "loaded": manifest.get("demo", [])})
    except OSError as problem:
        raise explain_os_error(problem, "restore the backup") from problem
    finally:
        folder.unlock()
    say("Restored. `make run` starts with it.")


def reset(folder: Folder, *, sure: bool) -> None:
    """Remove all data of this folder except backups. Raises CannotGoOn while a run goes on."""
    if not folder.path.exists():
        say("There is no data here.")
        return
    folder.lock(say)
    try:
        if not sure:
            _ask(f"This removes everything Linkwork keeps in {folder.path}, except backups.")
        for item in folder.path.iterdir():
            if item == folder.backups or item.name == "lock":
                continue
            if item.is_dir():
                shutil.rmtree(item)
            else:
                item.unlink()
    except OSError as problem:
        raise explain_os_error(problem, "remove its data") from problem
    finally:
        folder.unlock()
    say("All data is removed. The next `make run` is a first run. Backups, if any, were left where they are.")


def _refuse_own_databases(plan: Plan, environment: Mapping[str, str]) -> None:
    if engines.own_databases(plan, environment):
        raise CannotGoOn(
            "DATABASE_URL_… is set, so the data is on a PostgreSQL of your own: back it up and restore it "
            "there with pg_dump and pg_restore. `make backup` and `make restore` are for the built-in one."
        )


@contextmanager
def _server(plan: Plan, folder: Folder, environment: Mapping[str, str]) -> Iterator[Postgres]:
    """The built-in server: the one that runs now, or one started for the while."""
    password = keep_engine_passwords(folder, plan.services)["postgres"]
    if folder.in_use():
        port = read_json(folder.running).get("postgres_port", plan.postgres_port)
        yield Postgres(folder.postgres, port, password, SAFE)
        return
    folder.prepare()
    folder.lock(say)
    try:
        with _started(plan, folder, environment) as (postgres, _):
            yield postgres
    finally:
        folder.unlock()


@contextmanager
def _started(
    plan: Plan, folder: Folder, environment: Mapping[str, str]
) -> Iterator[tuple[Postgres, Supervisor]]:
    """A server started for the while; the caller holds the folder's lock."""
    password = keep_engine_passwords(folder, plan.services)["postgres"]
    postgres = Postgres(folder.postgres, plan.postgres_port, password, SAFE)
    postgres.initialise()
    supervisor = Supervisor(folder, Path.cwd(), dict(environment), say)
    try:
        process = engines.postgres_process(plan.postgres_port)
        server = supervisor.start(process, command=postgres.command())
        postgres.wait_until_ready(server.alive)
        yield postgres, supervisor
    finally:
        supervisor.stop()


def _dump(plan: Plan, postgres: Postgres, place: Path) -> None:
    """One dump for each service, in the plan's order.

    Producers of events come before those who receive them, so that an event is at worst delivered
    again after a restore (and dropped by the inbox), never lost between two dumps.
    """
    for service in plan.services:
        command = ["--format=custom", "--no-owner", "--no-acl", f"--file={place / service}.dump"]
        _program(postgres, "pg_dump", command, engines.database_name(service), f"dump {service}")


def _program(postgres: Postgres, name: str, arguments: list[str], database: str, doing: str) -> None:
    done = subprocess.run(
        [str(postgres.programs / name), *arguments],
        env={**os.environ, **postgres.environment(database)},
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        raise CannotGoOn(f"PostgreSQL could not {doing}; nothing was changed:\n{done.stderr.strip()}")


def _put_back(plan: Plan, folder: Folder, root: Path, environment: Mapping[str, str], place: Path) -> None:
    passwords = keep_engine_passwords(folder, plan.services)
    with _started(plan, folder, environment) as (postgres, supervisor):
        for service in plan.services:
            name = engines.database_name(service)
            postgres.prepare_database(name, passwords[service])
            _fill(postgres, name, place / f"{service}.dump")
            new = postgres.url(f"{name}_new", name, passwords[service])
            supervisor.environment[engines.url_setting(service)] = new
        supervisor.environment |= {"LINKWORK_MODE": "embedded", **read_json(place / "secrets.json")}
        supervisor.root = root
        changed = {name: plan.migrate[name] for name in plan.after_restore}
        supervisor.run_all(changed, "Migrating the restored tables")
        supervisor.run_all(plan.after_restore, "Marking the data as restored")
        folder.migrated.unlink(missing_ok=True)
        _swap(plan, postgres)
        write_json(folder.secrets, read_json(place / "secrets.json"))


def _fill(postgres: Postgres, name: str, dump: Path) -> None:
    """Read a dump into the new database `<name>_new`, owned like the one it will replace."""
    new, role = sql.Identifier(f"{name}_new"), sql.Identifier(name)
    with closing(postgres.connect()) as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(new))
        connection.execute(sql.SQL("create database {} owner {} template template0").format(new, role))
        connection.execute(sql.SQL("revoke connect on database {} from public").format(new))
    arguments = ["--no-owner", f"--role={name}", "--exit-on-error", f"--dbname={name}_new", str(dump)]
    _program(postgres, "pg_restore", arguments, f"{name}_new", f"read {dump.name}")


def _swap(plan: Plan, postgres: Postgres) -> None:
    """All new databases take their places in one transaction; then the old ones go."""
    with closing(postgres.connect()) as connection:
        _drop_old(plan, connection)
        with connection.transaction():
            for service in plan.services:
                name = engines.database_name(service)
                for before, after in ((name, f"{name}_old"), (f"{name}_new", name)):
                    connection.execute(
                        sql.SQL("alter database {} rename to {}").format(
                            sql.Identifier(before), sql.Identifier(after)
                        )
                    )
        _drop_old(plan, connection)


def _drop_old(plan: Plan, connection: psycopg.Connection[tuple[object, ...]]) -> None:
    for service in plan.services:
        old = sql.Identifier(f"{engines.database_name(service)}_old")
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(old))


def _ask(warning: str) -> None:
    """Go on only when the person types yes."""
    answer = ""
    with suppress(EOFError):
        sys.stdout.write(f"{warning}\nType yes to go on: ")
        sys.stdout.flush()
        answer = input()
    if answer.strip().lower() != "yes":
        raise CannotGoOn("Nothing was changed. (YES=1 answers without asking.)")
