"""The starter, tried for real on stand-in services: real engines, gunicorn, Celery, signals and deaths."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from shared.embedded.folder import Folder, read_json
from tests.integration.embedded.stand_in import ME, ROOT

SECRET_NAMES = ("DATABASE_URL_", "REDIS_URL", "SMTP_URL", "LINKWORK_", "SERVICE_", "MAKELEVEL")


class Run:
    """One `.linkwork` folder, its ports, and the stand-ins run in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = Folder(folder / ".linkwork")
        self.port_base = _free_base()
        self.mark = f"run-{os.urandom(6).hex()}"
        self.output = folder / "said.txt"
        self.starter: subprocess.Popen[bytes] | None = None
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith(SECRET_NAMES)
        } | {"TRIAL_MARK": self.mark}

    def begin(self, **settings: str) -> subprocess.Popen[bytes]:
        """Start `run` and return its process at once."""
        with self.output.open("wb") as output:
            return subprocess.Popen(
                self._command("run"),
                cwd=ROOT,
                env=self.environment | settings,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def up(self) -> subprocess.Popen[bytes]:
        """The run that is up now, or a new one once it said that it is ready."""
        if self.starter is None or self.starter.poll() is not None:
            starter = self.starter = self.begin()
            until(lambda: "Linkwork is ready" in self.said() or starter.poll() is not None)
            assert starter.poll() is None, self.said()
        return self.starter

    def down(self) -> int | None:
        """Stop the run that is up, if one is, as Ctrl-C does: its status. Nothing of it may be left."""
        status = None
        if self.starter is not None:
            if self.starter.poll() is None:
                self.starter.send_signal(signal.SIGINT)
            status = self.starter.wait(timeout=40)
        assert self.processes() == {}
        return status

    def verb(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run another verb to its end."""
        return subprocess.run(
            self._command(*arguments),
            cwd=ROOT,
            env=self.environment | settings,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def said(self) -> str:
        """What the run told the person at the terminal."""
        return self.output.read_text()

    def processes(self) -> dict[int, str]:
        """Every process of this trial that runs now, however it was started: id and command line."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                environment = (folder / "environ").read_bytes()
                place = str((folder / "cwd").readlink())
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            # The engines have an environment of their own, but stand in the run's folder.
            if self.mark.encode() in environment or place.startswith(str(self.folder.path)):
                found[int(folder.name)] = command
        return found

    def answers(self) -> bool:
        """True when the page of the stand-in is there."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port_base + 1}/", timeout=2) as page:
            return bool(page.status == 200)

    def tries(self, question: Callable[[], bool]) -> bool:
        """The answer to a question; no while the web server or the database is away."""
        try:
            return question()
        except (OSError, psycopg.OperationalError):
            return False

    def query(self, statement: str, service: str = "apples") -> list[tuple[object, ...]]:
        """Ask, or change, a service's database while the run is up."""
        password = read_json(self.folder.engines)[service]
        name = f"linkwork_{service}"
        with psycopg.connect(
            host="127.0.0.1", port=self.port_base + 32, user=name, password=password, dbname=name
        ) as connection:
            cursor = connection.execute(statement)  # type: ignore[call-overload]
            return list(cursor.fetchall()) if cursor.description else []

    def _command(self, *arguments: str) -> list[str]:
        verb, *rest = arguments
        return [sys.executable, "-m", ME, str(self.folder.path), str(self.port_base), verb, *rest]


def until(true: Callable[[], bool], seconds: float = 40.0) -> None:
    """Wait until it is true; fail when it does not become so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def _free_base() -> int:
    """A base whose ports, as the plan uses them, are free now."""
    for base in range(20000 + os.getpid() % 97 * 100, 32000, 100):
        trials = [socket.socket() for _ in range(3)]
        try:
            for trial, offset in zip(trials, (1, 32, 79), strict=True):
                trial.bind(("127.0.0.1", base + offset))
        except OSError:
            continue
        finally:
            for trial in trials:
                trial.close()
        return base
    raise AssertionError("no free ports")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """One folder for all tests; they share a run that is up where they can."""
    shared = Run(tmp_path_factory.mktemp("embedded"))
    yield shared
    shared.down()


def test_a_run_says_that_it_is_ready_with_addresses_and_sign_ins(run: Run) -> None:
    run.up()
    assert f"http://localhost:{run.port_base + 1}" in run.said()
    assert "nobody@demo.example" in run.said()
    assert run.answers()
    assert run.query("select name from fruit") == [("demo fruit",)]
    assert run.query("select name from fruit", "pears") == [("demo fruit",)]


def test_a_second_run_a_reset_and_a_restore_are_refused_while_one_goes_on(run: Run) -> None:
    starter = run.up()
    for verb in (("run",), ("reset", "sure"), ("restore", "whatever.tar")):
        refused = run.verb(*verb)
        assert refused.returncode == 1
        assert f"already running from this folder (process {starter.pid})" in refused.stdout
    assert run.answers()


def test_a_process_that_dies_is_named_and_started_again(run: Run) -> None:
    run.up()
    # The parent of two: its children must go with it, and all three come back.
    before = {pid for pid, line in run.processes().items() if "gunicorn" in line}
    os.kill(min(before), signal.SIGKILL)
    until(lambda: "The web pages of apples was ended by signal 9 (SIGKILL)" in run.said())
    assert "It is started again in 1 s" in run.said()
    until(lambda: len([line for line in run.processes().values() if "gunicorn" in line]) == 3)
    assert not before & set(run.processes())
    until(lambda: run.tries(run.answers))


def test_the_database_may_die_and_comes_back_with_its_data(run: Run) -> None:
    run.up()
    postmaster = int((run.folder.postgres / "postmaster.pid").read_text().splitlines()[0])
    os.kill(postmaster, signal.SIGKILL)
    until(lambda: "The database (PostgreSQL) was ended by signal 9 (SIGKILL)" in run.said())
    until(lambda: run.tries(lambda: run.query("select name from fruit") == [("demo fruit",)]))


def test_ctrl_c_stops_everything_and_data_survives_a_restart_with_the_demo_loaded_once(run: Run) -> None:
    run.up()
    run.query("insert into fruit values ('kept')")
    assert len(run.processes()) > 12
    assert run.down() == 0
    assert "Linkwork has stopped." in run.said()
    run.up()
    assert run.query("select name from fruit order by name") == [("demo fruit",), ("kept",)]
    run.query("delete from fruit where name = 'kept'")


def test_a_request_to_stop_that_comes_twice_at_once_is_one_and_the_database_is_shut_down_in_order(
    run: Run,
) -> None:
    starter = run.up()
    for _ in range(3):
        starter.send_signal(signal.SIGTERM)
    assert starter.wait(timeout=40) == 0
    assert run.processes() == {}
    assert "The background worker of apples did not stop" not in run.said()
    assert "database system is shut down" in run.folder.log_file("postgres").read_text().splitlines()[-1]


def test_everybody_is_told_to_stop_at_once_and_finishes_with_the_database_still_there(
    run: Run, tmp_path: Path
) -> None:
    run.down()
    starter = run.begin(WITH_SLOW=str(tmp_path))
    names = ("slow-web", "slow-beat", "slow-worker")
    until(lambda: all((tmp_path / f"{name}-runs").exists() for name in names))
    starter.send_signal(signal.SIGINT)
    assert starter.wait(timeout=40) == 0
    told, finished = zip(*(map(float, (tmp_path / name).read_text().split()) for name in names), strict=True)
    assert max(told) < min(finished)
    assert "slow" not in run.said().lower()
    assert run.processes() == {}


def test_ready_is_said_only_when_an_old_copy_is_fresh(run: Run, tmp_path: Path) -> None:
    run.down()
    old = tmp_path / "old"
    old.touch()
    starter = run.begin(OLD_ORCHARD=str(old), WITH_SLOW=str(tmp_path))
    try:
        # What makes the copy fresh is started before anybody waits for it.
        until((tmp_path / "slow-worker-runs").exists)
        time.sleep(1)
        assert "Linkwork is ready" not in run.said()
        old.unlink()
        until(lambda: "Linkwork is ready" in run.said())
        assert "Still old" not in run.said()
    finally:
        starter.send_signal(signal.SIGINT)
        assert starter.wait(timeout=40) == 0


def test_a_copy_that_stays_old_is_named_and_the_run_goes_on(run: Run, tmp_path: Path) -> None:
    run.down()
    old = tmp_path / "old"
    old.touch()
    starter = run.begin(OLD_ORCHARD=str(old), COPIES_WITHIN="1")
    try:
        until(lambda: "Linkwork is ready" in run.said())
        until(lambda: "Still old: apples: The copy of the orchard is old." in run.said(), seconds=5)
        assert "closed" not in run.said()
        assert run.answers()
    finally:
        starter.send_signal(signal.SIGINT)
        assert starter.wait(timeout=40) == 0


def test_killing_the_starter_leaves_nothing_behind_and_the_next_run_starts(run: Run) -> None:
    starter = run.up()
    assert len(run.processes()) > 12
    starter.kill()
    starter.wait()
    until(lambda: run.processes() == {}, seconds=12)
    run.up()
    assert run.answers()


def test_killing_starter_and_guardian_together_ends_all_but_what_does_not_listen(run: Run) -> None:
    starter = run.up()
    guardian = next(pid for pid, command in run.processes().items() if "guardian.py" in command)
    stubborn = {pid for pid, command in run.processes().items() if "stand_in_process stubborn" in command}
    os.kill(guardian, signal.SIGKILL)
    starter.kill()
    starter.wait()
    until(lambda: set(run.processes()) == stubborn, seconds=12)
    for pid in stubborn:
        os.kill(pid, signal.SIGKILL)
    until(lambda: run.processes() == {})


def test_a_process_that_dies_three_times_ends_the_run(run: Run) -> None:
    run.down()
    starter = run.begin(WITH_MORTAL="yes")
    assert starter.wait(timeout=60) == 1
    said = run.said()
    assert said.count("The mortal one ended by itself with status 1") == 3
    assert said.count("the mortal one has had enough") >= 3
    assert "The mortal one died 3 times in this run, so the run ends." in said
    assert run.processes() == {}


def test_a_port_in_use_is_named_with_the_way_out(run: Run) -> None:
    run.down()
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", run.port_base + 1))
        other.listen()
        refused = run.verb("run")
    assert refused.returncode == 1
    assert f"Port {run.port_base + 1}, meant for the web pages of apples, is already in use" in refused.stdout
    assert "make run PORT_BASE=" in refused.stdout


def test_addresses_for_some_databases_only_are_refused(run: Run) -> None:
    run.down()
    refused = run.verb("run", DATABASE_URL_APPLES="postgresql+psycopg://nobody@127.0.0.1:1/none")
    assert refused.returncode == 1
    assert "Set DATABASE_URL_PEARS too" in refused.stdout


def test_backup_then_reset_then_restore_gives_the_same_rows(run: Run, tmp_path: Path) -> None:
    backup = tmp_path / "running.tar"
    run.up()
    run.query("insert into fruit values ('backed up')")
    made = run.verb("backup", str(backup))
    assert made.returncode == 0, made.stdout + made.stderr
    assert backup.stat().st_mode & 0o077 == 0
    run.query("insert into fruit values ('after the backup')")
    run.down()
    secrets = read_json(run.folder.secrets)

    assert run.verb("reset", "sure").returncode == 0
    assert not run.folder.postgres.exists()
    assert not run.folder.secrets.exists()
    restored = run.verb("restore", str(backup))
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert read_json(run.folder.secrets) == secrets
    run.up()
    assert run.query("select name from fruit order by name") == [("backed up",), ("demo fruit",)]
    assert run.query("select name from fruit", "pears") == [("demo fruit",)]
    assert run.query("select number from epoch") == [(2,)]
    assert run.query("select number from epoch", "pears") == [(1,)]
    assert "nobody@demo.example" in run.said()


def test_a_broken_backup_and_an_unsure_reset_change_nothing_and_a_whole_one_restores(
    run: Run, tmp_path: Path
) -> None:
    run.up()
    run.query("insert into fruit values ('before the backup')")
    run.down()
    backup, broken = tmp_path / "whole.tar", tmp_path / "broken.tar"
    assert run.verb("backup", str(backup)).returncode == 0
    content = bytearray(backup.read_bytes())
    content[len(content) // 2] ^= 0xFF
    broken.write_bytes(content)
    refusals = [
        (run.verb("restore", str(broken)), "is not a whole Linkwork backup, so nothing was changed"),
        (run.verb("restore", str(tmp_path / "none.tar")), "There is no file"),
        (run.verb("reset"), "Nothing was changed"),
        (run.verb("backup", str(backup)), "is there already"),
    ]
    for refused, why in refusals:
        assert refused.returncode == 1
        assert why in refused.stdout
    run.up()
    assert ("before the backup",) in run.query("select name from fruit")
    run.query("delete from fruit")
    run.down()
    assert run.verb("restore", str(backup)).returncode == 0
    run.up()
    assert ("before the backup",) in run.query("select name from fruit")
