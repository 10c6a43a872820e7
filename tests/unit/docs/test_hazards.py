"""Every hazard names its guards, and each of them is a test that is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
HAZARDS = (ROOT / "docs" / "safety" / "hazards.md").read_text()
PARTS = re.split(r"^## ", HAZARDS, flags=re.MULTILINE)[1:]
GUARD = re.compile(r"^- (tests/\S+\.py): (test_\w+)$", re.MULTILINE)
ASKED_FOR = (
    "The wrong person",
    "A lost referral",
    "A stale listing",
    "A danger that was missed",
    "A message to the wrong reader",
    "A delayed queue",
)


def test_the_hazards_everybody_expects_are_there() -> None:
    assert set(ASKED_FOR) <= {part.splitlines()[0] for part in PARTS}


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.splitlines()[0])
def test_a_hazard_says_what_it_is_what_is_done_what_remains_and_who_guards(part: str) -> None:
    for word in ("Harm.", "How it comes about.", "Does.", "Remains."):
        assert f"**{word}** " in part
    assert len(GUARD.findall(part)) == sum(line.startswith("- ") for line in part.splitlines()) >= 3


@pytest.mark.parametrize(("file", "name"), sorted(set(GUARD.findall(HAZARDS))))
def test_a_named_guard_exists(file: str, name: str) -> None:
    tree = ast.parse((ROOT / file).read_text())
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
