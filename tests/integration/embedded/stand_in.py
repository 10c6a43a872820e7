"""A tiny Linkwork for trying the starter: real engines, gunicorn and Celery, invented services.

`python -m tests.integration.embedded.stand_in FOLDER PORT_BASE VERB [ARGUMENT]`
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from shared.embedded import backups, starter
from shared.embedded.folder import Folder
from shared.embedded.plan import PYTHON, Page, Plan, Process, Stage
from shared.embedded.problems import CannotGoOn

ROOT = Path(__file__).resolve().parents[3]
ME = "tests.integration.embedded.stand_in"
SERVICES = ("apples", "pears")
QUIET = ("--without-gossip", "--without-mingle", "--without-heartbeat")


def plan(port_base: int) -> Plan:
    """One gunicorn, one Celery worker with two children, one that will not listen, slow ones, one mortal."""
    port = port_base + 1
    celery_command = (
        PYTHON,
        "-m",
        "celery",
        "--app",
        f"{ME}_servers:celery",
        "worker",
        "--concurrency",
        "2",
        *QUIET,
    )
    processes = (
        Process(
            "apples-web",
            "the web pages of apples",
            (
                *(PYTHON, "-m", "gunicorn", f"{ME}_servers:web", "--bind", f"127.0.0.1:{port}"),
                *("--workers", "2", "--no-control-socket"),
            ),
            Stage.WEB,
            port,
        ),
        Process("apples-worker", "the background worker of apples", celery_command, Stage.WORKER),
        Process("stubborn", "the stubborn one", _me("stubborn"), Stage.CATCHER, patience=0.3),
    )
    if os.environ.get("WITH_SLOW"):
        stages = {"slow-web": Stage.WEB, "slow-beat": Stage.BEAT, "slow-worker": Stage.WORKER}
        processes += tuple(Process(name, name, _me("slow", name), stage) for name, stage in stages.items())
    if os.environ.get("WITH_MORTAL"):
        processes += (Process("mortal", "the mortal one", _me("mortal"), Stage.WORKER),)
    return Plan(
        services=SERVICES,
        port_base=port_base,
        processes=processes,
        pages=(
            Page(
                "apples",
                "for eating",
                f"http://localhost:{port}",
                f"http://127.0.0.1:{port}/readyz",
                copies=("orchard",),
            ),
        ),
        migrate={name: _me("migrate", name) for name in SERVICES},
        load_demo={name: _me("load-demo", name) for name in SERVICES},
        after_restore={"apples": _me("new-epoch", "apples")},
        sign_ins="  Sign in as nobody@demo.example",
    )


def _me(*arguments: str) -> tuple[str, ...]:
    return (PYTHON, "-m", f"{ME}_process", *arguments)


def main(folder_path: str, port_base: str, verb: str, *arguments: str) -> int:
    """What `python -m shared.embedded` does, for the stand-ins."""
    folder = Folder(Path(folder_path))
    chosen = plan(int(port_base))
    starter.COPIES_WITHIN = float(os.environ.get("COPIES_WITHIN", starter.COPIES_WITHIN))
    try:
        if verb == "run":
            return starter.run(chosen, folder, ROOT, os.environ)
        if verb == "backup":
            backups.backup(chosen, folder, os.environ, to=Path(arguments[0]))
        elif verb == "restore":
            backups.restore(chosen, folder, ROOT, os.environ, source=Path(arguments[0]), sure=True)
        elif verb == "reset":
            backups.reset(folder, sure=arguments == ("sure",))
    except CannotGoOn as problem:
        starter.say(str(problem))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
