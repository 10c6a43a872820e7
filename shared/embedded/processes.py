"""Starting, watching, restarting and stopping the processes of one run.

One thread only: parent-death signals follow the thread that started a process.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from shared.embedded import guardian
from shared.embedded.folder import Folder, cut_log, shortened, tail
from shared.embedded.identity import leashed
from shared.embedded.plan import Process, Stage
from shared.embedded.problems import CannotGoOn, Interrupted

DEATHS_ALLOWED = 2
LAST_WORDS = 3
LOOK_AT_LOGS_EVERY = 30.0
FIRST_PAUSE = 1.0
TICK = 0.05
# Told at the same time, and waited for at the same time. The catcher takes the letters that workers are still
# sending; everybody finishes what is in work with the engines.
STOPPED_TOGETHER = (
    (Stage.ONCE, Stage.WEB, Stage.BEAT, Stage.WORKER),
    (Stage.CATCHER,),
    (Stage.ENGINE,),
)
# Signals this close together are one request: a terminal, `make` and `timeout` may each send one.
ONE_REQUEST = 1.0


@dataclass
class Running:
    """A process of the run with what is needed to start it again."""

    process: Process
    command: list[str]
    stdin: str | None
    log: Path
    popen: subprocess.Popen[bytes]
    deaths: int = 0
    restart_at: float | None = None

    def alive(self) -> bool:
        """True while the process runs."""
        return self.popen.poll() is None


class TooManyDeaths(CannotGoOn):
    """The same process died three times in one run."""


class Supervisor:
    """All processes of a run. `environment` is what each gets, beside its own settings."""

    def __init__(
        self, folder: Folder, root: Path, environment: dict[str, str], say: Callable[[str], None]
    ) -> None:
        self.folder = folder
        self.root = root
        self.mark = os.urandom(8).hex()
        self.environment = environment | {guardian.MARK_NAME: self.mark, "PYTHONUNBUFFERED": "1"}
        self.say = say
        self.running: list[Running] = []
        self.asked_at: float | None = None
        self._logs_looked_at = 0.0
        self.impatient = False
        self._guardian = self._start_guardian()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)

    def start(
        self, process: Process, *, command: list[str] | None = None, stdin: str | None = None
    ) -> Running:
        """Start a process. `command` is given ready leashed by the engines; `stdin` is what it reads."""
        command = command or leashed(list(process.command), signal_number=process.stop_signal)
        log = self.folder.log_file(process.name)
        child = Running(process, command, stdin, log, self._open(process, command, stdin, log))
        self.running.append(child)
        return child

    def run_all(self, commands: dict[str, tuple[str, ...]], doing: str) -> None:
        """Run commands side by side to their ends; their logs are `<name>-<first word of doing>`.

        Raises CannotGoOn with the end of the log of one that failed, and then ends the others.
        """
        slug = doing.split(maxsplit=1)[0].lower()
        started: list[Running] = []
        try:
            for name, command in commands.items():
                process = Process(f"{name}-{slug}", f"{doing} ({name})", command, Stage.ONCE)
                log, leash = self.folder.log_file(process.name), leashed(list(command))
                started.append(Running(process, leash, None, log, self._open(process, leash, None, log)))
            for once in started:
                while once.alive():
                    self.pause()
                if once.popen.returncode != 0:
                    raise CannotGoOn(
                        f"{once.process.words} did not work. The end of {once.log}:\n{tail(once.log, 25)}"
                    )
        finally:
            for once in started:
                self._end_group(once.popen)

    def pause(self) -> None:
        """Wait a moment. Raises Interrupted when somebody asked the run to stop."""
        if self.asked_at is not None:
            raise Interrupted
        time.sleep(TICK)

    def watch(self) -> None:
        """Look once after every process: name the dead, start them again after a while.

        Raises TooManyDeaths when one of them died for the third time, Interrupted when asked to stop.
        """
        self.pause()
        if self._guardian.poll() is not None:
            self._guardian = self._start_guardian()
        now = time.monotonic()
        if now - self._logs_looked_at > LOOK_AT_LOGS_EVERY:
            self._logs_looked_at = now
            for child in self.running:
                cut_log(child.log)
        for child in self.running:
            if child.restart_at is not None:
                if now >= child.restart_at:
                    child.restart_at = None
                    child.popen = self._open(child.process, child.command, child.stdin, child.log)
            elif not child.alive():
                self._bury(child, now)

    def stop(self) -> None:
        """Stop everything: pages, workers and beat at once, then what these need, and the guardian last.

        A second request to stop ends the patience, except with the engines: they finish what they write.
        """
        for stages in STOPPED_TOGETHER:
            self._stop_together([child for child in self.running if child.process.stage in stages])
        for pid in guardian.marked(self.mark):
            if pid not in (os.getpid(), self._guardian.pid):
                guardian.send(pid, signal.SIGKILL)
        self._tell("farewell")
        self._guardian.wait()

    def _stop_together(self, waiting: list[Running]) -> None:
        for child in waiting:
            if child.restart_at is None and child.alive():
                child.popen.send_signal(child.process.stop_signal)
        asked = time.monotonic()
        while waiting:
            waited = time.monotonic() - asked
            for child in [child for child in waiting if not child.alive() or self._tried(child, waited)]:
                if child.alive():
                    self.say(f"{_capital(child.process.words)} did not stop when asked; it is ended now.")
                self._end_group(child.popen)
                waiting.remove(child)
            if waiting:
                time.sleep(TICK)

    def _tried(self, child: Running, waited: float) -> bool:
        """True when the patience with a process that is to stop is at its end."""
        return waited > child.process.patience or (self.impatient and child.process.stage is not Stage.ENGINE)

    def _asked_to_stop(self, _number: int, _frame: object) -> None:
        now = time.monotonic()
        if self.asked_at is None:
            self.asked_at = now
        elif now - self.asked_at > ONE_REQUEST:
            self.impatient = True

    def _bury(self, child: Running, now: float) -> None:
        child.deaths += 1
        self._end_group(child.popen)
        how = _how_it_ended(child.popen.returncode)
        self.say(
            f"{_capital(child.process.words)} {how}. Its last words (more in {child.log}):\n"
            + "\n".join(f"    {shortened(line)}" for line in tail(child.log, LAST_WORDS).splitlines())
        )
        if child.deaths > DEATHS_ALLOWED:
            raise TooManyDeaths(
                f"{_capital(child.process.words)} died {child.deaths} times in this run, so the run ends. "
                f"{child.log} says why."
            )
        pause = FIRST_PAUSE * 2 ** (child.deaths - 1)
        self.say(f"It is started again in {pause:.0f} s (try {child.deaths} of {DEATHS_ALLOWED}).")
        child.restart_at = now + pause

    def _open(
        self, process: Process, command: list[str], stdin: str | None, log: Path
    ) -> subprocess.Popen[bytes]:
        engine = process.stage is Stage.ENGINE
        with log.open("ab") as output:
            popen = subprocess.Popen(
                command,
                cwd=self.folder.path if engine else self.root,
                env=self._engine_environment() if engine else self.environment | process.settings,
                stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._tell(f"watch {popen.pid} {int(process.stop_signal)}")
        if stdin is not None and popen.stdin is not None:
            try:
                popen.stdin.write(stdin.encode())
                popen.stdin.close()
            except BrokenPipeError:
                popen.wait()
        return popen

    def _engine_environment(self) -> dict[str, str]:
        """Engines need none of the secrets, and may run as another user."""
        plain = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
        return plain | {guardian.MARK_NAME: self.mark}

    def _end_group(self, popen: subprocess.Popen[bytes]) -> None:
        """End what is left of a process and its children, and take it off the guardian's list."""
        guardian.send(popen.pid, signal.SIGKILL, group=True)
        popen.wait()
        self._tell(f"forget {popen.pid}")

    def _start_guardian(self) -> subprocess.Popen[bytes]:
        environment = {name: value for name, value in os.environ.items() if name != guardian.MARK_NAME}
        popen = subprocess.Popen(
            [sys.executable, "-I", "-S", guardian.__file__, self.mark],
            stdin=subprocess.PIPE,
            env=environment,
            start_new_session=True,
            # Holding the folder's lock keeps a new run out until everything of this one is gone.
            pass_fds=[self.folder.lock_fd] if self.folder.lock_fd >= 0 else [],
        )
        for child in self.running:
            self._send_line(popen, f"watch {child.popen.pid} {int(child.process.stop_signal)}")
        return popen

    def _tell(self, line: str) -> None:
        self._send_line(self._guardian, line)

    @staticmethod
    def _send_line(popen: subprocess.Popen[bytes], line: str) -> None:
        if popen.stdin is None:
            return
        try:
            popen.stdin.write(line.encode() + b"\n")
            popen.stdin.flush()
        except BrokenPipeError:
            # The guardian was killed: watch() starts another, which is told of every process anew.
            popen.wait()


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _how_it_ended(code: int) -> str:
    if code < 0:
        return f"was ended by signal {-code} ({signal.Signals(-code).name})"
    return f"ended by itself with status {code}"
