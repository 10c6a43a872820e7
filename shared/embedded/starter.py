"""`make run`: engines, tables, demo, processes, and their end. Start reading at `run`."""

from __future__ import annotations

import http.client
import json
import os
import socket
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from shared.embedded import engines, tables
from shared.embedded.folder import Folder, read_json, write_json
from shared.embedded.leash import die_with_parent
from shared.embedded.plan import MAIL_OFFSET, Page, Plan, Stage
from shared.embedded.problems import CannotGoOn, Interrupted, explain_os_error
from shared.embedded.processes import Supervisor
from shared.embedded.secrets import keep_secrets

READY_WITHIN = 120.0
SAY_EVERY = 15.0
# How long a copy that grew old while Linkwork was stopped may delay the word that all is ready.
COPIES_WITHIN = 30.0
# Looks after the processes between two questions to the services.
LOOKS_BETWEEN = 5
FIRST = (Stage.WEB, Stage.CATCHER)


def say(sentence: str) -> None:
    """Tell the person at the terminal."""
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()


def run(plan: Plan, folder: Folder, root: Path, environment: Mapping[str, str]) -> int:
    """The whole run: 0 after a stop that was asked for, 1 after anything else, said in words."""
    if "MAKELEVEL" in environment:
        # Killing `make` itself must not leave the run going on behind it.
        die_with_parent(15)
    supervisor: Supervisor | None = None
    status = 1
    try:
        folder.prepare()
        folder.lock(say)
        settings, chosen = _settle(plan, folder, root, environment)
        supervisor = Supervisor(folder, root, settings, say)
        _bring_up(plan, folder, chosen, supervisor, settings)
        while True:
            supervisor.watch()
    except Interrupted:
        say("Stopping…")
        status = 0
    except CannotGoOn as problem:
        say(str(problem))
    except OSError as problem:
        say(str(explain_os_error(problem, "go on")))
    finally:
        if supervisor:
            supervisor.stop()
            folder.running.unlink(missing_ok=True)
            say(
                "Linkwork has stopped."
                if status == 0
                else "Linkwork has stopped because of the problem above."
            )
        folder.unlock()
    return status


def _settle(
    plan: Plan, folder: Folder, root: Path, environment: Mapping[str, str]
) -> tuple[dict[str, str], engines.Engines]:
    """Check the ports, and put together the settings that every process of the run gets."""
    chosen = engines.choose(plan, folder, environment)
    _check_ports(plan, chosen)
    ours: dict[str, str] = {
        "PORT_BASE": str(plan.port_base),
        "SMTP_URL": f"smtp://127.0.0.1:{plan.port_base + MAIL_OFFSET}",
        "MAIL_FROM": "Linkwork <no-reply@linkwork.example>",
        "FRONTEND_DIR": str(root / "node_modules"),
        **keep_secrets(folder, plan.services),
        **chosen.settings,
    }
    for page in plan.pages:
        ours[f"PUBLIC_URL_{page.service.upper()}"] = page.url
    # What the operator set wins over what we made up.
    return ours | dict(environment) | chosen.settings | {"LINKWORK_MODE": "embedded"}, chosen


def _check_ports(plan: Plan, chosen: engines.Engines) -> None:
    wanted = {process.port: process.words for process in plan.processes if process.port}
    if chosen.postgres:
        wanted[plan.postgres_port] = "the database"
    if chosen.valkey:
        wanted[plan.valkey_port] = "the broker"
    for port, words in wanted.items():
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind(("127.0.0.1", port))
            except OSError as problem:
                raise CannotGoOn(
                    f"Port {port}, meant for {words}, is already in use by another program. "
                    f"Stop that program, or choose other ports: make run PORT_BASE={plan.port_base + 1000}"
                ) from problem


def _bring_up(
    plan: Plan, folder: Folder, chosen: engines.Engines, supervisor: Supervisor, settings: Mapping[str, str]
) -> None:
    """Everything from the engines to "Linkwork is ready"."""
    began = time.monotonic()
    if chosen.postgres and not folder.postgres.exists():
        say("Making the database (first run only)…")
    write_json(folder.running, {"pid": os.getpid(), "postgres_port": plan.postgres_port})
    engines.start(chosen, plan, folder, supervisor)
    empty = engines.empty_databases(plan, settings)
    tables.note_empty(folder, empty)
    tables.migrate(plan, folder, supervisor, alone=chosen.postgres is not None, empty=empty)
    if tables.demo_waits(folder):
        say("Loading the demo place: invented people and organisations (first run only)…")
        tables.load_demo(plan, folder, supervisor)
    say("Starting the services…")
    # Pages first: people wait for them, and the processors are few.
    for process in plan.processes:
        if process.stage in FIRST:
            supervisor.start(process)
    _wait_until_ready(plan, supervisor)
    for process in plan.processes:
        if process.stage not in FIRST:
            supervisor.start(process)
    old = _wait_for_copies(plan, supervisor)
    seconds = time.monotonic() - began
    lines = [f"Linkwork is ready ({seconds:.1f} s after the start)"]
    lines += [f"  {page.url}  {page.service}: {page.words}" for page in plan.pages]
    lines += [f"  Still old: {words}" for words in old]
    if read_json(folder.demo).get("loaded"):
        lines.append(plan.sign_ins)
    lines.append(f"  Logs are in {folder.logs}. Ctrl-C stops everything; the data stays.")
    say("\n".join(lines))


def _wait_until_ready(plan: Plan, supervisor: Supervisor) -> None:
    began = time.monotonic()
    told = 0
    missing = list(plan.pages)
    while missing:
        supervisor.watch()
        waits = {page.service: (page, problem) for page in missing if (problem := _not_ready(page))}
        missing = [page for page, _ in waits.values()]
        words = "; ".join(f"{service}: {problem}" for service, (_, problem) in waits.items())
        waited = time.monotonic() - began
        if missing and waited > READY_WITHIN:
            raise CannotGoOn(f"Not everything became ready within {READY_WITHIN:.0f} s. {words}")
        if missing and waited // SAY_EVERY > told:
            told += 1
            say(f"Still waiting for {words}")


def _wait_for_copies(plan: Plan, supervisor: Supervisor) -> list[str]:
    """Wait a while for copies that grew old in a stop; what is old even then, in words. Old ones serve."""
    end = time.monotonic() + COPIES_WITHIN
    while old := [f"{page.service}: {why}" for page in plan.pages for why in _old_copies(page)]:
        if time.monotonic() > end:
            return old
        for _ in range(LOOKS_BETWEEN):
            supervisor.watch()
    return []


def _old_copies(page: Page) -> list[str]:
    """What the service says of those of its copies that are old."""
    if not page.copies:
        return []
    answer = _ask(page)
    if answer is None:
        return ["it does not answer"]
    with suppress(ValueError, KeyError, TypeError):
        return [str(item["why"]) for item in json.loads(answer[1])["hindered"] if item["what"] in page.copies]
    return [f"it answers with status {answer[0]}"]


def _not_ready(page: Page) -> str | None:
    """None when the service says that it is ready, else what it said."""
    answer = _ask(page)
    if answer is None:
        return "it does not answer yet"
    status, body = answer
    if status == 200:
        return None
    with suppress(ValueError, KeyError, TypeError):
        return ", ".join(f"{item['what']} ({item['why']})" for item in json.loads(body)["missing"])
    return f"it answers with status {status}"


def _ask(page: Page) -> tuple[int, bytes] | None:
    """Status and body of what the service says of itself; None where it does not answer."""
    address = urlsplit(page.ready_url)
    connection = http.client.HTTPConnection(address.hostname or "127.0.0.1", address.port, timeout=2)
    try:
        connection.request("GET", address.path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
