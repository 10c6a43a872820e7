"""The blocks of commands in docs/running.md, carried out as by somebody at a terminal."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from tests.builders.compose import ROOT

RUNNING_MD = (ROOT / "docs" / "running.md").read_text()
STAND_IN_FOR_DOCKER = """#!/usr/bin/env python3
import json, os, sys
words = sys.argv[1:]
if words[:1] == ["build"]:
    sys.exit(0)
if words[0] == "compose" and words[1] in ("build", "stop", "up", "restart"):
    sys.exit(0)
if words[:2] == ["run", "--rm"]:
    os.execvp(words[3], words[3:])
assert words[:2] in (["compose", "exec"], ["compose", "run"]), words
words, mounted = [word for word in words[2:] if word not in ("-T", "--rm")], []
while words[0] == "--volume":
    mounted.append(words[1].removesuffix(":ro").split(":"))
    words = words[2:]
for source, target in mounted:
    words = [word.replace(target, source) if word.startswith(target) else word for word in words]
os.execvpe(words[1], words[1:], json.load(open(os.environ["CONTAINERS"]))[words[0]])
"""


def block(heading: str) -> str:
    """The first block of commands below a heading of docs/running.md."""
    found = re.search(
        rf"^##+ {re.escape(heading)}$.*?^```sh\n(.*?)^```", RUNNING_MD, re.DOTALL | re.MULTILINE
    )
    assert found, heading
    return found[1]


def in_a_shell(script: str, where: Path, **environment: str) -> str:
    """Run commands as somebody at a terminal whose `docker` is the stand-in."""
    programs = where / "programs"
    programs.mkdir(exist_ok=True)
    docker = programs / "docker"
    docker.write_text(STAND_IN_FOR_DOCKER)
    docker.chmod(0o755)
    path = f"{programs}:{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=where,
        env={"PATH": path, "PYTHONPATH": str(ROOT)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
