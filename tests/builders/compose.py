"""docker-compose.yml and services/Dockerfile as their readers: what runs, with which settings, asked how."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "docker-compose.yml"
DOCKERFILE = ROOT / "services" / "Dockerfile"
_VARIABLE = re.compile(r"\$(?:\$|\{(\w+)(?:(:?[-?])([^}]*))?\})")


class NotSet(LookupError):
    """A variable without which Compose would not start."""


@dataclass(frozen=True)
class Container:
    """One service of the compose file. `ask` is its health check, or None; commands are argument lists."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str]
    ask: tuple[str, ...] | None
    waits_for: dict[str, str]
    raw: Mapping[str, Any]


@cache
def loaded() -> dict[str, Any]:
    """The compose file as YAML has it; not to be changed."""
    return dict(yaml.safe_load(COMPOSE.read_text()))


def containers(variables: Mapping[str, str]) -> dict[str, Container]:
    """Every service with the values of `variables` put in. Raises NotSet for one that is missing."""
    filled = fill(loaded(), variables)
    return {name: _container(name, raw, variables) for name, raw in filled["services"].items()}


def fill(value: Any, variables: Mapping[str, str]) -> Any:
    """Compose's interpolation: ${NAME}, ${NAME:-default}, ${NAME:?}, and $$ for a dollar."""
    if isinstance(value, dict):
        return {key: fill(each, variables) for key, each in value.items()}
    if isinstance(value, list):
        return [fill(each, variables) for each in value]
    return _VARIABLE.sub(lambda found: _value(found, variables), value) if isinstance(value, str) else value


def _value(found: re.Match[str], variables: Mapping[str, str]) -> str:
    name, how, more = found.groups()
    if name is None:
        return "$"
    if variables.get(name):
        return variables[name]
    if how == ":-":
        return str(more)
    raise NotSet(name)


def variables() -> dict[str, str | None]:
    """Every ${NAME} of the compose file, with its default; None where there must be a value."""
    found = {
        name: more if how == ":-" else None for name, how, more in _VARIABLE.findall(COMPOSE.read_text())
    }
    return {name: default for name, default in found.items() if name and name != "NAME"}


def read_env_file(text: str) -> dict[str, str]:
    """The lines NAME=value and NAME='value' of a file .env."""
    return dict(word.split("=", 1) for word in shlex.split(text, comments=True))


def _container(name: str, raw: Mapping[str, Any], variables: Mapping[str, str]) -> Container:
    environment = {
        key: variables[key] if value is None else str(value)
        for key, value in raw.get("environment", {}).items()
        if value is not None or key in variables
    }
    image = recipe()
    arguments = raw.get("build", {}).get("args", {})
    if "SERVICE" in arguments:
        environment = {"LINKWORK_SERVICE": arguments["SERVICE"]} | environment
    health = raw.get("healthcheck", {"test": image.ask} if arguments else {})
    return Container(
        name,
        tuple(raw.get("command", image.command)),
        environment,
        None if health.get("disable") else _asks(health["test"]),
        {other: how["condition"] for other, how in raw.get("depends_on", {}).items()},
        raw,
    )


def _asks(test: list[str]) -> tuple[str, ...]:
    if test[0] == "CMD-SHELL":
        return ("sh", "-c", test[1])
    assert test[0] == "CMD", test
    return tuple(test[1:])


@dataclass(frozen=True)
class Recipe:
    """What an image of the Dockerfile does when nothing else is said, and each of its steps."""

    command: list[str]
    ask: list[str]
    steps: tuple[tuple[str, str], ...]


@cache
def recipe() -> Recipe:
    """services/Dockerfile, instruction by instruction (lines that go on are joined, comments left out)."""
    lines = [line for line in DOCKERFILE.read_text().splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    steps = tuple(
        (word, rest.strip())
        for word, _, rest in (line.partition(" ") for line in joined.splitlines())
        if word
    )
    by_word = dict(steps)
    options, _, asked = by_word["HEALTHCHECK"].partition("CMD ")
    assert "--interval" in options
    return Recipe(json.loads(by_word["CMD"]), ["CMD", *json.loads(asked)], steps)
