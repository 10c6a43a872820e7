"""The starter's shadow: `python -I -S guardian.py MARK`, told over standard input which processes run.

Each process of the run also asks the kernel to be told of the starter's death (`leash.py`). This shadow
covers what that cannot: processes that do not listen, their children, and systems without such a signal.
When the starter goes without a farewell, every process still running is asked to stop, and after
GRACE seconds killed with all its group and everything that carries MARK in its environment.

Lines: `watch PID SIGNAL`, `forget PID`, `farewell`. Standard library only, and little of it.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import suppress

GRACE = 5.0
MARK_NAME = "LINKWORK_RUN"


def marked(mark: str) -> list[int]:
    """Ids of the running processes that carry `MARK_NAME=mark` in their environment; never this one."""
    wanted = f"{MARK_NAME}={mark}".encode()
    found = []
    with suppress(FileNotFoundError):
        for name in os.listdir("/proc"):
            if not name.isdigit() or int(name) == os.getpid():
                continue
            with suppress(OSError), open(f"/proc/{name}/environ", "rb") as file:
                if wanted in file.read().split(b"\0"):
                    found.append(int(name))
    return found


def send(pid: int, signal_number: int, *, group: bool = False) -> bool:
    """Send a signal to a process, or to the group it leads; False when there is nobody to get it."""
    try:
        if group:
            os.killpg(pid, signal_number)
        else:
            os.kill(pid, signal_number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def clean_up(watched: dict[int, int], mark: str) -> None:
    """Stop what is left: politely, in the reverse order of starting, then for certain."""
    for pid, signal_number in reversed(watched.items()):
        send(pid, signal_number)
    end = time.monotonic() + GRACE
    while time.monotonic() < end:
        if not any(send(pid, 0, group=True) for pid in watched) and not marked(mark):
            return
        time.sleep(0.05)
    for pid in watched:
        send(pid, signal.SIGKILL, group=True)
    for pid in marked(mark):
        send(pid, signal.SIGKILL)


def main(mark: str) -> None:
    """Listen until the starter says farewell, or is gone."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    watched: dict[int, int] = {}
    for line in sys.stdin:
        words = line.split()
        if words[0] == "farewell":
            return
        if words[0] == "watch":
            watched[int(words[1])] = int(words[2])
        elif words[0] == "forget":
            watched.pop(int(words[1]), None)
    clean_up(watched, mark)


if __name__ == "__main__":
    main(sys.argv[1])
