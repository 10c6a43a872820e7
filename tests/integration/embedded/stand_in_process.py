"""What the stand-in services do when started: tables, rows, and processes that behave badly."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import psycopg


def migrate(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Make the tables that are missing."""
    connection.execute("create table if not exists fruit (name text primary key)")
    connection.execute("create table if not exists epoch (number int)")


def load_demo(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Fails where it is run twice, as the real ones may."""
    connection.execute("insert into fruit values ('demo fruit')")
    connection.execute("insert into epoch values (1)")


def new_epoch(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Count one restore."""
    connection.execute("update epoch set number = number + 1")


def stubborn() -> None:
    """A process whose child is in a session of its own, and neither listens to a polite signal."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if os.fork() == 0:
        os.setsid()
    while True:
        time.sleep(60)


def mortal() -> None:
    """Dies after a moment, saying why."""
    time.sleep(0.2)
    sys.exit("the mortal one has had enough")


def slow(name: str) -> None:
    """When asked to stop it finishes what it has in work, in the database, and notes when it did what."""

    def told(_number: int, _frame: object) -> None:
        began = time.monotonic()
        time.sleep(1.5)
        url = os.environ["DATABASE_URL_APPLES"].replace("+psycopg", "", 1)
        with psycopg.connect(url) as connection:
            connection.execute("select name from fruit")
        Path(os.environ["WITH_SLOW"], name).write_text(f"{began} {time.monotonic()}")
        sys.exit(0)

    signal.signal(signal.SIGTERM, told)
    Path(os.environ["WITH_SLOW"], f"{name}-runs").touch()
    while True:
        time.sleep(60)


def main(verb: str, *arguments: str) -> None:
    """Do what `verb` says."""
    if verb == "stubborn":
        stubborn()
    if verb == "slow":
        slow(*arguments)
    if verb == "mortal":
        mortal()
    url = os.environ[f"DATABASE_URL_{arguments[0].upper()}"].replace("+psycopg", "", 1)
    with psycopg.connect(url) as connection:
        {"migrate": migrate, "load-demo": load_demo, "new-epoch": new_epoch}[verb](connection)


if __name__ == "__main__":
    main(*sys.argv[1:])
