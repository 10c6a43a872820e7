"""What the one-command run consists of: the services by name, and how each process is started."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from enum import IntEnum

from shared.settings import PORT_OFFSET, SERVICES, WEB_GONE_WITHIN

MAIL_OFFSET = 25
POSTGRES_OFFSET = 32
VALKEY_OFFSET = 79
PYTHON = sys.executable


class Stage(IntEnum):
    """What a process is for. The starter starts, and `processes.STOPPED_TOGETHER` stops, by it."""

    ONCE = 0
    WEB = 1
    BEAT = 2
    WORKER = 3
    CATCHER = 4
    ENGINE = 5


@dataclass(frozen=True)
class Process:
    """One process of the run. `words` is what a person calls it; `port` is where it listens, if it does.

    `patience`: seconds it gets to finish its work when asked to stop.
    """

    name: str
    words: str
    command: tuple[str, ...]
    stage: Stage
    port: int | None = None
    patience: float = 10.0
    stop_signal: int = 15
    settings: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """What is printed of a service when all is ready, and where it says that it is (`/readyz`).

    `copies`: what it keeps of others and can be old after a stop; the run waits a while until it is fresh.
    """

    service: str
    words: str
    url: str
    ready_url: str
    copies: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """The whole run. Commands are keyed by service and run with the settings of the run."""

    services: tuple[str, ...]
    port_base: int
    processes: tuple[Process, ...]
    pages: tuple[Page, ...]
    migrate: dict[str, tuple[str, ...]]
    load_demo: dict[str, tuple[str, ...]]
    after_restore: dict[str, tuple[str, ...]]
    # Where each service's code lies below the root; tables are looked at again only when it changed.
    code: dict[str, tuple[str, ...]] = field(default_factory=dict)
    sign_ins: str = ""

    @property
    def postgres_port(self) -> int:
        """Where the built-in PostgreSQL listens."""
        return self.port_base + POSTGRES_OFFSET

    @property
    def valkey_port(self) -> int:
        """Where the built-in Valkey listens."""
        return self.port_base + VALKEY_OFFSET


PAGES = {
    "directory": "who helps whom, signing in",
    "referrals": "refer someone, queues and caseloads",
    "notifications": "messages; every e-mail of the demo at /outbox",
}
DEMO_PEOPLE = {
    "practice": "a receptionist at a GP practice: refers people",
    "linkworker": "a link worker: takes them on",
    "lead": "leads the link workers' team",
    "dutydesk": "the duty desk: referrals without a home",
    "police": "a police officer: refers, sees received or closed",
    "housing": "a housing officer: refers",
    "vcse": "a community group: refers and introduces",
    "safeguarding": "the safeguarding lead",
    "admin": "the forum admin: keeps the directory",
    "place": "the place lead: totals only",
}
DEMO_PASSWORD = "demo-only-password"  # noqa: S105 - printed for everybody; it opens invented data only


def _web(service: str, port: int) -> Process:
    command = (
        *(PYTHON, "-m", "gunicorn", f"services.{service}.app:create_app()"),
        *("--bind", f"127.0.0.1:{port}", "--config", "python:shared.serving"),
    )
    words = f"the web pages of {service}"
    return Process(
        f"{service}-web",
        words,
        command,
        Stage.WEB,
        port,
        patience=float(WEB_GONE_WITHIN),
        settings={"LINKWORK_SERVICE": service},
    )


def _worker(service: str) -> Process:
    command = (
        *(PYTHON, "-m", "celery", "--app", f"services.{service}.worker:celery", "worker"),
        *("--queues", service, "--concurrency", "2", "--hostname", f"{service}@%h", "--loglevel", "INFO"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    )
    words = f"the background worker of {service}"
    return Process(f"{service}-worker", words, command, Stage.WORKER, settings={"LINKWORK_SERVICE": service})


def linkwork(port_base: int, beat_file: str, *, catches_mail: bool = True) -> Plan:
    """Linkwork itself on ports from `port_base`; beat remembers in `beat_file` when it ran what.

    `catches_mail`: start the local mail catcher (not where the operator has a mail server).
    """
    ports = {name: port_base + PORT_OFFSET[name] for name in SERVICES}
    beat = Process(
        "beat",
        "the clock of the background work (beat)",
        (PYTHON, "-m", "celery", "--app", "services.beat:celery", "beat", "--schedule", beat_file),
        Stage.BEAT,
        settings={"LINKWORK_SERVICE": "beat"},
    )
    catcher = Process(
        "catcher",
        "the mail catcher",
        (PYTHON, "-m", "services.notifications.catcher"),
        Stage.CATCHER,
        port_base + MAIL_OFFSET,
        settings={"LINKWORK_SERVICE": "catcher"},
    )
    people = "\n".join(f"    {name + '@demo.example':<26} {words}" for name, words in DEMO_PEOPLE.items())
    return Plan(
        services=SERVICES,
        port_base=port_base,
        processes=(
            *(_web(name, ports[name]) for name in SERVICES),
            *((catcher,) if catches_mail else ()),
            *(_worker(name) for name in SERVICES),
            beat,
        ),
        pages=tuple(
            Page(
                name,
                PAGES[name],
                f"http://localhost:{port}",
                f"http://127.0.0.1:{port}/readyz",
                copies=() if name == "directory" else ("directory",),
            )
            for name, port in ports.items()
        ),
        migrate={name: _command(name, "migrate") for name in SERVICES},
        load_demo={name: _command(name, "load-demo") for name in SERVICES},
        after_restore={"directory": _command("directory", "new-epoch")},
        code={name: (f"services/{name}", "shared") for name in SERVICES},
        sign_ins=(
            f"  Sign in as one of these invented people, for trying out only; the password of each is "
            f"{DEMO_PASSWORD}\n{people}"
        ),
    )


def _command(service: str, verb: str) -> tuple[str, ...]:
    return (PYTHON, "-m", f"services.{service}.cli", verb)
