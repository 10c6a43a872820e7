"""The run's own folder (`.linkwork/` beside the code): where things lie, and who may use it now."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from shared.embedded.problems import CannotGoOn, explain_os_error

LOG_KEPT = 2_000_000
ROOM_NEEDED = 300_000_000


class Folder:
    """Paths below one `.linkwork/` folder. `lock()` makes this process its only user."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.postgres = self.path / "postgres"
        self.logs = self.path / "logs"
        self.run = self.path / "run"
        self.backups = self.path / "backups"
        self.secrets = self.path / "secrets.json"
        self.engines = self.path / "engines.json"
        self.running = self.run / "running.json"
        self.demo = self.path / "demo.json"
        self.migrated = self.path / "migrated.json"
        self._lock_file = self.path / "lock"
        self.lock_fd = -1

    def prepare(self) -> None:
        """Make the folders. Raises CannotGoOn where the disk is full or may not be written."""
        try:
            for folder in (self.path, self.logs, self.run, self.backups):
                folder.mkdir(parents=True, exist_ok=True)
            # The database may run as another user, who has to pass through but not look round.
            self.path.chmod(0o711)
            for folder in (self.logs, self.run, self.backups):
                folder.chmod(0o700)
            free = shutil.disk_usage(self.path).free
        except OSError as problem:
            raise explain_os_error(problem, "prepare its folder") from problem
        if free < ROOM_NEEDED:
            raise CannotGoOn(
                f"Linkwork needs {ROOM_NEEDED // 1_000_000} MB of free disk and there are "
                f"{free // 1_000_000} MB where {self.path} lies. Free some space and try again."
            )

    def lock(self, say: Callable[[str], None], patience: float = 15.0) -> None:
        """Become the folder's only user; waits for the remains of a killed run to go.

        Raises CannotGoOn when a run is going on here.
        """
        try:
            fd = os.open(self._lock_file, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as problem:
            raise explain_os_error(problem, "take hold of its folder") from problem
        end = time.monotonic() + patience
        told = False
        while not _try_lock(fd):
            holder = os.pread(fd, 20, 0).decode().strip()
            if holder and _alive(int(holder)):
                os.close(fd)
                raise CannotGoOn(
                    f"Linkwork is already running from this folder (process {holder}). "
                    "Stop it there with Ctrl-C first, or use a copy of the project in another folder."
                )
            if time.monotonic() > end:
                os.close(fd)
                raise CannotGoOn(
                    "A run that was killed has not gone away yet. Wait a few seconds and try again."
                )
            if not told:
                told = True
                say("The last run was killed and its processes are still stopping; waiting for them.")
            time.sleep(0.1)
        os.ftruncate(fd, 0)
        os.pwrite(fd, str(os.getpid()).encode(), 0)
        self.lock_fd = fd

    def unlock(self) -> None:
        """Let others use the folder."""
        if self.lock_fd >= 0:
            os.close(self.lock_fd)
            self.lock_fd = -1

    def in_use(self) -> bool:
        """True while a run (or what is left of a killed one) holds the folder."""
        try:
            fd = os.open(self._lock_file, os.O_RDWR)
        except FileNotFoundError:
            return False
        try:
            return not _try_lock(fd)
        finally:
            os.close(fd)

    def log_file(self, name: str) -> Path:
        """Where the process `name` writes; a log grown large is set aside once, as `<name>.log.1`."""
        path = self.logs / f"{name}.log"
        with suppress(FileNotFoundError):
            if path.stat().st_size > LOG_KEPT:
                path.replace(path.with_suffix(".log.1"))
        return path


def read_json(path: Path) -> dict[str, Any]:
    """The JSON object in a file; empty where there is no such file."""
    try:
        content = json.loads(path.read_text())
    except FileNotFoundError:
        return {}
    except ValueError as problem:
        raise CannotGoOn(f"The file {path} is damaged. Restore it from a backup (make restore).") from problem
    if not isinstance(content, dict):
        raise CannotGoOn(f"The file {path} is damaged. Restore it from a backup (make restore).")
    return content


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write a JSON object whole or not at all, readable by this user alone."""
    draft = path.with_name(path.name + ".draft")
    fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(fd, "w") as file:
        json.dump(content, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def cut_log(path: Path) -> None:
    """Set what a log grown large holds aside as `<name>.log.1`, and let its process write on from nothing.

    The process keeps the file open for appending, so the file stays and is emptied.
    """
    with suppress(FileNotFoundError):
        if path.stat().st_size > LOG_KEPT:
            shutil.copyfile(path, path.with_suffix(".log.1"))
            os.truncate(path, 0)


def shortened(line: str, longest: int = 160) -> str:
    """A line for the terminal: what happened, of one of our JSON lines; the beginning, of any other."""
    try:
        said = json.loads(line)
    except ValueError:
        said = None
    if isinstance(said, dict) and "event" in said:
        line = " ".join(str(said[key]) for key in ("level", "event", "exception") if key in said)
    line = " ".join(line.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def tail(path: Path, lines: int = 12) -> str:
    """The last lines of a log."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - 20_000))
            text = file.read().decode(errors="replace")
    except FileNotFoundError:
        return ""
    return "\n".join(text.splitlines()[-lines:])


def _try_lock(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
