"""The table of settings in docs/running.md is what the code reads: no more, no less."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from shared.settings import SERVICES

ROOT = Path(__file__).resolve().parents[3]
RUNNING_MD = (ROOT / "docs" / "running.md").read_text()
READERS = {"required", "optional", "number", "needs_token"}
NAME = re.compile(r"[A-Z][A-Z0-9]*_[A-Z0-9_]*(<SERVICE>)?")
# Set by make, and by shared.serving, for the processes they start; nobody sets them by hand.
NOT_FOR_PEOPLE = {"MAKELEVEL", "PROMETHEUS_MULTIPROC_DIR"}


def table() -> set[str]:
    """Every name in the first column of the table of settings."""
    lines = RUNNING_MD.partition("\n## Settings\n")[2].partition("\n## ")[0].split("\n\n")[1].splitlines()
    assert lines[0].startswith("| setting |")
    return {name for line in lines[2:] for name in re.findall(r"`([^`]+)`", line.split("|")[1])}


def of_start_script() -> set[str]:
    """What the gateway's start script reads."""
    script = (ROOT / "services" / "gateway" / "start.sh").read_text()
    return set(re.findall(r"\$\{([A-Z_]+):-", script)) - {"TMPDIR"}


@cache
def read_by_the_code() -> set[str]:
    """Every setting some module reads, with <SERVICE> where a service's name is put in."""
    found: set[str] = set()
    for folder in ("services", "shared"):
        for path in (ROOT / folder).rglob("*.py"):
            found |= set(_read_in(ast.parse(path.read_text())))
    return {name for name in found if NAME.fullmatch(name)} - NOT_FOR_PEOPLE


def _read_in(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute) and node.args:
            of_environment = ast.unparse(node.func) in {"os.environ.get", "environment.get", "os.getenv"}
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            if name in READERS or of_environment:
                yield _general(node.args[0])
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) in {"os.environ", "environment"}:
            yield _general(node.slice)
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in {"REQUIRED", "IN_PRODUCTION"}:
            yield from (_general(each) for each in ast.walk(node.value))


def _general(node: ast.AST) -> str:
    text = ""
    if isinstance(node, ast.Constant):
        text = str(node.value)
    elif isinstance(node, ast.JoinedStr):
        text = "".join(
            str(part.value) if isinstance(part, ast.Constant) else "<SERVICE>" for part in node.values
        )
    for service in SERVICES:
        text = re.sub(rf"_{service.upper()}$", "_<SERVICE>", text)
    return text


def test_every_setting_the_code_reads_is_in_the_table() -> None:
    assert read_by_the_code() - table() == set()


def test_every_setting_in_the_table_is_read_by_the_code() -> None:
    assert table() - read_by_the_code() == set()


def test_what_the_gateway_reads_is_explained() -> None:
    named = set(re.findall(r"`([A-Z][A-Z_]+)`", RUNNING_MD))
    general = {re.sub(r"^INTERNAL_URL_[A-Z]+$", "INTERNAL_URL_DIRECTORY", name) for name in of_start_script()}
    assert general <= named
    assert "PUBLIC_ORIGIN" in general


def test_a_reader_is_noticed() -> None:
    tree = ast.parse(
        "settings.number('A_NUMBER', 1); os.environ.get('GIVEN_BY_HAND'); required(f'PART_{x}')\n"
        "REQUIRED = ('OF_A_TUPLE', 'DATABASE_URL_REFERRALS')\nenvironment['AT_A_PLACE']"
    )
    assert {
        "A_NUMBER",
        "GIVEN_BY_HAND",
        "PART_<SERVICE>",
        "OF_A_TUPLE",
        "DATABASE_URL_<SERVICE>",
        "AT_A_PLACE",
    } <= set(_read_in(tree))
