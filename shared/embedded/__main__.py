"""`python -m shared.embedded run | reset | backup | restore`: what the Makefile calls."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from shared.embedded import backups, starter
from shared.embedded.folder import Folder
from shared.embedded.plan import linkwork
from shared.embedded.problems import CannotGoOn, Interrupted

ROOT = Path(__file__).resolve().parents[2]


def main(arguments: list[str]) -> int:
    """Run one of the verbs; its exit status."""
    parser = argparse.ArgumentParser(prog="python -m shared.embedded", description=__doc__)
    parser.add_argument("verb", nargs="?", default="run", choices=["run", "reset", "backup", "restore"])
    parser.add_argument("--yes", action="store_true", help="reset and restore: do not ask")
    parser.add_argument("--to", type=Path, help="backup: the file to write")
    parser.add_argument("--from", type=Path, dest="source", help="restore: the file to read")
    chosen = parser.parse_args(arguments)
    folder = Folder(Path(os.environ.get("LINKWORK_HOME") or ROOT / ".linkwork"))
    try:
        beat_file = str(folder.run / "beat-schedule")
        plan = linkwork(_port_base(), beat_file, catches_mail=not os.environ.get("SMTP_URL"))
        if chosen.verb == "run":
            return starter.run(plan, folder, ROOT, os.environ)
        if chosen.verb == "reset":
            backups.reset(folder, sure=chosen.yes)
        elif chosen.verb == "backup":
            backups.backup(plan, folder, os.environ, to=chosen.to)
        elif chosen.source is None:
            raise CannotGoOn("Say which backup: make restore FROM=.linkwork/backups/<name>.tar")
        else:
            backups.restore(plan, folder, ROOT, os.environ, source=chosen.source, sure=chosen.yes)
    except CannotGoOn as problem:
        starter.say(str(problem))
        return 1
    except (KeyboardInterrupt, Interrupted):
        starter.say("Stopped; nothing was changed.")
        return 1
    return 0


def _port_base() -> int:
    text = os.environ.get("PORT_BASE") or "5000"
    if not text.isdigit() or not 1024 <= int(text) <= 65000:
        raise CannotGoOn(f"PORT_BASE must be a number from 1024 to 65000, not {text!r}.")
    return int(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
