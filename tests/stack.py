"""The whole product, running: the one-command run in a folder and on ports of its own, and ways to hurt it.

Fixture `stack` (one for a test run, started when first asked for). Its demo place is loaded; tests that
count make what they count.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis
import requests

from shared.settings import PORT_OFFSET

ROOT = Path(__file__).resolve().parents[1]
READY_WITHIN = 150.0
PASSWORD = "demo-only-password"
OFFSETS = (0, 1, 2, 3, 25, 32, 79)


class Stack:
    """A running copy of the product. `base` is its PORT_BASE."""

    def __init__(self, settings: dict[str, str] | None = None) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="linkwork-stack-"))
        self.home.chmod(0o711)
        self.base = _free_base()
        self.settings = settings or {}
        self.run: subprocess.Popen[bytes] | None = None
        self._tokens: dict[str, tuple[str, float]] = {}

    def start(self) -> float:
        """Start it and wait until it says that it is ready; the seconds that took."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("DATABASE_URL_", "REDIS_URL", "LINKWORK_", "SMTP_URL", "PUBLIC_URL_"))
            and name not in {"SECRET_KEYS", "GUARD_KEY", "CSRF_KEY", "SERVICE_JWKS", "MAKELEVEL"}
            and not name.startswith("SERVICE_KEY_")
        }
        environment = kept | {"LINKWORK_HOME": str(self.home), "PORT_BASE": str(self.base)} | self.settings
        # As if `make` had started it: a test run that is killed takes it along.
        environment["MAKELEVEL"] = "1"
        began = time.monotonic()
        with self.output.open("ab") as output:
            self.run = subprocess.Popen(
                [sys.executable, "-m", "shared.embedded", "run"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        while "Linkwork is ready" not in self.said():
            if self.run.poll() is not None or time.monotonic() - began > READY_WITHIN:
                raise AssertionError(f"The run did not become ready:\n{self.said()[-4000:]}")
            time.sleep(0.1)
        return time.monotonic() - began

    def stop(self) -> int:
        """Ctrl-C; the exit status."""
        if self.run is None:
            return 0
        self.run.send_signal(signal.SIGINT)
        status = self.run.wait(60)
        self.run = None
        return status

    def remove(self) -> None:
        """Stop, and leave nothing on the disk."""
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    @property
    def output(self) -> Path:
        """What the run says to the terminal."""
        return self.home / "terminal.txt"

    def said(self) -> str:
        """All it said so far."""
        return self.output.read_text() if self.output.exists() else ""

    def url(self, service: str, path: str = "") -> str:
        """A public address of the running copy."""
        return f"http://localhost:{self.base + PORT_OFFSET[service]}{path}"

    def token(self, client: str) -> str:
        """A fresh enough access token of a demo client."""
        token, until = self._tokens.get(client, ("", 0.0))
        if time.monotonic() > until:
            answer = requests.post(
                self.url("directory", "/oauth/token"),
                data={"grant_type": "client_credentials"},
                auth=(client, f"{client}-secret"),
                timeout=10,
            )
            assert answer.status_code == 200, answer.text
            token, until = answer.json()["access_token"], time.monotonic() + 600
            self._tokens[client] = (token, until)
        return token

    def call(
        self,
        client: str,
        method: str,
        path: str,
        body: Any = None,
        *,
        service: str = "referrals",
        **more: Any,
    ) -> requests.Response:
        """One API call of a demo client."""
        headers = {"Authorization": f"Bearer {self.token(client)}"} | more.pop("headers", {})
        url = self.url(service, "/api/v1" + path)
        return requests.request(method, url, json=body, headers=headers, timeout=20, **more)

    def rows(self, service: str, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a query answers in a service's database."""
        with closing(psycopg.connect(self._database(service), autocommit=True)) as connection:
            return connection.execute(sql, values).fetchall()

    def wipe_broker(self) -> None:
        """Forget everything the broker holds."""
        with redis.Redis(port=self.base + 79, password=self._passwords()["valkey"]) as client:
            client.flushall()

    def pids(self, service: str, kind: str) -> list[int]:
        """The processes of a service's `web` or `worker`, the parent first."""
        needle = {"web": f"services.{service}.app", "worker": f"services.{service}.worker"}[kind]
        found = []
        for entry in Path("/proc").iterdir():
            with suppress(OSError, ValueError):
                command = (entry / "cmdline").read_bytes().decode(errors="replace")
                mine = f"LINKWORK_HOME={self.home}".encode() in (entry / "environ").read_bytes().split(b"\0")
                if mine and needle in command and "leash.py" not in command:
                    found.append(int(entry.name))
        return sorted(found)

    def kill(self, service: str, kind: str, *, parent: bool = False) -> None:
        """SIGKILL one child of a service's process (its parent starts another), or the parent itself."""
        pids = self.pids(service, kind)
        chosen = pids[:1] if parent else pids[1:2]
        for pid in chosen:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def freeze(self, service: str, kind: str) -> None:
        """Stop a service's processes where they are, as a machine that hangs."""
        for pid in self.pids(service, kind):
            os.kill(pid, signal.SIGSTOP)

    def thaw(self, service: str, kind: str) -> None:
        """Let them go on."""
        for pid in self.pids(service, kind):
            os.kill(pid, signal.SIGCONT)

    def _passwords(self) -> dict[str, str]:
        return dict(json.loads((self.home / "engines.json").read_text()))

    def _database(self, service: str) -> str:
        password = self._passwords()["postgres"]
        return f"postgresql://postgres:{password}@127.0.0.1:{self.base + 32}/linkwork_{service}"


def eventually(check: Callable[[], Any], within: float = 20.0, every: float = 0.1) -> Any:
    """What `check` answers once it answers something true; fails after `within` seconds."""
    end = time.monotonic() + within
    while True:
        answer = check()
        if answer:
            return answer
        assert time.monotonic() < end, f"Not within {within} s."
        time.sleep(every)


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The running product, for all tests that ask."""
    running = Stack()
    if "LINKWORK_STACK" in os.environ:
        # For working on a test: a run that is up already, as PORT_BASE:LINKWORK_HOME.
        base, home = os.environ["LINKWORK_STACK"].split(":", 1)
        running.base, running.home = int(base), Path(home)
        yield running
        return
    try:
        running.start()
        yield running
    finally:
        running.remove()


def _free_base() -> int:
    for base in range(20_000 + os.getpid() % 9_000, 60_000, 101):
        try:
            for offset in OFFSETS:
                with socket.socket() as trial:
                    trial.bind(("127.0.0.1", base + offset))
        except OSError:
            continue
        return base
    raise AssertionError("No free ports.")
