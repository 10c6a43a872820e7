"""Which engines a run uses: the built-in ones, or the operator's own by `DATABASE_URL_*` and `REDIS_URL`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import psycopg

from shared.embedded.folder import Folder
from shared.embedded.plan import Plan, Process, Stage
from shared.embedded.postgres import SAFE, STOP_SIGNAL, Postgres
from shared.embedded.problems import CannotGoOn
from shared.embedded.processes import Supervisor
from shared.embedded.secrets import keep_engine_passwords
from shared.embedded.valkey import Valkey


def url_setting(service: str) -> str:
    """The name of the setting with a service's database address."""
    return f"DATABASE_URL_{service.upper()}"


def database_name(service: str) -> str:
    """The name of a service's database, and of the role that owns it, in the built-in PostgreSQL."""
    return f"linkwork_{service}"


def own_databases(plan: Plan, environment: Mapping[str, str]) -> dict[str, str]:
    """The operator's own database addresses by setting; empty when the built-in engine is to be used.

    Raises CannotGoOn when only some of them are set.
    """
    names = [url_setting(service) for service in plan.services]
    given = {name: environment[name] for name in names if environment.get(name)}
    if given and len(given) < len(names):
        missing = ", ".join(name for name in names if name not in given)
        raise CannotGoOn(f"Set {missing} too, or none of the DATABASE_URL_ settings.")
    return given


@dataclass
class Engines:
    """The engines of one run; None where the operator has their own."""

    postgres: Postgres | None
    valkey: Valkey | None
    settings: dict[str, str]


def choose(plan: Plan, folder: Folder, environment: Mapping[str, str]) -> Engines:
    """Decide, make what the built-in ones need, and give the settings the services find them by."""
    settings = own_databases(plan, environment)
    passwords = keep_engine_passwords(folder, plan.services)
    postgres = valkey = None
    if not settings:
        postgres = Postgres(folder.postgres, plan.postgres_port, passwords["postgres"], SAFE)
        for service in plan.services:
            name = database_name(service)
            settings[url_setting(service)] = postgres.url(name, name, passwords[service])
    if environment.get("REDIS_URL"):
        settings["REDIS_URL"] = environment["REDIS_URL"]
    else:
        valkey = Valkey(plan.valkey_port, passwords["valkey"])
        settings["REDIS_URL"] = valkey.url()
    return Engines(postgres, valkey, settings)


def start(engines: Engines, plan: Plan, folder: Folder, supervisor: Supervisor) -> None:
    """Start the built-in engines, wait for both, and make the databases that are missing."""
    running = {}
    if engines.valkey:
        valkey = Process("valkey", "the broker (Valkey)", (), Stage.ENGINE, plan.valkey_port)
        running["valkey"] = supervisor.start(
            valkey, command=engines.valkey.command(), stdin=engines.valkey.configuration()
        )
    if engines.postgres:
        engines.postgres.initialise()
        process = postgres_process(plan.postgres_port)
        running["postgres"] = supervisor.start(process, command=engines.postgres.command())
        engines.postgres.wait_until_ready(running["postgres"].alive)
        passwords = keep_engine_passwords(folder, plan.services)
        for service in plan.services:
            engines.postgres.prepare_database(database_name(service), passwords[service])
    if engines.valkey:
        engines.valkey.wait_until_ready(running["valkey"].alive)


def postgres_process(port: int) -> Process:
    """PostgreSQL as a process of a run."""
    return Process(
        "postgres",
        "the database (PostgreSQL)",
        (),
        Stage.ENGINE,
        port,
        patience=30.0,
        stop_signal=int(STOP_SIGNAL),
    )


def empty_databases(plan: Plan, settings: Mapping[str, str]) -> list[str]:
    """The services whose database holds no table yet. Raises CannotGoOn for one that cannot be reached."""
    empty = []
    for service in plan.services:
        url = settings[url_setting(service)].replace("postgresql+psycopg://", "postgresql://", 1)
        try:
            with psycopg.connect(url, connect_timeout=5) as connection:
                row = connection.execute(
                    "select count(*) from pg_tables "
                    "where schemaname not in ('pg_catalog', 'information_schema')"
                ).fetchone()
        except psycopg.OperationalError as problem:
            # The server's own words: they name the host, never the password.
            raise CannotGoOn(f"The database of {service} cannot be used: {problem}") from problem
        if row == (0,):
            empty.append(service)
    return empty
