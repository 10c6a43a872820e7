"""What the words of a search mean: phrases of the thesaurus in them, and the nearest to a misspelt word."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from services.directory.domain.search import words_of
from shared.errors import FieldProblem, Invalid

LONGEST_PHRASE = 4
MOST_PHRASES = 60
MOST_LETTERS = 80
# Words people put round what they look for. They are looked for only where nothing else was typed.
# fmt: off
NOISE = frozenset((
    "help", "helps", "helping", "get", "getting", "find", "finding", "need", "needs", "want", "wants",
    "looking", "look", "service", "services", "someone", "somebody", "person", "people", "near", "me", "my",
    "local", "locally", "around", "area", "who", "can", "could", "would", "like", "support", "supporting",
    "please", "with", "for", "give", "gives", "anyone", "anything", "something",
))
# fmt: on


@dataclass(frozen=True)
class Entry:
    """Words that mean the same, words to look for as well, and the need they speak of."""

    same: tuple[str, ...]
    also: tuple[str, ...] = ()
    need: str | None = None


def read_entry(same: str, also: str, need: str | None) -> Entry:
    """An entry as it is typed, a phrase to a line. Raises Invalid naming the field."""
    problems: list[FieldProblem] = []
    first = _phrases(same, "/same", problems)
    second = [one for one in _phrases(also, "/also", problems) if one not in first]
    if not first and not problems:
        problems.append(FieldProblem("/same", "Enter the words people type, one to a line."))
    elif len(first) < 2 and not second and not need and not problems:
        problems.append(
            FieldProblem("/same", "One word alone means nothing else. Add another, or words to look for too.")
        )
    if problems:
        raise Invalid(problems)
    return Entry(tuple(first), tuple(second), need)


def _phrases(text: str, pointer: str, problems: list[FieldProblem]) -> list[str]:
    lines = [" ".join(line.split()) for line in text.splitlines()]
    found = list(dict.fromkeys(line.lower() for line in lines if line))
    if len(found) > MOST_PHRASES:
        problems.append(FieldProblem(pointer, f"At most {MOST_PHRASES} words or phrases, one to a line."))
    for line in found[:MOST_PHRASES]:
        count = len(words_of(line))
        if not count or len(line) > MOST_LETTERS or count > LONGEST_PHRASE:
            problems.append(
                FieldProblem(pointer, f"“{line[:40]}” is no phrase of one to {LONGEST_PHRASE} words.")
            )
            break
    return found


def phrases_in(words: Sequence[str]) -> list[tuple[int, int]]:
    """Where a phrase may stand in a search: (first word, how many words), the longest first."""
    return [
        (first, size)
        for size in range(min(LONGEST_PHRASE, len(words)), 0, -1)
        for first in range(len(words) - size + 1)
    ]


def cut(words: Sequence[str], known: Callable[[int, int], bool]) -> list[tuple[int, int]]:
    """The words cut into phrases that are known, the longest first, and single words; in their order."""
    taken: set[int] = set()
    parts = []
    for first, size in phrases_in(words):
        here = range(first, first + size)
        if taken.isdisjoint(here) and (size == 1 or known(first, size)):
            taken.update(here)
            parts.append((first, size))
    return sorted(parts)


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate fewest slips away (letters left out, added, wrong, or swapped), if near enough."""
    most = 1 if len(word) <= 4 else 2 if len(word) <= 8 else 3
    found = [(slips(word, one), one[:1] != word[:1], abs(len(one) - len(word)), one) for one in candidates]
    near = [each for each in found if each[0] <= most]
    return min(near)[3] if near else None


def slips(a: str, b: str) -> int:
    """How many slips lead from one word to the other (optimal string alignment distance)."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, start=1):
        last, before, row = before, row, [i] + [0] * len(b)
        for j, other in enumerate(b, start=1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                row[j] = min(row[j], last[j - 2] + 1)
    return row[-1]
