"""The problems of a request, gathered so that all of them are named at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from shared.errors import FieldProblem, Invalid

T = TypeVar("T")


@dataclass
class Findings:
    """The problems found so far."""

    problems: list[FieldProblem] = field(default_factory=list)

    def add(self, pointer: str, detail: str) -> None:
        """One more."""
        self.problems.append(FieldProblem(pointer, detail))

    def read(self, reader: Callable[..., T], *given: object, pointer: str) -> T | None:
        """What the reader makes of it; its problem is kept and None returned where it cannot."""
        try:
            return reader(*given, pointer)
        except Invalid as wrong:
            self.problems.extend(wrong.errors)
            return None

    def one_of(self, pointer: str, value: str, allowed: tuple[str, ...]) -> None:
        """A problem unless `value` is one of these."""
        if value not in allowed:
            self.add(pointer, f"Choose one of: {', '.join(allowed)}.")
