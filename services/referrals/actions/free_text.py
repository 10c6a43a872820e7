"""Words people write: kept as they are, unless nobody could see or store them."""

from __future__ import annotations

import unicodedata

from shared.errors import FieldProblem, Invalid

LONGEST_LINE = 500
LONGEST_TEXT = 20_000
_UNSEEN = frozenset({"Cc", "Cs"})


def problems_of(text: str | None, pointer: str, longest: int = LONGEST_TEXT) -> list[FieldProblem]:
    """Why this text cannot be kept: too long, control characters, or half of a character pair."""
    if text is None:
        return []
    found = []
    if len(text) > longest:
        found.append(FieldProblem(pointer, f"Write at most {longest} characters."))
    if any(unicodedata.category(char) in _UNSEEN and char not in "\t\n\r" for char in text):
        words = "Take out the characters that cannot be seen (control characters)."
        found.append(FieldProblem(pointer, words))
    return found


def check_text(**texts: str | None) -> None:
    """Raise Invalid naming every one of `texts` (by field name) that cannot be kept."""
    found = [problem for name, text in texts.items() for problem in problems_of(text, f"/{name}")]
    if found:
        raise Invalid(found)
