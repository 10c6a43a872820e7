"""What the stand-in services do when started: tables, rows, and processes that behave badly."""

from __future__ import annotations

import os
import signal
import sys
import time

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


def main(verb: str, *arguments: str) -> None:
    """Do what `verb` says."""
    if verb == "stubborn":
        stubborn()
    if verb == "mortal":
        mortal()
    url = os.environ[f"DATABASE_URL_{arguments[0].upper()}"].replace("+psycopg", "", 1)
    with psycopg.connect(url) as connection:
        {"migrate": migrate, "load-demo": load_demo, "new-epoch": new_epoch}[verb](connection)


if __name__ == "__main__":
    main(*sys.argv[1:])
