"""The containers of docker-compose.yml as processes of this machine, each at a loopback address of its own.

Their commands, settings and health checks are those of the file. What Docker would give is given here: names
become addresses, mounted places become folders, and in place of PostgreSQL's and Valkey's images stand the
servers of the one-command run. The code is a copy of what the Dockerfile copies, and nothing else.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from shared.embedded import postgres as built_in
from shared.embedded import valkey
from shared.embedded.identity import leashed
from tests.builders.compose import ROOT, Container, containers
from tests.engines import free_ports
from tests.nginx import find_nginx

SERVERS = ("postgres", "redis")
WELL_WITHIN = 90.0
VALKEY_CLI = """#!{python}
import os, sys
import redis
host = sys.argv[sys.argv.index("-h") + 1]
with redis.Redis(host=host, password=os.environ["REDISCLI_AUTH"]) as server:
    sys.exit(not server.ping())
"""


class Place:
    """All containers of one project. `home` is a folder of its own; `variables` is its file .env."""

    def __init__(self, variables: dict[str, str]) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="linkwork-place-"))
        self.home.chmod(0o711)
        net = f"127.{secrets.randbelow(200) + 20}.{secrets.randbelow(254) + 1}"
        self.variables = {"TLS_PROXY": f"{net}.1"} | variables
        self.containers = containers(self.variables)
        self.at = {name: f"{net}.{number}" for number, name in enumerate(self.containers, 2)}
        self.front = f"{net}.1"
        self.database_port = free_ports(1)[0]
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.app = self.home / "app"
        self.app.mkdir()
        self._make_programs()

    def start(self, name: str) -> None:
        """Start a container (the cluster of the database is made when it starts first)."""
        (self.home / name).mkdir(exist_ok=True)
        if name == "postgres":
            self._start_postgres()
            return
        command = self._here(name, self.containers[name].command)
        if name == "redis":
            command += ["--bind", self.at[name], "--port", "6379"]
        self._begin(name, leashed(command), self.app)

    def once(self, name: str, *command: str, typed: str = "") -> str:
        """Run a container's command, or another in its place, to the end; what it printed."""
        done = subprocess.run(
            self._here(name, command or self.containers[name].command),
            cwd=self.app,
            env=self.environment(name),
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{name}: {done.stdout}{done.stderr}"
        return done.stdout

    def is_well(self, name: str) -> bool:
        """What the container's health check says."""
        ask = self.containers[name].ask
        assert ask, f"{name} has no health check"
        done = subprocess.run(
            self._here(name, ask),
            cwd=self.app,
            env=self.environment(name),
            capture_output=True,
            check=False,
            timeout=60,
        )
        return done.returncode == 0

    def until_well(self, name: str) -> None:
        """Wait for the health check; what the container said is in the error."""
        end = time.monotonic() + WELL_WITHIN
        while not self.is_well(name):
            assert self.running[name].poll() is None, f"{name} ended: {self.said(name)}"
            assert time.monotonic() < end, f"{name} is not well: {self.said(name)}"
            time.sleep(0.2)

    def stop(self, name: str) -> float:
        """Ask a container to stop, as Compose would; the seconds it took. Fails beyond its time."""
        raw = self.containers[name].raw
        process = self.running.pop(name)
        began = time.monotonic()
        process.send_signal(getattr(signal, raw.get("stop_signal", "SIGTERM")))
        process.wait(float(raw.get("stop_grace_period", "10s").removesuffix("s")))
        return time.monotonic() - began

    def said(self, name: str) -> str:
        """What a container wrote to its standard output and error."""
        return (self.home / f"{name}.log").read_text(errors="replace")

    def remove(self) -> None:
        """Stop all, the servers last, and leave nothing on the disk."""
        for name in sorted(self.running, key=lambda name: name in SERVERS):
            with suppress(subprocess.TimeoutExpired):
                self.stop(name)
        shutil.rmtree(self.home, ignore_errors=True)

    def environment(self, name: str) -> dict[str, str]:
        """What a container's processes find: its own settings, and nothing of this test run."""
        temporary = self.home / name / "tmp"
        temporary.mkdir(parents=True, exist_ok=True)
        path = [str(self.home / "bin"), str(Path(sys.executable).parent), str(built_in.programs())]
        ours = {
            "PATH": ":".join([*path, str(Path(find_nginx() or "nginx").parent), os.environ["PATH"]]),
            "TMPDIR": str(temporary),
            "PYTHONPATH": str(self.app),
            "FRONTEND_DIR": str(ROOT / "node_modules"),
        }
        if name == "postgres":
            ours |= {"PGPORT": str(self.database_port), "PGHOST": "127.0.0.1"}
            ours["PGPASSWORD"] = self.variables["POSTGRES_PASSWORD"]
        if name == "gateway":
            ours["GATEWAY_LISTEN"] = f"{self.at[name]}:8080"
        mine = self.containers[name].environment
        return ours | {key: self._translated(name, value) for key, value in mine.items()}

    def _here(self, name: str, command: tuple[str, ...]) -> list[str]:
        return [self._translated(name, word) for word in command]

    def _translated(self, name: str, text: str) -> str:
        text = text.replace("@postgres:5432", f"@127.0.0.1:{self.database_port}")
        for other, address in self.at.items():
            text = re.sub(rf"(?<=[@/]){other}(?=:\d)", address, text)
        if name != "postgres":
            text = text.replace("0.0.0.0", self.at[name]).replace("127.0.0.1:8", f"{self.at[name]}:8")  # noqa: S104
        if name == "redis":
            text = text.replace("127.0.0.1", self.at[name])
        for source, target in self._mounted(name):
            text = text.replace(target, source)
        return text

    def _mounted(self, name: str) -> Iterator[tuple[str, str]]:
        for volume in self.containers[name].raw.get("volumes", ()):
            source, target = volume.removesuffix(":ro").split(":")
            yield str(ROOT / source if source.startswith("./") else self.home / f"volume-{source}"), target

    def _begin(self, name: str, command: list[str], where: Path) -> None:
        for source, _ in self._mounted(name):
            if not Path(source).exists():
                Path(source).mkdir()
        with (self.home / f"{name}.log").open("ab") as output:
            self.running[name] = subprocess.Popen(
                command,
                cwd=where,
                env=self.environment(name),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _start_postgres(self) -> None:
        words = self.containers["postgres"].command
        assert words[0] == "postgres"
        settings = dict(word.removeprefix("--").split("=", 1) for word in words[1:])
        password = self.variables["POSTGRES_PASSWORD"]
        server = built_in.Postgres(
            self.home / "postgres" / "data",
            self.database_port,
            password,
            settings | {"fsync": "off"},
        )
        is_new = not server.data.exists()
        (self.home / "postgres").chmod(0o711)
        server.initialise()
        self._begin("postgres", server.command(), self.home)
        process = self.running["postgres"]
        server.wait_until_ready(lambda: process.poll() is None)
        if is_new:
            for source, target in self._mounted("postgres"):
                if target.startswith("/docker-entrypoint-initdb.d/"):
                    assert os.access(source, os.X_OK), f"{source} would be read into the image's own script"
                    self.once("postgres", source)

    def copy_code(self) -> None:
        """What the Dockerfile puts into an image besides the packages; before any service starts."""
        skip = shutil.ignore_patterns("__pycache__", "*.pyc")
        for folder in ("services", "shared"):
            shutil.copytree(ROOT / folder, self.app / folder, ignore=skip)

    def _make_programs(self) -> None:
        programs = self.home / "bin"
        programs.mkdir()
        (programs / "valkey-server").symlink_to(valkey.program())
        client = programs / "valkey-cli"
        client.write_text(VALKEY_CLI.format(python=sys.executable))
        client.chmod(0o755)


def in_order(containers: dict[str, Container]) -> list[str]:
    """The names so that each comes after all that it waits for."""
    done: list[str] = []

    def add(name: str) -> None:
        for other in containers[name].waits_for:
            add(other)
        if name not in done:
            done.append(name)

    for name in containers:
        add(name)
    return done


@contextmanager
def a_place(variables: dict[str, str]) -> Iterator[Place]:
    """A place in which nothing runs yet; all that is started there ends with it."""
    place = Place(variables)
    try:
        yield place
    finally:
        place.remove()
