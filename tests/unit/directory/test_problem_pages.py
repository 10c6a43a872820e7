"""Every kind of problem an API answers with has a page that explains it."""

import re
from pathlib import Path

from services.directory.domain.problems import PROBLEMS
from shared import errors

ROOT = Path(__file__).resolve().parents[3]


def kinds_in_code() -> set[str]:
    """The slugs of error classes and those given where an error is raised."""
    named = {kind.type for kind in vars(errors).values() if hasattr(kind, "type")}
    for folder in ("shared", "services"):
        for path in (ROOT / folder).rglob("*.py"):
            named |= set(re.findall(r'\bslug="([a-z-]+)"', path.read_text()))
            named |= set(re.findall(r'^    type(?:: \S+)? = "([a-z-]+)"$', path.read_text(), re.MULTILINE))
    return named


def test_every_kind_of_problem_raised_anywhere_is_explained() -> None:
    assert kinds_in_code() - set(PROBLEMS) == set()


def test_the_explanations_give_the_status_of_their_class() -> None:
    classes = [kind for kind in vars(errors).values() if hasattr(kind, "type")]
    assert {kind.type: kind.status for kind in classes} == {
        kind.type: PROBLEMS[kind.type].status for kind in classes
    }
