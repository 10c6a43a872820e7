"""Tables and the demo: whose database needs what at a start."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Protocol

from shared.embedded.folder import Folder, read_json, write_json
from shared.embedded.plan import Plan


class Commands(Protocol):
    """What of the supervisor is needed here."""

    root: Path

    def run_all(self, commands: dict[str, tuple[str, ...]], doing: str) -> None:
        """Run commands side by side to their ends."""


def migrate(plan: Plan, folder: Folder, commands: Commands, *, alone: bool, empty: list[str]) -> None:
    """Bring tables up to date.

    Where nobody but this folder's runs can have changed them (`alone`), only for the services whose
    database is `empty` or whose code is not that of the last time: it saves a third of a start.
    """
    now = {name: _fingerprint(commands.root, plan.code.get(name, ())) for name in plan.services}
    done = read_json(folder.migrated) if alone else {}
    due = {
        name: command
        for name, command in plan.migrate.items()
        if name in empty or not now[name] or done.get(name) != now[name]
    }
    commands.run_all(due, "Migrating the tables")
    write_json(folder.migrated, now)


def note_empty(folder: Folder, empty: list[str]) -> None:
    """Remember, before tables are made, which databases were empty: they alone get the demo.

    A first run that is interrupted loads it next time; a database with somebody's data never gets it.
    """
    demo = read_json(folder.demo)
    if empty:
        waiting = sorted({*empty, *demo.get("waiting", [])})
        write_json(folder.demo, {"waiting": waiting, "loaded": demo.get("loaded", [])})


def demo_waits(folder: Folder) -> bool:
    """True when a database is to get the demo."""
    return bool(read_json(folder.demo).get("waiting"))


def load_demo(plan: Plan, folder: Folder, commands: Commands) -> None:
    """Load the demo where it waits, and remember that it is there."""
    demo = read_json(folder.demo)
    due = {name: plan.load_demo[name] for name in demo["waiting"] if name in plan.load_demo}
    commands.run_all(due, "Loading the demo place")
    write_json(folder.demo, {"waiting": [], "loaded": sorted({*due, *demo["loaded"]})})


def _fingerprint(root: Path, folders: tuple[str, ...]) -> str:
    """Changes with any file in the folders; empty where there is nothing to look at."""
    if not folders:
        return ""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(f"{path.relative_to(root)}\0".encode() + path.read_bytes())
    return digest.hexdigest()
